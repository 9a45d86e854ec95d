/**
 * Named channels: `node:diagnostics_channel` where the process has it, a plain emitter with the same few members
 * elsewhere. An event nobody listens to costs the reading of one property, so callers write
 * `if (routed.hasSubscribers) routed.publish({ ... })` and build nothing for nobody.
 */
import { builtin } from "../builtin.ts";

export type Listener<T> = (message: T, name: string | symbol) => void;

export interface Channel<T> {
  readonly hasSubscribers: boolean;
  publish(message: T): void;
  subscribe(listener: Listener<T>): void;
  unsubscribe(listener: Listener<T>): boolean;
}

/** The five moments of one operation; `error` and `result` are set on the same context object as they become known. */
export interface SpanListeners<T> {
  start?(context: T): void;
  end?(context: T): void;
  asyncStart?(context: T): void;
  asyncEnd?(context: T): void;
  error?(context: T & { error: unknown }): void;
}

export interface SpanChannel<T extends object> {
  readonly hasSubscribers: boolean;
  tracePromise<R>(run: () => Promise<R>, context: T): Promise<R>;
  subscribe(listeners: SpanListeners<T>): void;
  unsubscribe(listeners: SpanListeners<T>): boolean;
}

interface DiagnosticsChannel {
  channel(name: string): Channel<any>;
  tracingChannel(name: string): SpanChannel<any>;
}

const diagnostics = builtin<DiagnosticsChannel>("diagnostics_channel");

const emitters = new Map<string, Channel<any>>();

/** The channel of a name: the same one for everybody who asks. */
export function channel<T>(name: string): Channel<T> {
  if (diagnostics) return diagnostics.channel(name);
  const found = emitters.get(name) ?? emitter(name);
  emitters.set(name, found);
  return found;
}

/** An operation with a beginning and an end: `tracing:<name>:start` and its kin in Node. */
export function spanChannel<T extends object>(name: string): SpanChannel<T> {
  if (typeof diagnostics?.tracingChannel === "function") return diagnostics.tracingChannel(name);
  return emittedSpan((moment) => channel(`tracing:${name}:${moment}`));
}

function emitter(name: string): Channel<any> {
  let listeners: readonly Listener<any>[] = [];
  return {
    get hasSubscribers() {
      return listeners.length > 0;
    },
    publish(message) {
      for (const listener of listeners) {
        // As in Node: a listener's failure is the program's, never the call's that is being watched.
        try {
          listener(message, name);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
    subscribe(listener) {
      listeners = [...listeners, listener];
    },
    unsubscribe(listener) {
      const before = listeners.length;
      listeners = listeners.filter((each) => each !== listener);
      return listeners.length < before;
    },
  };
}

const moments = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

function emittedSpan(at: (moment: string) => Channel<any>): SpanChannel<any> {
  const [start, end, asyncStart, asyncEnd, error] = moments.map(at) as [
    Channel<any>,
    Channel<any>,
    Channel<any>,
    Channel<any>,
    Channel<any>,
  ];
  const all = [start, end, asyncStart, asyncEnd, error];
  const change = (listeners: SpanListeners<any>, how: "subscribe" | "unsubscribe") =>
    moments.map((moment, i) => listeners[moment] && all[i]![how](listeners[moment])).some(Boolean);
  return {
    get hasSubscribers() {
      return all.some((each) => each.hasSubscribers);
    },
    async tracePromise(run, context) {
      start.publish(context);
      try {
        const promise = run();
        end.publish(context);
        context.result = await promise;
        return context.result;
      } catch (caught) {
        context.error = caught;
        error.publish(context);
        throw caught;
      } finally {
        asyncStart.publish(context);
        asyncEnd.publish(context);
      }
    },
    subscribe: (listeners) => void change(listeners, "subscribe"),
    unsubscribe: (listeners) => change(listeners, "unsubscribe"),
  };
}
