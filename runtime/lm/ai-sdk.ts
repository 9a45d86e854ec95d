/**
 * Any AI SDK `LanguageModel` object as an LM, specification v2 to v4, without the SDK: its shapes are data. One request
 * is one completion there, so `n` asks n times.
 */
import { ConfigurationError, DspexError } from "../errors.ts";
import type { AISDKModel } from "../options.ts";
import { withRetries } from "../resilience/retry.ts";
import { filePart, type Version } from "./ai-sdk-file.ts";
import { foreignFailure } from "./function.ts";
import type { LM, LMChoice, LMChunk, LMConfig, LMRequest, LMResponse, Message, Usage } from "./lm.ts";
import { LMError } from "./lm-error.ts";
import { observed, observedStream } from "./observed.ts";

interface Generated {
  readonly content?: readonly {
    readonly type: string;
    readonly text?: string;
    readonly toolCallId?: string;
    readonly toolName?: string;
    readonly input?: unknown;
  }[];
  readonly finishReason?: unknown;
  readonly usage?: unknown;
  readonly response?: { readonly modelId?: string };
}
interface StreamPart {
  readonly type: string;
  readonly delta?: string;
  readonly error?: unknown;
  readonly usage?: unknown;
  readonly finishReason?: unknown;
}

export function aiSdkLM(source: AISDKModel): LM {
  const version = source.specificationVersion as Version;
  if (!["v2", "v3", "v4"].includes(version))
    throw new ConfigurationError("config_invalid", `The AI SDK model ${source.modelId} has specification ${version}.`, {
      configKey: "lm",
      expected: "v2, v3 or v4",
      actual: String(version),
      remedy: "Install a provider package of AI SDK 5 or later.",
    });
  const endpoint = `ai-sdk:${source.provider}`;
  const about = { model: source.modelId, endpoint };
  // Bound here: the SDK's parameter types are narrower than the data this module makes.
  const generate = (options: unknown) => source.doGenerate(options as never) as PromiseLike<Generated>;
  const open = (options: unknown) => source.doStream(options as never) as PromiseLike<{ stream: ReadableStream<StreamPart> }>;

  const persist = <T>(request: LMRequest, ask: () => PromiseLike<T>): Promise<{ value: T; attempts: number }> =>
    withRetries(
      async (attempts) => {
        try {
          return { value: await ask(), attempts };
        } catch (error) {
          throw failureOf(error, endpoint, request.signal);
        }
      },
      { retries: request.retries ?? 2, deadline: request.deadline ?? Number.POSITIVE_INFINITY, signal: request.signal },
    );

  const complete = async (request: LMRequest): Promise<LMResponse> => {
    const options = optionsOf(request, version);
    const answers = await Promise.all(Array.from({ length: request.config.n ?? 1 }, () => persist(request, () => generate(options))));
    const usage = answers.map(({ value }) => usageOf(value.usage)).reduce(added, undefined);
    return {
      choices: answers.map(({ value }) => choiceOf(value)),
      model: answers[0]!.value.response?.modelId ?? source.modelId,
      ...(usage && { usage }),
      attempts: Math.max(...answers.map(({ attempts }) => attempts)),
    };
  };

  async function* stream(request: LMRequest): AsyncGenerator<LMChunk, void, undefined> {
    const { value } = await persist(request, () => open(optionsOf(request, version)));
    const reader = value.stream.getReader();
    let finished = false;
    try {
      for (;;) {
        const { done, value: part } = await reader.read();
        if (done) break;
        if (part.type === "error") throw failureOf(part.error, endpoint, request.signal);
        if (part.type === "text-delta" && part.delta) yield { text: part.delta };
        if (part.type !== "finish") continue;
        finished = true;
        const usage = usageOf(part.usage);
        yield { text: "", finishReason: reasonOf(part.finishReason) ?? "stop", model: source.modelId, ...(usage && { usage }) };
      }
    } catch (error) {
      throw failureOf(error, endpoint, request.signal);
    } finally {
      reader.cancel().catch(() => {});
    }
    if (!finished) throw new LMError("stream_truncated", `${endpoint} ended its stream without a finish.`, { endpoint });
  }

  return {
    ...about,
    supports: { responseFormat: true, responseSchema: true },
    config: {},
    complete: (request) => observed({ ...about, stream: false }, () => complete(request)),
    stream: (request) => observedStream({ ...about, stream: true }, stream(request)),
  };
}

function failureOf(error: unknown, endpoint: string, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  return error instanceof DspexError ? error : foreignFailure(error, endpoint, endpoint);
}

function optionsOf({ messages, config, responseFormat, signal }: LMRequest, version: Version): Record<string, unknown> {
  const { temperature, maxTokens, topP, stop, seed, extra } = config satisfies LMConfig;
  return {
    prompt: messages.map((message) => promptOf(message, version)),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(topP !== undefined && { topP }),
    ...(stop?.length && { stopSequences: [...stop] }),
    ...(seed !== undefined && { seed }),
    ...(responseFormat !== undefined && { responseFormat: formatOf(responseFormat) }),
    ...(signal && { abortSignal: signal }),
    ...extra,
  };
}

/** A system message is a string there, everything else a list of parts. */
function promptOf({ role, content }: Message, version: Version): unknown {
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
  if (role === "system") return { role, content: parts.map((part) => ("text" in part ? part.text : "")).join("") };
  return { role, content: parts.map((part) => (part.type === "image_url" ? filePart(part, version) : part)) };
}

function formatOf(format: unknown): unknown {
  const { json_schema: schema } = Object(format) as { json_schema?: { name?: string; schema?: unknown } };
  return {
    type: "json",
    ...(schema?.schema !== undefined && { schema: schema.schema }),
    ...(schema?.name !== undefined && { name: schema.name }),
  };
}

function choiceOf({ content = [], finishReason }: Generated): LMChoice {
  const joined = (type: string) => content.flatMap((part) => (part.type === type ? [part.text ?? ""] : [])).join("");
  const calls = content.filter(({ type }) => type === "tool-call");
  const reasoning = joined("reasoning");
  const reason = reasonOf(finishReason);
  return {
    text: joined("text"),
    ...(reason !== undefined && { finishReason: reason }),
    ...(reasoning && { reasoning }),
    ...(calls.length && {
      toolCalls: calls.map(({ toolCallId, toolName, input }) => ({
        id: toolCallId,
        type: "function",
        function: { name: toolName, arguments: typeof input === "string" ? input : JSON.stringify(input) },
      })),
    }),
  };
}

/** v2 has a word, later ones an object around it. */
function reasonOf(reason: unknown): string | undefined {
  return typeof reason === "string" ? reason : (reason as { unified?: string } | undefined)?.unified;
}

/** v2 has numbers, later ones totals with their parts. */
function usageOf(usage: unknown): Usage | undefined {
  if (typeof usage !== "object" || usage === null) return undefined;
  const { inputTokens, outputTokens, totalTokens } = usage as Record<string, unknown>;
  const count = (tokens: unknown): number =>
    typeof tokens === "number" ? tokens : ((tokens as { total?: number } | undefined)?.total ?? 0);
  const promptTokens = count(inputTokens);
  const completionTokens = count(outputTokens);
  return { promptTokens, completionTokens, totalTokens: count(totalTokens) || promptTokens + completionTokens };
}

function added(total: Usage | undefined, usage: Usage | undefined): Usage | undefined {
  if (!total || !usage) return total ?? usage;
  return {
    promptTokens: total.promptTokens + usage.promptTokens,
    completionTokens: total.completionTokens + usage.completionTokens,
    totalTokens: total.totalTokens + usage.totalTokens,
  };
}
