/** The Python route: a program's description, its inputs and its LM go to a pool; DSPy runs it there, for real. */
import type { AdapterName, Engine, EngineCall, EngineResult, Program, ProgramKind } from "../router/engine.ts";
import { isSignature } from "../signature.ts";
import { outputsOf, type PredictionBody } from "./outputs.ts";
import { closePools, poolFor, type Shapes } from "./pools.ts";
import { ProgramRun } from "./program-run.ts";
import { streamProgram } from "./program-stream.ts";

const KINDS: Readonly<Record<ProgramKind, true>> = {
  predict: true,
  chainOfThought: true,
  react: true,
  programOfThought: true,
  codeAct: true,
  refine: true,
  bestOfN: true,
  multiChainComparison: true,
  rlm: true,
  module: true,
};

export const pythonEngine: Engine = {
  route: "python",
  canExecute(program: Program, _adapter: AdapterName): true | string {
    if (process.platform === "win32") return "Python pools do not run on Windows";
    if (!isSignature(program.signature))
      return 'the program and dspex/python have a copy of dspex each; bundle both, or leave both outside (`external: ["dspex", "dspex/*"]`)';
    return KINDS[program.kind] ?? `Python has no ${String(program.kind)}`;
  },
  async execute(call: EngineCall): Promise<EngineResult> {
    const run = runOf(call);
    const value = (await run.execute()) as PredictionBody;
    return run.result(outputsOf(value, call.program.signature));
  },
  stream: (call) => streamProgram(call, runOf(call)),
  close: (shapes) => closePools(shapes as Shapes | undefined),
};

function runOf(call: EngineCall): ProgramRun {
  return new ProgramRun(call, poolFor(call.pool, {}, call.pools as Shapes | undefined));
}
