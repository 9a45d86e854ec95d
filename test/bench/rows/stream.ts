/** A long answer in small chunks, every event read: once, and twice as long, which may take twice the time and no more. */
import type { LM } from "../../../runtime/lm/lm.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { type Benchmark, milliseconds, rounds, row } from "../harness.ts";
import { ax } from "./native/ax.ts";
import { Answering, inputs, longAnswer, lm as scripted } from "./native/program.ts";

const CHUNKS = 16_200;
const GOAL_MS = 40;
const GOAL_GROWTH = 2.2;

const ours = (size: number, count: number) => {
  const chunks = longAnswer(size, count, "[[ ## answer ## ]]\n", "\n\n[[ ## confidence ## ]]\n0.9\n\n[[ ## completed ## ]]");
  const lm: LM = {
    ...scripted,
    async *stream() {
      for (const text of chunks) yield { text };
    },
  };
  const module = predict(Answering, { lm });
  return () =>
    milliseconds(async () => {
      for await (const _ of module.stream(inputs));
    });
};
const theirs = async (size: number, count: number) => {
  const other = await ax();
  const chunks = longAnswer(size, count, "Answer: ", "");
  return other && (() => milliseconds(() => other.stream(chunks)));
};

/** Ax takes seconds; one round of it tells enough. */
const once = async (run: (() => Promise<number>) | null): Promise<number | null> => (run ? run() : null);

const short: Benchmark = {
  name: "stream-130kb",
  goal: "<= 40 ms",
  async run() {
    const taken = await rounds({ ours: ours(130_000, CHUNKS) }, 15, 24);
    const figure = taken.median("ours");
    const peers = { Ax: await once(await theirs(130_000, CHUNKS)) };
    return row(short, { ours: figure, peers, ratio: figure / GOAL_MS, kept: figure <= GOAL_MS, unit: "ms", note: `${CHUNKS} chunks` });
  },
};

const long: Benchmark = {
  name: "stream-260kb",
  goal: "<= 2.2x the former",
  async run() {
    const taken = await rounds({ long: ours(260_000, 2 * CHUNKS), short: ours(130_000, CHUNKS) }, 31, 24);
    const ratio = taken.ratio("long", "short");
    const peers = { Ax: await once(await theirs(260_000, 2 * CHUNKS)) };
    return row(long, { ours: taken.median("long"), limit: taken.median("short"), peers, ratio, kept: ratio <= GOAL_GROWTH, unit: "ms" });
  },
};
const both: readonly Benchmark[] = [short, long];
export default both;
