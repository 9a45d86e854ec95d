/**
 * What a reader's news become for the caller: deltas, typed partial values, done marks. A list or a model is read again
 * only after its text has grown by half, so that all readings together stay linear.
 */
import type { EngineEvent } from "../../router/engine.ts";
import { fullCodec } from "../codecs/full.ts";
import type { Layout, LayoutField } from "../layout.ts";
import { plain } from "../values/host.ts";
import type { FieldSink } from "./reader.ts";

interface Growing {
  readonly field: LayoutField;
  readonly pieces: string[];
  length: number;
  read: number;
  value: unknown;
  done: boolean;
}

export class Fields implements FieldSink {
  readonly events: EngineEvent[] = [];
  private readonly growing = new Map<string, Growing>();
  private readonly layout: Layout;
  /** Something has been shown to the reader; from then on nothing may be asked again (dspy-semantics 2.4). */
  emitted = false;

  constructor(layout: Layout) {
    this.layout = layout;
  }

  text(name: string, piece: string): void {
    const own = this.open(name);
    own.pieces.push(piece);
    own.length += piece.length;
    this.emitted = true;
    this.events.push({ type: "delta", field: name, text: piece });
    if (own.field.type === "str") {
      own.value = (own.value as string) + piece;
      this.partial(own);
    } else if (isContainer(own.field) && own.length >= own.read * 1.5 + 16) {
      own.read = own.length;
      if (this.read(own)) this.partial(own);
    }
  }

  close(name: string): void {
    const own = this.open(name);
    own.done = true;
    if (own.field.type === "str" || this.read(own)) this.partial(own);
  }

  private open(name: string): Growing {
    const known = this.growing.get(name);
    if (known) return known;
    const field = this.layout.outputs.find((output) => output.name === name)!;
    const own: Growing = { field, pieces: [], length: 0, read: 0, value: field.type === "str" ? "" : undefined, done: false };
    this.growing.set(name, own);
    return own;
  }

  private read(own: Growing): boolean {
    try {
      own.value = plain(fullCodec(own.field).read(own.pieces.join("")));
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

  take(): readonly EngineEvent[] {
    return this.events.splice(0);
  }

  /** The first field whose deltas, joined, are not the text the whole-text parse found. */
  contradicts(values: Readonly<Record<string, unknown>>): boolean {
    return this.layout.outputs.some(
      ({ name, type }) => type === "str" && this.growing.has(name) && this.growing.get(name)!.value !== values[name],
    );
  }

  /** Says the final values anew, after a reset. */
  restate(values: Readonly<Record<string, unknown>>): void {
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
      if (own.done && own.value !== undefined) continue;
      if (field.type === "str" && own.length === 0 && typeof values[field.name] === "string" && values[field.name] !== "")
        this.text(field.name, values[field.name] as string);
      own.value = values[field.name];
      own.done = true;
      this.partial(own);
    }
  }
}

const isContainer = ({ type }: LayoutField): boolean =>
  typeof type === "object"
    ? type.kind === "generic" || type.kind === "model" || type.kind === "union"
    : type === "list" || type === "dict" || type === "tuple" || type === "set";
