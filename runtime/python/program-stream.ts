/**
 * A program's stream. DSPy's `streamify` gives the model's text as it passes each predictor; the fields in it are read
 * by the same linear reader the native route has, so that both routes tell the same events.
 */
import { chainOfThoughtLayout, signatureLayout } from "../native/derive.ts";
import { ChatReader } from "../native/stream/chat.ts";
import { Fields } from "../native/stream/fields.ts";
import { JsonReader } from "../native/stream/json.ts";
import type { StreamReader } from "../native/stream/reader.ts";
import { XmlReader } from "../native/stream/xml.ts";
import type { AdapterName, EngineCall, EngineEvent, ProgramKind } from "../router/engine.ts";
import { outputsOf, type PredictionBody } from "./outputs.ts";
import type { ProgramRun } from "./program-run.ts";

/** The predictor whose fields are the program's outputs, by DSPy's path. */
const ANSWERING: Partial<Record<ProgramKind, string>> = { predict: "self", chainOfThought: "predict", react: "extract.predict" };

interface TextChunk {
  readonly path: string;
  readonly text: string;
}
interface LastChunk {
  readonly prediction: PredictionBody;
}
/** A user's `stream` method yields what it likes: text, or a record of outputs. */
interface UserChunk {
  readonly chunk: unknown;
}

export async function* streamProgram(call: EngineCall, run: ProgramRun): AsyncGenerator<EngineEvent, void, undefined> {
  const { program, adapter } = call;
  const answering = ANSWERING[program.kind];
  const own = signatureLayout(program.signature);
  const layout = answering === "self" || answering === undefined ? own : chainOfThoughtLayout(own);
  const events: EngineEvent[] = [];
  const fields = new Fields(layout, events);
  const reader = readerOf(adapter, new Set(layout.outputs.map(({ name }) => name)), fields);
  const several = (call.config.n ?? call.lm.config.n ?? 1) > 1;
  const shown: Record<string, unknown> = {};
  for await (const item of run.stream() as AsyncIterable<TextChunk | LastChunk | UserChunk>) {
    if ("text" in item) {
      if (item.path !== answering || several) continue;
      reader.feed(item.text);
      yield* events.splice(0);
    } else if ("chunk" in item) yield* userEvents(item.chunk, shown, program.signature.outputs[0]?.name ?? "value");
    else {
      const made = outputsOf(
        item.prediction.names || Object.keys(shown).length === 0 ? item.prediction : { value: shown },
        program.signature,
      );
      if (answering !== undefined) {
        reader.end();
        if (fields.contradicts(made.outputs)) fields.restate(made.outputs);
        else fields.finish(made.outputs);
        yield* events.splice(0);
      }
      yield { type: "done", result: run.result(made) };
    }
  }
}

function readerOf(adapter: AdapterName, names: ReadonlySet<string>, fields: Fields): StreamReader {
  return adapter === "json"
    ? new JsonReader(names, fields)
    : adapter === "xml"
      ? new XmlReader(names, fields)
      : new ChatReader(names, fields);
}

function* userEvents(chunk: unknown, shown: Record<string, unknown>, first: string): Generator<EngineEvent> {
  if (typeof chunk === "string") {
    shown[first] = `${(shown[first] as string | undefined) ?? ""}${chunk}`;
    yield { type: "delta", field: first, text: chunk };
    yield { type: "partial", field: first, value: shown[first], done: false, fields: { ...shown } };
  } else if (typeof chunk === "object" && chunk !== null) {
    for (const [field, value] of Object.entries(chunk)) {
      shown[field] = value;
      yield { type: "partial", field, value, done: false, fields: { ...shown } };
    }
  }
}
