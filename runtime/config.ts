/** The options that stand under every module's own, and the runtime that `configure()` sets them for. */
import { checkOptions } from "./check-options.ts";
import type { LM } from "./lm/lm.ts";
import type { ModuleOptions } from "./options.ts";
import { record } from "./shape.ts";

export interface RuntimeOptions extends ModuleOptions {
  /** Shapes the Python pools by name: `{ general: { size: 4 } }`; read by "dspex/python". */
  readonly pools?: Readonly<Record<string, object>>;
}

/** The runtime as the calls under it see it. */
export interface RuntimeState {
  options: RuntimeOptions;
  /** Models that a call has used, to be closed with the runtime. */
  readonly models: Set<LM>;
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

/** Sets options, key by key; what is not named stays as it is. */
export function configureRuntime(state: RuntimeState, options: RuntimeOptions): void {
  checkOptions(options, { pools: record });
  state.options = nearest(state.options, options);
}

/** Sets the default runtime's options: the model, the route, limits, pools. */
export function configure(options: RuntimeOptions): void {
  configureRuntime(defaultState, options);
}
