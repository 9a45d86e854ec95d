/** A callback fired after its call has ended, by a thread that was left behind or by code that swallows exceptions: refused by name. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep, until } from "../harness/settle.ts";

export const scenario = 26;
export const name = "callback after its call has ended";

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("marks");
  const pool = context.pool({ size: 1, lane: "exclusive", killGrace: 1000, permissions: { write: [folder] } });
  await pool.call("faults.pid");
  let answered = 0;
  const tool = () => ++answered;
  const noted = async (path: string) => {
    await until(3000, () => {
      try {
        return readFileSync(path, "utf8").length > 0;
      } catch {
        return false;
      }
    });
    return readFileSync(path, "utf8").trim();
  };

  const left = join(folder, "left");
  const returned = await settleWithin(5000, pool.call("callbacks.late", { path: left, seconds: 0.2 }, { callbacks: { tool } }));
  findings.expect(returned.value === "returned", `a call that leaves a thread behind: ${returned.outcome}`);
  // It is answered by the same worker only when the thread has ended: a lane is free when nothing runs on it.
  const next = await settleWithin(5000, pool.call("faults.pid"));
  findings.expect(
    next.outcome === "ok" && next.ms > 100,
    `the next call: ${next.outcome} after ${Math.round(next.ms)} ms, while the thread ran`,
  );
  const came = await noted(left).catch(() => "nothing was noted");
  findings.expect(came === "CallClosed", `the late callback: ${came}`);
  findings.expect(answered === 0, `${answered} late callbacks were answered`);

  // Cancelled, and it swallows every Exception: what reaches it is none, and it asks for nothing more.
  const stubborn = join(folder, "stubborn");
  const stop = new AbortController();
  const call = settleWithin(
    5000,
    pool.call("callbacks.stubborn", { path: stubborn, seconds: 10 }, { signal: stop.signal, callbacks: { tool } }),
  );
  await until(5000, () => answered > 3);
  stop.abort();
  const { outcome } = await call;
  const atEnd = answered;
  findings.expect(outcome === "cancelled", `cancelled: ${outcome}`);
  await sleep(300);
  findings.expect(answered === atEnd, `${answered - atEnd} callbacks were answered after the cancel`);
  const free = await settleWithin(5000, pool.call("faults.pid"));
  findings.expect(free.outcome === "ok", `afterwards: ${free.outcome}`);
  findings.within(free.ms, 1500, "the answer afterwards");
  return findings.verdict(answered - atEnd, "callbacks", "answered after their call's end");
}
