/** Metrics: how long, how many, how many failed, how many tokens, and what the pools hold. */
import type { BatchObservableCallback, Meter } from "@opentelemetry/api";
import type { Listener } from "../channel.ts";
import { cacheHit, cacheMiss, checkedOut, type ExecuteEvent, executed, failed, type RequestEvent, requested } from "../events.ts";
import { errorType } from "./names.ts";
import type { PoolFigures } from "./pools.ts";

/** Boundaries the gen_ai conventions give for model calls, in seconds. */
const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

export function meters(meter: Meter, pools: (() => readonly PoolFigures[]) | undefined): () => void {
  const seconds = { unit: "s", advice: { explicitBucketBoundaries: SECONDS } };
  const calls = meter.createHistogram("dspex.call.duration", { ...seconds, description: "One call in one engine." });
  const requests = meter.createHistogram("gen_ai.client.operation.duration", {
    ...seconds,
    description: "One request to a model, its attempts included.",
  });
  const used = meter.createHistogram("gen_ai.client.token.usage", { unit: "{token}", advice: { explicitBucketBoundaries: TOKENS } });
  const errors = meter.createCounter("dspex.errors", { description: "Failures by route and code." });
  const lookUps = meter.createCounter("dspex.cache.lookups", { description: "Looks into a cache, by whether it was there." });
  const waits = meter.createHistogram("dspex.pool.wait", { ...seconds, description: "Waiting for a worker." });

  const onCall: Listener<ExecuteEvent> = ({ duration = 0, route, signature, kind, error }) =>
    calls.record(duration / 1000, { "dspex.route": route, "dspex.kind": kind, "gen_ai.agent.name": signature, ...errorType(error) });
  const onRequest: Listener<RequestEvent> = ({ duration = 0, model, usage, error }) => {
    const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": model };
    requests.record(duration / 1000, { ...attributes, ...errorType(error) });
    if (!usage) return;
    used.record(usage.promptTokens, { ...attributes, "gen_ai.token.type": "input" });
    used.record(usage.completionTokens, { ...attributes, "gen_ai.token.type": "output" });
  };
  const subscriptions = [
    listen(executed.native, onCall),
    listen(executed.python, onCall),
    listen(requested, onRequest),
    ...(["native", "python", "pipeline"] as const).map((where) =>
      listen(failed[where], ({ code }) => errors.add(1, { "dspex.route": where, "error.type": code })),
    ),
    listen(cacheHit, ({ cache }) => lookUps.add(1, { "dspex.cache": cache, "dspex.cache.hit": true })),
    listen(cacheMiss, ({ cache }) => lookUps.add(1, { "dspex.cache": cache, "dspex.cache.hit": false })),
    listen(checkedOut, ({ pool, duration = 0 }) => waits.record(duration / 1000, { "dspex.pool": pool })),
    ...(pools ? [observe(meter, pools)] : []),
  ];
  return () => {
    for (const stop of subscriptions) stop();
  };
}

function listen<T>(
  channel: { subscribe(listener: Listener<T>): void; unsubscribe(listener: Listener<T>): boolean },
  listener: Listener<T>,
): () => void {
  channel.subscribe(listener);
  return () => void channel.unsubscribe(listener);
}

/** Read when the metrics are collected, never in between. */
function observe(meter: Meter, pools: () => readonly PoolFigures[]): () => void {
  const gauges = {
    size: meter.createObservableGauge("dspex.pool.workers"),
    busy: meter.createObservableGauge("dspex.pool.busy"),
    queue: meter.createObservableGauge("dspex.pool.queue"),
    restarts: meter.createObservableCounter("dspex.pool.restarts"),
    memory: meter.createObservableGauge("dspex.pool.memory", { unit: "By" }),
    cpu: meter.createObservableCounter("dspex.pool.cpu", { unit: "s" }),
  };
  const names = Object.keys(gauges) as (keyof typeof gauges)[];
  const read: BatchObservableCallback = (result) => {
    for (const pool of pools())
      for (const name of names) {
        const value = pool[name];
        if (value !== undefined) result.observe(gauges[name], value, { "dspex.pool": pool.name });
      }
  };
  const all = Object.values(gauges);
  meter.addBatchObservableCallback(read, all);
  return () => meter.removeBatchObservableCallback(read, all);
}
