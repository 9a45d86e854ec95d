/** What came of it: a row a message, a summary, and the same figures as one JSON object. */
import type { PoolStats } from "dspex/python";
import { createColors } from "picocolors";
import type { Case } from "./cases.ts";
import type { Compared } from "./compare.ts";
import { type Answer, keyOf, type RouteRun } from "./run.ts";

/** Colours are for a terminal; a file or a pipe gets plain text. */
const pc = createColors(process.stdout.isTTY && !process.env.NO_COLOR);

export interface RouteFigures {
  readonly answered: number;
  /** The share of all cases whose label is right. */
  readonly accuracy: number;
  /** Of the calls that sort a message. */
  readonly p50Ms: number;
}

export interface Figures {
  readonly cases: number;
  readonly native: RouteFigures;
  readonly python: RouteFigures & { readonly workers: number; readonly callsPerWorker: number };
  /** Shares of all calls, 1 being all of them. */
  readonly messagesIdentical: number;
  readonly answersIdentical: number;
}

export function figures(cases: readonly Case[], native: RouteRun, python: RouteRun, compared: Compared): Figures {
  const workers = callsByWorker(python);
  const calls = [...workers.values()].reduce((sum, n) => sum + n, 0);
  return {
    cases: cases.length,
    native: ofRoute(cases, native),
    python: { ...ofRoute(cases, python), workers: workers.size, callsPerWorker: workers.size ? round(calls / workers.size, 1) : 0 },
    messagesIdentical: share(compared.messages, compared.calls),
    answersIdentical: share(compared.answers, compared.calls),
  };
}

export function table(cases: readonly Case[], native: RouteRun, python: RouteRun): string {
  const lines = cases.map((one) => {
    const [a, b] = [native, python].map((run) => run.answers.get(keyOf(one.id, "triage")));
    const more = native.answers.get(keyOf(one.id, "firstStep"))?.outputs;
    const urgent = native.answers.get(keyOf(one.id, "urgency"))?.outputs?.urgent;
    return [
      one.message.length > 46 ? `${one.message.slice(0, 45)}…` : one.message.padEnd(46),
      one.label.padEnd(8),
      label(a, one),
      label(b, one),
      `${Math.round(a?.ms ?? 0)}`.padStart(6),
      `${Math.round(b?.ms ?? 0)}`.padStart(6),
      more ? `  ${urgent ? "urgent, " : ""}${more.step}` : "",
    ].join(" ");
  });
  const head = `${"message".padEnd(46)} ${"expected"} ${"native".padEnd(13)} ${"python".padEnd(13)} ${"ms".padStart(6)} ${"ms".padStart(6)}   if a bug`;
  return [pc.bold(head), ...lines, ""].join("\n");
}

export function summary(
  cases: readonly Case[],
  native: RouteRun,
  python: RouteRun,
  compared: Compared,
  agreed: { same: number; calls: number },
  pool: PoolStats,
): string {
  const [n, p] = [ofRoute(cases, native), ofRoute(cases, python)];
  const failed = [...native.answers.values(), ...python.answers.values()].filter((answer) => answer.error);
  const workers = [...callsByWorker(python)].map(([pid, calls]) => `${pid} (${calls} calls)`);
  const lines: readonly (readonly [string, string])[] = [
    ["messages", `${cases.length}, ${compared.calls} calls on each route`],
    ["accuracy", `native ${percent(n.accuracy)}, python ${percent(p.accuracy)}`],
    ["p50 latency", `native ${n.p50Ms} ms, python ${p.p50Ms} ms`],
    ["messages sent identical", tally(compared.messages, compared.calls) + (compared.first ? `, first difference: ${compared.first}` : "")],
    ["answers identical", tally(compared.answers, compared.calls)],
    ["both builds send the same", tally(agreed.same, agreed.calls)],
    ["python workers", workers.join(", ") || "none"],
    ["how they run", `${pool.start === "fork" ? "forked" : `spawned (${pool.start})`}, sandbox ${pool.sandbox}`],
    ...failed.slice(0, 1).map(({ error }) => ["failed", `${failed.length} calls, the first: ${error}`] as const),
  ];
  return lines.map(([name, text]) => `${pc.bold(name.padEnd(26))} ${text}`).join("\n");
}

function ofRoute(cases: readonly Case[], run: RouteRun): RouteFigures {
  const sorted = cases.map((one) => ({ expected: one.label, answer: run.answers.get(keyOf(one.id, "triage")) }));
  const right = sorted.filter(({ expected, answer }) => answer?.outputs?.label === expected);
  const times = sorted.flatMap(({ answer }) => (answer?.outputs ? [answer.ms] : [])).sort((x, y) => x - y);
  return {
    answered: run.answered,
    accuracy: share(right.length, cases.length),
    p50Ms: round(times[Math.floor((times.length - 1) / 2)] ?? 0, 1),
  };
}

function callsByWorker(run: RouteRun): ReadonlyMap<number, number> {
  const calls = new Map<number, number>();
  for (const { worker } of run.answers.values()) if (worker !== undefined) calls.set(worker, (calls.get(worker) ?? 0) + 1);
  return calls;
}

function label(answer: Answer | undefined, { label: expected }: Case): string {
  const { outputs } = answer ?? {};
  const text = outputs ? `${outputs.label} ${outputs.confidence}` : "failed";
  const paint = outputs?.label === expected ? pc.green : pc.red;
  return paint(text.padEnd(13));
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : round(part / whole, 4));
const percent = (part: number): string => `${round(part * 100, 1)} %`;
const tally = (part: number, whole: number): string => (part === whole ? pc.green(`all ${whole}`) : pc.yellow(`${part} of ${whole}`));
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
