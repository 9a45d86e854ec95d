/** Spans inside each other with the conventions' names, metrics by what happened, and silence after the stop. */
import { type Attributes, type Meter, type Span, type SpanOptions, type Tracer, trace } from "@opentelemetry/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { resolveLM } from "../../../runtime/lm/resolve.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { instrument } from "../../../runtime/telemetry/otel.ts";
import { completion, delta, pieces, serve, status } from "../lm/server.ts";
import { plainEngine } from "../module/plain-engine.ts";
import { QA } from "../module/signatures.ts";

interface Seen {
  readonly name: string;
  readonly attributes: Attributes;
  readonly parent: string | undefined;
  ended: boolean;
  failed?: string;
}
const spans: Seen[] = [];
const records: { metric: string; value: number; attributes: Attributes }[] = [];
const names = new Map<Span, string>();
const tracer = {
  startSpan(name: string, options: SpanOptions, parent: Parameters<typeof trace.getSpan>[0]) {
    const outer = trace.getSpan(parent);
    const seen: Seen = { name, attributes: { ...options.attributes }, parent: outer && names.get(outer), ended: false };
    spans.push(seen);
    const span = {
      setAttributes: (more: Attributes) => Object.assign(seen.attributes, more),
      setStatus({ message }: { message?: string }) {
        seen.failed = message ?? "";
      },
      recordException() {},
      end() {
        seen.ended = true;
      },
      spanContext: () => ({ traceId: "1", spanId: "1", traceFlags: 1 }),
    } as unknown as Span;
    names.set(span, name);
    return span;
  },
} as unknown as Tracer;
let collect: ((result: { observe(gauge: string, value: number, attributes: Attributes): void }) => void) | undefined;
const instrumentOf = (metric: string) => ({
  record: (value: number, attributes: Attributes) => records.push({ metric, value, attributes }),
  add: (value: number, attributes: Attributes) => records.push({ metric, value, attributes }),
});
const meter = {
  createHistogram: instrumentOf,
  createCounter: instrumentOf,
  createObservableGauge: (name: string) => name,
  createObservableCounter: (name: string) => name,
  addBatchObservableCallback(callback: typeof collect) {
    collect = callback;
  },
  removeBatchObservableCallback() {
    collect = undefined;
  },
} as unknown as Meter;

let stop = () => {};
beforeEach(() => {
  registerEngine(plainEngine("native"));
  const pool = { name: "general", size: 2, busy: 1, queue: 0, restarts: 0, memory: 5 };
  stop = instrument({ tracer, meter, pools: () => [pool] });
});
afterEach(() => {
  stop();
  spans.length = 0;
  records.length = 0;
});

test("a call's span holds its request's, both with tokens, and the metrics know them", async () => {
  await using endpoint = await serve((response) => void response.end(completion('{"answer":"a"}')));
  const lm = await resolveLM({ model: "m", baseURL: endpoint.baseURL });
  await predict(QA, { lm })({ question: "?" });
  await lm.close!();
  expect(spans.map(({ name, parent, ended }) => [name, parent, ended])).toEqual([
    ["predict QA", undefined, true],
    ["chat m", "predict QA", true],
  ]);
  expect(spans[1]!.attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "m",
    "server.address": "127.0.0.1",
    "gen_ai.usage.input_tokens": 3,
    "gen_ai.response.finish_reasons": ["stop"],
  });
  expect(records.map(({ metric }) => metric).sort()).toEqual([
    "dspex.call.duration",
    "gen_ai.client.operation.duration",
    "gen_ai.client.token.usage",
    "gen_ai.client.token.usage",
  ]);
});

test("a failure is the span's status and the metrics' error type, by its code", async () => {
  await using endpoint = await serve(status(401));
  const lm = await resolveLM({ model: "m", baseURL: endpoint.baseURL });
  await expect(predict(QA, { lm })({ question: "?" })).rejects.toBeInstanceOf(LMError);
  await lm.close!();
  expect(spans.map(({ attributes, failed, ended }) => [attributes["error.type"], failed?.includes("401"), ended])).toEqual([
    ["auth", true, true],
    ["auth", true, true],
  ]);
  expect(records.find(({ metric }) => metric === "dspex.errors")).toEqual({
    metric: "dspex.errors",
    value: 1,
    attributes: { "dspex.route": "native", "error.type": "auth" },
  });
});

test("a stream is a span too", async () => {
  await using endpoint = await serve(pieces([delta('{"answer":'), delta('"a"}', "stop"), "data: [DONE]\n\n"]));
  const lm = await resolveLM({ model: "m", baseURL: endpoint.baseURL });
  for await (const _ of predict(QA, { lm }).stream({ question: "?" }));
  await lm.close!();
  expect(spans.map(({ name }) => name).sort()).toEqual(["chat m", "predict QA"]);
  expect(spans.every(({ ended }) => ended)).toBe(true);
});

test("pools are read when metrics are collected", () => {
  const seen: unknown[] = [];
  collect!({ observe: (gauge, value, attributes) => seen.push([gauge, value, attributes["dspex.pool"]]) });
  expect(seen).toContainEqual(["dspex.pool.memory", 5, "general"]);
});

test("after the stop nothing is heard", async () => {
  stop();
  await predict(QA, { lm: () => '{"answer":"a"}' })({ question: "?" });
  expect(spans).toEqual([]);
  expect(records).toEqual([]);
});
