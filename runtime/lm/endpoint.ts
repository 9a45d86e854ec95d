/**
 * An endpoint as an LM: attempts within limits, over a transport that keeps its connections. One endpoint, key and
 * settings are one LM, whoever asks for it, so that its limits hold for the whole process.
 */
import { milliseconds } from "../duration.ts";
import { ConfigurationError } from "../errors.ts";
import { never } from "../never.ts";
import type { LMSettings } from "../options.ts";
import { breaker } from "../resilience/breaker.ts";
import { withRetries } from "../resilience/retry.ts";
import { deduplicated } from "./dedupe.ts";
import { type Exchanger, exchanger } from "./exchange.ts";
import { secretsOf } from "./failure.ts";
import { limiter } from "./limits.ts";
import type { LM, LMChunk, LMConfig, LMRequest, LMResponse } from "./lm.ts";
import { LMError } from "./lm-error.ts";
import { observed, observedStream } from "./observed.ts";
import { bodyOf, chunkOf, responseOf, type Source } from "./openai.ts";
import { type Place, placeOf } from "./providers.ts";
import { dataOf } from "./sse.ts";
import { BodyRefused, wholeText } from "./transport.ts";

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
  const { endpoint, query } = addressOf(place.baseURL);
  const { model } = place;
  const apiKey = secretOf(place.apiKey);
  const source: Source = { endpoint, price: settings.price, secrets: secretsOf(apiKey, settings.headers) };
  const { secrets } = source;
  const http: Exchanger = exchanger({ baseURL: endpoint, endpoint, path: PATH + query, apiKey, secrets, settings });
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
      const response = responseOf(text, source);
      return { ...response, attempts: number };
    });
  const complete = settings.dedupe ? deduplicated(send) : send;

  async function* stream(request: LMRequest): AsyncGenerator<LMChunk, void, undefined> {
    const body = bodyOf(model, { ...config, ...request.config }, request, true);
    // Attempts end where the text begins: what the caller has seen cannot be taken back here.
    const reply = await persist(request, (number) => http.open(body, number, heeded(request)));
    let finished = false;
    try {
      if (/\b(?:json|html)\b/.test(reply.headers["content-type"] ?? "")) {
        yield unstreamed(await wholeText(reply.chunks()));
        finished = true;
        return;
      }
      const events = dataOf(reply.chunks());
      for (;;) {
        const { done, value: data } = await (finished ? soon(events.next()) : events.next());
        if (data === "[DONE]") finished = true;
        if (done || data === "[DONE]") break;
        const chunk = chunkOf(data, source);
        if (!chunk) continue;
        finished ||= chunk.finishReason !== undefined;
        yield chunk;
      }
    } catch (error) {
      if (request.signal?.aborted) throw request.signal.reason;
      // After its finish a stream owes nothing but usage.
      if (!finished) throw error instanceof LMError ? error : broken(endpoint, error);
    } finally {
      reply.discard();
    }
    if (request.signal?.aborted) throw request.signal.reason;
    if (!finished) throw truncated(endpoint);
  }

  /** Some endpoints do not stream, and answer whole; a page of HTML is told as what it is. */
  function unstreamed(text: string): LMChunk {
    const { choices, ...rest } = responseOf(text, source);
    return { ...rest, text: choices[0]!.text, finishReason: choices[0]!.finishReason ?? "stop" };
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

/** Usage may follow the finish. Nothing else is waited for, and that not for long: some endpoints leave the stream open. */
const GRACE = 1_000;

function soon<T>(next: Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve({ done: true, value: undefined }), GRACE);
    next.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function broken(endpoint: string, cause: unknown): LMError {
  if (cause instanceof BodyRefused)
    return new LMError("protocol", `${endpoint} answered with ${cause.message}.`, { endpoint, cause, transient: cause.transient });
  return truncated(endpoint, cause);
}

function truncated(endpoint: string, cause?: unknown): LMError {
  return new LMError("stream_truncated", `${endpoint} ended its stream without a finish.`, {
    endpoint,
    ...(cause !== undefined && { cause }),
  });
}

/** The address as errors show it, and the query that requests carry besides: some gateways want a version there. */
function addressOf(baseURL: string): { endpoint: string; query: string } {
  if (!URL.canParse(baseURL) || !/^https?:/.test(baseURL))
    throw new ConfigurationError("config_invalid", "The endpoint's address is no http address.", {
      configKey: "lm.baseURL",
      expected: "an http or https address",
      actual: "a string",
    });
  const url = new URL(baseURL);
  return { endpoint: url.origin + url.pathname.replace(/\/+$/, ""), query: url.search };
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
