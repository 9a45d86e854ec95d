/** A module: a callable over a definition that stays data. Every `with` makes another; `load` alone changes one, as in DSPy. */
import { checkOptions } from "./check-options.ts";
import { defaultState, nearest, type RuntimeState } from "./config.ts";
import type { Definition } from "./definition.ts";
import { withDemos } from "./demos.ts";
import type { BatchOptions, Module, Prediction } from "./module-types.ts";
import type { CallOptions, ModuleOptions } from "./options.ts";
import { dumpState, loadState } from "./program/state.ts";
import type { Demo } from "./router/engine.ts";
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

type Calling = Pick<typeof import("./call/run.ts"), "run" | "runStream" | "batch">;

/** A call is asynchronous anyway, so its code comes with the first one and not with the program's first chunk; this stands for it until then. */
let calling: Calling = {
  run: async (...call) => (await loadCalling()).run(...call),
  batch: async (...call) => (await loadCalling()).batch(...call),
  async *runStream(...call) {
    yield* (await loadCalling()).runStream(...call);
  },
};
async function loadCalling(): Promise<Calling> {
  calling = await import("./call/run.ts");
  return calling;
}

export function createModule<I = any, O = any>(definition: Definition, state: RuntimeState = defaultState): Module<I, O> {
  const self: Inside = { definition, state };
  const again = (change: Partial<Definition>): Module<I, O> => createModule({ ...self.definition, ...change }, state);
  const call = (inputs: I, options?: CallOptions): Promise<Prediction<O>> => calling.run(self.definition, state, inputs, options);
  const module = Object.assign(call, {
    signature: definition.outputs,
    // Handed on as it is: a generator around it would cost every event a second time.
    stream: (inputs: I, options?: CallOptions) => calling.runStream(self.definition, state, inputs, options),
    batch: (list: readonly I[], options?: BatchOptions) => calling.batch(module, list, options),
    with(options: ModuleOptions) {
      checkOptions(options);
      return again({ options: nearest(self.definition.options, options) });
    },
    withDemos: (demos: readonly Demo[]) => again({ program: withDemos(self.definition, demos) }),
    withInstructions(text: string) {
      if (typeof text !== "string") throw new TypeError(`withInstructions() takes a string; it was given ${typeof text}.`);
      return again(self.definition.structure.instructed(self.definition, text));
    },
    load(saved: Parameters<Module["load"]>[0]) {
      self.definition = { ...self.definition, program: loadState(self.definition, saved) };
      return module;
    },
    dump: () => dumpState(self.definition),
    route() {
      const { options, program } = self.definition;
      const { route, adapter = "chat" } = nearest(state.options as ModuleOptions, options);
      return decide(ask(program, adapter), strategyOf(route));
    },
  }) as unknown as Module<I, O>;
  insides.set(module, self);
  return module;
}
