/** Pools as users hold them: operations, streams, sessions, transports, errors and the end. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError, TimeoutError } from "../../../runtime/ended.ts";
import { PoolError, PythonError } from "../../../runtime/errors.ts";
import { createPool, createSession, type Pool, pools } from "../../../runtime/python/index.ts";
import { closePools } from "../../../runtime/python/pools.ts";

const pythonPath = [fileURLToPath(new URL("./modules", import.meta.url))];
afterAll(() => closePools());

describe("a pool", () => {
  const pool = createPool("surface", { size: 2, pythonPath });

  test("starts at its first use and says what it is", async () => {
    expect(pool.stats()).toMatchObject({ size: 0, pids: [], queue: 0 });
    expect(await pool.call("own_ops.add", { a: 1, b: 2 })).toBe(3);
    const stats = pool.stats();
    expect(stats).toMatchObject({ limit: 2, busy: 0, restarts: 0, start: process.platform === "linux" ? "fork" : "spawn" });
    expect(stats.pids).toHaveLength(stats.size);
    expect(stats.memory).toBeGreaterThan(0);
  });

  test("takes arguments by name and by place, and gives values back as they were", async () => {
    expect(await pool.call("own_ops.add", [3, 4])).toBe(7);
    const value = { list: [1, 2.5, null], text: "snö", bytes: new Uint8Array([1, 2]) };
    expect(await pool.call("echo", value)).toEqual(value);
  });

  test("keeps its worker from call to call", async () => {
    const seen = new Set<number>();
    for (let i = 0; i < 20; i++) seen.add((await pool.call("own_ops.pid")) as number);
    expect(seen.size).toBeLessThanOrEqual(2);
  });

  test("runs asynchronous functions side by side in one worker", async () => {
    const start = performance.now();
    const made = await pool.batch(
      "own_ops.nap",
      Array.from({ length: 20 }, () => ({ seconds: 0.3 })),
    );
    expect(made.every(({ status }) => status === "fulfilled")).toBe(true);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("keeps a worker from others until the threads of its call have ended", async () => {
    const one = createPool("threads", { size: 1, pythonPath, lane: "exclusive" });
    const born = await one.call("own_ops.leave", { seconds: 0.5 });
    expect(one.stats().busy).toBe(1);
    expect(await one.call("own_ops.alive", [born])).toBe(false);
    expect(await one.call("own_ops.leave", { seconds: 0 })).not.toBe(born);
    await expect.poll(() => one.stats().busy).toBe(0);
    expect(one.stats().restarts).toBe(0);
  });

  test("settles a batch in order, one failure apart", async () => {
    const made = await pool.batch("own_ops.add", [{ a: 1, b: 1 }, { a: 1 }, { a: 2, b: 2 }]);
    expect(made.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((made[1] as PromiseRejectedResult).reason).toBeInstanceOf(PythonError);
  });

  test("carries 20 MB both ways", async () => {
    const data = new Uint8Array(20 << 20).map((_, i) => i % 251);
    const back = (await pool.call("echo", { data })) as { data: Buffer };
    expect(Buffer.compare(back.data, data)).toBe(0);
  });

  test("calls the host's functions", async () => {
    const heard: unknown[] = [];
    const ask = (n: number) => {
      heard.push(n);
      return n * 2;
    };
    expect(await pool.call("own_ops.asking", { times: 3 }, { callbacks: { ask } })).toEqual([0, 2, 4]);
    expect(heard).toEqual([0, 1, 2]);
  });

  test("streams, and closes the generator of who leaves", async () => {
    const chunks: unknown[] = [];
    for await (const chunk of pool.stream("own_ops.count", { to: 3 })) chunks.push(chunk);
    expect(chunks).toEqual([0, 1, 2]);
    const one = createPool("one", { size: 1, pythonPath });
    for await (const _ of one.stream("own_ops.count", { to: 1_000_000 })) break;
    expect(await one.call("own_ops.closed")).toBe(1);
  });

  test("ends a call at its deadline and at its caller's wish", async () => {
    await expect(pool.call("own_ops.sleep", { seconds: 30 }, { timeout: "50ms" })).rejects.toBeInstanceOf(TimeoutError);
    const stop = new AbortController();
    const call = pool.call("own_ops.sleep", { seconds: 30 }, { signal: stop.signal });
    setTimeout(() => stop.abort("enough"), 30);
    await expect(call).rejects.toMatchObject({ code: "cancelled", reason: "enough" });
    await expect(pool.call("noop", null, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
    expect(await pool.call("own_ops.add", { a: 1, b: 1 })).toBe(2);
  });

  test.each([
    ["an operation that is none", "nonsense", "python_exception"],
    ["a module outside its folders", "os.getpid", "python_import"],
    ["a name a module has not", "own_ops.nothing", "python_import"],
  ])("refuses %s", async (_, op, code) => {
    await expect(pool.call(op)).rejects.toMatchObject({ code });
  });
});

describe("a session", () => {
  let pool: Pool;
  test("keeps its state in one worker", async () => {
    pool = createPool("sessions", { size: 1, pythonPath });
    const session = await createSession(pool, { count: 5 });
    const before = session.lastActivity;
    expect(await session.call("own_ops.bump", { by: 2 })).toBe(7);
    expect(await session.call("own_ops.bump", { by: 3 })).toBe(10);
    expect(await session.state()).toEqual({ count: 10 });
    expect(session.lastActivity).toBeGreaterThanOrEqual(before);
    expect(pool.stats().pids).toContain(session.worker);
    await session.release();
    await expect(session.call("own_ops.bump")).rejects.toMatchObject({ code: "session_lost" });
  });

  test("is lost with its worker, or runs again where it asked for that", async () => {
    const plain = await createSession(pool, { count: 0 });
    process.kill(plain.worker, "SIGKILL");
    await expect(plain.call("own_ops.bump")).rejects.toMatchObject({ code: "session_lost" });
    const replayed = await createSession(pool, { count: 0 }, { replay: true });
    await replayed.call("own_ops.bump", { by: 4 });
    process.kill(replayed.worker, "SIGKILL");
    expect(await replayed.call("own_ops.bump", { by: 1 })).toBe(5);
    await replayed.release();
  });

  test("ends when nobody has used it for its time", async () => {
    const session = await createSession(pool, {}, { ttl: 50 });
    await expect.poll(() => session.released).toBe(true);
  });
});

test.each(["tcp", "spawn"] as const)("a pool by %s", async (way) => {
  const pool = createPool(`by-${way}`, { size: 1, pythonPath, ...(way === "tcp" ? { transport: "tcp" } : { start: "spawn" }) });
  expect(await pool.call("own_ops.add", { a: 1, b: 2 })).toBe(3);
  const data = new Uint8Array(3 << 20).fill(9);
  expect(((await pool.call("echo", data)) as Uint8Array).length).toBe(data.length);
  await pool.close();
});

// Of random bytes, which no compression makes short.
describe("long messages without shared memory", () => {
  const pool = createPool("long", { size: 1, pythonPath, transport: "tcp", killGrace: 10_000 });

  test("may be together longer than a worker holds of what has begun", async () => {
    const { pids } = await pool.call("noop").then(() => pool.stats());
    const data = randomBytes(40 << 20);
    const calls = Array.from({ length: 3 }, () => pool.call("echo", data) as Promise<Uint8Array>);
    for (const back of await Promise.all(calls)) expect(Buffer.compare(back, data)).toBe(0);
    expect(pool.stats()).toMatchObject({ pids, restarts: 0 });
  });

  test("are overtaken by no cancel of their own", async () => {
    const { pids } = await pool.call("noop").then(() => pool.stats());
    const stop = new AbortController();
    const call = pool.call("own_ops.nap", { seconds: 30, ballast: randomBytes(24 << 20) }, { signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    // Run in spite of its cancel, it would keep the exclusive call waiting.
    expect(await pool.call("own_ops.add", { a: 1, b: 2 }, { timeout: "30s" })).toBe(3);
    expect(pool.stats()).toMatchObject({ pids, restarts: 0, busy: 0 });
  });
});

test("what a cleaner of temporary folders takes from a pool is made anew, or done without", async () => {
  const pool = createPool("cleaned", { size: 1, pythonPath });
  const born = (await pool.call("own_ops.pid")) as number;
  const large = new Uint8Array(4 << 20).fill(7);
  await pool.call("echo", { large });
  for (const base of [tmpdir(), "/dev/shm"].filter((folder) => existsSync(folder)))
    for (const name of readdirSync(base)) if (name.startsWith(`dspex-${process.pid}-`)) rmSync(join(base, name), { recursive: true });
  const same = async () => Buffer.compare(((await pool.call("echo", { large })) as { large: Uint8Array }).large, large) === 0;
  expect(await same()).toBe(true);
  process.kill(born, "SIGKILL");
  await expect.poll(() => pool.stats().restarts).toBe(1);
  expect(await pool.call("own_ops.pid")).not.toBe(born);
  expect(await same()).toBe(true);
  await pool.close();
});

test("after close there is a refusal, and close may be said again", async () => {
  const pool = createPool("closing", { size: 1 });
  await pool.call("noop");
  const { pids } = pool.stats();
  await Promise.all([pool.close(), pool.close()]);
  await expect(pool.call("noop")).rejects.toBeInstanceOf(PoolError);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
});

test("options are checked by name and by value", () => {
  expect(() => createPool("bad", { sizes: 1 } as never)).toThrow(
    expect.objectContaining({ code: "config_unknown_key", configKey: "pools.bad.sizes" }) as Error,
  );
  expect(() => createPool("bad", { size: 0 })).toThrow(expect.objectContaining({ code: "config_invalid" }) as Error);
  expect(() => createPool("bad", { memory: "much" as never })).toThrow(expect.objectContaining({ configKey: "pools.bad.memory" }) as Error);
  expect(() => pools.get("nobody's")).toThrow(expect.objectContaining({ code: "config_invalid", configKey: "pool" }) as Error);
});
