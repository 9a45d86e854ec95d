/** What can be wrong with a start: each a typed error before the first call, with what the interpreter said last. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DspexError } from "../../../runtime/errors.ts";
import type { Context } from "../harness/context.ts";
import { environmentWith, IS_WORKER } from "../harness/environment.ts";
import { interpreter } from "../harness/python.ts";
import { Findings, type Verdict } from "../harness/scenario.ts";
import { settleWithin } from "../harness/settle.ts";

export const scenario = 18;
export const name = "bad starts: interpreter, packages, versions, imports";
const BOUND = 20_000;

export async function run(context: Context): Promise<Verdict> {
  const findings = new Findings(context.form);
  const folder = context.folderFor("interpreters");
  const python = await interpreter();
  const script = (file: string, text: string): string => {
    const path = join(folder, file);
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  };
  // The probe's question is answered; the worker's start is where each of these goes wrong.
  const starting = (name: string, hook: string) => environmentWith(join(folder, name), `if ${IS_WORKER}:\n    ${hook}`);

  const cases: readonly [label: string, path: string, codes: readonly string[], text: RegExp][] = [
    ["no such file", join(folder, "none"), ["python_missing"], /none/],
    ["not a Python", "/bin/true", ["python_missing"], /true/],
    [
      "not executable",
      (() => {
        const p = join(folder, "plain");
        writeFileSync(p, "text");
        return p;
      })(),
      ["python_missing"],
      /plain/,
    ],
    ["a Python without dspy", script("bare", `#!/bin/sh\nexec "${python}" -S "$@"\n`), ["dspy_unsupported", "python_missing"], /dspy/],
    [
      "dies at start",
      await starting("dying", 'print("a last word", file=sys.stderr, flush=True); os._exit(9)'),
      ["python_missing", "dspy_unsupported", "worker_lost"],
      /a last word/,
    ],
    [
      "dies by a signal",
      await starting("shot", 'print("a last word", file=sys.stderr, flush=True); os.kill(os.getpid(), signal.SIGSEGV)'),
      ["python_missing", "dspy_unsupported", "worker_lost"],
      /a last word/,
    ],
    ["a package is missing", await starting("partial", "sys.modules['msgspec'] = None"), ["python_missing", "dspy_unsupported"], /msgspec/],
  ];
  let worst = 0;
  for (const [label, path, codes, text] of cases) {
    const pool = context.pool({ size: 1, interpreter: path });
    const started = await settleWithin(BOUND, pool.start());
    const called = await settleWithin(BOUND, pool.call("faults.pid"));
    for (const { outcome, error, ms } of [started, called]) {
      worst = Math.max(worst, ms);
      findings.expect(codes.includes(outcome), `${label}: ${outcome}`);
      if (error instanceof DspexError) {
        findings.expect(text.test(error.message), `${label}: the message does not say ${text}: ${error.message.slice(0, 160)}`);
        findings.expect(error.remedy.length > 10, `${label}: no remedy`);
      }
    }
    await pool.close();
  }

  // No start at all: nothing that hangs may hang its caller beyond the caller's own deadline.
  const hanging = context.pool({ size: 1, interpreter: await starting("hanging", "time.sleep(600)") });
  const late = await settleWithin(BOUND, hanging.call("faults.pid", {}, { timeout: 1000 }));
  findings.expect(late.outcome === "timeout", `an interpreter that hangs: ${late.outcome}`);
  findings.within(late.ms, 1500, "an interpreter that hangs, the deadline being 1000 ms");
  const closed = await settleWithin(BOUND, hanging.close());
  findings.expect(closed.outcome === "ok", `closing it: ${closed.outcome}`);
  findings.within(closed.ms, 2000, "closing it");

  // No folder for its door: said at once, again while the pool waits for its next try, and mended as soon as it is there.
  const usual = process.env.TMPDIR!;
  process.env.TMPDIR = join(folder, "later");
  const homeless = context.pool({ size: 1 });
  for (const attempt of ["first", "second", "third"]) {
    const refused = await settleWithin(BOUND, homeless.call("faults.pid"));
    findings.expect(refused.outcome === "config_invalid", `a TMPDIR that is not there, ${attempt} call: ${refused.outcome}`);
    if (attempt === "third") findings.within(refused.ms, 30, "the third call, of what was known");
  }
  mkdirSync(process.env.TMPDIR);
  await settleWithin(BOUND, homeless.start());
  const housed = await settleWithin(BOUND, homeless.call("faults.pid"));
  findings.expect(housed.outcome === "ok", `once TMPDIR is there: ${housed.outcome}`);
  process.env.TMPDIR = usual;

  // Options that would be passed over, or would end in somebody else's error.
  for (const slip of [
    { permissions: { reed: ["/"] } },
    { recycle: { age: 5, cals: 1 } },
    { env: { A: 5 } },
    { pythonPath: "x" },
    { transport: {} },
  ]) {
    const made = await settleWithin(BOUND, (async () => context.pool(slip as object).start())());
    findings.expect(/^config_(invalid|unknown_key)$/.test(made.outcome), `${JSON.stringify(slip)}: ${made.outcome}`);
  }

  // Wrappers: one that hangs with a child, one that does not exec, one that answers with something else.
  const wrappers: readonly [label: string, text: string, says: RegExp][] = [
    ["a wrapper that hangs", "sleep 60 & wait", /within 10 s/],
    ["a wrapper that does not exec", `"${python}" "$@"; exit $?`, /has to exec/],
    ["a wrapper that answers JSON", "echo '{}'", /is not Python 3/],
  ];
  for (const [label, text, says] of wrappers) {
    const refused = await settleWithin(
      BOUND,
      context.pool({ size: 1, interpreter: script(label.replaceAll(" ", "-"), `#!/bin/sh\n${text}\n`) }).start(),
    );
    findings.expect(refused.outcome === "python_missing", `${label}: ${refused.outcome}`);
    findings.expect(says.test(String((refused.error as Error | undefined)?.message)), `${label} is not explained: ${refused.error}`);
  }
  const early = await settleWithin(BOUND, context.pool({ size: 1, preload: ["broken_import"] }).start());
  findings.expect(early.outcome === "python_import", `an import error before the fork: ${early.outcome}`);
  findings.expect(/broken on purpose/.test(String((early.error as Error | undefined)?.message)), "its cause is not said");

  // A folder or a module that is not as declared.
  const lost = context.pool({ size: 1, pythonPath: [join(folder, "no-such-folder")] });
  const missing = await settleWithin(BOUND, lost.call("faults.pid"));
  findings.expect(
    /^(config_invalid|python_import|python_missing)$/.test(missing.outcome),
    `a pythonPath that is not there: ${missing.outcome}`,
  );
  findings.expect(
    /no-such-folder/.test(String((missing.error as Error | undefined)?.message)),
    "a pythonPath that is not there is not named",
  );
  const broken = await settleWithin(BOUND, context.pool({ size: 1 }).call("broken_import.f"));
  findings.expect(broken.outcome === "python_import", `an import error: ${broken.outcome}`);
  findings.expect(/broken on purpose/.test(String((broken.error as Error | undefined)?.message)), "an import error does not say its cause");
  return findings.verdict(worst, "ms", "worst time to the typed error");
}
