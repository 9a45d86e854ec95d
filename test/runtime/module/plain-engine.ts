/**
 * An engine for tests of everything around an engine: it sends the inputs as JSON and reads the answer as JSON, or, as
 * a stream, one field a line. What it does is plain enough that a failing test speaks of the core.
 */
import { SignatureError } from "../../../runtime/errors.ts";
import type { Engine, EngineCall, EngineResult, Route } from "../../../runtime/router/engine.ts";

export interface PlainEngine extends Engine {
  readonly calls: EngineCall[];
  closed: number;
}

export function plainEngine(route: Route, able: true | string = true): PlainEngine {
  const calls: EngineCall[] = [];
  const requestOf = ({ inputs, config, retries, signal, deadline }: EngineCall) => ({
    messages: [{ role: "user" as const, content: JSON.stringify(inputs) }],
    config,
    retries,
    signal,
    ...(deadline !== Number.POSITIVE_INFINITY && { deadline }),
  });
  const resultOf = (call: EngineCall, text: string, model: string): EngineResult => {
    let outputs: Record<string, unknown>;
    try {
      outputs = JSON.parse(text);
    } catch {
      throw new SignatureError("completion_unparsable", "The completion is no JSON.", { completion: text });
    }
    const response = { choices: [{ text }] };
    return { outputs, completions: [outputs], exchanges: [{ messages: requestOf(call).messages, response, model }] };
  };
  return {
    route,
    calls,
    closed: 0,
    canExecute: () => able,
    async execute(call) {
      calls.push(call);
      const response = await call.lm.complete(requestOf(call));
      return resultOf(call, response.choices[0]!.text, call.lm.model);
    },
    async *stream(call) {
      calls.push(call);
      let text = "";
      for await (const chunk of call.lm.stream!(requestOf(call))) {
        text += chunk.text;
        if (chunk.text) yield { type: "delta", field: "answer", text: chunk.text };
      }
      yield { type: "done", result: resultOf(call, text, call.lm.model) };
    },
    async close() {
      this.closed++;
    },
  };
}
