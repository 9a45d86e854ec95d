/** Values one language has and the other has not quite: each comes back as it was, or is refused by name. */
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 29;
export const name = "NaN, big ints, bytes, surrogates, depth, dates";

/** What Python must see of each, to the bit. */
const THERE: readonly [value: unknown, seen: string][] = [
  [Number.NaN, "float nan"],
  [Number.POSITIVE_INFINITY, "float inf"],
  [Number.NEGATIVE_INFINITY, "float -inf"],
  [-0, "float -0x0.0p+0"],
  [5, "int 5"],
  [5.5, "float 0x1.6000000000000p+2"],
  [2 ** 40, "int 1099511627776"],
  [-(2 ** 40), "int -1099511627776"],
  [2 ** 53 - 1, "int 9007199254740991"],
  [2n ** 53n + 1n, "int 9007199254740993"],
  [2n ** 64n, "int 18446744073709551616"],
  [-(2n ** 63n), "int -9223372036854775808"],
  [10n ** 40n, "int 10000000000000000000000000000000000000000"],
  ["a\ud800b", "str 610000d86200"],
  ["\0", "str 0000"],
  ["😀", "str 3dd800de"],
  [new Uint8Array([0, 255]), "bytes b'\\x00\\xff'"],
  [new Date(Date.UTC(2024, 1, 29, 12, 30, 15, 250)), "datetime 2024-02-29T12:30:15.250000+00:00"],
  [new Date(-1), "datetime 1969-12-31T23:59:59.999000+00:00"],
  [true, "bool True"],
  [null, "NoneType None"],
  [[1, [2]], "list ['int 1', \"list ['int 2']\"]"],
  [{ a: 1, b: [] }, "dict [('str 6100', 'int 1'), ('str 6200', 'list []')]"],
  [Object.fromEntries([["constructor", 1]]), "dict [('str 63006f006e007300740072007500630074006f007200', 'int 1')]"],
  [JSON.parse('{"__proto__": 1}'), "dict [('str 5f005f00700072006f0074006f005f005f00', 'int 1')]"],
];

/** What TypeScript must get of Python's; a regular expression names the refusals that are as good. */
const BACK: readonly [made: string, is: (value: unknown) => boolean, refusal?: boolean][] = [
  ["nan", Number.isNaN],
  ["inf", (v) => v === Number.POSITIVE_INFINITY],
  ["-inf", (v) => v === Number.NEGATIVE_INFINITY],
  ["-0.0", (v) => Object.is(v, -0)],
  ["float 5", (v) => Number(v) === 5],
  ["int 5", (v) => v === 5],
  ["2**53", (v) => BigInt(v as number) === 2n ** 53n],
  ["2**53+1", (v) => v === 2n ** 53n + 1n],
  ["-2**63", (v) => v === -(2n ** 63n)],
  ["2**64", (v) => v === 2n ** 64n],
  ["10**40", (v) => v === 10n ** 40n],
  ["bytes", (v) => v instanceof Uint8Array && v.length === 256 && v.every((byte, i) => byte === i)],
  ["surrogate", (v) => v === "a\ud800b"],
  ["nul", (v) => v === "a\0b"],
  ["emoji", (v) => v === "😀"],
  ["datetime", (v) => v instanceof Date && v.toISOString() === "2024-02-29T12:30:15.250Z"],
  ["naive", (v) => v instanceof Date && v.toISOString() === "2024-02-29T12:30:15.000Z"],
  ["microseconds", () => false, true],
  ["date", (v) => v === "2024-02-29"],
  ["decimal", (v) => v === "1.10"],
  ["uuid", (v) => v === "00000000-0000-0000-0000-000000000001"],
  ["tuple", (v) => JSON.stringify(v) === "[1,2]"],
  ["set", (v) => v instanceof Set && v.has(1) && v.size === 1],
  // TypeScript has records where Python has dicts: keys are text there.
  ["int keys", (v) => JSON.stringify(v) === `{"1":"a","2":"b"}`],
  ["other keys", (v) => JSON.stringify(v) === '{"True":1,"1.5":2,"(1, 2)":3,"None":4}'],
  ["keys of one text", () => false, true],
  ["proto", (v) => Object.getPrototypeOf(v) === Object.prototype && Object.keys(v as object).join() === "__proto__,constructor"],
  ["complex", () => false, true],
  ["none", (v) => v === null],
];

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const pool = context.pool({ size: 1 });
  const pid = await pool.call("faults.pid");
  for (const [value, seen] of THERE) {
    const said = await settleWithin(10_000, pool.call("values.describe", { value }));
    findings.expect(said.value === seen, `there: ${String(said.value ?? said.outcome)} and not ${seen}`);
    const back = await settleWithin(10_000, pool.call("values.echo", { value: [value] }));
    const same = Array.isArray(back.value) && (await pool.call("values.describe", { value: (back.value as unknown[])[0] })) === seen;
    findings.expect(same, `there and back and there: ${seen} became ${back.outcome} ${String((back.value as unknown[] | undefined)?.[0])}`);
  }
  for (const [made, is, refusal] of BACK) {
    const { outcome, value } = await settleWithin(10_000, pool.call("values.make", { name: made }));
    findings.expect(
      refusal ? outcome === "unserialisable" : outcome === "ok" && is(value),
      `back: ${made} is ${outcome} ${typeof value} ${String(value)}`,
    );
  }
  for (const value of [() => 1, Symbol("s"), new Date(Number.NaN), Promise.resolve(1)]) {
    const { outcome } = await settleWithin(10_000, (async () => pool.call("values.echo", { value }))());
    findings.expect(outcome === "unserialisable", `a ${typeof value} sent: ${outcome}`);
  }
  for (const levels of [100, 5000]) {
    const { outcome } = await settleWithin(10_000, pool.call("values.deep", { levels }));
    findings.expect(
      levels === 100 ? outcome === "ok" : outcome === "ok" || outcome === "unserialisable",
      `${levels} levels deep: ${outcome}`,
    );
  }
  findings.expect((await pool.call("faults.pid")) === pid, "the worker did not live through it");
  return findings.verdict(THERE.length + BACK.length, "values", "as they were, or refused by name");
}
