/** The models for tests: a script and a cassette. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compileSignature } from "../../../compiler/index.ts";
import { predict } from "../../../runtime/index.ts";
import type { LM, LMRequest } from "../../../runtime/lm/lm.ts";
import { record, replay, scripted } from "../../../runtime/lm/testing.ts";

const ask = (content: string, more: Partial<LMRequest> = {}): LMRequest => ({ messages: [{ role: "user", content }], config: {}, ...more });
const textOf = async (lm: { complete(request: LMRequest): Promise<{ choices: readonly { text: string }[] }> }, request: LMRequest) =>
  (await lm.complete(request)).choices[0]!.text;

describe("scripted", () => {
  test("a step a request, each kept; past the end is an error with a count", async () => {
    const lm = scripted([
      "one",
      ["two", "zwei"],
      { text: "three", usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2 } },
      (request, index) => `${index}: ${request.messages[0]!.content}`,
    ]);
    expect(await textOf(lm, ask("a"))).toBe("one");
    expect((await lm.complete(ask("b"))).choices.map(({ text }) => text)).toEqual(["two", "zwei"]);
    expect((await lm.complete(ask("c"))).usage!.totalTokens).toBe(2);
    expect(await textOf(lm, ask("d"))).toBe("3: d");
    await expect(lm.complete(ask("e"))).rejects.toThrow(/4 answers and this is request 5/);
    expect(lm.requests.map(({ messages }) => messages[0]!.content)).toEqual(["a", "b", "c", "d", "e"]);
  });

  test("fields in the format the request's adapter asks for", async () => {
    const lm = scripted([{ answer: "4", n: 2 }], { repeat: true });
    expect(await textOf(lm, ask("[[ ## completed ## ]]"))).toBe("[[ ## answer ## ]]\n4\n\n[[ ## n ## ]]\n2\n\n[[ ## completed ## ]]");
    expect(await textOf(lm, ask("<answer>\n{answer}\n</answer> <n>\n</n>"))).toBe("<answer>\n4\n</answer>\n<n>\n2\n</n>");
    expect(await textOf(lm, ask("a JSON object"))).toBe('{"answer":"4","n":2}');
    expect(await textOf(scripted([{ fields: { text: "t" } }]), ask("JSON"))).toBe('{"text":"t"}');
  });

  test("failures, delays, and a delay that is cut short", async () => {
    await expect(scripted([{ status: 401 }]).complete(ask("a"))).rejects.toMatchObject({ code: "auth" });
    await expect(scripted([new Error("mine")]).complete(ask("a"))).rejects.toThrow("mine");
    const began = performance.now();
    expect(await textOf(scripted([{ text: "x", delay: 20 }]), ask("a"))).toBe("x");
    expect(performance.now() - began).toBeGreaterThan(15);
    await expect(scripted([{ text: "x", delay: "1h" }]).complete(ask("a", { signal: AbortSignal.timeout(5) }))).rejects.toThrow();
  });
});

describe("a cassette", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dspex-cassette-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  test("answers as the model did, repeats in their order, and refuses what it never heard", async () => {
    const file = join(folder, "sub", "a.json");
    const lm = record(scripted(["1", "2", "3"]), file);
    for (const content of ["b", "a", "b"]) await lm.complete(ask(content));
    const again = replay(file);
    expect([
      await textOf(again, ask("b")),
      await textOf(again, ask("b")),
      await textOf(again, ask("a")),
      await textOf(again, ask("b")),
    ]).toEqual(["1", "3", "2", "3"]);
    await expect(again.complete(ask("c"))).rejects.toMatchObject({ code: "not_found" });
    await expect(again.complete(ask("a", { config: { temperature: 1 } }))).rejects.toMatchObject({ code: "not_found" });
  });

  test("is the same file whatever the order of the calls", async () => {
    const make = async (name: string, order: string[]) => {
      const lm = record(
        scripted((request) => `to ${request.messages[0]!.content}`),
        join(folder, name),
      );
      for (const content of order) await lm.complete(ask(content));
      return readFileSync(join(folder, name), "utf8");
    };
    expect(await make("a", ["x", "y", "z"])).toBe(await make("b", ["z", "x", "y"]));
  });

  test("streams are recorded whole and come back as streams", async () => {
    const file = join(folder, "s.json");
    const read = async (lm: ReturnType<typeof replay>) => {
      let text = "";
      for await (const chunk of lm.stream!(ask("q"))) text += chunk.text;
      return text;
    };
    const text = await read(record(scripted(["a b  c"]), file));
    expect(await read(replay(file))).toBe(text);
  });

  test("holds no secret, in requests or answers, and is found all the same", async () => {
    vi.stubEnv("MY_SERVICE_TOKEN", "tok-0123456789");
    const file = join(folder, "k.json");
    const secretive = ask("use tok-0123456789 and sk-abcdefghijklmnopqrst and alice@example.org");
    const redact = (text: string) => text.replaceAll("alice@example.org", "<mail>");
    await record(scripted(["your key is tok-0123456789"]), file, { redact }).complete(secretive);
    const written = readFileSync(file, "utf8");
    for (const secret of ["tok-0123456789", "sk-abc", "alice@"]) expect(written).not.toContain(secret);
    expect(await textOf(replay(file, { redact }), secretive)).toBe("your key is ***");
  });

  test("removes secrets by the setting that holds them, by their form, in names, and one that begins another whole", async () => {
    vi.stubEnv("FIRST_API_KEY", "abcdefghijkl");
    vi.stubEnv("SECOND_API_KEY_2", "abcdefghijklmnop");
    vi.stubEnv("DB_PASS", "correct-horse-battery");
    const file = join(folder, "f.json");
    const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----";
    const jwt = "eyJhbGciOiJI.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT4";
    const request = ask(`abcdefghijklmnop AKIAIOSFODNN7EXAMPLE ${key} ${jwt} correct-horse-battery http://me:pw@h/`, {
      config: { maxTokens: 5, extra: { "x-api-key": "short", access_token: "t", prompt_cache_key: "kept", abcdefghijkl: 1 } },
    });
    await record(scripted(["ok"]), file).complete(request);
    const written = readFileSync(file, "utf8");
    for (const secret of ["mnop", "abcdefghijkl", "AKIA", "MIIEow", "SflK", "horse", "me:pw", '"short"', '"t"'])
      expect(written).not.toContain(secret);
    expect(written).toContain('"kept"');
    expect(await textOf(replay(file), request)).toBe("ok");
  });

  test("keeps what the model could do and how it was set: both decide what is asked for", async () => {
    const file = join(folder, "j.json");
    const supports = { responseFormat: true, responseSchema: true };
    const said = scripted([{ answer: "4" }, ['{"answer":"a"}', '{"answer":"b"}']], { supports, config: { temperature: 0.1, n: 1 } });
    const QA = compileSignature("question -> answer");
    const asking = async (lm: LM) => {
      const module = predict(QA).with({ lm, adapter: "json" });
      return [(await module({ question: "q" })).answer, (await module({ question: "q" }, { config: { n: 2 } })).meta.completions];
    };
    const first = await asking(record(said, file));
    expect(said.requests.map(({ responseFormat }) => (responseFormat as { type: string }).type)).toEqual(["json_schema", "json_schema"]);
    expect(await asking(replay(file))).toEqual(first);
  });

  test.each([
    ["missing", undefined],
    ["no JSON", "{"],
    ["null", "null"],
    ["another version", '{"cassette":2,"entries":[]}'],
    ["entries that are none", '{"cassette":1,"entries":{}}'],
    ["an entry that is none", '{"cassette":1,"entries":[null]}'],
    ["no request", '{"cassette":1,"entries":[{"responses":[]}]}'],
    ["responses that are text", '{"cassette":1,"entries":[{"request":{},"responses":"abc"}]}'],
    ["a response without choices", '{"cassette":1,"entries":[{"request":{},"responses":[{"choices":[]}]}]}'],
    ["a choice without text", '{"cassette":1,"entries":[{"request":{},"responses":[{"choices":[{"text":5}]}]}]}'],
    ["supports that are text", '{"cassette":1,"supports":"all","entries":[]}'],
    [
      "a request nested without end",
      `{"cassette":1,"entries":[{"request":{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}},"responses":[]}]}`,
    ],
  ])("that is none says so: %s", (_, text) => {
    const file = join(folder, "bad.json");
    if (text !== undefined) writeFileSync(file, text);
    expect(() => replay(file)).toThrow(expect.objectContaining({ code: "config_invalid", configKey: "replay" }));
  });
});
