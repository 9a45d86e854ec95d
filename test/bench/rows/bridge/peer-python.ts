/** A Python environment with the peers' packages, beside the peers of npm; made at the first bench that wants it. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { interpreter } from "./interpreter.ts";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../../node_modules/.python", import.meta.url));
const PACKAGES = ["grpcio==1.85.1"];

/** Null where they cannot be installed; the row then says so. */
export async function peerPython(): Promise<string | null> {
  const python = `${folder}/bin/python`;
  try {
    if (!existsSync(`${folder}/ready`)) {
      await run(await interpreter(), ["-m", "venv", folder]);
      await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
      await run("touch", [`${folder}/ready`]);
    }
    return python;
  } catch {
    return null;
  }
}
