/**
 * One predictor's call: messages, one request to the model, values. A reply ChatAdapter or XMLAdapter cannot read is
 * asked for once more through JSONAdapter, as DSPy 3.4 does, and only then (dspy-semantics 2.4).
 */
import { ConfigurationError } from "../errors.ts";
import type { LMConfig, LMResponse, Message } from "../lm/lm.ts";
import type { AdapterName, Demo, EngineCall, Exchange } from "../router/engine.ts";
import type { Values } from "./adapters/kit.ts";
import { unreadable } from "./failure.ts";
import type { Layout } from "./layout.ts";
import { ParseError } from "./parse-error.ts";
import { simpleFormat, simpleParse } from "./simple.ts";

/** What a predictor is asked with; `exchanges` collects every request made. */
export interface Question {
  readonly call: EngineCall;
  readonly layout: Layout;
  readonly demos: readonly Demo[];
  readonly inputs: Values;
  readonly config: LMConfig;
  readonly exchanges: Exchange[];
  /** The outputs as Python holds them, 5 apart from 5.0: for values that go back into a prompt. */
  readonly python?: boolean;
}

type Outputs = Record<string, unknown>;

export async function ask(question: Question): Promise<readonly Outputs[]> {
  const { adapter } = question.call;
  let unread: Error;
  try {
    return await attempt(question, adapter, adapter === "json");
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    unread = surfaced(question, error);
    if (adapter === "json") throw unread;
  }
  try {
    return await attempt(question, "json", false);
  } catch (error) {
    // A bundle without JSONAdapter: the cause tells the reply.
    if (error instanceof ConfigurationError) error.cause ??= unread;
    throw error instanceof ParseError ? surfaced(question, error) : error;
  }
}

async function attempt(asked: Question, adapter: AdapterName, nativeTools: boolean): Promise<readonly Outputs[]> {
  const adapted = byEndpoint(asked) ? (await import("./features.ts")).adapt(asked, nativeTools) : undefined;
  const question: Question = adapted ? { ...asked, layout: adapted.layout, config: adapted.config } : asked;
  const { layout, demos, inputs, exchanges } = question;
  const messages =
    (adapter === "chat" && simpleFormat(layout, demos, inputs)) ||
    (await import("./full.ts")).format(adapter, layout, demos, inputs, nativeTools);
  const response = await complete(question, adapter, messages, nativeTools, adapted?.tools);
  const results: Outputs[] = [];
  try {
    for (const choice of response.choices) {
      const parse = (text: string): Promise<Outputs> => read(question, adapter, text);
      results.push(await (adapted ? adapted.outputs(choice, parse) : parse(choice.text)));
    }
    return results;
  } catch (error) {
    if (error instanceof ParseError) error.choice = results.length;
    if (error instanceof Error) exchanges.push({ ...exchanges.pop()!, failed: error.message });
    throw error;
  }
}

/** Whether an output may come by a way of the endpoint's own instead of by text. */
export function byEndpoint({ layout, call: { lm } }: Question): boolean {
  if (!lm.supports.reasoning && !lm.supports.functionCalling) return false;
  return layout.outputs.some(
    ({ type }) => typeof type === "object" && type.kind === "class" && (type.name === "dspy.Reasoning" || type.name === "dspy.ToolCalls"),
  );
}

/** One request; its exchange is kept whatever becomes of the reply. */
async function complete(
  { call, layout, config, exchanges }: Question,
  adapter: AdapterName,
  messages: readonly Message[],
  nativeTools: boolean,
  tools: readonly unknown[] | undefined,
): Promise<LMResponse> {
  const { lm, signal, deadline, retries } = call;
  signal.throwIfAborted();
  const format =
    adapter === "json" && lm.supports.responseFormat
      ? (await import("./full.ts")).responseFormat(layout, lm.supports, nativeTools)
      : undefined;
  const request = {
    messages,
    config,
    retries,
    signal,
    deadline,
    ...(format !== undefined && { responseFormat: format }),
    ...(tools && { tools }),
  };
  const response = await lm.complete(request);
  exchanges.push({ messages, response, adapter, model: response.model ?? lm.model, ...(response.usage && { usage: response.usage }) });
  return response;
}

async function read({ call, layout, python }: Question, adapter: AdapterName, text: string): Promise<Outputs> {
  if (!text) throw new ParseError("The model returned an empty reply.", { missing: layout.outputs.map(({ name }) => name) });
  if (python) return (await import("./full.ts")).parse(adapter, layout, text);
  const short = adapter === "chat" && !call.lenient && simpleParse(layout, text);
  return short || (await import("./full.ts")).parseOutputs(adapter, layout, text, call.program.signature.name, call.lenient);
}

export function surfaced({ call, exchanges }: Question, error: ParseError): Error {
  return unreadable(error, call.program.signature, exchanges.at(-1)?.response?.choices[error.choice]?.text ?? "");
}

/**
 * The settings of a request: the predictor's own under the call's. Asking for several answers at a temperature near
 * zero would give the same one several times, so DSPy raises it (dspy-semantics 4.2).
 */
export function settings(own: LMConfig | undefined, call: EngineCall): LMConfig {
  const config = own ? { ...own, ...call.config } : call.config;
  const n = config.n || call.lm.config.n || 1;
  if (n <= 1) return config;
  const temperature = config.temperature || call.lm.config.temperature || 0;
  return temperature <= 0.15 ? { ...config, temperature: 0.7 } : config;
}
