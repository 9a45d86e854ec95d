/** Sessions: state stays with its worker, a busy pool queues or times out, a lost worker is `session_lost` or a replay. */
import { createSession } from "../../../runtime/python/index.ts";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep } from "../harness/settle.ts";

export const scenario = 21;
export const name = "sessions: state, busy pool, lost worker, replay";
interface Bumped {
  readonly count: number;
  readonly pid: number;
}

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 2 });
  const session = await pool.session();
  const bumps: Bumped[] = [];
  for (let i = 0; i < 5; i++) bumps.push((await session.call("state.bump")) as Bumped);
  findings.expect(
    bumps.every(({ count }, i) => count === i + 1),
    `counts ${bumps.map(({ count }) => count).join()}`,
  );
  findings.expect(new Set(bumps.map(({ pid }) => pid)).size === 1, "a session changed its worker");
  const others = await Promise.all(Array.from({ length: 20 }, () => pool.call("faults.pid")));
  findings.expect(!others.includes(bumps[0]!.pid), "another call was given a session's worker");

  const second = await createSession(pool);
  const third = await settleWithin(5000, createSession(pool, undefined, { timeout: 200 }));
  findings.expect(third.outcome === "timeout" || third.outcome === "saturated", `a third session with two workers: ${third.outcome}`);
  const waiting = settleWithin(10_000, createSession(pool));
  await sleep(50);
  await second.release();
  const got = await waiting;
  findings.expect(got.outcome === "ok", `a session that waited: ${got.outcome}`);
  const fresh = (await got.value?.call("state.bump")) as Bumped | undefined;
  findings.expect(fresh?.count === 1, `a new session found another's state: ${fresh?.count}`);
  await got.value?.release();

  const start = performance.now();
  process.kill(bumps[0]!.pid, "SIGKILL");
  const lost = await settleWithin(10_000, session.call("state.bump"));
  findings.expect(lost.outcome === "session_lost", `after its worker's death: ${lost.outcome}`);
  await settleWithin(1000, session.release());
  findings.expect((await settleWithin(10_000, pool.call("faults.pid"))).outcome === "ok", "the pool does not serve after a lost session");

  const replayed = await createSession(pool, undefined, { replay: true });
  let last: Bumped | undefined;
  for (let i = 0; i < 3; i++) last = (await replayed.call("state.bump")) as Bumped;
  process.kill(last!.pid, "SIGKILL");
  const again = await settleWithin(10_000, replayed.call("state.bump"));
  findings.expect((again.value as Bumped | undefined)?.count === 4, `replayed: ${again.outcome} ${JSON.stringify(again.value)}`);
  const took = performance.now() - start;
  await replayed.release();
  const released = await settleWithin(1000, replayed.call("state.bump"));
  findings.expect(released.outcome !== "ok" && !released.outcome.startsWith("untyped"), `after its release: ${released.outcome}`);

  // A checkout that is cancelled while it runs, and a release while a call of it unwinds: nobody holds the worker any more.
  const alone = context.pool({ size: 1, lane: "exclusive" });
  await alone.call("faults.pid");
  for (let i = 0; i < context.times(4, 20); i++) {
    const stop = new AbortController();
    const opening = settleWithin(5000, createSession(alone, { text: "x".repeat(1_000_000) }, { signal: stop.signal }));
    await sleep((i * 3) % 12);
    stop.abort();
    const opened = (await opening).value;
    if (opened) {
      await settleWithin(5000, opened.call("faults.nap", { seconds: 5 }, { timeout: 20 }));
      await opened.release();
    }
    const free = await settleWithin(10_000, alone.call("faults.pid"));
    findings.expect(free.outcome === "ok", `after a checkout cancelled at ${(i * 3) % 12} ms: ${free.outcome}`);
  }

  const short = await createSession(pool, undefined, { ttl: 200 });
  await short.call("state.bump");
  await sleep(500);
  const old = await settleWithin(2000, short.call("state.bump"));
  findings.expect(old.outcome === "session_lost", `after its time to live: ${old.outcome}`);
  return findings.verdict(took, "ms", "two lost workers, one replay");
}
