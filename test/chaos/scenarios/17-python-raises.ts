/** Python raises, or returns what cannot be sent: a typed error with its traceback; the worker lives on. */
import { PythonError } from "../../../runtime/errors.ts";
import type { Context } from "../harness/context.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 17;
export const name = "Python raises, returns the unserialisable";

const CASES: readonly [op: string, args: object, code: string, errorType: string][] = [
  ["faults.raise_error", { kind: "value", text: "on purpose" }, "python_exception", "ValueError"],
  ["faults.raise_error", { kind: "exit", text: "3" }, "python_exception", "SystemExit"],
  ["faults.raise_error", { kind: "interrupt" }, "python_exception", "KeyboardInterrupt"],
  ["faults.raise_error", { kind: "base" }, "python_exception", "BaseException"],
  ["faults.raise_error", { kind: "value", text: "a\ud800b\u0000c" }, "python_exception", "ValueError"],
  ["faults.raise_deep", {}, "python_exception", "RecursionError"],
  ["faults.raise_long", { size: 30_000_000 }, "python_exception", "ValueError"],
  ["faults.raise_speechless", {}, "python_exception", "Speechless"],
  ["faults.unserialisable", { kind: "object" }, "unserialisable", ""],
  ["faults.unserialisable", { kind: "function" }, "unserialisable", ""],
  ["faults.unserialisable", { kind: "file" }, "unserialisable", ""],
  ["faults.unserialisable", { kind: "thread" }, "unserialisable", ""],
  ["faults.unserialisable", { kind: "circle" }, "unserialisable", ""],
  ["faults.no_such_function", {}, "python_import", ""],
  ["no_such_module.f", {}, "python_import", ""],
  ["os.getcwd", {}, "python_import", ""],
  ["broken_import.f", {}, "python_import", ""],
  ["faults.awkward", { kind: "raises" }, "python_exception", "RuntimeError"],
  ["faults.awkward", { kind: "exits" }, "python_exception", "SystemExit"],
  ["faults.awkward", { kind: "released" }, "python_exception", "ValueError"],
  ["faults.awkward_async", { kind: "raises" }, "python_exception", "RuntimeError"],
  ["faults.awkward_async", { kind: "exits" }, "python_exception", "SystemExit"],
  ["faults.raise_unspeakable", {}, "python_exception", "Unspeakable"],
  ["faults.raise_unspeakable_async", {}, "python_exception", "Unspeakable"],
  ["faults.add", { a: 1 }, "python_exception", "TypeError"],
  ["faults.add", { a: 1, b: 2, c: 3 }, "python_exception", "TypeError"],
];

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  for (const lane of ["exclusive", "async"] as const) {
    const pool = context.pool({ size: 1, lane });
    const pid = await pool.call("faults.pid");
    for (const [op, args, code, errorType] of CASES) {
      const label = `${lane}: ${op} ${JSON.stringify(args).slice(0, 40)}`;
      const { outcome, error } = await settleWithin(20_000, pool.call(op, args));
      findings.expect(outcome === code, `${label}: ${outcome}`);
      if (error instanceof PythonError) {
        if (errorType) findings.expect(error.errorType === errorType, `${label}: errorType ${error.errorType}`);
        // A value is read when its function has returned.
        if (code === "python_exception" && !/add|awkward/.test(op)) {
          findings.expect(error.traceback.includes(op.split(".")[1]!), `${label}: the traceback does not show the function`);
        }
        findings.expect(
          error.message.length < 200_000 && error.traceback.length < 200_000,
          `${label}: ${error.message.length + error.traceback.length} characters of text`,
        );
      }
    }
    const left = await settleWithin(10_000, pool.call("faults.leave_task", { seconds: 0.05 }));
    if (lane === "async") findings.expect(left.value === "stayed", `a task that ends with SystemExit: ${left.outcome}`);
    const huge = await settleWithin(10_000, pool.call("faults.huge_number", { digits: 5001 }));
    findings.expect(huge.value === 10n ** 5000n, `a number of 5,001 digits: ${huge.outcome}`);
    const back = await settleWithin(10_000, pool.call("faults.add", { a: 10n ** 5000n, b: -(10n ** 5000n) }));
    findings.expect(back.value === 0, `a number of 5,001 digits on its way there: ${back.outcome}`);
    const slow = await settleWithin(10_000, pool.call("faults.awkward", { kind: "sleeps" }, { timeout: 300 }));
    findings.expect(slow.outcome === "timeout", `a value that is slow to read: ${slow.outcome}`);
    const next = await settleWithin(10_000, pool.call("faults.pid"));
    findings.expect(next.value === pid, `${lane}: the worker did not survive (${next.outcome})`);
    await pool.close();
  }
  return findings.verdict(CASES.length * 2, "cases", "typed, and the worker lived through all of them");
}
