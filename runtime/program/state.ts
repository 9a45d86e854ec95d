/** A module's state as DSPy's `save` and `load` have it: instructions, field texts and demos of each predictor, by path. */
import type { Definition } from "../definition.ts";
import type { DumpedPredictor, ProgramState, StateMetadata } from "../module-types.ts";
import type { PredictorState, Program } from "../router/engine.ts";
import { jsonDemo } from "./demo-json.ts";
import { layoutOf, type PredictorLayout } from "./layout.ts";
import { readPredictor, writePredictor } from "./predictor-state.ts";
import { invalid, isRecord, readState } from "./state-text.ts";

/** The program with a saved state in it: every predictor must be there, and nothing else. */
export function loadState(definition: Definition, saved: unknown): Program {
  const { metadata, ...state } = readState(saved);
  if (metadata !== undefined && !isRecord(metadata)) throw invalid("metadata", "an object", typeof metadata);
  const entries = entriesOf(definition, state);
  return { ...definition.program, predictors: { ...definition.program.predictors, ...Object.fromEntries(entries) } };
}

function entriesOf(definition: Definition, state: Readonly<Record<string, unknown>>): readonly (readonly [string, PredictorState])[] {
  const layouts = layoutOf(definition);
  if (!layouts) return Object.entries(state).map(([path, entry]) => [path, readPredictor(path, entry, undefined)] as const);
  const [only] = layouts;
  if (only?.path === "self") {
    if (!("signature" in state)) throw invalid("the state", "a bare Predict's own", paths(state));
    return [["self", readPredictor("self", state, only.fields)]];
  }
  const strange = Object.keys(state).filter((path) => !layouts.some((layout) => layout.path === path));
  if (strange.length > 0) throw invalid("the state", `made of ${layouts.map(({ path }) => path).join(", ")}`, paths(state));
  return layouts.map(({ path, fields }) => [path, readPredictor(path, state[path], fields)] as const);
}

function paths(state: Readonly<Record<string, unknown>>): string {
  return "signature" in state ? "a bare Predict's" : `made of ${Object.keys(state).join(", ") || "nothing"}`;
}

/** The versions a file must name for DSPy to load it without a warning. */
const metadata: StateMetadata = { dependency_versions: { python: "3.11", dspy: "3.4.1", cloudpickle: "3.1" } };

/** What DSPy's `load` reads. */
export function dumpState(definition: Definition): ProgramState {
  const written = (layoutOf(definition) ?? loadedLayout(definition)).map((layout): readonly [string, DumpedPredictor] => {
    const state = definition.program.predictors[layout.path];
    return [
      layout.path,
      writePredictor(
        layout,
        state,
        (state?.demos ?? []).map((demo) => jsonDemo(definition.outputs, demo)),
      ),
    ];
  });
  const [first] = written;
  return first?.[0] === "self" ? { ...first[1], metadata } : { ...Object.fromEntries(written), metadata };
}

/** What only Python runs has the fields that were loaded into it, and none before. */
function loadedLayout({ program }: Definition): readonly PredictorLayout[] {
  return Object.entries(program.predictors).map(([path, state]) => {
    if (state.instructions === undefined || state.fields === undefined)
      throw invalid(path, `a predictor of ${program.kind} that was loaded whole`, "one whose fields only Python knows");
    return {
      path,
      instructions: state.instructions,
      fields: state.fields.map((field, i) => ({ name: String(i), type: "any" as const, ...field })),
    };
  });
}
