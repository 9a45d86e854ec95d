/**
 * Two of eight workers killed every 25 ms under load. Every call ends exactly once; idempotent ones succeed unless
 * their deadline comes first; what is not idempotent runs at most once; afterwards the pool has its size again.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { type Settled, settleWithin, sleep, tally, until } from "../harness/settle.ts";

export const scenario = 8;
export const name = "crash storm: two of eight killed every 25 ms";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("marks");
  const marks = join(folder, "ran");
  const pool = context.pool({ size: 8, min: 8, lane: "exclusive", maxQueue: 10_000, permissions: { write: [folder] } });
  await pool.start();
  await Promise.all(Array.from({ length: 8 }, () => pool.call("faults.nap", { seconds: 0.02 })));

  const idempotent: Promise<Settled<unknown>>[] = [];
  const once: Promise<Settled<unknown>>[] = [];
  let storming = true;
  let number = 0;
  const load = async () => {
    while (storming) {
      const mine = number++;
      const call =
        mine % 3 === 0
          ? settleWithin(30_000, pool.call("faults.mark", { path: marks, text: `call ${mine}` }, { idempotent: false, timeout: 25_000 }))
          : settleWithin(30_000, pool.call("faults.nap", { seconds: 0.004 }, { idempotent: true, timeout: 25_000 }));
      (mine % 3 === 0 ? once : idempotent).push(call);
      await call;
    }
  };
  const lanes = Array.from({ length: 16 }, load);
  let kills = 0;
  const end = performance.now() + context.times(2000, 6000, 30_000);
  while (performance.now() < end) {
    const pids = pool.stats().pids;
    for (const pid of [pids[kills % pids.length], pids[(kills * 7 + 3) % pids.length]]) {
      if (pid === undefined) continue;
      try {
        process.kill(pid, "SIGKILL");
        kills++;
      } catch {
        // Dead since the last look.
      }
    }
    await sleep(25);
  }
  storming = false;
  const bound = await settleWithin(35_000, Promise.all(lanes));
  findings.expect(bound.outcome === "ok", "a caller waits for ever");
  const [safe, unsafe] = [await Promise.all(idempotent), await Promise.all(once)];
  findings.expect(
    safe.every(({ outcome }) => outcome === "ok"),
    `idempotent: ${JSON.stringify(tally(safe))}`,
  );
  findings.expect(
    unsafe.every(({ outcome }) => outcome === "ok" || outcome === "worker_lost"),
    `not idempotent: ${JSON.stringify(tally(unsafe))}`,
  );
  const ran = readFileSync(marks, "utf8").trim().split("\n");
  findings.expect(new Set(ran).size === ran.length, "a call that is not idempotent ran twice");
  const succeeded = unsafe.filter(({ outcome }) => outcome === "ok").length;
  findings.expect(ran.length >= succeeded, "a call was answered that never ran");
  const restored = await until(5000, async () => {
    await Promise.all(Array.from({ length: 8 }, () => pool.call("faults.nap", { seconds: 0.02 })));
    return pool.stats().pids.length === 8;
  });
  findings.expect(restored !== undefined, `the pool has ${pool.stats().pids.length} of 8 workers afterwards`);
  findings.expect(kills > 20, `only ${kills} kills`);
  return findings.verdict(
    safe.length + unsafe.length,
    "calls",
    `each ended once, through ${kills} kills; ${unsafe.length - succeeded} typed worker_lost`,
  );
}
