/**
 * A model that answers from a script, one step a request: text, several texts, fields (written as the request's adapter
 * would have them), failures, delays, chunks. It keeps every request. A request beyond the script's end is an error:
 * a test that makes more calls than it says has found something.
 */
import { milliseconds } from "../../duration.ts";
import type { Duration } from "../../options.ts";
import { sleep, withRetries } from "../../resilience/retry.ts";
import { failureOfStatus } from "../failure.ts";
import type { LM, LMChoice, LMChunk, LMConfig, LMRequest, LMResponse, LMSupports, Usage } from "../lm.ts";
import { LMError } from "../lm-error.ts";

/** An answer with its circumstances. Without any of these keys an object is the fields themselves. */
export interface ScriptAnswer {
  readonly text?: string;
  /** Several choices, for `n`. */
  readonly texts?: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly error?: Error;
  /** Fails as an endpoint's answer of this status does. */
  readonly status?: number;
  readonly delay?: Duration;
  /** How a stream cuts the text; joined they are the text. */
  readonly chunks?: readonly string[];
  readonly usage?: Usage;
  /** `null` cuts the stream: it ends without saying so. */
  readonly finishReason?: string | null;
  readonly toolCalls?: readonly unknown[];
  readonly reasoning?: string;
}
type Answer = string | readonly string[] | Error | ScriptAnswer | Readonly<Record<string, unknown>>;
export type ScriptStep = Answer | ((request: LMRequest, index: number) => Answer | Promise<Answer>);

export interface ScriptedOptions {
  readonly model?: string;
  readonly supports?: LMSupports;
  readonly config?: LMConfig;
  /** Begins the script again at its end. */
  readonly repeat?: boolean;
}

export interface ScriptedLM extends LM {
  /** Every request so far, in order; a retry is a request. */
  readonly requests: readonly LMRequest[];
}

export function scripted(script: readonly ScriptStep[] | ScriptStep, options: ScriptedOptions = {}): ScriptedLM {
  const requests: LMRequest[] = [];
  const model = options.model ?? "scripted";
  const next = async (request: LMRequest): Promise<ScriptAnswer> => {
    const index = requests.push(request) - 1;
    const step = stepAt(script, index, options.repeat === true);
    const answer = answerOf(typeof step === "function" ? await step(request, index) : step, request);
    if (answer.delay !== undefined) await sleep(milliseconds(answer.delay) ?? 0, request.signal);
    if (request.signal?.aborted) throw request.signal.reason;
    if (answer.error) throw answer.error;
    if (answer.status !== undefined) throw failureOfStatus(answer.status, { endpoint: "scripted", body: answer.text ?? "" });
    return answer;
  };
  const persist = <T>(request: LMRequest, attempt: (number: number) => Promise<T>) =>
    withRetries(attempt, { retries: request.retries ?? 2, deadline: request.deadline ?? Number.POSITIVE_INFINITY, signal: request.signal });
  return {
    model,
    endpoint: "scripted",
    supports: options.supports ?? {},
    config: options.config ?? {},
    requests,
    complete: (request) => persist(request, async (attempts) => ({ ...responseOf(await next(request)), model, attempts })),
    async *stream(request) {
      const answer = await persist(request, () => next(request));
      yield* chunksOf(answer, model);
    },
  };
}

function stepAt(script: readonly ScriptStep[] | ScriptStep, index: number, repeat: boolean): ScriptStep {
  if (!Array.isArray(script)) return script as ScriptStep;
  const step = script[repeat ? index % script.length : index] as ScriptStep | undefined;
  if (step !== undefined) return step;
  throw new LMError("protocol", `The script has ${script.length} answers and this is request ${index + 1}.`, {
    endpoint: "scripted",
    transient: false,
    remedy: "Add a step, or give { repeat: true }.",
  });
}

const circumstances = new Set([
  "text",
  "texts",
  "fields",
  "error",
  "status",
  "delay",
  "chunks",
  "usage",
  "finishReason",
  "toolCalls",
  "reasoning",
]);

function answerOf(answer: Answer, request: LMRequest): ScriptAnswer {
  if (typeof answer === "string") return { text: answer };
  if (answer instanceof Error) return { error: answer };
  if (Array.isArray(answer)) return { texts: answer };
  if (!Object.keys(answer).every((key) => circumstances.has(key))) return { text: written(answer as Record<string, unknown>, request) };
  const { fields } = answer as ScriptAnswer;
  return fields ? { ...answer, text: written(fields, request) } : (answer as ScriptAnswer);
}

function textsOf({ text, texts, chunks }: ScriptAnswer): readonly string[] {
  return texts ?? [text ?? chunks?.join("") ?? ""];
}

function responseOf(answer: ScriptAnswer): LMResponse {
  const { usage, finishReason = "stop", toolCalls, reasoning } = answer;
  const extras = {
    ...(finishReason !== null && { finishReason }),
    ...(toolCalls && { toolCalls }),
    ...(reasoning !== undefined && { reasoning }),
  };
  const choices: LMChoice[] = textsOf(answer).map((text) => ({ text, ...extras }));
  return { choices, ...(usage && { usage }) };
}

function* chunksOf(answer: ScriptAnswer, model: string): Generator<LMChunk> {
  const { usage, finishReason = "stop" } = answer;
  const pieces = answer.chunks ?? textsOf(answer)[0]!.match(/\s*\S+\s*/g) ?? [];
  for (const text of pieces) yield { text, model };
  if (finishReason === null) throw new LMError("stream_truncated", "The script's stream ended without a finish.", { endpoint: "scripted" });
  yield { text: "", finishReason, model, ...(usage && { usage }) };
}

/** Fields as the asking adapter wants them; each adapter's system message names its own format. */
function written(fields: Readonly<Record<string, unknown>>, { messages }: LMRequest): string {
  const prompt = messages.map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content))).join("\n");
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const entries = Object.entries(fields);
  if (prompt.includes("[[ ## completed ## ]]"))
    return `${entries.map(([name, value]) => `[[ ## ${name} ## ]]\n${text(value)}\n\n`).join("")}[[ ## completed ## ]]`;
  if (entries.length && entries.every(([name]) => prompt.includes(`</${name}>`)))
    return entries.map(([name, value]) => `<${name}>\n${text(value)}\n</${name}>`).join("\n");
  return JSON.stringify(fields);
}
