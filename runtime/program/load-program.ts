/**
 * Whole programs from DSPy's state files. A file says where its predictors stood and nothing of what they were, so the
 * program's structure is given: a signature, a module, or modules by the path of the attribute that held them in Python.
 */

import { isModule } from "../module.ts";
import type { Module, ProgramState, StateMetadata } from "../module-types.ts";
import { chainOfThought } from "../modules/chain-of-thought.ts";
import { predict } from "../modules/predict.ts";
import { isSignature, type Signature } from "../signature.ts";
import { invalid, isRecord, readState } from "./state-text.ts";

/** Modules by DSPy's attribute path: `qa`, `steps[0]`, `d['k']`, `sub.inner`. */
export type Modules = Readonly<Record<string, Module>>;

/** A signature: the file is a Predict's or a ChainOfThought's over it, and says which. */
export function loadProgram<I, O>(state: string | ProgramState, signature: Signature<I, O>): Module<I, O>;
/** A module: a new one like it, with the file's state in it. */
export function loadProgram<I, O>(state: string | ProgramState, module: Module<I, O>): Module<I, O>;
/** Modules by path: new ones like them, each with its part of the file. Every part must be claimed. */
export function loadProgram<M extends Modules>(state: string | ProgramState, modules: M): M;
export function loadProgram(state: string | ProgramState, structure: Signature | Module | Modules): unknown {
  const { metadata, ...entries } = readState(state);
  if (isModule(structure)) return structure.with({}).load({ ...entries, ...meta(metadata) } as ProgramState);
  if (isSignature(structure)) {
    const module = "predict" in entries ? chainOfThought(structure) : predict(structure);
    return module.load({ ...entries, ...meta(metadata) } as ProgramState);
  }
  if (!isRecord(structure)) throw invalid("the structure", "a signature, a module, or modules by their path", typeof structure);
  return loadModules(entries, meta(metadata), structure as Modules);
}

const meta = (metadata: unknown): { metadata?: StateMetadata } => (metadata === undefined ? {} : { metadata: metadata as StateMetadata });

function loadModules(entries: Readonly<Record<string, unknown>>, metadata: object, modules: Modules): Modules {
  const claimed = new Set<string>();
  const loaded = Object.entries(modules).map(([path, module]) => {
    const part = partOf(entries, path, claimed);
    if (!isModule(module)) throw invalid(`the structure's "${path}"`, "a module", typeof module);
    if (part === undefined)
      throw invalid("the state", `one with a predictor at ${path}`, `one with ${Object.keys(entries).join(", ") || "none"}`);
    return [path, module.with({}).load({ ...part, ...metadata } as ProgramState)] as const;
  });
  const rest = Object.keys(entries).filter((path) => !claimed.has(path));
  if (rest.length > 0) throw invalid("the state", `made of ${Object.keys(modules).join(", ")}`, `one that also has ${rest.join(", ")}`);
  return Object.fromEntries(loaded);
}

/** A Predict stands at its attribute's path itself, the predictors of every other module below it. */
function partOf(entries: Readonly<Record<string, unknown>>, path: string, claimed: Set<string>): object | undefined {
  if (Object.hasOwn(entries, path)) {
    claimed.add(path);
    return entries[path] as object;
  }
  const below = Object.keys(entries).filter((key) => key.startsWith(`${path}.`));
  for (const key of below) claimed.add(key);
  return below.length > 0 ? Object.fromEntries(below.map((key) => [key.slice(path.length + 1), entries[key]])) : undefined;
}

/** The state of several modules as one file: what DSPy's `load` reads into a module with these attributes. */
export function dumpProgram(modules: Modules): ProgramState {
  let metadata: unknown;
  const entries = Object.entries(modules).flatMap(([path, module]): [string, unknown][] => {
    const { metadata: own, ...state } = module.dump() as Record<string, unknown>;
    metadata ??= own;
    return "signature" in state ? [[path, state]] : Object.entries(state).map(([below, entry]) => [`${path}.${below}`, entry]);
  });
  return { ...Object.fromEntries(entries), metadata } as ProgramState;
}
