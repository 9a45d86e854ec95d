/**
 * The recipe for Next.js (compiler/6-bundle/README.md): a project with `next` from the registry builds by webpack, starts,
 * and a route of it answers by a signature. Skipped where the registry is not reached; npm's own cache serves the next run.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import { installPackage, root } from "./installed.ts";

const PACKAGES = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
/** The configuration as the recipe has it. */
const [, CONFIG] = /^ {4}\/\/ next\.config\.mjs\n((?: {4}.*\n)+)/m.exec(readFileSync(join(root, "compiler/6-bundle/README.md"), "utf8"))!;

const FILES: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "user", "private": true, "type": "module" }\n',
  "next.config.mjs": CONFIG!,
  "app/triage/route.js": `import { predict, sig } from "dspex";
const Triage = sig(\`
  """Sort a support message."""
  message -> label: Literal["bug", "other"], confidence: float(ge=0, le=1)
\`);
const lm = ({ messages }) => \`[[ ## label ## ]]\\n\${/crash/.test(messages.at(-1).content) ? "bug" : "other"}\\n\\n[[ ## confidence ## ]]\\n0.9\\n\\n[[ ## completed ## ]]\`;
const triage = predict(Triage, { lm });
export async function POST(request) {
  return Response.json(await triage(await request.json()));
}
`,
  // Whoever started the server holds its input open; when they are gone, so is it.
  "stop.mjs": 'process.stdin.on("end", () => process.exit()).resume();\n',
};

const folder = realpathSync(mkdtempSync(join(tmpdir(), "dspex-next-")));
let server: ChildProcess | undefined;
afterAll(async () => {
  server?.stdin?.end();
  if (server?.exitCode === null) await once(server, "exit");
  rmSync(folder, { recursive: true, force: true });
});
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "", NODE_ENV: undefined, NODE_OPTIONS: "" };

interface Ran {
  readonly code: unknown;
  readonly output: string;
}
const run = (command: string, args: readonly string[], timeout: number): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: folder, env, timeout }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: stdout + stderr }),
    );
  });

it("a route of a Next.js project answers by a signature", async ({ skip }) => {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const install = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--fetch-retries=0"];
  const installed = await run("npm", [...install, ...PACKAGES], 120_000);
  const unreached = /code (ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|ERR_SOCKET_TIMEOUT|FETCH_ERROR)/.exec(
    installed.output,
  );
  if (unreached || installed.code === "SIGTERM") skip(`the npm registry is not reached (${unreached?.[1] ?? "no answer in time"})`);
  expect(installed).toMatchObject({ code: 0 });
  installPackage(folder);

  const next = join(folder, "node_modules/next/dist/bin/next");
  const built = await run(process.execPath, [next, "build", "--webpack"], 240_000);
  expect(built.output).toContain("/triage");
  expect(built.code).toBe(0);

  server = spawn(process.execPath, ["--import", "./stop.mjs", next, "start", "-H", "127.0.0.1", "-p", "0"], {
    cwd: folder,
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ask = async (message: string) =>
    (await fetch(`${await address}/triage`, { method: "POST", body: JSON.stringify({ message }) })).json();
  const address = listening(server);
  expect(await ask("It crashes when I open a photo.")).toEqual({ label: "bug", confidence: 0.9 });
  expect(await ask("Are you hiring?")).toEqual({ label: "other", confidence: 0.9 });
}, 420_000);

/** The server's address, from its own first lines. */
async function listening({ stdout }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout! })) {
    const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
    if (found) return found[0];
  }
  throw new Error("next start ended without an address");
}
