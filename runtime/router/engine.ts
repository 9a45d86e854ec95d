/**
 * An engine runs programs: `native` in this process, `python` in a pool. The router asks each what it can do and
 * hands the call to one. An engine never chooses; the router never executes.
 */
import type { LM, LMConfig, LMResponse, Message, Usage } from "../lm/lm.ts";
import type { Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";

export type Route = "native" | "python";
export type ProgramKind =
  | "predict"
  | "chainOfThought"
  | "react"
  | "programOfThought"
  | "codeAct"
  | "refine"
  | "bestOfN"
  | "multiChainComparison"
  | "rlm"
  | "module";
export type AdapterName = "chat" | "json" | "xml";
export type Demo = Readonly<Record<string, unknown>>;

/** One predictor's changeable part, as DSPy's state files have it. Keyed by DSPy's parameter path in `Program.predictors`. */
export interface PredictorState {
  readonly instructions?: string;
  readonly demos?: readonly Demo[];
  readonly fields?: readonly { readonly prefix: string; readonly description: string }[];
  /** The saved LM's entry: its sampling settings are the predictor's (program/sampling.ts), the rest is kept for the next save. */
  readonly lm?: Readonly<Record<string, unknown>>;
}

/** What to run: data only (tools apart), so that it can be hashed, sent to a worker and cached there. */
export interface Program {
  readonly kind: ProgramKind;
  readonly signature: Signature;
  /** `module` only: the Python class by its dotted name, and what its constructor takes. */
  readonly module?: { readonly path: string; readonly config: Readonly<Record<string, unknown>> };
  /** By DSPy's path: `self` for a bare Predict, `predict` for ChainOfThought, `react` and `extract.predict` for ReAct. */
  readonly predictors: Readonly<Record<string, PredictorState>>;
  readonly tools: readonly Tool[];
  /** maxIters, n, m, threshold ... by kind. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** How the native engine runs a kind of several requests. Its constructor brings it: a bundle without `react()` has nothing of ReAct. */
  readonly native?: () => Promise<NativeSteps>;
}

export interface NativeSteps {
  execute(call: EngineCall): Promise<EngineResult>;
  stream(call: EngineCall): AsyncGenerator<EngineEvent, void, undefined>;
}

/** One call, everything resolved: inputs validated and defaulted, the nearest option chosen, the deadline absolute. */
export interface EngineCall {
  readonly program: Program;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly lm: LM;
  readonly adapter: AdapterName;
  readonly config: LMConfig;
  readonly retries: number;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch, or Infinity. */
  readonly deadline: number;
  readonly idempotent: boolean;
  readonly pool?: string;
  /** `configure({ pools })` of the runtime this call belongs to; read by the Python engine alone. */
  readonly pools?: Readonly<Record<string, unknown>>;
  readonly trace?: boolean;
  /** ChatAdapter's headers are also found in mid-line; native only. */
  readonly lenient?: boolean;
}

export interface EngineResult {
  /** Outputs of the first completion, in signature order; ReAct adds `trajectory`. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** All completions' outputs when n > 1. */
  readonly completions: readonly Readonly<Record<string, unknown>>[];
  /** Every LM request made for this call, in order. */
  readonly exchanges: readonly Exchange[];
  readonly pool?: string;
  readonly worker?: number;
}
export interface Exchange {
  readonly messages: readonly Message[];
  readonly response?: LMResponse;
  readonly usage?: Usage;
  readonly model?: string;
  readonly adapter?: AdapterName;
  readonly failed?: string;
}

export type EngineEvent =
  | { readonly type: "delta"; readonly field: string; readonly text: string }
  | {
      readonly type: "partial";
      readonly field: string;
      readonly value: unknown;
      readonly done: boolean;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "reset"; readonly reason: string }
  | { readonly type: "done"; readonly result: EngineResult };

export interface Engine {
  readonly route: Route;
  /** `true`, or why not, in one plain sentence that a user can act on. */
  canExecute(program: Program, adapter: AdapterName): true | string;
  execute(call: EngineCall): Promise<EngineResult>;
  stream(call: EngineCall): AsyncIterable<EngineEvent>;
  /** Lets processes go: those started for these `EngineCall.pools`, or all. Called by `close()`, more than once too. */
  close?(pools?: EngineCall["pools"]): Promise<void>;
}
