/** What must stand before the program can run: dspex itself, its Python side, and the program, built in both ways. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import type * as Program from "../triage.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export interface Build {
  readonly name: string;
  readonly program: typeof Program;
}

export interface Builds {
  readonly bundle: Build;
  readonly generated: Build;
}

/** `npm ci` has done it; after a change to the sources it is done again. */
export async function buildDspex(): Promise<void> {
  await node(["--no-warnings", join(root, ".ci", "build.ts")], { cwd: root, stdout: "ignore" });
}

/** The product's own command, which shows its progress; it ends at once when everything is there. */
export async function syncPython(quiet: boolean): Promise<void> {
  await node([join(root, "dist", "dspexc.js"), "python", "sync", "--extra", "local"], { cwd: root, stdout: quiet ? "ignore" : "stderr" });
}

/** One source, two ways: a bundle with the literals compiled in place, and `dspex.gen/` beside the source as it stands. */
export async function buildTwice(folder: string): Promise<Builds> {
  const { default: dspex } = await import("dspex/esbuild");
  const outfile = join(folder, "dist", "triage.js");
  await build({
    entryPoints: [join(folder, "triage.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    sourcemap: true,
    // One copy of the runtime for both builds: what is compared is the compiled program.
    external: ["dspex", "dspex/*"],
    plugins: [dspex()],
    absWorkingDir: folder,
  });
  await node([join(root, "dist", "dspexc.js"), "generate"], { cwd: folder, stdout: "ignore" });
  const bundled = await load(outfile);
  await import(pathToFileURL(join(folder, "dspex.gen", "index.ts")).href);
  return {
    bundle: { name: "dist/triage.js", program: bundled },
    generated: { name: "dspex.gen/", program: await load(join(folder, "triage.ts")) },
  };
}

async function load(file: string): Promise<typeof Program> {
  return (await import(pathToFileURL(file).href)) as typeof Program;
}

function node(args: readonly string[], { cwd, stdout }: { cwd: string; stdout: "ignore" | "stderr" }): Promise<void> {
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", stdout === "stderr" ? 2 : "ignore", "inherit"] });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      // The command has said on stderr what went wrong and what mends it.
      else process.exit(code ?? 1);
    });
  });
}
