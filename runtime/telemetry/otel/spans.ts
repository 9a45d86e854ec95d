/**
 * Spans from a span channel: begun at its start, ended when the operation has ended, inside the span of the operation it
 * is part of. What has no promise to trace, a stream, is told once at its end on the plain channel and becomes a span
 * with its beginning counted back.
 */
import { type Attributes, context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { builtin } from "../../builtin.ts";
import type { Channel, SpanChannel } from "../channel.ts";
import type { Names } from "./names.ts";

interface Timed {
  duration?: number;
  error?: unknown;
}

/** Node's way of knowing what a callback belongs to; without it spans stand side by side. */
interface Storage {
  getStore(): Span | undefined;
}
type StorageClass = new () => Storage;
const AsyncLocalStorage = builtin<{ AsyncLocalStorage: StorageClass }>("async_hooks")?.AsyncLocalStorage;
const current: Storage | undefined = AsyncLocalStorage && new AsyncLocalStorage();

interface Bindable {
  readonly start?: { bindStore(store: Storage, make: (event: any) => Span): void; unbindStore(store: Storage): boolean };
}

export function follow<T extends Timed & object>(tracer: Tracer, spans: SpanChannel<T>, ends: Channel<T>, names: Names<T>): () => void {
  const open = new WeakMap<T, Span>();
  const begin = (event: T, startTime?: number): Span => {
    const outer = current?.getStore();
    const parent = outer ? trace.setSpan(context.active(), outer) : context.active();
    const options = { kind: names.kind, attributes: names.before(event), ...(startTime !== undefined && { startTime }) };
    const span = tracer.startSpan(names.name(event), options, parent);
    open.set(event, span);
    return span;
  };
  const end = (event: T): void => {
    const span = open.get(event);
    if (!span) return;
    open.delete(event);
    finish(span, names.after(event), event.error);
  };
  const { start } = spans as Bindable;
  // Binding makes the span at the start and keeps it current for everything the operation begins.
  if (current && start) start.bindStore(current, (event) => begin(event));
  const listeners = { ...(!(current && start) && { start: (event: T) => void begin(event) }), asyncEnd: end };
  spans.subscribe(listeners);
  const late = (event: T): void => {
    // A traced operation tells its end before its promise settles; `asyncEnd` closes that span.
    if (open.has(event)) return;
    begin(event, Date.now() - (event.duration ?? 0));
    end(event);
  };
  ends.subscribe(late);
  return () => {
    if (current && start) start.unbindStore(current);
    spans.unsubscribe(listeners);
    ends.unsubscribe(late);
  };
}

function finish(span: Span, attributes: Attributes, error: unknown): void {
  span.setAttributes(attributes);
  if (error !== undefined) {
    const message = error instanceof Error ? error.message : String(error);
    span.recordException(error instanceof Error ? error : message);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}
