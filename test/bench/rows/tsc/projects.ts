/** The projects of the tsc rows, as a user has them: dspex is the built package in node_modules, its declarations not checked again. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { type Form, filesOf } from "./corpus.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const ax = join(root, "test/bench/node_modules/@ax-llm/ax");
const tsconfig = {
  compilerOptions: {
    module: "nodenext",
    target: "es2024",
    lib: ["es2024", "dom", "esnext.disposable"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    types: [],
  },
  // As `dspexc init` writes it.
  include: ["src", "dspex.gen/registry.d.ts"],
};

export const hasAx = (): boolean => existsSync(ax);

let built: Promise<unknown> | undefined;

/** A folder with the project; `registry` runs `dspexc generate` in it. */
export async function project(form: Form, registry = false): Promise<string> {
  built ??= execa(process.execPath, [join(root, ".ci/build.ts")], { cwd: root });
  await built;
  const folder = mkdtempSync(join(tmpdir(), "dspex-tsc-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules", "@ax-llm"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules", "dspex"));
  if (hasAx()) symlinkSync(ax, join(folder, "node_modules", "@ax-llm", "ax"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
  for (const [name, text] of filesOf(form)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  if (registry) await execa(process.execPath, [join(root, "dist/dspexc.js"), "generate"], { cwd: folder });
  return folder;
}

/** Seconds TypeScript 7 says it took, its own start apart. */
export async function seconds(folder: string): Promise<number> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const { stdout } = await execa(process.execPath, [tsc, "-p", ".", "--extendedDiagnostics"], { cwd: folder, reject: false });
  const total = /^Total time:\s+([\d.]+)s$/m.exec(stdout);
  const errors = stdout.match(/error TS\d+.*/g);
  if (!total || errors) throw new Error(`tsc: ${errors ? `${errors.length} errors, ${errors[0]}` : stdout.slice(0, 500)}`);
  return Number(total[1]);
}
