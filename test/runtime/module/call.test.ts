/** The life of a call: what is refused before anything is sent, what comes back, and in which shape. */
import { beforeEach, describe, expect, test } from "vitest";
import { createRuntime, type Runtime } from "../../../runtime/create-runtime.ts";
import { scripted } from "../../../runtime/lm/testing.ts";
import { meta } from "../../../runtime/meta.ts";
import { chainOfThought } from "../../../runtime/modules/chain-of-thought.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { registerEngine } from "../../../runtime/router/engines.ts";
import { type PlainEngine, plainEngine } from "./plain-engine.ts";
import { QA, signatureOf, Triage } from "./signatures.ts";

let native: PlainEngine;
let runtime: Runtime;
beforeEach(() => {
  native = plainEngine("native");
  registerEngine(native);
  runtime = createRuntime();
});
const says = (...answers: object[]) => scripted(answers.map((answer) => JSON.stringify(answer)));

describe("before anything is sent", () => {
  test("wrong inputs are refused with every issue", async () => {
    const lm = says({});
    const error = await predict(Triage, { lm })({ messege: 3 } as never).catch((e) => e);
    expect(error).toMatchObject({ name: "SignatureError", code: "input_invalid", signature: "Triage" });
    expect(error.issues.map((issue: { path: unknown[] }) => issue.path[0]).sort()).toEqual(["message", "messege"]);
    expect(lm.requests).toHaveLength(0);
  });

  test("inputs come first: a wrong one is told even where no model is configured", async () => {
    await expect(runtime.bind(predict(Triage))({} as never)).rejects.toMatchObject({ code: "input_invalid" });
    await expect(runtime.bind(predict(Triage))({ message: "hi" })).rejects.toMatchObject({
      name: "ConfigurationError",
      code: "lm_missing",
      configKey: "lm",
    });
    expect(native.calls).toHaveLength(0);
  });

  test("a misspelt option is an error with its remedy", async () => {
    expect(() => predict(QA, { tempature: 1 } as never)).toThrow(
      expect.objectContaining({ code: "config_unknown_key", configKey: "tempature" }),
    );
    expect(() => runtime.configure({ adaptor: "chat" } as never)).toThrow(/Did you mean `adapter`\?/);
    expect(() => predict(QA, { config: { temperture: 0 } } as never)).toThrow(/Did you mean `temperature`\?/);
    await expect(predict(QA, { lm: says() })({ question: "?" }, { timeot: 1 } as never)).rejects.toThrow(/Did you mean `timeout`\?/);
    expect(() => predict(QA, { timeout: "soon" as never })).toThrow(
      expect.objectContaining({ code: "config_invalid", configKey: "timeout" }),
    );
    expect(() => runtime.configure({ lm: "gpt-5-mini" })).toThrow(/"provider\/model"/);
  });

  test("an error never shows a key", () => {
    const attempt = () => runtime.configure({ lm: { model: "m", baseURL: "http://x", apiKey: 7 as never } });
    expect(attempt).toThrow(expect.objectContaining({ configKey: "lm.apiKey" }));
    expect(() => runtime.configure({ lm: { model: "m", apiKey: "sk-secret", retires: 3 } as never })).toThrow(/^(?!.*sk-secret)/);
  });
});

describe("a prediction", () => {
  test("is the outputs, in the signature's order, and nothing else", async () => {
    const out = await predict(Triage, { lm: says({ confidence: 0.5, label: "bug", extra: 1 }) })({ message: "m" });
    expect(Object.entries(out)).toEqual([
      ["label", "bug"],
      ["confidence", 0.5],
    ]);
    expect(JSON.stringify(out)).toBe('{"label":"bug","confidence":0.5}');
    expect(out.meta).toMatchObject({ route: "native", model: "scripted", cached: false });
    expect(out.meta.latency).toBeGreaterThan(0);
    expect(meta(out)).toBe(out.meta);
  });

  test("keeps fields of awkward names as data", async () => {
    const names = ["then", "constructor", "toString", "__proto__", "meta", "hasOwnProperty"];
    const signature = signatureOf(
      "Odd",
      [{ name: "question", type: "str" }],
      names.map((name) => ({ name, type: "str" })),
    );
    const answer = `{${names.map((name) => `"${name}":"${name}!"`).join()}}`;
    const out = await predict(signature, { lm: scripted([answer]) })({ question: "?" });
    expect(Object.keys(out)).toEqual(names);
    for (const name of names) expect(Object.getOwnPropertyDescriptor(out, name)?.value).toBe(`${name}!`);
    expect(meta(out).route).toBe("native");
    expect(Object.getPrototypeOf(out)).toBe(Object.prototype);
  });

  test("meta() refuses what is no prediction", () => {
    expect(() => meta({})).toThrow(/Prediction/);
  });
});

test("three arguments run at once, two make a module", async () => {
  const run = predict(QA, { question: "?" }, { lm: says({ answer: "yes" }) });
  expect(run).toBeInstanceOf(Promise);
  expect((await run).answer).toBe("yes");
  runtime = createRuntime({ lm: says({ answer: "no" }) });
  const module = predict(QA, { lm: says({ answer: "no" }) });
  expect(typeof module).toBe("function");
  expect((await module({ question: "?" })).answer).toBe("no");
});

test("chainOfThought reasons first; a reasoning of the signature's own keeps its type and moves to the front", async () => {
  const out = await chainOfThought(QA, { lm: says({ answer: "4", reasoning: "2+2" }) })({ question: "?" });
  expect(Object.entries(out)).toEqual([
    ["reasoning", "2+2"],
    ["answer", "4"],
  ]);
  const own = signatureOf(
    "Own",
    [{ name: "q", type: "str" }],
    [
      { name: "a", type: "str" },
      { name: "reasoning", type: "int" },
    ],
  );
  const second = await chainOfThought(own, { lm: says({ a: "x", reasoning: 5 }) })({ q: "?" });
  expect(Object.entries(second)).toEqual([
    ["reasoning", 5],
    ["a", "x"],
  ]);
  const asInput = signatureOf(
    "Input",
    [
      { name: "reasoning", type: "int" },
      { name: "q", type: "str" },
    ],
    [{ name: "a", type: "str" }],
  );
  const third = chainOfThought(asInput, { lm: says({ a: "x", reasoning: "r" }) });
  expect(third.signature.inputs.map(({ name }) => name)).toEqual(["q"]);
  expect(third.signature.docstring).toBe("Given the fields `reasoning`, `q`, produce the fields `a`.");
  expect(await third({ q: "?" })).toEqual({ reasoning: "r", a: "x" });
});

describe("outputs", () => {
  test("that break a constraint are refused, with the values and the completion", async () => {
    const error = await predict(Triage, { lm: says({ label: "bug", confidence: 1.5 }) })({ message: "m" }).catch((e) => e);
    expect(error).toMatchObject({ code: "output_invalid", field: "confidence", values: { label: "bug", confidence: 1.5 } });
    expect(error.completion).toContain("1.5");
  });

  test("repair asks again with the issues, as often as it says and no more", async () => {
    const lm = says({ label: "bug", confidence: 1.5 }, { label: "bug", confidence: 0.5 });
    const out = await predict(Triage, { lm, repair: 1 })({ message: "m" });
    expect(out.confidence).toBe(0.5);
    expect(out.meta.attempts).toHaveLength(2);
    const [, , repair] = lm.requests[1]!.messages;
    expect(lm.requests[1]!.messages[1]).toEqual({ role: "assistant", content: '{"label":"bug","confidence":1.5}' });
    expect(repair!.content).toContain("confidence");
    const stubborn = says({ label: "x", confidence: 0 }, { label: "y", confidence: 0 }, { label: "bug", confidence: 0 });
    await expect(predict(Triage, { lm: stubborn, repair: 1 })({ message: "m" })).rejects.toMatchObject({ code: "output_invalid" });
    expect(stubborn.requests).toHaveLength(2);
  });
});

describe("options", () => {
  test("the nearest wins, key by key, sampling settings each for itself", async () => {
    const outer = scripted(["{}"]);
    const lm = says({ answer: "a" });
    runtime.configure({ lm: outer, config: { temperature: 1, maxTokens: 5 }, adapter: "json" });
    await runtime.bind(predict(QA, { config: { temperature: 0.5 } }))({ question: "?" }, { lm, config: { topP: 0.1 } });
    expect(native.calls[0]).toMatchObject({ config: { temperature: 0.5, maxTokens: 5, topP: 0.1 }, adapter: "json" });
    expect(outer.requests).toHaveLength(0);
  });

  test("configure keeps what it does not name", () => {
    runtime.configure({ timeout: "30s" });
    runtime.configure({ repair: 1 });
    expect(runtime.options).toEqual({ timeout: "30s", repair: 1 });
  });

  test("with, withDemos and withInstructions leave the module they come from alone", async () => {
    const module = predict(QA, { lm: says({ answer: "a" }, { answer: "b" }) });
    const other = module
      .withDemos([{ question: "1", answer: "2" }])
      .withInstructions("Be brief.")
      .with({ adapter: "xml" });
    await module({ question: "?" });
    await other({ question: "?" });
    expect(native.calls[0]!.program.predictors).toEqual({});
    expect(native.calls[1]!.program.predictors).toEqual({ self: { demos: [{ question: "1", answer: "2" }], instructions: "Be brief." } });
    expect(native.calls.map(({ adapter }) => adapter)).toEqual(["chat", "xml"]);
  });

  test("retries: the call's before the module's before the model's, else 2", async () => {
    const lm = { ...says({ answer: "a" }, { answer: "a" }, { answer: "a" }), retries: 7 };
    await predict(QA, { lm })({ question: "?" });
    await predict(QA, { lm, retries: 0 })({ question: "?" });
    await predict(QA, { lm: says({ answer: "a" }) })({ question: "?" });
    expect(native.calls.map(({ retries }) => retries)).toEqual([7, 0, 2]);
  });
});

describe("demos", () => {
  test("are data of the signature's types; what is missing or strange is allowed, what is wrong is not", () => {
    const module = predict(Triage);
    module.withDemos([{ message: "m", label: "bug", confidence: 1 }, { message: "m" }, { label: "bug", augmented: true } as never]);
    const attempt = () =>
      module.withDemos([{ message: "m", label: "bug" }, { message: "m", label: "bog" as never, confidence: 2 }, 5 as never]);
    expect(attempt).toThrow(expect.objectContaining({ code: "input_invalid" }));
    try {
      attempt();
    } catch (error) {
      expect((error as { issues: { path: unknown[] }[] }).issues.map(({ path }) => path)).toEqual([
        ["demos", 1, "label"],
        ["demos", 1, "confidence"],
        ["demos", 2],
      ]);
    }
    expect(() => module.withDemos("x" as never)).toThrow(/list of examples/);
  });

  test("of chainOfThought may hold the reasoning", () => {
    expect(() => chainOfThought(QA).withDemos([{ question: "q", reasoning: "r", answer: "a" }])).not.toThrow();
    expect(() => chainOfThought(QA).withDemos([{ question: "q", reasoning: 5 as never }])).toThrow(/reasoning/);
  });
});

test("a module over something that is no signature says so", () => {
  expect(() => predict("question -> answer" as never)).toThrow(/takes a signature/);
  expect(() => predict(undefined as never)).toThrow(/takes a signature/);
});

test("batch settles every call, in order, so many at a time", async () => {
  let running = 0;
  let most = 0;
  const lm = async ({ messages }: { messages: readonly { content: unknown }[] }) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running--;
    return JSON.stringify({ answer: JSON.parse(messages[0]!.content as string).question === "3" ? 5 : "a" });
  };
  const results = await predict(QA, { lm }).batch(
    Array.from({ length: 9 }, (_, i) => ({ question: `${i}` })),
    { concurrency: 4 },
  );
  expect(results.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, (_, i) => (i === 3 ? "rejected" : "fulfilled")));
  expect(most).toBe(4);
});

test("closing a runtime closes the models it used, once each, and may be done again", async () => {
  let closed = 0;
  const lm = { ...says({ answer: "a" }, { answer: "a" }), close: async () => void closed++ };
  const module = createRuntimeModule(lm);
  await module.call({ question: "?" });
  await module.runtime.close();
  await module.runtime.close();
  expect(closed).toBe(1);
  await module.call({ question: "?" });
  await module.runtime[Symbol.asyncDispose]();
  expect(closed).toBe(2);

  function createRuntimeModule(model: typeof lm) {
    const own = createRuntime({ lm: model });
    return { runtime: own, call: own.bind(predict(QA)) };
  }
});
