/** tsc on 1,000 signatures: with the generated registry, by the live types on plain fields, and on full ones. */
import { type Benchmark, type Rounds, rounds, row } from "../harness.ts";
import { hasAx, project, seconds } from "./tsc/projects.ts";

type Side = "floor" | "ours" | "ax" | "axFloor";
const ROUNDS = 7;

async function measured(ours: string, peers: boolean): Promise<Rounds<Side>> {
  const floor = await project("explicit");
  const sides: Partial<Record<Side, () => Promise<number>>> = { floor: () => seconds(floor), ours: () => seconds(ours) };
  if (peers && hasAx()) {
    const [axFloor, ax] = [await project("ax-explicit"), await project("ax")];
    sides.axFloor = () => seconds(axFloor);
    sides.ax = () => seconds(ax);
  }
  return rounds(sides as Record<Side, () => Promise<number>>, ROUNDS);
}

/** Above its floor, round by round. */
function above(measure: Rounds<Side>, side: "ours" | "ax"): number {
  const floor = measure.figures[side === "ours" ? "floor" : "axFloor"];
  const sorted = measure.figures[side].map((figure, i) => figure - floor[i]!).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

const registry: Benchmark = {
  name: "tsc-1000-registry",
  goal: "<= 1.3x floor",
  async run() {
    const measure = await measured(await project("plain", true), false);
    const ratio = measure.ratio("ours", "floor");
    return row(this, {
      ours: measure.median("ours"),
      limit: measure.median("floor"),
      ratio,
      kept: ratio <= 1.3,
      unit: "s",
      note: "floor: explicit types",
    });
  },
};

/** Ours and Ax's are each what stands above the same project with explicit types. */
function live(name: string, form: "plain" | "full", most: number): Benchmark {
  return {
    name,
    goal: `<= ${most} s above floor`,
    async run() {
      const measure = await measured(await project(form), true);
      const ours = above(measure, "ours");
      return row(this, {
        ours,
        limit: measure.median("floor"),
        peers: { ax: hasAx() ? above(measure, "ax") : null },
        ratio: ours / most,
        kept: ours <= most,
        unit: "s",
        note: "ours and ax above their own floors; limit is our floor; Ax has no docstrings, descriptions or constraints in its text here",
      });
    },
  };
}

const rows: readonly Benchmark[] = [registry, live("tsc-1000-live", "plain", 0.25), live("tsc-1000-full", "full", 0.6)];
export default rows;
