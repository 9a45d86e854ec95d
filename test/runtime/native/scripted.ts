/** A model that says what it is told to, and a call around it: what the engine needs, without the rest of the runtime. */
import type { LM, LMChunk, LMRequest, LMResponse } from "../../../runtime/lm/lm.ts";
import type { AdapterName, EngineCall, Program, ProgramKind } from "../../../runtime/router/engine.ts";
import { defineSignature, type Signature } from "../../../runtime/signature.ts";
import type { FieldSpec } from "../../../runtime/spec.ts";
import type { Tool } from "../../../runtime/tool.ts";

export interface ScriptedLM extends LM {
  readonly requests: LMRequest[];
}

/** Each reply is a text, several texts (n > 1), or an error to throw. `size` is how a stream cuts them. */
export function scriptedLM(
  replies: readonly (string | readonly string[] | Error)[],
  over: Partial<LM> & { size?: number } = {},
): ScriptedLM {
  const left = [...replies];
  const requests: LMRequest[] = [];
  const next = (request: LMRequest): readonly string[] => {
    requests.push(request);
    const reply = left.shift();
    if (reply === undefined) throw new Error("the script has no reply left");
    if (reply instanceof Error) throw reply;
    return typeof reply === "string" ? [reply] : reply;
  };
  const { size = 7, ...rest } = over;
  return {
    model: "scripted",
    endpoint: "scripted",
    supports: {},
    config: {},
    requests,
    async complete(request): Promise<LMResponse> {
      return { choices: next(request).map((text) => ({ text })), usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 } };
    },
    async *stream(request): AsyncGenerator<LMChunk> {
      const [text] = next(request) as [string];
      for (let at = 0; at < text.length; at += size) yield { text: text.slice(at, at + size) };
      yield { text: "", finishReason: "stop" };
    },
    ...rest,
  };
}

export function signatureOf(inputs: readonly FieldSpec[], outputs: readonly FieldSpec[], docstring?: string): Signature {
  const accept = (value: unknown) => ({ ok: true as const, value: value as Record<string, unknown> });
  const spec = { abi: 1, name: "Test", inputs, outputs, hash: "test", ...(docstring !== undefined && { docstring }) };
  return defineSignature(spec, { validateInputs: accept, validateOutputs: accept });
}

export const QA: Signature = signatureOf([{ name: "question", type: "str" }], [{ name: "answer", type: "int" }]);

export interface CallOptions {
  readonly kind?: ProgramKind;
  readonly signature?: Signature;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly adapter?: AdapterName;
  readonly tools?: readonly Tool[];
  readonly predictors?: Program["predictors"];
  readonly settings?: Program["settings"];
  readonly config?: EngineCall["config"];
  readonly signal?: AbortSignal;
}

export function callOf(lm: LM, options: CallOptions = {}): EngineCall {
  const { kind = "predict", signature = QA, inputs = { question: "2 + 2?" }, tools = [], predictors = {}, settings = {} } = options;
  return {
    program: {
      kind,
      signature,
      predictors,
      tools,
      settings,
      // As its constructor gives it.
      ...(kind === "react" && { native: () => import("../../../runtime/native/react.ts") }),
    },
    inputs,
    lm,
    adapter: options.adapter ?? "chat",
    config: options.config ?? {},
    retries: 0,
    signal: options.signal ?? new AbortController().signal,
    deadline: Number.POSITIVE_INFINITY,
    idempotent: true,
  };
}
