/** SIGKILL of the host at any moment, start-up included: no Python of it may be alive 250 ms later. */
import type { Context } from "../harness/context.ts";
import { marked } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { sleep, until } from "../harness/settle.ts";

export const scenario = 1;
export const name = "host killed, at start-up and at work";
export const limit: Record<string, number> = { short: 90, ci: 600, long: 2400 };
const OPERATIONS = ["faults.nap", "faults.spin", "faults.nap"];

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings();
  const kills = context.times(10, 200, 1000);
  const first = await oneKill(context, 0, undefined);
  // Uniform over the whole life, start-up included, and the same in every run: multiples of the golden ratio.
  const span = first.ready + 300;
  const left: number[] = [first.left];
  let begun = 0;
  let seen = 0;
  const lane = async () => {
    while (begun < kills - 1) {
      const number = ++begun;
      const killed = await oneKill(context, number, ((number * 0.618034) % 1) * span);
      left.push(killed.left);
      if (killed.pythons > 0) seen++;
    }
  };
  await Promise.all([lane(), lane()]);
  const worst = Math.max(...left);
  findings.expect(worst < 250, `Python alive ${Math.round(worst)} ms after its host`);
  findings.expect(seen > kills / 5, `only ${seen} of ${kills} kills met a running Python`);
  return findings.verdict(worst, "ms", `worst of ${kills} kills, ${seen} of them with Python running`);
}

/** `after` milliseconds of life, or until it is at work where undefined; `left` is how long Python outlived it. */
async function oneKill(context: Context, number: number, after: number | undefined): Promise<{ ready: number; left: number; pythons: number }> {
  const start = performance.now();
  const host = context.host("busy.ts", ["4", OPERATIONS[number % OPERATIONS.length]!, "0.05"]);
  if (after === undefined) await host.said();
  else await sleep(after);
  const ready = performance.now() - start;
  const pythons = marked(host.folder).length;
  host.kill();
  const left = (await until(5000, () => marked(host.folder).length === 0, 1)) ?? 5000;
  await host.exited;
  return { ready, left, pythons };
}
