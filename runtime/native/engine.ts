/**
 * The native engine: DSPy's predict, chainOfThought and react in this process, with DSPy's prompts and parsing. It
 * declines what only Python can do, in a sentence, and never approximates.
 */
import { samplingOf } from "../program/sampling.ts";
import type { AdapterName, Engine, EngineCall, EngineEvent, EngineResult, Exchange, PredictorState, Program } from "../router/engine.ts";
import { nativeCanExecute } from "../router/engines.ts";
import { specOf } from "../signature.ts";
import { declined } from "./declined.ts";
import { chainOfThoughtLayout, signatureLayout, withState } from "./derive.ts";
import type { Layout } from "./layout.ts";
import { memo } from "./memo.ts";
import { ask, type Question, settings } from "./predict.ts";

export interface Predictor {
  readonly layout: Layout;
  readonly state: PredictorState | undefined;
}

/** The one predictor of predict and chainOfThought, saved state applied. */
export const predictorOf: (program: Program) => Predictor = memo(({ kind, predictors, signature }) => {
  const thinks = kind === "chainOfThought";
  const state = predictors[thinks ? "predict" : "self"];
  const base = signatureLayout(signature);
  return { layout: withState(thinks ? chainOfThoughtLayout(base) : base, state), state };
});

export function questionOf(call: EngineCall, { layout, state }: Predictor, exchanges: Exchange[]): Question {
  return { call, layout, demos: state?.demos ?? [], inputs: call.inputs, config: settings(samplingOf(state), call), exchanges };
}

async function execute(call: EngineCall): Promise<EngineResult> {
  const { native } = call.program;
  if (native) return (await native()).execute(call);
  const exchanges: Exchange[] = [];
  const completions = await ask(questionOf(call, predictorOf(call.program), exchanges));
  return { outputs: completions[0]!, completions, exchanges };
}

/** An iterator that loads the streaming chunk at its first step; after that nothing stands between it and the reader. */
function stream(call: EngineCall): AsyncIterable<EngineEvent> {
  return {
    [Symbol.asyncIterator]() {
      let inner: Promise<AsyncGenerator<EngineEvent>> | undefined;
      let ready: AsyncGenerator<EngineEvent> | undefined;
      const open = async (): Promise<AsyncGenerator<EngineEvent>> => {
        ready = (await (call.program.native?.() ?? import("./stream.ts"))).stream(call);
        return ready;
      };
      return {
        next() {
          if (ready) return ready.next();
          inner ??= open();
          return inner.then((events) => events.next());
        },
        async return() {
          await (await inner)?.return(undefined);
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function canExecute(program: Program, _adapter: AdapterName): true | string {
  const runs = nativeCanExecute(program);
  if (runs !== true) return runs;
  const { inputs, outputs } = specOf(program.signature);
  for (const { name, type } of [...inputs, ...outputs]) {
    const reason = declined(type);
    if (reason) return `${name}: ${reason}`;
  }
  return true;
}

export const nativeEngine: Engine = { route: "native", canExecute, execute, stream };
