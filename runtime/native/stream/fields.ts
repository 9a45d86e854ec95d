/**
 * What a reader's news become for the caller: deltas, typed partial values, done marks. A list or a model is read again
 * only after its text has grown by half, so that all readings together stay linear.
 */
import type { EngineEvent } from "../../router/engine.ts";
import { fullCodec } from "../codecs/full.ts";
import { repairLoads } from "../json-repair/index.ts";
import type { Layout, LayoutField } from "../layout.ts";
import { plain } from "../values/host.ts";
import type { FieldSink, Form } from "./reader.ts";

interface Growing {
  readonly field: LayoutField;
  readonly pieces: string[];
  length: number;
  /** The length at which the next partial value is told. */
  due: number;
  value: unknown;
  form: Form;
  done: boolean;
}

/** Text is told anew when it has grown by a sixteenth: every delta is there for who wants each character at once. */
const TEXT_GROWTH = 1.0625;

export class Fields implements FieldSink {
  readonly events: EngineEvent[];
  private readonly growing = new Map<string, Growing>();
  private readonly layout: Layout;
  /** Something has been shown to the reader; from then on nothing may be asked again (dspy-semantics 2.4). */
  emitted = false;

  /** `events` is where news are put; the caller empties it. */
  constructor(layout: Layout, events: EngineEvent[]) {
    this.layout = layout;
    this.events = events;
  }

  begin(name: string, form: Form): void {
    this.open(name).form = form;
  }

  text(name: string, piece: string): void {
    const own = this.open(name);
    own.pieces.push(piece);
    own.length += piece.length;
    this.emitted = true;
    this.events.push({ type: "delta", field: name, text: piece });
    if (own.field.type === "str") {
      own.value = (own.value as string) + piece;
      if (own.length < own.due) return;
      own.due = own.length * TEXT_GROWTH;
      this.partial(own);
    } else if (isContainer(own.field) && own.length >= own.due) {
      own.due = own.length * 1.5 + 16;
      if (this.read(own)) this.partial(own);
    }
  }

  close(name: string): void {
    const own = this.open(name);
    // What cannot be read is not done: the whole text has the last word.
    own.done = own.field.type === "str" || this.read(own);
    if (own.done) this.partial(own);
  }

  private open(name: string): Growing {
    const known = this.growing.get(name);
    if (known) return known;
    const field = this.layout.outputs.find((output) => output.name === name)!;
    const own: Growing = { field, pieces: [], length: 0, due: 0, value: field.type === "str" ? "" : undefined, form: "text", done: false };
    this.growing.set(name, own);
    return own;
  }

  private read(own: Growing): boolean {
    try {
      const text = own.pieces.join("");
      const codec = fullCodec(own.field);
      own.value = plain(own.form === "json" ? codec.parse(repairLoads(text)) : codec.read(text));
      return true;
    } catch {
      // Not readable yet, or never: the whole text is judged at the end.
      return false;
    }
  }

  private partial(own: Growing): void {
    const fields: Record<string, unknown> = {};
    for (const { field, value } of this.growing.values()) if (value !== undefined) fields[field.name] = value;
    this.events.push({ type: "partial", field: own.field.name, value: own.value, done: own.done, fields });
  }

  /** The first field whose deltas, joined, are not the text the whole-text parse found. */
  contradicts(values: Readonly<Record<string, unknown>>): boolean {
    return this.layout.outputs.some(
      ({ name, type }) => type === "str" && this.growing.has(name) && this.growing.get(name)!.value !== values[name],
    );
  }

  /** Takes everything back and says the final values. */
  restate(values: Readonly<Record<string, unknown>>): void {
    this.events.push({ type: "reset", reason: "the whole reply reads differently from its beginning" });
    this.growing.clear();
    for (const field of this.layout.outputs) {
      const value = values[field.name];
      if (typeof value === "string" && field.type === "str") this.text(field.name, value);
      const own = this.open(field.name);
      own.value = value;
      own.done = true;
      this.partial(own);
    }
  }

  /** Partial events for what the reader could not follow. */
  finish(values: Readonly<Record<string, unknown>>): void {
    for (const field of this.layout.outputs) {
      const own = this.open(field.name);
      if (own.done && told(own.value) === told(values[field.name])) continue;
      if (field.type === "str" && own.length === 0 && typeof values[field.name] === "string" && values[field.name] !== "")
        this.text(field.name, values[field.name] as string);
      own.value = values[field.name];
      own.done = true;
      this.partial(own);
    }
  }
}

/** Of equal values the same text; JSON alone would make every set `{}`, and NaN null. */
const told = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, item: unknown) =>
    item instanceof Set ? [...item] : typeof item === "number" && !Number.isFinite(item) ? String(item) : item,
  );

const isContainer = ({ type }: LayoutField): boolean =>
  typeof type === "object"
    ? type.kind === "generic" || type.kind === "model" || type.kind === "union"
    : type === "list" || type === "dict" || type === "tuple" || type === "set";
