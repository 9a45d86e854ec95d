/** Runtimes: `createRuntime()` makes one beside the default one, for two configurations in one process; `close()` lets the default one go. */
import { configureRuntime, defaultState, type RuntimeOptions, type RuntimeState } from "./config.ts";
import { createModule, definitionOf } from "./module.ts";
import type { Module } from "./module-types.ts";
import { closeEngines } from "./router/engines.ts";

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

/** A runtime of its own; its modules come from `bind`. */
export function createRuntime(options: RuntimeOptions = {}): Runtime {
  const state: RuntimeState = { options: {}, models: new Set() };
  configureRuntime(state, options);
  const closeOwn = async (): Promise<void> => {
    const { pools } = state.options;
    await Promise.all([closeModels(state), pools && closeEngines(pools)]);
  };
  return {
    get options() {
      return state.options;
    },
    configure: (more) => configureRuntime(state, more),
    bind: <M extends Module>(module: M) => createModule(definitionOf(module), state) as M,
    close: closeOwn,
    [Symbol.asyncDispose]: closeOwn,
  };
}

/** Lets the default runtime go: connections, model processes, Python pools. */
export async function close(): Promise<void> {
  await Promise.all([closeModels(defaultState), closeEngines()]);
}

async function closeModels({ models }: RuntimeState): Promise<void> {
  const used = [...models];
  models.clear();
  await Promise.all(used.map((lm) => lm.close?.()));
}
