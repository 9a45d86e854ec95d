/** The beginning of a call: options, valid inputs, limits. What is wrong here is told before anything is sent. */
import { checkOptions } from "../check-options.ts";
import { nearest, type RuntimeState } from "../config.ts";
import type { Definition } from "../definition.ts";
import { milliseconds } from "../duration.ts";
import type { CallOptions, ModuleOptions } from "../options.ts";
import { type Rules, rule } from "../shape.ts";
import { codeOf } from "../signature.ts";
import { openScope, type Scope } from "./deadline.ts";
import { invalidInputs } from "./issues.ts";

export interface Opening {
  readonly definition: Definition;
  readonly state: RuntimeState;
  /** Of the runtime, the module and the call; the nearest wins. */
  readonly options: ModuleOptions;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly scope: Scope;
  /** `performance.now()` at the call. */
  readonly began: number;
}

/** What only a call may be given. */
export const callRules: Rules = { signal: rule("an AbortSignal", (v) => typeof v?.addEventListener === "function") };

/** The module's options over the runtime's, made once while neither changes. */
const standing = new WeakMap<Definition, { readonly under: RuntimeState["options"]; readonly options: ModuleOptions }>();

function optionsOf(definition: Definition, { options: under }: RuntimeState): ModuleOptions {
  let found = standing.get(definition);
  if (found?.under !== under) {
    found = { under, options: nearest(under as ModuleOptions, definition.options) };
    standing.set(definition, found);
  }
  return found.options;
}

export function open(
  definition: Definition,
  state: RuntimeState,
  given: unknown,
  callOptions: CallOptions | undefined,
  abortable = false,
): Opening {
  const began = performance.now();
  if (callOptions) checkOptions(callOptions, callRules);
  const options = nearest(optionsOf(definition, state), callOptions);
  const checked = codeOf(definition.outputs).validateInputs(given);
  if (!checked.ok) throw invalidInputs(definition.outputs, checked.issues);
  const timeout = options.timeout === undefined ? undefined : milliseconds(options.timeout);
  const scope = openScope(timeout, callOptions?.signal, abortable);
  if (scope.signal.aborted) {
    scope.close();
    throw scope.signal.reason;
  }
  return { definition, state, options, inputs: checked.value, scope, began };
}
