/** `npm run check`, the Python half: ruff's rules and format, mypy --strict. Settings: python/pyproject.toml. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { interpreterIn } from "../runtime/python/env/places.ts";
import { syncPython } from "../runtime/python/env/sync.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const python = join(root, "python");

await syncPython({
  projectDir: root,
  extras: ["dev"],
  onProgress: ({ phase, text }) => phase !== "install" && console.error(`python: ${text}`),
});
const interpreter = interpreterIn(join(root, ".dspex", "python"));
const tests = [join(root, "test", "python")];
const checks: readonly (readonly string[])[] = [
  ["ruff", "check", "--quiet", "--config", "pyproject.toml", "dspex_worker", ...tests],
  ["ruff", "format", "--quiet", "--check", "--config", "pyproject.toml", "dspex_worker", ...tests],
  ["mypy", "dspex_worker"],
];
let failed = false;
for (const check of checks) {
  const { exitCode } = await execa(interpreter, ["-m", ...check], { cwd: python, reject: false, stdio: ["ignore", "inherit", "inherit"] });
  if (exitCode !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
