/** A user's project in a folder of its own, with the built package linked in as npm would place it. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../../..", import.meta.url));

/** The package as it is published; nothing is done when nothing changed. */
export function buildPackage(): void {
  execFileSync(process.execPath, [join(root, ".ci/build.ts")], { stdio: "pipe" });
}

export interface Project {
  readonly folder: string;
  write(path: string, text: string): void;
  /** Runs a script in the folder; stack traces are mapped. */
  node(...args: readonly string[]): { readonly stdout: string; readonly stderr: string; readonly status: number | null };
  dspexc(...args: readonly string[]): { readonly stdout: string; readonly stderr: string; readonly status: number | null };
  remove(): void;
}

export function createProject(files: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dspex-project-")));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", '{ "name": "user", "type": "module" }\n');
  for (const [path, text] of Object.entries(files)) write(path, text);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(root, join(folder, "node_modules/dspex"), "dir");
  for (const dependency of ["zod", "valibot", "arktype", "@types"]) {
    mkdirSync(dirname(join(folder, "node_modules", dependency)), { recursive: true });
    symlinkSync(join(root, "node_modules", dependency), join(folder, "node_modules", dependency), "dir");
  }
  const node = (...args: readonly string[]) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--enable-source-maps", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, CI: "", GITHUB_ACTIONS: "", NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
      timeout: 60_000,
    });
    return { stdout, stderr, status };
  };
  return {
    folder,
    write,
    node,
    dspexc: (...args) => node(join(root, "dist/dspexc.js"), ...args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Three literals over several lines, and a throw whose place every bundler must keep. */
export const APP = `import { sig } from "dspex";

export const QA = sig("question -> answer: int");
export const Triage = sig.Triage\`
  """Sort a support message."""
  message: str "what the customer wrote"
  -> label: Literal["bug", "other"], confidence: float(ge=0, le=1)
\`;
const { validate } = await import("dspex"); const checked = validate({ message: 5 }, Triage);
console.log(JSON.stringify({ qa: QA.outputs[0].type, triage: Triage.name, issues: checked.issues.map((issue) => issue.message) }));
export function boom() {
  const late = sig("a -> b"); throw new Error("from line 12 " + late.name);
}
try { boom(); } catch (error) { console.error(error.stack); }
`;

export const ANSWER: object = { qa: "int", triage: "Triage", issues: ["message: expected str, received 5."] };
