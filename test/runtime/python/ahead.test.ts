/** Calls sent to a worker before their turn: each runs once or not at all, in order, and nobody pays for another's length or death. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { TimeoutError } from "../../../runtime/ended.ts";
import type { PoolError } from "../../../runtime/errors.ts";
import type { WorkerPool } from "../../../runtime/python/pool.ts";
import { closePools, makePool } from "../../../runtime/python/pools.ts";
import type { PoolOptions } from "../../../runtime/python/profile.ts";
import { openSession } from "../../../runtime/python/session.ts";
import { callOn, type PoolCallOptions } from "../../../runtime/python/surface.ts";

const pythonPath = [fileURLToPath(new URL("./modules", import.meta.url))];
const folder = mkdtempSync(join(tmpdir(), "ahead-"));
afterAll(async () => {
  await closePools();
  rmSync(folder, { recursive: true, force: true });
});

let number = 0;
class Bench {
  readonly pool: WorkerPool;
  readonly path: string;
  constructor(options: PoolOptions = {}) {
    this.path = join(folder, `${++number}`);
    this.pool = makePool(`ahead-${number}`, {
      size: 1,
      lane: "exclusive",
      pythonPath,
      permissions: { read: [folder], write: [folder] },
      ...options,
    });
  }
  act(n: number, more: { how?: string; seconds?: number } = {}, options: PoolCallOptions = {}): Promise<unknown> {
    return callOn(this.pool, "own_ops.act", { path: this.path, n, ...more }, options);
  }
  acts(count: number, dies = -1, options: PoolCallOptions = {}): Promise<PromiseSettledResult<unknown>[]> {
    return Promise.allSettled(Array.from({ length: count }, (_, n) => this.act(n, n === dies ? { how: "die" } : {}, options)));
  }
  get waiting(): number {
    return [...this.pool.workers].reduce((sum, worker) => sum + worker.waiting, 0);
  }
  /** All workers there, and the operation known to be brief, whatever else this machine does. */
  async known(): Promise<void> {
    await this.pool.start(this.pool.profile.size);
    await Promise.all(Array.from({ length: 2 * this.pool.profile.size }, () => this.act(-1)));
    for (let i = 0; i < 100; i++) this.pool.durations.note("own_ops.act", 0);
    writeFileSync(this.path, "");
  }
  /** The numbers of the calls that have begun, in order. */
  get begun(): number[] {
    return readFileSync(this.path, "utf8").split("\n").filter(Boolean).map(Number);
  }
}

/** On a busy machine milliseconds go by between two calls, and the first would pass for a long one. */
function atOnce<T>(submit: () => T): T {
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  try {
    return submit();
  } finally {
    clock.mockRestore();
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const codes = (settled: PromiseSettledResult<unknown>[]): string[] =>
  settled.map((one) => (one.status === "fulfilled" ? "ok" : ((one.reason as PoolError).code ?? String(one.reason))));

test("they run in order, and are counted as waiting until they do", async () => {
  const bench = new Bench();
  await bench.known();
  const all = atOnce(() => bench.acts(100));
  expect(bench.waiting).toBeGreaterThan(0);
  expect(bench.pool.stats()).toMatchObject({ busy: 1, queue: 99 });
  expect(codes(await all)).toEqual(upTo(100).map(() => "ok"));
  expect(bench.begun).toEqual(upTo(100));
  expect(bench.pool.stats()).toMatchObject({ busy: 0, queue: 0 });
});

describe("a death", () => {
  test("fails the call that runs; those behind it run elsewhere, once", async () => {
    const bench = new Bench();
    for (let round = 0; round < 5; round++) {
      await bench.known();
      const settled = codes(await bench.acts(60, 7 + round));
      expect(settled).toEqual(upTo(60).map((n) => (n === 7 + round ? "worker_lost" : "ok")));
      expect(bench.begun).toEqual(upTo(60));
    }
  });

  test("counts against the input that killed alone", async () => {
    const bench = new Bench();
    await bench.known();
    const settled = codes(await bench.acts(20, 5, { idempotent: true }));
    expect(settled).toEqual(upTo(20).map((n) => (n === 5 ? "quarantined" : "ok")));
    expect(bench.begun.filter((n) => n === 5).length).toBeLessThanOrEqual(3);
    expect(codes(await bench.acts(20, 5, { idempotent: true }))).toEqual(upTo(20).map((n) => (n === 5 ? "quarantined" : "ok")));
  });

  test("from outside at any moment fails one call at most, and none runs twice", async () => {
    const bench = new Bench({ size: 2 });
    await bench.known();
    let kills = 0;
    const timer = setInterval(() => {
      const pid = bench.pool.stats().pids[0];
      if (pid === undefined || kills === 6) return;
      kills++;
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone already, and not yet known to be.
      }
    }, 40);
    const settled: string[] = [];
    let next = 0;
    const one = async () => {
      while (kills < 6 && next < 100_000) settled[next] = codes(await Promise.allSettled([bench.act(next++)]))[0]!;
    };
    // A call's own number is taken before it is awaited.
    await Promise.all(Array.from({ length: 40 }, one));
    clearInterval(timer);
    const { begun } = bench;
    expect(new Set(begun).size).toBe(begun.length);
    const failed = settled.filter((code) => code !== "ok");
    expect(failed.every((code) => code === "worker_lost")).toBe(true);
    expect(failed.length).toBeLessThanOrEqual(kills);
  });
});

test("behind a call that turns out long nobody waits who can run elsewhere", async () => {
  const bench = new Bench({ size: 2 });
  await bench.known();
  const other = callOn(bench.pool, "own_ops.sleep", { seconds: 0.4 }, {});
  const [long, ...four] = atOnce(() => [bench.act(0, { how: "sleep", seconds: 3 }), ...[1, 2, 3, 4].map((n) => bench.act(n))]);
  const order: unknown[] = [];
  void long!.then((n) => order.push(n));
  const behind = four.map((one) => one.then((n) => order.push(n)));
  expect(bench.waiting).toBe(4);
  await expect.poll(() => bench.waiting, { timeout: 10_000 }).toBe(0);
  expect(bench.pool.stats()).toMatchObject({ busy: 2, queue: 4 });
  await Promise.all([other, ...behind]);
  expect(order).toEqual([1, 2, 3, 4]);
  await long;
  expect(bench.begun).toEqual([0, 1, 2, 3, 4]);
});

test("a cancel or a deadline ends those that wait, and no worker for their sake", async () => {
  const bench = new Bench({ killGrace: 100 });
  await bench.known();
  const stop = new AbortController();
  const [holding, cancelled, late, kept] = atOnce(
    () =>
      [
        bench.act(0, { how: "hold", seconds: 1.5 }),
        bench.act(1, {}, { signal: stop.signal }),
        bench.act(2, {}, { timeout: "50ms" }),
        bench.act(3),
      ] as const,
  );
  expect(bench.waiting).toBe(3);
  stop.abort();
  await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  const error = await late.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error).toMatchObject({ where: "queue" });
  expect(await Promise.all([holding, kept])).toEqual([0, 3]);
  expect(bench.begun).toEqual([0, 3]);
  expect(bench.pool.stats()).toMatchObject({ restarts: 0, busy: 0, queue: 0 });
});

test("a call that asks the host goes ahead of nobody and lets nobody wait behind it", async () => {
  const bench = new Bench();
  await bench.known();
  const asking = callOn(bench.pool, "own_ops.asking", { times: 2 }, { callbacks: { ask: () => bench.act(1) } });
  const after = bench.act(2);
  expect(bench.waiting).toBe(0);
  expect(await Promise.all([asking, after])).toEqual([[1, 1], 2]);
});

test("a session gets its worker though small calls never cease", async () => {
  const bench = new Bench();
  await bench.known();
  let over = false;
  const loops = Array.from({ length: 16 }, async () => {
    for (let n = 0; !over; n++) await bench.act(n);
  });
  const session = await openSession(bench.pool, { count: 1 }, { timeout: "20s" });
  expect(await session.call("own_ops.bump", { by: 1 })).toBe(2);
  over = true;
  await session.release();
  await Promise.all(loops);
});

test("recycled workers lose none of them", async () => {
  const bench = new Bench({ recycle: { calls: 300 } });
  await bench.known();
  const before = bench.pool.stats().pids;
  expect(new Set(codes(await bench.acts(900)))).toEqual(new Set(["ok"]));
  expect(bench.begun).toHaveLength(900);
  expect(new Set(bench.begun).size).toBe(900);
  expect(bench.pool.stats().pids).not.toEqual(before);
});

test("a drain waits for them, a close ends them", async () => {
  const bench = new Bench();
  await bench.known();
  const all = bench.acts(50);
  await bench.pool.drain();
  expect(bench.begun).toEqual(upTo(50));
  expect(new Set(codes(await all))).toEqual(new Set(["ok"]));
  const other = new Bench();
  await other.known();
  const held = atOnce(() => [other.act(0, { how: "sleep", seconds: 5 }), other.act(1), other.act(2)]);
  expect(other.waiting).toBe(2);
  const settled = Promise.allSettled(held);
  await other.pool.close();
  expect(codes(await settled)).toEqual(["pool_closed", "pool_closed", "pool_closed"]);
});
