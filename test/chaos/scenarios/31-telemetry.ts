/** Listeners that throw, listeners that are slow, no listeners: calls end the same, and none waits for a sink. */
import { predict, subscribe } from "../../../runtime/index.ts";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { percentile, settleWithin, sleep } from "../harness/settle.ts";
import { signatureOf } from "../harness/signature.ts";

export const scenario = 31;
export const name = "telemetry sink that throws, stalls or is absent";
const EVENTS = ["dspex.router.route", "dspex.python.execute", "dspex.error.python", "dspex.pool.checkout", "dspex.pool.checkin"] as const;

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 2 }, "heard");
  const ask = predict(signatureOf("question -> answer"), {
    pool: pool.name,
    route: "python",
    lm: () => "[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]",
  });
  const once = () => settleWithin(10_000, ask({ question: "is it?" }));
  await once();
  const times = async (): Promise<number> => {
    const spent: number[] = [];
    for (let i = 0; i < context.times(50, 200); i++) {
      const { outcome, value, ms } = await once();
      findings.expect(outcome === "ok" && value?.answer === "yes", `a call: ${outcome}`);
      spent.push(ms);
    }
    return percentile(spent, 0.5);
  };
  const absent = await times();

  let thrown = 0;
  const note = () => {
    thrown++;
  };
  process.on("uncaughtException", note);
  let heard = 0;
  const throwing = EVENTS.map((name) =>
    subscribe(name, () => {
      heard++;
      throw new Error("a broken listener");
    }),
  );
  await times();
  // Node raises a listener's error in a turn of its own.
  await sleep(5);
  for (const off of throwing) off();
  process.off("uncaughtException", note);
  findings.expect(heard > 0, "no event was heard, so this proves nothing");
  findings.expect(thrown > 0, "a listener's own error was swallowed");

  // A sink that takes each event and never gets done with it.
  let waiting = 0;
  const stalled = EVENTS.map((name) =>
    subscribe(name, async () => {
      waiting++;
      await new Promise(() => {});
    }),
  );
  const slow = await times();
  for (const off of stalled) off();
  findings.expect(waiting > 0, "the stalled sink heard nothing");
  findings.expect(slow < absent * 2 + 1, `a call takes ${slow.toFixed(2)} ms beside a stalled sink, ${absent.toFixed(2)} without`);
  return findings.verdict(slow / absent, "x", "time of a call beside a stalled sink, against none");
}
