/**
 * Real predicts by the thousand, mixed with callbacks, errors, cancels, timeouts and recycled workers: the memory of the
 * host and of the zygote, descriptors and timers are where they were when all had warmed up.
 */
import { predict } from "../../../runtime/index.ts";
import { type Context, zygotes } from "../harness/context.ts";
import { descriptors, privateMemory } from "../harness/proc.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin, sleep } from "../harness/settle.ts";
import { signatureOf } from "../harness/signature.ts";

export const scenario = 39;
export const name = "soak: predicts, callbacks, errors, cancels, recycles";
export const limit: Record<string, number> = { short: 90, ci: 300, long: 3600 };
const ALLOWED = 0.05;
/** What a heap of this size gains and loses by itself between two collections. */
const NOISE = { memory: 3 << 20, descriptors: 2, timers: 2 };

interface Reading {
  readonly host: number;
  readonly zygote: number;
  readonly descriptors: number;
  readonly timers: number;
}

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const total = context.times(2000, 10_000, 100_000);
  const pool = context.pool(
    { size: 2, lane: "async", concurrency: 8, killGrace: 500, recycle: { calls: 400 }, heartbeat: { interval: 250 } },
    "soak",
  );
  const rigid = context.pool(
    { size: 1, lane: "exclusive", killGrace: 500, recycle: { calls: 400 }, heartbeat: { interval: 250 } },
    "soak-exclusive",
  );
  let number = 0;
  const lm = ({ messages }: { messages: readonly { content: unknown }[] }) => {
    const text = String(messages.at(-1)!.content);
    if (text.includes("fails")) throw new Error("the model fails on purpose");
    return text.includes("nonsense") ? "no field at all" : "[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]";
  };
  const asks = [pool, rigid].map((home) =>
    predict(signatureOf("question -> answer"), { route: "python", pool: home.name, lm, retries: 0 }),
  );

  const expected: Readonly<Record<string, RegExp>> = {
    plain: /^ok$/,
    fails: /^(untyped Error: the model fails on purpose|transport|server|protocol|python_exception)/,
    nonsense: /^(completion_unparsable|output_missing)$/,
    callbacks: /^ok$/,
    raises: /^python_exception$/,
    cancelled: /^(cancelled|ok)$/,
    late: /^(timeout|ok)$/,
    stream: /^ok$/,
  };
  const workers = new Set<number>();
  const one = async (): Promise<void> => {
    const mine = number++;
    for (const pid of [...pool.stats().pids, ...rigid.stats().pids]) workers.add(pid);
    const ask = asks[mine % 2]!;
    const home = mine % 2 ? rigid : pool;
    const kind =
      mine % 50 === 7
        ? "fails"
        : mine % 50 === 13
          ? "nonsense"
          : mine % 10 === 3
            ? "callbacks"
            : mine % 20 === 9
              ? "raises"
              : mine % 20 === 11
                ? "cancelled"
                : mine % 40 === 15
                  ? "late"
                  : mine % 40 === 25
                    ? "stream"
                    : "plain";
    const run = (): Promise<unknown> => {
      switch (kind) {
        case "callbacks":
          return home.call("callbacks.use", { times: 3 }, { callbacks: { tool: (n: number) => n + 1 } });
        case "raises":
          return home.call("faults.raise_error", { kind: "value" });
        case "cancelled":
          return home.call(
            "faults.nap",
            { seconds: 0.05 },
            { signal: AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]) },
          );
        case "late":
          return home.call("faults.nap_async", { seconds: 0.05 }, { timeout: 10 });
        case "stream":
          return (async () => {
            let seen = 0;
            for await (const _ of home.stream("streams.numbers", { count: 10 })) if (++seen === (mine % 3) * 5) break;
          })();
        default:
          return ask({ question: `${mine} ${kind}` });
      }
    };
    const { outcome } = await settleWithin(20_000, run());
    // A deadline that comes as a signal is told as either.
    findings.expect(expected[kind]!.test(outcome) || (kind === "cancelled" && outcome === "timeout"), `${kind}: ${outcome}`);
  };
  const some = async (count: number): Promise<void> => {
    const end = number + count;
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        while (number < end) await one();
      }),
    );
  };
  const reading = async (): Promise<Reading> => {
    await sleep(700);
    for (let i = 0; i < 4; i++) {
      globalThis.gc!();
      await sleep(20);
    }
    return {
      host: process.memoryUsage().heapUsed + process.memoryUsage().external,
      zygote: Math.max(0, ...zygotes().map(({ pid }) => privateMemory(pid))),
      descriptors: descriptors(process.pid),
      timers: process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length,
    };
  };

  await some(Math.max(800, total / 10));
  const before = await reading();
  await some(total);
  const after = await reading();
  const drift = (part: keyof Reading, noise: number) => {
    const grown = after[part] - before[part];
    findings.expect(grown <= Math.max(before[part] * ALLOWED, noise), `${part}: ${before[part]} became ${after[part]}`);
    return grown / Math.max(before[part], 1);
  };
  const drifts = [
    drift("host", NOISE.memory),
    drift("zygote", NOISE.memory),
    drift("descriptors", NOISE.descriptors),
    drift("timers", NOISE.timers),
  ];
  findings.expect(workers.size > 4, `only ${workers.size} workers were seen: none was recycled`);
  findings.expect(pool.stats().queue + pool.stats().busy + rigid.stats().queue + rigid.stats().busy === 0, "calls are left");
  const [host, zygote, open, timers] = drifts.map((part) => `${(part * 100).toFixed(1)} %`);
  return findings.verdict(
    Math.max(...drifts.map((part) => part * 100)),
    "%",
    `in ${total} calls: host ${host}, zygote ${zygote}, descriptors ${open}, timers ${timers}; ${workers.size} workers seen`,
  );
}
