/**
 * How a row of `npm run bench` is measured. Sides are run in turn inside one process and one run, so that a noisy
 * machine disturbs them alike; what is reported is the median of the rounds, and a ratio is the median of the ratios
 * of one round, never the ratio of two medians.
 */
/** What a row prints; the shape is relied on by programs outside. Times are in `unit`. */
export interface Row {
  readonly name: string;
  /** Our figure. */
  readonly ours: number;
  /** The figure of the limit we measure against (a floor, a hand-written twin), or null where the goal is absolute. */
  readonly limit: number | null;
  /** Others' figures; null says that the peer could not be measured here. */
  readonly peers: Readonly<Record<string, number | null>>;
  /** ours / limit, or ours / goal where the goal is absolute. */
  readonly ratio: number;
  /** The goal as design section 10 words it. */
  readonly goal: string;
  readonly ok: boolean;
  readonly unit?: string;
  /** What a reader needs to judge the figure: sizes, a missing peer and why. */
  readonly note?: string;
}

/** A file in `rows/` default-exports one of these, or a list. */
export interface Benchmark {
  readonly name: string;
  readonly goal: string;
  run(): Promise<Row>;
}

/** Figures of several sides taken in turn: `figures[side][round]`. */
export class Rounds<Side extends string> {
  readonly figures: Readonly<Record<Side, readonly number[]>>;
  constructor(figures: Readonly<Record<Side, readonly number[]>>) {
    this.figures = figures;
  }
  median(side: Side): number {
    return median(this.figures[side]);
  }
  /** The median over rounds of `side / against`. */
  ratio(side: Side, against: Side): number {
    return median(this.figures[side].map((figure, round) => figure / this.figures[against][round]!));
  }
}

/** Runs every side once a round, the order turned round each time; a side returns its own figure. */
export async function rounds<Side extends string>(
  sides: Readonly<Record<Side, () => number | Promise<number>>>,
  count: number,
  warmup = 1,
): Promise<Rounds<Side>> {
  const names = Object.keys(sides) as Side[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as unknown as Record<Side, number[]>;
  for (let round = -warmup; round < count; round++) {
    for (const name of round % 2 ? names.toReversed() : names) {
      const figure = await sides[name]();
      if (round >= 0) figures[name].push(figure);
    }
  }
  return new Rounds(figures);
}

/**
 * Each side is called this long before it counts: on a busy machine a batch is grown before the optimizer has been there
 * (a cached call: 3.3 us so, 1.8 warm).
 */
const WARM_MS = 300;

/**
 * Microseconds of one call of each side. A batch is grown until it lasts `batchMs`, because one call is far below the
 * clock's resolution.
 */
export async function perCall<Side extends string>(
  sides: Readonly<Record<Side, () => unknown>>,
  { count = 31, batchMs = 8 }: { readonly count?: number; readonly batchMs?: number } = {},
): Promise<Rounds<Side>> {
  const timed = {} as Record<Side, () => number | Promise<number>>;
  for (const [name, run] of Object.entries(sides) as [Side, () => unknown][]) timed[name] = await batched(run, batchMs);
  return rounds(timed, count, 3);
}

async function batched(run: () => unknown, batchMs: number): Promise<() => number | Promise<number>> {
  const isAsync = (run() as { then?: unknown } | null | undefined)?.then instanceof Function;
  const once = isAsync ? (size: number) => timeAsync(run as () => Promise<unknown>, size) : (size: number) => timeSync(run, size);
  const warm = performance.now() + WARM_MS;
  while (performance.now() < warm) await once(1);
  let size = 1;
  while ((await once(size)) * size < batchMs * 1000 && size < 1 << 22) size *= 2;
  return () => once(size);
}

/** The results are kept, so that an optimiser cannot drop the calls. */
let sink: unknown;
function timeSync(run: () => unknown, size: number): number {
  const start = performance.now();
  for (let i = 0; i < size; i++) sink = run();
  return ((performance.now() - start) * 1000) / size;
}
async function timeAsync(run: () => Promise<unknown>, size: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < size; i++) sink = await run();
  return ((performance.now() - start) * 1000) / size;
}
/** Reads the last result; exported only to keep it alive. */
export function lastResult(): unknown {
  return sink;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds of one run. */
export async function milliseconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** A peer from `test/bench/package.json`, or null where it is not installed; the row is then `ok: false`. */
export async function peer<T>(name: string): Promise<T | null> {
  try {
    return (await import(name)) as T;
  } catch {
    return null;
  }
}

/** Assembles a row: `ok` needs the goal kept and every peer measured. */
export function row(
  benchmark: { readonly name: string; readonly goal: string },
  measured: {
    readonly ours: number;
    readonly limit?: number | null;
    readonly peers?: Readonly<Record<string, number | null>>;
    readonly ratio: number;
    readonly kept: boolean;
    readonly unit?: string;
    readonly note?: string;
  },
): Row {
  const peers = measured.peers ?? {};
  const missing = Object.keys(peers).filter((name) => peers[name] === null);
  const note = [measured.note, missing.length > 0 ? `not measured: ${missing.join(", ")}` : undefined].filter(Boolean).join("; ");
  return {
    name: benchmark.name,
    ours: round(measured.ours),
    limit: measured.limit == null ? null : round(measured.limit),
    peers: Object.fromEntries(Object.entries(peers).map(([name, figure]) => [name, figure === null ? null : round(figure)])),
    ratio: round(measured.ratio),
    goal: benchmark.goal,
    ok: measured.kept && missing.length === 0,
    ...(measured.unit ? { unit: measured.unit } : {}),
    ...(note ? { note } : {}),
  };
}

/** Four significant digits: more would be noise. */
function round(figure: number): number {
  return Number.isFinite(figure) ? Number(figure.toPrecision(4)) : figure;
}
