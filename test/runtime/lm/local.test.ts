/** The embedded model: real where answers are judged, a script in Python's place where its start is made to fail. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LMRequest } from "../../../runtime/lm/lm.ts";
import { local } from "../../../runtime/lm/local.ts";
import { readMarker } from "../../../runtime/python/env/marker.ts";
import { projectDir } from "../../../runtime/python/env/places.ts";

const SLOW = 240_000;
const ask = (text: string, config: LMRequest["config"] = {}): LMRequest => ({
  messages: [{ role: "user", content: text }],
  config: { maxTokens: 8, ...config },
});

/** Whether anything listens there. */
function listens(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port) })
      .on("connect", () => resolve(true))
      .on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });
}

async function until(holds: () => Promise<boolean>, within: number): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) expect.fail(`not within ${within} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.skipIf(readMarker(projectDir())?.locks.local === undefined)("the model itself", () => {
  const [one, two] = [local(), local()];
  afterAll(() => Promise.all([one.close!(), two.close!()]));

  test("greedy answers do not depend on what was asked before", { timeout: SLOW }, async () => {
    expect(one.endpoint).toBe("local:gemma-3-270m");
    const lists = ["red, green, blue,", "one, two, three, four,", "Monday, Tuesday,"];
    const first = [];
    for (const list of lists) first.push((await one.complete(ask(list))).choices[0]!.text);
    expect(one.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    const again = [];
    for (const list of [...lists, ...lists].reverse()) again.push((await two.complete(ask(list))).choices[0]!.text);
    expect(again).toEqual([...first, ...first].reverse());
    expect(new Set(first).size, "or equality would say nothing").toBeGreaterThan(1);
  });

  test("one server for equal settings; it streams, counts and keeps to a schema", { timeout: SLOW }, async () => {
    const whole = await one.complete(ask("Once upon a time"));
    let text = "";
    for await (const chunk of two.stream!(ask("Once upon a time"))) text += chunk.text;
    expect(two.endpoint).toBe(one.endpoint);
    expect(text).toBe(whole.choices[0]!.text);
    expect(whole.usage!.completionTokens).toBeGreaterThan(0);
    const schema = { type: "object", properties: { urgent: { type: "boolean" } }, required: ["urgent"], additionalProperties: false };
    const constrained = await one.complete({
      ...ask("Is it urgent?", { maxTokens: 32 }),
      responseFormat: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } },
    });
    expect(typeof JSON.parse(constrained.choices[0]!.text).urgent).toBe("boolean");
  });

  test("a file that is no model is told, without a stack; so is a prompt that is too long", { timeout: SLOW }, async () => {
    const file = join(tmpdir(), `dspex-no-model-${process.pid}.gguf`);
    writeFileSync(file, "not a model");
    const broken = local({ model: file });
    const refused = (await broken.complete(ask("a")).catch((error: Error) => error)) as Error;
    rmSync(file);
    expect(refused.message).toContain(`could not load ${file}`);
    expect(refused.message).not.toContain("Traceback");
    expect(await one.complete(ask("word ".repeat(6000))).catch((error: Error) => error)).toMatchObject({
      name: "LMError",
      code: "context_window",
    });
  });

  test("strangers on this machine are refused", { timeout: SLOW }, async () => {
    await one.complete(ask("a"));
    const body = JSON.stringify({ messages: [{ role: "user", content: "a" }], max_tokens: 1 });
    const answer = await fetch(new URL("/v1/chat/completions", one.endpoint), {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(401);
  });

  test("the last close ends the server; a later request starts another", { timeout: SLOW }, async () => {
    await two.complete(ask("a"));
    const { endpoint } = two;
    await one.close!();
    expect(await listens(endpoint)).toBe(true);
    await two.close!();
    expect(await listens(endpoint)).toBe(false);
    await one.complete(ask("a"));
    expect(one.endpoint).not.toBe(endpoint);
  });

  test("it is gone with its host, SIGKILL included, and holds no host open", { timeout: SLOW }, async () => {
    const source = fileURLToPath(new URL("../../../runtime/lm/local.ts", import.meta.url));
    const program = (end: string): string =>
      `const { local } = await import(${JSON.stringify(source)}); const lm = local({ context: 512 });
       await lm.complete({ messages: [{ role: "user", content: "a" }], config: { maxTokens: 1 } }); console.log(lm.endpoint); ${end}`;
    const run = (end: string) => execa(process.execPath, ["--input-type=module", "-e", program(end)], { reject: false });
    const { stdout, exitCode } = await run("process.exitCode = 5;");
    expect(exitCode).toBe(5);
    await until(async () => !(await listens(stdout)), 2000);
    const killed = await run("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
    expect(killed.signal).toBe("SIGKILL");
    await until(async () => !(await listens(killed.stdout)), 2000);
  });
});

describe("a start that fails", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dspex-local-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Passes the probe, then does this in the server's place. */
  function python(name: string, instead: string): string {
    const path = join(folder, name);
    const facts = {
      executable: path,
      version: "3.12.1",
      prefix: "/",
      basePrefix: "/",
      packages: { dspy: "3.4.1", msgspec: "0.20.0" },
      venv: true,
    };
    writeFileSync(path, `#!/bin/sh\nif [ "$2" = -c ]; then echo '${JSON.stringify(facts)}'; exit 0; fi\n${instead}\n`);
    chmodSync(path, 0o755);
    return path;
  }
  const failure = (interpreter: string, more: object = {}, request: Partial<LMRequest> = {}): Promise<Error> =>
    local({ interpreter, projectDir: folder, ...more })
      .complete({ ...ask("a"), ...request })
      .then(
        () => expect.fail("answered"),
        (error) => error as Error,
      );

  test("a missing package names the command", async () => {
    const error = await failure(python("without", `echo '{"missing": "xllamacpp"}'; exit 3`));
    expect(error).toMatchObject({ name: "ConfigurationError", code: "python_missing", configKey: "lm" });
    expect(error.message).toContain("dspexc python sync --extra local");
  });

  test("a crash tells its last words, and not all of them", async () => {
    const error = await failure(
      python("crashing", `i=0; while [ $i -lt 5000 ]; do echo "noise $i" >&2; i=$((i+1)); done; echo "model is damaged" >&2; exit 9`),
    );
    expect(error).toMatchObject({ name: "LMError", code: "transport" });
    expect(error.message).toContain("ended with exit code 9");
    expect(error.message).toContain("model is damaged");
    expect(error.message.length).toBeLessThan(10_000);
  });

  test.each([
    [{ model: "/nowhere.gguf" }, "local.model"],
    [{ context: 0 }, "local.context"],
    [{ threads: 0.5 }, "local.threads"],
    [{ maxTokens: -1 }, "local.maxTokens"],
  ])("%o is refused by its name", async (options, configKey) => {
    expect(await failure(python("never", "exit 9"), options)).toMatchObject({
      name: "ConfigurationError",
      code: "config_invalid",
      configKey,
    });
  });

  test("a file that is no model is said to be none, without a stack", async () => {
    const model = join(folder, "text.gguf");
    writeFileSync(model, "not a model");
    const error = await failure(python("refusing", `echo '{"failed": "could not load ${model}"}'; echo "invalid magic" >&2; exit 1`), {
      model,
    });
    expect(error).toMatchObject({ name: "LMError", code: "transport" });
    expect(error.message).toContain(`could not load ${model}`);
    expect(error.message).toContain("invalid magic");
    expect(error.message).toContain("Check the model's file");
  });

  test("noise in the answer's place is no answer", async () => {
    expect(await failure(python("noisy", "echo hello; exit 0"))).toMatchObject({ name: "LMError", code: "transport" });
  });

  test("one that never answers is ended at the start timeout", async () => {
    const error = await failure(python("silent", "exec sleep 60"), { startTimeout: 300 });
    expect(error).toMatchObject({ name: "LMError", code: "transport" });
    expect(error.message).toContain("did not answer within 0.3 s");
  });

  test("close() during the start ends it at once", async () => {
    const began = performance.now();
    const lm = local({ interpreter: python("starting", "cat > /dev/null"), projectDir: folder });
    const pending = lm.complete(ask("a")).catch((error: Error) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await lm.close!();
    expect(await pending).toMatchObject({ name: "CancelledError" });
    expect(performance.now() - began).toBeLessThan(2500);
    await lm.close!();
  });

  test("a caller's signal and a caller's deadline end its own wait", async () => {
    const began = performance.now();
    const interpreter = python("slow", "exec sleep 60");
    expect(await failure(interpreter, { startTimeout: 5000 }, { signal: AbortSignal.timeout(200) })).toMatchObject({
      name: "CancelledError",
    });
    expect(await failure(interpreter, { startTimeout: 5000 }, { deadline: Date.now() + 200 })).toMatchObject({
      name: "TimeoutError",
      where: "lm",
    });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
