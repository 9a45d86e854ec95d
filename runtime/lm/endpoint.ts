/**
 * An endpoint as an LM: attempts within limits, over a transport that keeps its connections. One endpoint, key and
 * settings are one LM, whoever asks for it, so that its limits hold for the whole process.
 */
import { milliseconds } from "../duration.ts";
import { ConfigurationError, LMError } from "../errors.ts";
import { never } from "../never.ts";
import type { LMSettings } from "../options.ts";
import { breaker } from "../resilience/breaker.ts";
import { withRetries } from "../resilience/retry.ts";
import { deduplicated } from "./dedupe.ts";
import { type Exchanger, exchanger } from "./exchange.ts";
import { limiter } from "./limits.ts";
import type { LM, LMChunk, LMConfig, LMRequest, LMResponse } from "./lm.ts";
import { observed, observedStream } from "./observed.ts";
import { bodyOf, chunkOf, responseOf } from "./openai.ts";
import { type Place, placeOf } from "./providers.ts";
import { dataOf } from "./sse.ts";

const RETRIES = 2;
const PATH = "/chat/completions";

const byName = new Map<string, LM>();

/** Two ways in: `"provider/model"`, shared by name and environment, and settings, shared by their object (`resolve.ts`). */
export function endpointLM(option: string | LMSettings): LM {
  if (typeof option !== "string") return makeEndpoint(placeOf(option), option);
  const place = placeOf({ model: option });
  const key = `${place.baseURL} ${place.apiKey ?? ""} ${place.model}`;
  const lm = byName.get(key) ?? makeEndpoint(place, { model: option });
  byName.set(key, lm);
  return lm;
}

function makeEndpoint(place: Place, settings: LMSettings): LM {
  const { baseURL, endpoint } = addressOf(place.baseURL);
  const { model } = place;
  const http: Exchanger = exchanger({ baseURL, endpoint, path: PATH, apiKey: secretOf(place.apiKey), settings });
  const { concurrency, ratePerMinute } = settings;
  const limits = concurrency === undefined && ratePerMinute === undefined ? undefined : limiter(concurrency, ratePerMinute);
  const guard =
    settings.breaker && breaker({ failures: settings.breaker.failures, cooldown: milliseconds(settings.breaker.cooldown) ?? 0 }, endpoint);
  const config = configOf(settings);

  /** One attempt after another, each with its own place in the queue: a wait between attempts holds nobody up. */
  const persist = <T>(
    { retries = settings.retries ?? RETRIES, deadline = Number.POSITIVE_INFINITY, signal }: LMRequest,
    attempt: (number: number) => Promise<T>,
  ): Promise<T> => {
    const guarded = guard ? (number: number) => guard(() => attempt(number)) : attempt;
    const limited = limits ? (number: number) => limits.run(() => guarded(number), signal) : guarded;
    return withRetries(limited, { retries, deadline, signal });
  };
  /** What nobody can abort needs no listeners. */
  const heeded = (request: LMRequest): AbortSignal | undefined => (request.signal === never ? undefined : request.signal);

  const send = (request: LMRequest, merged: LMConfig): Promise<LMResponse> =>
    persist(request, async (number) => {
      const text = await http.text(bodyOf(model, merged, request, false), number, heeded(request));
      const response = responseOf(text, endpoint, settings.price);
      return { ...response, attempts: number };
    });
  const complete = settings.dedupe ? deduplicated(send) : send;

  async function* stream(request: LMRequest): AsyncGenerator<LMChunk, void, undefined> {
    const body = bodyOf(model, { ...config, ...request.config }, request, true);
    // Attempts end where the text begins: what the caller has seen cannot be taken back here.
    const reply = await persist(request, (number) => http.open(body, number, heeded(request)));
    let finished = false;
    try {
      for await (const data of dataOf(reply.chunks())) {
        if (data === "[DONE]") {
          finished = true;
          break;
        }
        const chunk = chunkOf(data, endpoint, settings.price);
        if (!chunk) continue;
        finished ||= chunk.finishReason !== undefined;
        yield chunk;
      }
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      // After its finish a stream owes nothing but usage.
      if (!finished) throw error instanceof LMError ? error : truncated(endpoint, error);
    } finally {
      reply.discard();
    }
    if (request.signal?.aborted) throw request.signal.reason;
    if (!finished) throw truncated(endpoint);
  }

  return {
    model,
    endpoint,
    supports: settings.supports ?? place.supports,
    config,
    ...(settings.retries !== undefined && { retries: settings.retries }),
    complete: (request) => observed({ model, endpoint, stream: false }, () => complete(request, { ...config, ...request.config })),
    stream: (request) => observedStream({ model, endpoint, stream: true }, stream(request)),
    close: () => http.close(),
  };
}

function truncated(endpoint: string, cause?: unknown): LMError {
  return new LMError("stream_truncated", `${endpoint} ended its stream without a finish.`, {
    endpoint,
    ...(cause !== undefined && { cause }),
  });
}

/** The address requests go to, and the one that errors show: without user, password and query. */
function addressOf(baseURL: string): { baseURL: string; endpoint: string } {
  if (!URL.canParse(baseURL) || !/^https?:/.test(baseURL))
    throw new ConfigurationError("config_invalid", "The endpoint's address is no http address.", {
      configKey: "lm.baseURL",
      expected: "an http or https address",
      actual: "a string",
    });
  const url = new URL(baseURL);
  const path = url.pathname.replace(/\/+$/, "");
  return { baseURL: url.origin + path, endpoint: url.origin + path };
}

/** A key with a line break in it would be quoted by the platform's own error. */
function secretOf(apiKey: string | undefined): string | undefined {
  const key = apiKey?.trim();
  if (!key || /^[\x21-\x7e]+$/.test(key)) return key || undefined;
  throw new ConfigurationError("config_invalid", "The API key holds characters that no header can carry.", {
    configKey: "lm.apiKey",
    expected: "printable ASCII without spaces",
    actual: `a string of ${key.length} characters`,
  });
}

function configOf({ temperature, maxTokens, topP, n, stop, seed, extra }: LMSettings): LMConfig {
  const config = { temperature, maxTokens, topP, n, stop, seed, extra };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)) as LMConfig;
}
