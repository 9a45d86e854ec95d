/** The options of a call. They may stand at `configure`, at a module and at a call: the nearest wins, key by key. */
import type { LM, LMConfig, LMRequest, LMResponse, LMSupports } from "./lm/lm.ts";
import type { AdapterName, Program, Route } from "./router/engine.ts";

/** Milliseconds, or `"250ms"`, `"30s"`, `"5m"`, `"1h"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h"}`;

/** An endpoint by its parts; sampling settings may stand beside them. */
export interface LMSettings extends LMConfig {
  /** `"provider/model"`; an `openai/` prefix is removed before sending. */
  readonly model: string;
  readonly baseURL?: string;
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly retries?: number;
  readonly concurrency?: number;
  readonly ratePerMinute?: number;
  /** One request for identical deterministic requests that are under way at the same time; off unless said. */
  readonly dedupe?: boolean;
  /** What the endpoint can do beyond text; known for the providers by name, false for an address of your own. */
  readonly supports?: LMSupports;
  /** Price per million tokens, for `usage.cost` where the endpoint does not say it. */
  readonly price?: { readonly input: number; readonly output: number };
  /** Refuses at once for `cooldown` after `failures` transient failures in a row. */
  readonly breaker?: BreakerSettings;
  /** Sees each HTTP attempt before it is sent, without the key; what it returns is sent in its place. */
  readonly onRequest?: (request: OutgoingRequest) => Partial<Pick<OutgoingRequest, "headers" | "body">> | undefined;
  /** Sees each answer's status, headers and time. */
  readonly onResponse?: (response: IncomingResponse) => void;
}

export interface BreakerSettings {
  readonly failures: number;
  readonly cooldown: Duration;
}
export interface OutgoingRequest {
  readonly url: string;
  readonly attempt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
export interface IncomingResponse {
  readonly url: string;
  readonly attempt: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds from sending to the answer's head. */
  readonly latency: number;
}

/** The AI SDK's `LanguageModel` objects (specification v2 and later), named by the members that tell them apart. */
export interface AISDKModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  // Methods, not properties: the SDK's own parameter types are narrower than unknown.
  doGenerate(options: never): PromiseLike<unknown>;
  doStream(options: never): PromiseLike<unknown>;
}

/** A model as a function: the text, or a whole response. */
export type LMFunction = (request: LMRequest) => string | LMResponse | Promise<string | LMResponse>;

export type LMOption = string | LMSettings | LM | AISDKModel | LMFunction;

/** A cache of your own: results by content hash. `ttl` is milliseconds. */
export interface CacheStore {
  get(key: string): unknown | Promise<unknown>;
  set(key: string, value: unknown, ttl: number | undefined): void | Promise<void>;
  delete?(key: string): void | Promise<void>;
}

export interface CacheOptions {
  readonly ttl?: Duration;
  readonly store?: CacheStore;
}

/** What to try when everything above has failed: other models, in order, or the other route. */
export interface FallbackOptions {
  readonly lm?: readonly LMOption[];
  readonly route?: boolean;
}

/** Where a call runs, and why, in one plain sentence. */
export interface RouteDecision {
  readonly route: Route;
  readonly reason: string;
  /** The other side, where it can do the same and may be tried after a failure. */
  readonly fallback?: Route;
}

/** What a strategy decides by: what is to run, and what each side says of it (`true`, or why not). */
export interface RouteQuestion {
  readonly program: Program;
  readonly adapter: AdapterName;
  readonly native: true | string;
  readonly python: true | string;
}

export interface RouterStrategy {
  readonly name: string;
  decide(question: RouteQuestion): RouteDecision;
}

/** Where calls run: `hybrid` is native where the result is the same, Python otherwise; `verify` runs both. */
export type RouteOption = Route | "hybrid" | "verify" | RouterStrategy;

export interface ModuleOptions {
  readonly lm?: LMOption;
  readonly adapter?: AdapterName;
  readonly config?: LMConfig;
  readonly route?: RouteOption;
  readonly pool?: string;
  readonly timeout?: Duration;
  /** Extra attempts of one completion on transient failures; 2 unless said. */
  readonly retries?: number;
  readonly fallback?: FallbackOptions;
  /** `false` neither reads nor writes. */
  readonly cache?: CacheOptions | false;
  /** Turns spent on asking again when outputs do not hold their types or constraints; 0 unless said. */
  readonly repair?: number;
  /** Whether the call may be repeated after a lost worker: true for predict and its kin without tools. */
  readonly idempotent?: boolean;
  readonly trace?: boolean;
  /** Finds ChatAdapter's headers in mid-line, indented or in bold too; off unless said, because DSPy does not. Native route only. */
  readonly lenient?: boolean;
}

export interface CallOptions extends ModuleOptions {
  readonly signal?: AbortSignal;
}
