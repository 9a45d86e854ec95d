/** One route over all messages: every one is sorted; the first bugs get a second look by the other two modules. */
import { type Module, meta } from "dspex";
import type { TriageModules } from "../triage.ts";
import type { Bar } from "./bar.ts";
import type { Case } from "./cases.ts";
import type { Model, Sent } from "./model.ts";

export type Step = keyof TriageModules;
export const STEPS: readonly Step[] = ["triage", "urgency", "firstStep"];

/** How many bugs get the second look: enough to show it. */
const SECOND_LOOK = 8;

export interface Answer {
  /** Absent when the call failed. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly error?: string;
  /** Every request of the call, as the LM client got it. */
  readonly sent: readonly Sent[];
  readonly ms: number;
  /** The Python process that ran it. */
  readonly worker?: number;
}

export interface RouteRun {
  readonly route: "native" | "python";
  /** By case id and step. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Cases that were sorted. */
  readonly answered: number;
}

export const keyOf = (id: string, step: Step): string => `${id} ${step}`;

export async function runRoute(
  route: RouteRun["route"],
  modules: TriageModules,
  cases: readonly Case[],
  model: Model,
  show: Bar,
): Promise<RouteRun> {
  const answers = new Map<string, Answer>();
  const ask = async (step: Step, { id, message }: Case): Promise<Answer> => {
    const answer = await answered(modules[step] as Module, message, route, model);
    answers.set(keyOf(id, step), answer);
    return answer;
  };

  // Step by step, not message by message: the server keeps the prefix that all prompts of one step share.
  const bugs: Case[] = [];
  let done = 0;
  let total = cases.length;
  for (const one of cases) {
    const { outputs } = await ask("triage", one);
    if (outputs?.label === "bug" && bugs.length < SECOND_LOOK) bugs.push(one);
    show(++done, total, "sorted");
  }
  total += 2 * bugs.length;
  for (const step of ["urgency", "firstStep"] as const) {
    for (const one of bugs) {
      await ask(step, one);
      show(++done, total, step === "urgency" ? "how urgent" : "first step");
    }
  }
  const sorted = cases.filter(({ id }) => answers.get(keyOf(id, "triage"))?.outputs);
  return { route, answers, answered: sorted.length };
}

async function answered(module: Module, message: string, route: RouteRun["route"], { lm, heard }: Model): Promise<Answer> {
  const began = performance.now();
  try {
    const prediction = await module({ message }, { route, lm });
    const ms = performance.now() - began;
    const { worker } = meta(prediction);
    return { outputs: { ...prediction }, sent: heard(), ms, ...(worker === undefined ? {} : { worker }) };
  } catch (error) {
    return { error: (error as Error).message, sent: heard(), ms: performance.now() - began };
  }
}
