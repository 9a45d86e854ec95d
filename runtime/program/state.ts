/** A module's state as DSPy's `save` and `load` have it: instructions, field texts and demos of each predictor, by path. */
import type { Definition } from "../definition.ts";
import type { DumpedPredictor, ProgramState, StateMetadata } from "../module-types.ts";
import type { Program } from "../router/engine.ts";
import { jsonDemo } from "./demo-json.ts";
import { readPredictor, writePredictor } from "./predictor-state.ts";
import { invalid, isRecord, readState } from "./state-text.ts";

/** The program with a saved state in it: every predictor must be there, and nothing else. */
export function loadState(definition: Definition, saved: unknown): Program {
  const { metadata, ...state } = readState(saved);
  if (metadata !== undefined && !isRecord(metadata)) throw invalid("metadata", "an object", typeof metadata);
  const layouts = definition.structure.layout(definition, state);
  const paths = layouts.map(({ path }) => path);
  const isBare = "signature" in state;
  const entries: Readonly<Record<string, unknown>> = isBare ? { self: state } : state;
  if (isBare !== (paths[0] === "self") || Object.keys(entries).some((path) => !paths.includes(path)))
    throw invalid(
      "the state",
      paths[0] === "self" ? "a bare Predict's own" : `made of ${paths.join(", ")}`,
      isBare ? "a bare Predict's" : `made of ${Object.keys(state).join(", ") || "nothing"}`,
    );
  const read = layouts.map(({ path, fields }) => [path, readPredictor(path, entries[path], fields)] as const);
  const { program } = definition;
  return { ...program, predictors: { ...program.predictors, ...Object.fromEntries(read) } };
}

/** The versions a file must name for DSPy to load it without a warning. */
const metadata: StateMetadata = { dependency_versions: { python: "3.11", dspy: "3.4.1", cloudpickle: "3.1" } };

/** What DSPy's `load` reads. */
export function dumpState(definition: Definition): ProgramState {
  const { program, outputs, structure } = definition;
  const written = structure.layout(definition).map((layout): readonly [string, DumpedPredictor] => {
    const state = program.predictors[layout.path];
    const demos = (state?.demos ?? []).map((demo) => jsonDemo(outputs, demo));
    return [layout.path, writePredictor(layout, state, demos)];
  });
  const entries = Object.fromEntries(written);
  return { ...(entries.self ?? entries), metadata };
}
