/** The four rows about small calls: from `calls.ts`, run pinned, to a row. */
import { type Benchmark, Rounds, row } from "../../harness.ts";
import { pinned } from "./pinned.ts";

interface Taken {
  readonly figures: Record<string, number[]>;
  readonly missing: readonly string[];
}

/** A goal against the limit's figure: at most so much more time, or at least that part of its throughput. */
export function smallCalls(
  name: string,
  lane: "exclusive" | "async",
  how: "sequential" | "inflight",
  limit: "raw" | "msgpack",
  goal: string,
  bound: number,
): Benchmark {
  const benchmark: Benchmark = {
    name,
    goal,
    async run() {
      const { figures, missing } = await pinned<Taken>("calls.ts", [lane, how]);
      const taken = new Rounds(figures);
      const ratio = taken.ratio("ours", limit);
      const peers = Object.fromEntries([
        ...Object.keys(figures)
          .filter((side) => side !== "ours" && side !== limit)
          .map((side) => [side, taken.median(side)]),
        ...missing.map((side) => [side, null]),
      ]);
      const kept = how === "inflight" ? ratio >= bound : ratio <= bound;
      const note = `limit: ${limit} echo, same framing, one thread; all sides pinned to one core`;
      return row(benchmark, {
        ours: taken.median("ours"),
        limit: taken.median(limit),
        peers,
        ratio,
        kept,
        unit: how === "inflight" ? "calls/s" : "us",
        note,
      });
    },
  };
  return benchmark;
}
