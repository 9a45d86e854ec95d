/**
 * `dspex/otel`: calls, model requests and pipeline steps as OpenTelemetry spans, with the names of the gen_ai semantic
 * conventions, and latency, tokens, errors and worker memory as metrics. `instrument()` listens; it changes nothing.
 */
import { metrics, trace } from "@opentelemetry/api";
import { executed, executing, requested, requesting, stepped, stepping } from "./events.ts";
import { meters } from "./otel/meters.ts";
import { callNames, requestNames, stepNames } from "./otel/names.ts";
import type { PoolFigures } from "./otel/pools.ts";
import { follow } from "./otel/spans.ts";

export type { PoolFigures } from "./otel/pools.ts";

export interface OtelOptions {
  /** `@opentelemetry/api`'s own unless given. */
  readonly tracer?: Parameters<typeof follow>[0];
  readonly meter?: Parameters<typeof meters>[0];
  /** Python pools whose size, queue and memory are to be observed: `pools` of "dspex/python". */
  readonly pools?: () => readonly PoolFigures[];
}

/** Begins to listen; the result stops it. */
export function instrument(options: OtelOptions = {}): () => void {
  const tracer = options.tracer ?? trace.getTracer("dspex");
  const meter = options.meter ?? metrics.getMeter("dspex");
  const stops = [
    follow(tracer, executing.native, executed.native, callNames),
    follow(tracer, executing.python, executed.python, callNames),
    follow(tracer, requesting, requested, requestNames),
    follow(tracer, stepping, stepped, stepNames),
    meters(meter, options.pools),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
