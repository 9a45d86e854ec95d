/** A program as a worker takes it: plain data with a content hash, sent once to each worker that needs it. */
import { createHash } from "node:crypto";
import { samplingOf } from "../program/sampling.ts";
import type { PredictorState, Program } from "../router/engine.ts";
import { specOf } from "../signature.ts";
import type { Tool } from "../tool.ts";
import { pack, toWire } from "./wire/codec.ts";

export interface DescribedProgram {
  readonly hash: string;
  readonly spec: unknown;
}

const described = new WeakMap<Program, DescribedProgram>();

export function describeProgram(program: Program): DescribedProgram {
  let known = described.get(program);
  if (!known) {
    const spec = toWire(plainProgram(program));
    // The packed bytes are canonical enough: the same program object gives the same order of keys.
    known = { hash: createHash("sha256").update(pack(spec)).digest("hex").slice(0, 32), spec };
    described.set(program, known);
  }
  return known;
}

function plainProgram({ kind, signature, module, predictors, tools, settings }: Program): Record<string, unknown> {
  const { inner, ...own } = settings as { inner?: Program };
  // Functions stay here; Python asks for them by their names.
  const data = Object.fromEntries(Object.entries(own).filter(([, value]) => typeof value !== "function"));
  return {
    kind,
    signature: specOf(signature),
    module,
    predictors: Object.fromEntries(Object.entries(predictors).map(([path, state]) => [path, sampled(state)])),
    tools: tools.map(describeTool),
    settings: inner ? { ...data, inner: plainProgram(inner) } : data,
  };
}

function sampled(state: PredictorState): object {
  const config = samplingOf(state);
  return config ? { ...state, config } : state;
}

function describeTool(tool: Tool): Record<string, unknown> {
  return {
    name: tool.name,
    description: tool.description,
    parameters: tool.parameters.map(({ name, schema, default: value }) => ({
      name,
      schema,
      ...(value === undefined ? {} : { default: value }),
    })),
  };
}
