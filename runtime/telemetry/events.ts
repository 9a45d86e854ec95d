/** Every event dspex tells, by the name it is heard under, and what each carries. Names are stable; fields are added, never taken. */
import type { Usage } from "../lm/lm.ts";
import type { ProgramKind, Route } from "../router/engine.ts";
import { type Channel, channel, type SpanChannel, spanChannel } from "./channel.ts";

/** A decision of the router. `attempt` counts from 1; a fallback decides again. */
export interface RouteEvent {
  readonly signature: string;
  readonly kind: ProgramKind;
  readonly strategy: string;
  readonly route: Route;
  readonly reason: string;
  readonly attempt: number;
}

/** A call in an engine. `duration`, `usage` and `error` are there when it has ended. */
export interface ExecuteEvent {
  readonly signature: string;
  readonly kind: ProgramKind;
  readonly route: Route;
  readonly model: string;
  duration?: number;
  usage?: Usage;
  pool?: string;
  worker?: number;
  error?: unknown;
}

/** One request to a model, all its attempts included. */
export interface RequestEvent {
  readonly model: string;
  readonly endpoint: string;
  readonly stream: boolean;
  duration?: number;
  attempts?: number;
  usage?: Usage;
  finishReason?: string;
  error?: unknown;
}

export interface StepEvent {
  readonly pipeline: string;
  readonly step: string;
  readonly kind: string;
  duration?: number;
  error?: unknown;
}

/** `cache` is what is cached: `result` here, `program` in a worker, `lm` on disk. */
export interface CacheEvent {
  readonly cache: string;
  readonly key: string;
}

export interface PoolEvent {
  readonly pool: string;
  readonly worker?: number;
  /** Milliseconds spent waiting for a worker (`checkout`) or held (`checkin`). */
  readonly duration?: number;
}

export interface ErrorEvent {
  readonly code: string;
  readonly error: unknown;
  readonly signature?: string;
  readonly step?: string;
}

/** Both routes answered and their outputs differ. */
export interface DifferenceEvent {
  readonly signature: string;
  readonly differences: readonly Difference[];
}
export interface Difference {
  readonly field: string;
  readonly native: unknown;
  readonly python: unknown;
}

export const routed: Channel<RouteEvent> = /* @__PURE__ */ channel("dspex.router.route");
export const differed: Channel<DifferenceEvent> = /* @__PURE__ */ channel("dspex.router.verify");
/** Spans; the plain channel of the same name hears the same context once, when the call has ended. */
export const executing: Readonly<Record<Route, SpanChannel<ExecuteEvent>>> = {
  native: /* @__PURE__ */ spanChannel("dspex.native.execute"),
  python: /* @__PURE__ */ spanChannel("dspex.python.execute"),
};
export const executed: Readonly<Record<Route, Channel<ExecuteEvent>>> = {
  native: /* @__PURE__ */ channel("dspex.native.execute"),
  python: /* @__PURE__ */ channel("dspex.python.execute"),
};
export const failed: Readonly<Record<Route | "pipeline", Channel<ErrorEvent>>> = {
  native: /* @__PURE__ */ channel("dspex.error.native"),
  python: /* @__PURE__ */ channel("dspex.error.python"),
  pipeline: /* @__PURE__ */ channel("dspex.error.pipeline"),
};
export const cacheHit: Channel<CacheEvent> = /* @__PURE__ */ channel("dspex.cache.hit");
export const cacheMiss: Channel<CacheEvent> = /* @__PURE__ */ channel("dspex.cache.miss");
/** One request to a model: the span for a whole answer, the plain channel at the end of every one, streams too. */
export const requesting: SpanChannel<RequestEvent> = /* @__PURE__ */ spanChannel("dspex.lm.request");
export const requested: Channel<RequestEvent> = /* @__PURE__ */ channel("dspex.lm.request");
export const stepping: SpanChannel<StepEvent> = /* @__PURE__ */ spanChannel("dspex.pipeline.step");
export const stepped: Channel<StepEvent> = /* @__PURE__ */ channel("dspex.pipeline.step");
export const checkedOut: Channel<PoolEvent> = /* @__PURE__ */ channel("dspex.pool.checkout");
export const checkedIn: Channel<PoolEvent> = /* @__PURE__ */ channel("dspex.pool.checkin");
