/**
 * A call as a stream of events. The model's text is read as it arrives; the values that count are those of the whole
 * text, parsed once at its end, and where what was shown differs from them a `reset` says so and they are shown anew.
 */
import type { LMChunk, LMResponse, Message } from "../lm/lm.ts";
import type { AdapterName, EngineCall, EngineEvent, EngineResult, Exchange } from "../router/engine.ts";
import { predictorOf, questionOf } from "./engine.ts";
import { format, parseOutputs, responseFormat } from "./full.ts";
import { ParseError } from "./parse-error.ts";
import { ask, type Question, surfaced } from "./predict.ts";
import { ChatReader } from "./stream/chat.ts";
import { Fields } from "./stream/fields.ts";
import { JsonReader } from "./stream/json.ts";
import type { FieldSink, StreamReader } from "./stream/reader.ts";
import { XmlReader } from "./stream/xml.ts";

export async function* stream(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined> {
  if (call.program.kind === "react") {
    yield* (await import("./react.ts")).reactStream(call);
    return;
  }
  const exchanges: Exchange[] = [];
  const outputs = yield* streamQuestion(questionOf(call, predictorOf(call.program), exchanges));
  yield { type: "done", result: { outputs: outputs[0]!, completions: outputs, exchanges } satisfies EngineResult };
}

/** Asks one predictor, streaming; several answers at once, or a model that does not stream, are shown when they are there. */
export async function* streamQuestion(question: Question): AsyncGenerator<EngineEvent, readonly Record<string, unknown>[], undefined> {
  const { call, layout, config } = question;
  const { adapter, lm } = call;
  if ((config.n ?? lm.config.n ?? 1) > 1) {
    const outputs = await ask(question);
    const fields = new Fields(layout);
    fields.finish(outputs[0]!);
    yield* fields.take();
    return outputs;
  }
  const shown = new Fields(layout);
  try {
    return [yield* attempt(question, adapter, adapter === "json", shown)];
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    // DSPy never asks again once output was shown.
    if (adapter === "json" || shown.emitted) throw surfaced(question, error);
    yield { type: "reset", reason: `the reply could not be read (${error.message}); asked again for JSON` };
  }
  try {
    return [yield* attempt(question, "json", false, new Fields(layout))];
  } catch (error) {
    throw error instanceof ParseError ? surfaced(question, error) : error;
  }
}

async function* attempt(
  question: Question,
  adapter: AdapterName,
  nativeTools: boolean,
  fields: Fields,
): AsyncGenerator<EngineEvent, Record<string, unknown>, undefined> {
  const { call, layout, demos, inputs, config, exchanges } = question;
  const { lm, signal, deadline, retries } = call;
  signal.throwIfAborted();
  const messages: readonly Message[] = format(adapter, layout, demos, inputs, nativeTools);
  const format_ = adapter === "json" ? responseFormat(layout, lm.supports, nativeTools) : undefined;
  const request = { messages, config, retries, signal, deadline, ...(format_ !== undefined && { responseFormat: format_ }) };
  const reader = readerOf(adapter, new Set(layout.outputs.map(({ name }) => name)), fields);
  const pieces: string[] = [];
  let last: LMChunk | undefined;
  if (lm.stream) {
    for await (const chunk of lm.stream(request)) {
      last = chunk;
      if (!chunk.text) continue;
      pieces.push(chunk.text);
      reader.feed(chunk.text);
      if (fields.events.length > 0) yield* fields.take();
    }
  } else {
    const response = await lm.complete(request);
    const text = response.choices[0]?.text ?? "";
    last = { text, ...(response.usage && { usage: response.usage }), ...(response.model !== undefined && { model: response.model }) };
    pieces.push(text);
    reader.feed(text);
  }
  reader.end();
  const text = pieces.join("");
  const response: LMResponse = {
    choices: [{ text, ...(last?.finishReason !== undefined && { finishReason: last.finishReason }) }],
    ...(last?.usage && { usage: last.usage }),
    ...(last?.model !== undefined && { model: last.model }),
  };
  const exchange: Exchange = { messages, response, adapter, model: last?.model ?? lm.model, ...(last?.usage && { usage: last.usage }) };
  try {
    if (text === "") throw new ParseError("The model returned an empty reply.", { missing: layout.outputs.map(({ name }) => name) });
    const values = parseOutputs(adapter, layout, text, call.program.signature.name);
    exchanges.push(exchange);
    if (fields.contradicts(values)) {
      yield* fields.take();
      yield { type: "reset", reason: "the whole reply reads differently from its beginning" };
      fields.restate(values);
    } else fields.finish(values);
    yield* fields.take();
    return values;
  } catch (error) {
    if (error instanceof Error) exchanges.push({ ...exchange, failed: error.message });
    yield* fields.take();
    throw error;
  }
}

export function readerOf(adapter: AdapterName, names: ReadonlySet<string>, sink: FieldSink): StreamReader {
  return adapter === "json" ? new JsonReader(names, sink) : adapter === "xml" ? new XmlReader(names, sink) : new ChatReader(names, sink);
}
