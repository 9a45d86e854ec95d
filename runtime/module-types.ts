/**
 * What a module is to its callers: a typed function with a few methods. `runtime/module.ts` makes them; the types stand
 * apart, so that a call's types cost the checker a look-up and no code.
 */

import type { LMResponse, Message, Usage } from "./lm/lm.ts";
import type { CallOptions, ModuleOptions, RouteDecision } from "./options.ts";
import type { Exchange, Route } from "./router/engine.ts";
import type { Signature } from "./signature.ts";
import type { Difference } from "./telemetry/events.ts";

/** How one call went. */
export interface Meta {
  readonly route: Route;
  readonly reason: string;
  readonly pool?: string;
  readonly worker?: number;
  readonly model?: string;
  /** The messages of the last request. */
  readonly messages: readonly Message[];
  readonly response?: LMResponse;
  readonly usage?: Usage;
  /** Every request made for this call, in order; a fallback or a repair adds one. */
  readonly attempts: readonly Exchange[];
  readonly cached: boolean;
  /** Milliseconds. */
  readonly latency: number;
  /** All completions' outputs when `n` asked for more than one. */
  readonly completions?: readonly Readonly<Record<string, unknown>>[];
  /** Where the two routes' outputs differ; only under `route: "verify"`. */
  readonly differences?: readonly Difference[];
}

/** The outputs, in order, and `.meta`, which is not enumerable and gives way to a field of that name. */
export type Prediction<O = any> = O extends { meta: unknown } ? O : O & { readonly meta: Meta };

/** A value on its way: text grows, lists grow, objects fill; everything else is absent until it is whole. */
export type Partially<T> = T extends string
  ? string
  : T extends Date
    ? T | undefined
    : T extends readonly (infer E)[]
      ? readonly Partially<E>[]
      : T extends object
        ? { readonly [K in keyof T]?: Partially<T[K]> }
        : T | undefined;

type FieldName<O> = keyof O & string;
type PartialEvent<O, K extends FieldName<O>> = { readonly type: "partial"; readonly field: K; readonly fields: Partial<O> } & (
  | { readonly done: false; readonly value: Partially<O[K]> }
  | { readonly done: true; readonly value: O[K] }
);

/**
 * What a stream tells: `delta` raw text of a field, `partial` its value so far, `reset` that a retry began again (drop what came),
 * `done` the same prediction the plain call gives.
 */
export type StreamEvent<O = any> =
  | { readonly type: "delta"; readonly field: FieldName<O>; readonly text: string }
  | { [K in FieldName<O>]: PartialEvent<O, K> }[FieldName<O>]
  | { readonly type: "reset"; readonly reason: string }
  | { readonly type: "done"; readonly prediction: Prediction<O> };

export interface BatchOptions extends CallOptions {
  /** Calls under way at one time; the endpoint's own limit holds as well. */
  readonly concurrency?: number;
}

/** An example for the prompt: any of the fields; one without all of them prints as an incomplete example, as in DSPy. */
export type DemoOf<I, O> = Partial<I> & Partial<O>;

/** One predictor's part of a state file, as DSPy writes it (dspy-semantics 7.1). */
export interface DumpedPredictor {
  readonly traces: readonly unknown[];
  readonly train: readonly unknown[];
  readonly demos: readonly Readonly<Record<string, unknown>>[];
  readonly signature: {
    readonly instructions: string;
    readonly fields: readonly { readonly prefix: string; readonly description: string }[];
  };
  readonly lm: Readonly<Record<string, unknown>> | null;
}

export interface StateMetadata {
  readonly dependency_versions: Readonly<Record<string, string>>;
}

/** A state file: a bare Predict's own keys beside `metadata`, or predictors by DSPy's path. */
export type ProgramState =
  | (DumpedPredictor & { readonly metadata: StateMetadata })
  | { readonly [path: string]: DumpedPredictor | StateMetadata };

/** A typed, callable program. `with...` make a new one and leave this one as it is. */
export interface Module<I = any, O = any> {
  (inputs: I, options?: CallOptions): Promise<Prediction<O>>;
  stream(inputs: I, options?: CallOptions): AsyncGenerator<StreamEvent<O>, void, undefined>;
  /** Every result, settled, in the order of the list: one failure spoils nothing else. */
  batch(list: readonly I[], options?: BatchOptions): Promise<PromiseSettledResult<Prediction<O>>[]>;
  with(options: ModuleOptions): Module<I, O>;
  withDemos(demos: readonly DemoOf<I, O>[]): Module<I, O>;
  withInstructions(text: string): Module<I, O>;
  /** Takes what DSPy's `save` wrote (text or parsed) into this module, as `load` does in Python, and returns it. */
  load(state: string | ProgramState): Module<I, O>;
  /** What DSPy's `load` reads. */
  dump(): ProgramState;
  readonly signature: Signature<I, O>;
  /** Where a call would run, and why. */
  route(inputs?: I): RouteDecision;
}

/** Two arguments make a module, three run one at once: the number of arguments decides, here and at run time. */
export interface Predict {
  <I = any, O = any>(signature: Signature<I, O>, options?: ModuleOptions): Module<I, O>;
  <I = any, O = any>(signature: Signature<I, O>, inputs: NoInfer<I>, options: CallOptions): Promise<Prediction<O>>;
}

/** ChainOfThought's outputs: `reasoning` first, unless the signature has one of its own. */
export type Reasoned<O> = O extends { reasoning: unknown } ? O : { reasoning: string } & O;

/** An input of that name is an output there (dspy-semantics 4.3). */
export type Unreasoned<I> = I extends { reasoning: unknown } ? Omit<I, "reasoning"> : I;

export interface ChainOfThought {
  <I = any, O = any>(signature: Signature<I, O>, options?: ModuleOptions): Module<Unreasoned<I>, Reasoned<O>>;
  <I = any, O = any>(signature: Signature<I, O>, inputs: NoInfer<Unreasoned<I>>, options: CallOptions): Promise<Prediction<Reasoned<O>>>;
}
