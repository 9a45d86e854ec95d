/** A module: a callable over a definition that stays data. Every `with` makes another; `load` alone changes one, as in DSPy. */
import { type Definition, run, runStream } from "./call.ts";
import { checkOptions } from "./check-options.ts";
import { defaultState, nearest, onBind, type RuntimeState } from "./config.ts";
import { withDemos } from "./demos.ts";
import type { BatchOptions, Module, Prediction } from "./module-types.ts";
import { mainPredictor } from "./modules/predictors.ts";
import type { ModuleOptions } from "./options.ts";
import { dumpState, loadState } from "./program/state.ts";
import type { Demo, Program } from "./router/engine.ts";
import { ask, decide, strategyOf } from "./router/route.ts";

interface Inside {
  definition: Definition;
  readonly state: RuntimeState;
}
const insides = new WeakMap<object, Inside>();

/** A module's data, for what composes modules: pipelines, evaluation, optimizers. */
export function definitionOf(module: Module): Definition {
  return inside(module).definition;
}

export function isModule(value: unknown): value is Module {
  return typeof value === "function" && insides.has(value);
}

function inside(module: Module): Inside {
  const found = insides.get(module);
  if (!found) throw new TypeError("This is not a dspex module; make one with predict(S), chainOfThought(S), ...");
  return found;
}

export function createModule<I = any, O = any>(definition: Definition, state: RuntimeState = defaultState): Module<I, O> {
  const self: Inside = { definition, state };
  const again = (change: Partial<Definition>): Module<I, O> => createModule({ ...self.definition, ...change }, state);
  const program = (change: Partial<Program>): Program => ({ ...self.definition.program, ...change });
  const call = (inputs: I, options?: ModuleOptions): Promise<Prediction<O>> => run(self.definition, state, inputs, options);
  const module = Object.assign(call, {
    signature: definition.outputs,
    stream: (inputs: I, options?: ModuleOptions) => runStream(self.definition, state, inputs, options),
    batch: (list: readonly I[], options?: BatchOptions) => batch(module, list, options),
    with(options: ModuleOptions) {
      checkOptions(options, "module");
      return again({ options: nearest(self.definition.options, options) });
    },
    withDemos: (demos: readonly Demo[]) => again({ program: withDemos(self.definition, demos) }),
    withInstructions(text: string) {
      const { predictors, kind } = self.definition.program;
      const main = mainPredictor(kind);
      return again({ program: program({ predictors: { ...predictors, [main]: { ...predictors[main], instructions: text } } }) });
    },
    load(saved: Parameters<Module["load"]>[0]) {
      self.definition = { ...self.definition, program: loadState(self.definition, saved) };
      return module;
    },
    dump: () => dumpState(self.definition),
    route() {
      const { options, program: asked } = self.definition;
      const { route, adapter = "chat" } = nearest(state.options as ModuleOptions, options);
      return decide(ask(asked, adapter), strategyOf(route));
    },
  }) as unknown as Module<I, O>;
  insides.set(module, self);
  return module;
}

onBind((module, state) => createModule(definitionOf(module), state) as typeof module);

/** How many calls of a batch are under way when nobody says: more sockets than this help no endpoint. */
const CONCURRENCY = 256;

async function batch<I, O>(
  module: Module<I, O>,
  list: readonly I[],
  options: BatchOptions | undefined,
): Promise<PromiseSettledResult<Prediction<O>>[]> {
  if (options) checkOptions(options, "batch");
  const { concurrency = CONCURRENCY, ...callOptions } = options ?? {};
  const results: PromiseSettledResult<Prediction<O>>[] = new Array(list.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      try {
        results[at] = { status: "fulfilled", value: await module(list[at]!, callOptions) };
      } catch (reason) {
        results[at] = { status: "rejected", reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, list.length) }, worker));
  return results;
}
