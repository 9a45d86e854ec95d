/** Signatures and models for these tests: scripted at the host, where every completion of both routes is answered. */
import type { LM, LMRequest, LMResponse } from "../../../runtime/lm/lm.ts";
import type { EngineCall, Program } from "../../../runtime/router/engine.ts";
import { defineSignature, type Signature } from "../../../runtime/signature.ts";
import type { FieldSpec } from "../../../runtime/spec.ts";

export function signatureOf(name: string, inputs: readonly FieldSpec[], outputs: readonly FieldSpec[], docstring?: string): Signature {
  const whole = (value: unknown) => ({ ok: true, value: value as Record<string, unknown> }) as const;
  return defineSignature(
    { abi: 1, name, inputs, outputs, hash: name, ...(docstring === undefined ? {} : { docstring }) },
    { validateInputs: whole, validateOutputs: whole },
  );
}

export const QA: Signature = signatureOf("QA", [{ name: "question", type: "str" }], [{ name: "answer", type: "str" }]);

/** A completion in ChatAdapter's form. */
export function chat(fields: Readonly<Record<string, string>>): string {
  return `${Object.entries(fields)
    .map(([name, text]) => `[[ ## ${name} ## ]]\n${text}`)
    .join("\n\n")}\n\n[[ ## completed ## ]]`;
}

export interface Scripted extends LM {
  readonly requests: LMRequest[];
}

/** Answers in turn; a function sees the request; an error is thrown. The last answer repeats. */
export function scriptedLM(answers: readonly (string | Error | ((request: LMRequest) => string | Promise<string>))[], chunk = 0): Scripted {
  const requests: LMRequest[] = [];
  const next = async (request: LMRequest): Promise<string> => {
    const answer = answers[Math.min(requests.length, answers.length - 1)]!;
    requests.push(request);
    if (answer instanceof Error) throw answer;
    return typeof answer === "string" ? answer : answer(request);
  };
  return {
    model: "scripted",
    endpoint: "scripted",
    supports: {},
    config: {},
    requests,
    complete: async (request): Promise<LMResponse> => ({
      choices: [{ text: await next(request) }],
      usage: { promptTokens: 3, completionTokens: 5, totalTokens: 8 },
    }),
    ...(chunk > 0
      ? {
          async *stream(request: LMRequest) {
            const text = await next(request);
            for (let at = 0; at < text.length; at += chunk) yield { text: text.slice(at, at + chunk) };
          },
        }
      : {}),
  };
}

export function programOf(signature: Signature, more: Partial<Program> = {}): Program {
  return { kind: "predict", signature, predictors: {}, tools: [], settings: {}, ...more };
}

export function callOf(program: Program, inputs: Readonly<Record<string, unknown>>, lm: LM, more: Partial<EngineCall> = {}): EngineCall {
  return {
    program,
    inputs,
    lm,
    adapter: "chat",
    config: {},
    retries: 0,
    signal: new AbortController().signal,
    deadline: Date.now() + 20_000,
    idempotent: true,
    ...more,
  };
}
