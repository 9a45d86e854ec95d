/** The example as a newcomer runs it, with a scripted endpoint in the model's place: both builds, both routes, real DSPy. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readMarker } from "../../runtime/python/env/marker.ts";
import { projectDir } from "../../runtime/python/env/places.ts";

const demo = join(import.meta.dirname, "..", "..", "examples", "triage", "demo.ts");
const SLOW = 240_000;

interface Request {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** The labels of the first cases; the third is answered out of range, the fourth out of format and then as JSON. */
const LABELS = ["bug", "billing", "other", "bug"];
let server: Server;
let address: string;
const keys: (string | undefined)[] = [];

function completion({ messages }: Request): string {
  const text = messages.at(-1)!.content;
  const chat = (fields: Record<string, string>): string =>
    [...Object.entries(fields), ["completed", ""] as const].map(([name, value]) => `[[ ## ${name} ## ]]\n${value}`).join("\n\n");
  if (text.includes("urgent")) return chat({ urgent: "True" });
  if (text.includes("step")) return chat({ reasoning: "It is broken.", step: "file a ticket" });
  const cases = ["sync icon", "12 euros", "hiring designers", "Reset password"].findIndex((words) => text.includes(words));
  if (cases === 3) return text.includes("[[ ## label ## ]]") ? "It is a bug." : '{"label": "bug", "confidence": 0.5}';
  return chat({ label: LABELS[cases]!, confidence: cases === 2 ? "1.5" : "0.75" });
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => (body += data));
    request.on("end", () => {
      keys.push(request.headers.authorization);
      const choices = [
        { index: 0, finish_reason: "stop", message: { role: "assistant", content: completion(JSON.parse(body) as Request) } },
      ];
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          object: "chat.completion",
          model: "m",
          choices,
          usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => server.close());

const run = (args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [demo, ...args], {
    reject: false,
    stdin: "ignore",
    env: { DSPEX_MODEL: "m", DSPEX_BASE_URL: address, DSPEX_API_KEY: "sk-demo", ...env },
  });

describe.skipIf(readMarker(projectDir()) === undefined)("examples/triage", () => {
  test("prints one JSON object whose figures are those of what was answered", { timeout: SLOW }, async () => {
    const { stdout, exitCode, stderr } = await run(["--json", "--limit", "4"]);
    expect(exitCode, stderr).toBe(0);
    const { native, python, ...rest } = JSON.parse(stdout);
    // A confidence of 1.5 breaks the literal's bound on both routes: three of four are answered.
    expect(rest).toEqual({ cases: 4, messagesIdentical: 1, answersIdentical: expect.closeTo(7 / 8, 3) });
    expect(native).toEqual({ answered: 3, accuracy: 0.75, p50Ms: expect.any(Number) });
    expect(python).toEqual({ answered: 3, accuracy: 0.75, p50Ms: expect.any(Number), workers: 1, callsPerWorker: 7 });
    expect(new Set(keys)).toEqual(new Set(["Bearer sk-demo"]));
  });

  test("prints a table and a summary, the builds compared, the sandbox named", { timeout: SLOW }, async () => {
    const { stdout, stderr } = await run(["--limit", "2"]);
    expect(stderr).toContain("built twice: dist/triage.js (esbuild plugin), dspex.gen/ (dspexc)");
    expect(stdout).toMatch(/messages sent identical +all 4\n/);
    expect(stdout).toMatch(/answers identical +all 4\n/);
    expect(stdout).toMatch(/both builds send the same +all 4\n/);
    expect(stdout).toMatch(/python workers +\d+ \(4 calls\)\n/);
    expect(stdout).toMatch(/how they run +forked, sandbox \w+/);
  });

  test("a limit that is no number is refused before anything is done", async () => {
    const { exitCode, stderr, stdout } = await run(["--limit", "some"]);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "--limit takes a number of messages from 1 up, not some",
    });
  });
});
