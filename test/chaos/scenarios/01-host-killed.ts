/** SIGKILL of the host at any moment, start-up included: no Python of it may be alive 250 ms later. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { sleep } from "../harness/settle.ts";
import { BOUND, killHost, type Survival } from "../harness/survival.ts";

export const scenario = 1;
export const name = "host killed, at start-up and at work";
export const limit: Record<string, number> = { short: 90, ci: 600, long: 2400 };
const OPERATIONS = ["faults.nap", "faults.spin", "faults.nap"];

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const kills = context.times(10, 200, 1000);
  const start = performance.now();
  const first = context.host("busy.ts", ["4", "faults.nap", "0.05"]);
  await first.said();
  // Uniform over the whole life, start-up included, and the same in every run: multiples of the golden ratio.
  const span = performance.now() - start + 300;
  const seen: Survival[] = [];
  let begun = 0;
  let repeated = 0;
  const judge = (survival: Survival) => {
    if (survival.undecided) repeated++;
    else seen.push(survival);
  };
  judge(await killHost(first));
  const lane = async () => {
    while (seen.length < kills && begun < kills * 2) {
      const number = ++begun;
      const host = context.host("busy.ts", ["4", OPERATIONS[number % OPERATIONS.length]!, "0.05"]);
      await sleep(((number * 0.618034) % 1) * span);
      judge(await killHost(host));
    }
  };
  await Promise.all([lane(), lane()]);
  const worst = Math.max(...seen.map(({ ms }) => ms));
  const met = seen.filter(({ pythons }) => pythons > 0).length;
  findings.within(worst, BOUND, "Python alive after its host");
  findings.expect(seen.length >= kills, `only ${seen.length} of ${kills} kills could be judged on this machine`);
  findings.expect(met > kills / 5, `only ${met} of ${kills} kills met a running Python`);
  return findings.verdict(
    worst,
    "ms",
    `worst of ${seen.length} kills, ${met} with Python running; ${repeated} repeated because nothing could be said of them`,
  );
}
