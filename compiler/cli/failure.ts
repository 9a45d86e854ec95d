/** How a command fails: an exit code, one sentence, a remedy; a stack only with --debug. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import colors from "picocolors";

/** The command line itself is wrong. */
export class UsageError extends Error {
  readonly remedy: string | undefined;
  constructor(message: string, remedy?: string) {
    super(message);
    this.name = "UsageError";
    this.remedy = remedy;
  }
}

/** Codes of ConfigurationError that are about the machine, not about what the user wrote. */
const ENVIRONMENT = new Set(["python_missing", "python_sync_failed", "dspy_unsupported", "sandbox_unavailable"]);

export function exitCode(error: unknown): number {
  if (error instanceof UsageError) return 2;
  if ((error as Error).name === "FileError") return 2;
  const { name, code } = error as { name?: string; code?: string };
  if (name === "ConfigurationError") return ENVIRONMENT.has(code ?? "") ? 3 : 2;
  if (name === "CancelledError" || name === "AbortError") return 130;
  if (code === "ENOENT" || code === "EACCES" || code === "EROFS" || code === "ENOSPC") return 3;
  return 4;
}

/** Says what went wrong and returns the exit code. */
export function explain(error: unknown, { debug, json }: { readonly debug: boolean; readonly json: boolean }): number {
  const code = exitCode(error);
  const { message = String(error), remedy, stack } = error as { message?: string; remedy?: string; stack?: string };
  const word =
    (error as { code?: string }).code ?? (code === 2 ? "usage" : code === 3 ? "environment" : code === 130 ? "interrupted" : "internal");
  if (json) {
    // What is undefined is left out.
    const { configKey, expected, actual } = error as { configKey?: string; expected?: string; actual?: string };
    const said = { code: word, message, remedy, configKey, expected, actual };
    process.stdout.write(`${JSON.stringify({ schema: 1, ok: false, data: null, diagnostics: [], error: said })}\n`);
  } else {
    // A DspexError's message ends in its remedy already.
    const tail = remedy && !message.endsWith(remedy) ? ` ${remedy}` : "";
    process.stderr.write(`${colors.red("error")} ${message}${tail}\n`);
  }
  if (code === 4) process.stderr.write(`This is a bug in dspexc. The details are in ${report(error)}.\n`);
  if (debug && stack) process.stderr.write(`${stack}\n`);
  return code;
}

function report(error: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), "dspexc-")), "report.txt");
  const { stack = String(error) } = error as { stack?: string };
  writeFileSync(
    file,
    `dspexc ${process.argv.slice(2).join(" ")}\nnode ${process.version} ${process.platform} ${process.arch}\n\n${stack}\n`,
  );
  return file;
}
