/**
 * Runtimes: the options that stand under every module's own. `configure()` and `close()` are the default runtime's;
 * `createRuntime()` makes another beside it, for two configurations in one process.
 */
import { checkOptions } from "./check-options.ts";
import type { LM } from "./lm/lm.ts";
import type { Module } from "./module-types.ts";
import type { ModuleOptions } from "./options.ts";
import { closeEngines } from "./router/engines.ts";

export interface RuntimeOptions extends ModuleOptions {
  /** Shapes the Python pools by name: `{ general: { size: 4 } }`; read by "dspex/python". */
  readonly pools?: Readonly<Record<string, object>>;
}

export interface Runtime {
  readonly options: RuntimeOptions;
  /** Sets options, key by key; what is not named stays as it is. */
  configure(options: RuntimeOptions): void;
  /** The same module under this runtime's options. */
  bind<M extends Module>(module: M): M;
  /** Lets go of sockets, processes and pools; a later call opens what it needs anew. Safe to call again. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The runtime as the calls under it see it. */
export interface RuntimeState {
  options: RuntimeOptions;
  /** Models that a call has used, to be closed with the runtime. */
  readonly models: Set<LM>;
}

/** Set by `module.ts`, which knows how a module is made; a static import would be a circle. */
let rebind: <M extends Module>(module: M, state: RuntimeState) => M;
export function onBind(bind: typeof rebind): void {
  rebind = bind;
}

/** Nearest wins, key by key; sampling settings one level deeper. A key that is undefined says nothing. */
export function nearest<T extends ModuleOptions>(under: T, over: Partial<T> | undefined): T {
  if (!over) return under;
  const merged: Record<string, unknown> = { ...(under as object) };
  for (const [key, value] of Object.entries(over))
    if (value !== undefined) merged[key] = key === "config" ? { ...under.config, ...(value as object) } : value;
  return merged as unknown as T;
}

export const defaultState: RuntimeState = { options: {}, models: new Set() };

function runtimeOf(state: RuntimeState): Runtime {
  const close = async (): Promise<void> => {
    const models = [...state.models];
    state.models.clear();
    const own = state === defaultState || state.options.pools;
    await Promise.all([
      ...models.map((lm) => lm.close?.()),
      own ? closeEngines(state === defaultState ? undefined : state.options.pools) : undefined,
    ]);
  };
  return {
    get options() {
      return state.options;
    },
    configure(options) {
      checkOptions(options, "configure");
      state.options = nearest(state.options, options);
    },
    bind: (module) => rebind(module, state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const defaultRuntime: Runtime = /* @__PURE__ */ runtimeOf(defaultState);

/** Sets the default runtime's options: the model, the route, limits, pools. */
export function configure(options: RuntimeOptions): void {
  defaultRuntime.configure(options);
}

/** Lets the default runtime go: connections, model processes, Python pools. */
export function close(): Promise<void> {
  return defaultRuntime.close();
}

/** A runtime of its own; its modules come from `bind`. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  const runtime = runtimeOf({ options: {}, models: new Set() });
  runtime.configure(options);
  return runtime;
}
