/** Programs of every kind on the Python route: real DSPy in a worker, its models, tools and rewards here. */

import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { PythonError, SignatureError } from "../../../runtime/errors.ts";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { createPool, pythonEngine } from "../../../runtime/python/index.ts";
import { closePools } from "../../../runtime/python/pools.ts";
import type { EngineEvent } from "../../../runtime/router/engine.ts";
import type { Tool } from "../../../runtime/tool.ts";
import { float, history, image } from "../../../runtime/values.ts";
import { callOf, chat, programOf, QA, scriptedLM, signatureOf } from "./answers.ts";

const PYTHON = fileURLToPath(new URL("./modules", import.meta.url));
afterAll(() => closePools());

const search: Tool = {
  name: "search",
  description: "Finds a page.",
  parameters: [{ name: "query", schema: { type: "string" }, required: true }],
  run: ({ query }: { query: string }) => `page about ${query}`,
};

describe("predict", () => {
  test("gives typed outputs, the messages DSPy made, and where it ran", async () => {
    const typed = signatureOf(
      "Typed",
      [
        { name: "n", type: "float" },
        { name: "any", type: "any" },
      ],
      [
        { name: "count", type: "int" },
        { name: "tags", type: { kind: "generic", of: "list", args: ["str"] } },
        { name: "label", type: { kind: "literal", values: ["a", "b"] } },
      ],
    );
    const lm = scriptedLM([chat({ count: "12", tags: '["x", "y"]', label: "b" })]);
    const result = await pythonEngine.execute(callOf(programOf(typed), { n: 5, any: [1, float(2)] }, lm));
    expect(result.outputs).toEqual({ count: 12, tags: ["x", "y"], label: "b" });
    expect(result.pool).toBe("general");
    expect(result.worker).toBeGreaterThan(0);
    expect(String(lm.requests[0]!.messages[1]!.content)).toContain("[[ ## n ## ]]\n5.0\n\n[[ ## any ## ]]\n[1, 2.0]");
    expect(result.exchanges[0]!.usage).toEqual({ promptTokens: 3, completionTokens: 5, totalTokens: 8 });
  });

  test("keeps demos, instructions, images and histories as DSPy prints them", async () => {
    const seen = signatureOf(
      "Seen",
      [
        { name: "picture", type: { kind: "class", name: "dspy.Image" } },
        { name: "before", type: { kind: "class", name: "dspy.History" } },
      ],
      [{ name: "answer", type: "str" }],
      "Look.\n  Twice.",
    );
    const lm = scriptedLM([chat({ answer: "yes" })]);
    const program = programOf(seen, { predictors: { self: { demos: [{ answer: "no" }] } } });
    const inputs = { picture: image("https://example.com/a.png"), before: history([{ answer: "maybe" }]) };
    await pythonEngine.execute(callOf(program, inputs, lm));
    const { messages } = lm.requests[0]!;
    expect(String(messages[0]!.content)).toContain("Look.\n          Twice.");
    expect(messages.some(({ role, content }) => role === "assistant" && String(content).includes("maybe"))).toBe(true);
    expect(JSON.stringify(messages.at(-1)!.content)).toContain('{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}');
  });

  test("asks once more for JSON when the answer has no fields, as DSPy does", async () => {
    const lm = scriptedLM(["no fields here", '{"answer": "from json"}']);
    const result = await pythonEngine.execute(callOf(programOf(QA), { question: "q" }, lm));
    expect(result.outputs).toEqual({ answer: "from json" });
    expect(result.exchanges).toHaveLength(2);
  });

  test("gives every completion when several are asked for", async () => {
    const lm = scriptedLM([chat({ answer: "one" }), chat({ answer: "two" })]);
    const result = await pythonEngine.execute(callOf(programOf(QA), { question: "q" }, lm, { config: { n: 2 } }));
    expect(result.completions).toEqual([{ answer: "one" }, { answer: "two" }]);
    expect(lm.requests.map(({ config }) => config.temperature)).toEqual([0.7, 0.7]);
  });

  test("hands the settings to the model in the host's names, and `extra` unseen by Python", async () => {
    const lm = scriptedLM([chat({ answer: "a" })]);
    const config = { temperature: 0.5, maxTokens: 7, topP: 0.9, stop: ["x"], seed: 3, extra: { metadata: { a: 1 } } };
    await pythonEngine.execute(callOf(programOf(QA), { question: "q" }, lm, { config }));
    expect(lm.requests[0]!.config).toEqual(config);
  });

  test("gives the model's own error, and a readable one where nothing could be read", async () => {
    const down = scriptedLM([new LMError("rate_limited", "the endpoint asks for patience", { endpoint: "http://x" })]);
    await expect(pythonEngine.execute(callOf(programOf(QA), { question: "q" }, down))).rejects.toMatchObject({
      code: "rate_limited",
      endpoint: "http://x",
    });
    const garbage = scriptedLM(["garbage"]);
    const error = await pythonEngine.execute(callOf(programOf(QA), { question: "q" }, garbage)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SignatureError);
    expect(error).toMatchObject({ code: "output_missing", field: "answer", completion: "garbage", signature: "QA" });
  });

  test("refuses a value that Python cannot hold before anything is sent", async () => {
    const lm = scriptedLM([chat({ answer: "a" })]);
    const bad = pythonEngine.execute(callOf(programOf(QA), { question: { f: () => 1 } }, lm));
    await expect(bad).rejects.toMatchObject({ code: "unserialisable", message: expect.stringContaining("question.f") as string });
    expect(lm.requests).toHaveLength(0);
  });
});

describe("other programs", () => {
  test("chainOfThought puts its reasoning first", async () => {
    const lm = scriptedLM([chat({ reasoning: "because", answer: "a" })]);
    const result = await pythonEngine.execute(callOf(programOf(QA, { kind: "chainOfThought" }), { question: "q" }, lm));
    expect(Object.entries(result.outputs)).toEqual([
      ["reasoning", "because"],
      ["answer", "a"],
    ]);
  });

  test.each(["async", "exclusive"] as const)("react calls tools that run here (%s lane)", async (lane) => {
    const pool = createPool(`react-${lane}`, { size: 1, lane });
    const lm = scriptedLM([
      chat({ next_thought: "look", next_tool_name: "search", next_tool_args: '{"query": "cats"}' }),
      chat({ next_thought: "done", next_tool_name: "finish", next_tool_args: "{}" }),
      chat({ reasoning: "r", answer: "cats" }),
    ]);
    const program = programOf(QA, { kind: "react", tools: [search], settings: { maxIters: 3 } });
    const { outputs } = await pythonEngine.execute(callOf(program, { question: "q" }, lm, { pool: pool.name }));
    expect(outputs).toMatchObject({ answer: "cats", trajectory: { observation_0: "page about cats", observation_1: "Completed." } });
    expect(String(lm.requests[0]!.messages[0]!.content)).toContain(
      "(1) search, whose description is <desc>Finds a page.</desc>. It takes arguments {'query': {'type': 'string'}}.",
    );
  });

  test("bestOfN scores here and stops at the threshold", async () => {
    const lm = scriptedLM([chat({ answer: "a long one" }), chat({ answer: "short" }), chat({ answer: "never" })]);
    const seen: unknown[] = [];
    const settings = {
      inner: programOf(QA),
      n: 3,
      threshold: 1,
      reward: (inputs: unknown, { answer }: { answer: string }) => {
        seen.push([inputs, answer]);
        return answer.includes(" ") ? 0 : 1;
      },
    };
    const { outputs } = await pythonEngine.execute(callOf(programOf(QA, { kind: "bestOfN", settings }), { question: "q" }, lm));
    expect(outputs).toEqual({ answer: "short" });
    expect(seen).toEqual([
      [{ question: "q" }, "a long one"],
      [{ question: "q" }, "short"],
    ]);
    expect(lm.requests.map(({ config }) => config.rolloutId)).toEqual([0, 1]);
  });

  test("refine gives advice between attempts", async () => {
    const lm = scriptedLM([chat({ answer: "bad" }), chat({ discussion: "d", advice: '{"self": "be good"}' }), chat({ answer: "good" })]);
    const settings = {
      inner: programOf(QA),
      n: 2,
      threshold: 1,
      reward: (_: unknown, { answer }: { answer: string }) => (answer === "good" ? 1 : 0),
    };
    const { outputs } = await pythonEngine.execute(callOf(programOf(QA, { kind: "refine", settings }), { question: "q" }, lm));
    expect(outputs).toEqual({ answer: "good" });
    expect(JSON.stringify(lm.requests[2]!.messages)).toContain("be good");
  });

  test("programOfThought runs the model's code in a process without permissions", async () => {
    const lm = scriptedLM([
      chat({ reasoning: "r", generated_code: "```python\nimport pathlib\npathlib.Path('/etc/hostname').read_text()\n```" }),
      chat({ reasoning: "r", generated_code: "```python\nSUBMIT({'answer': sum(range(10))})\n```" }),
      chat({ reasoning: "r", answer: "45" }),
    ]);
    const { outputs } = await pythonEngine.execute(callOf(programOf(QA, { kind: "programOfThought" }), { question: "q" }, lm));
    expect(outputs).toMatchObject({ answer: "45" });
    expect(JSON.stringify(lm.requests[1]!.messages)).toContain("PermissionError");
    expect(JSON.stringify(lm.requests[2]!.messages)).toContain("45");
  });

  test("codeAct's code calls tools that run here", async () => {
    const lm = scriptedLM([
      chat({ generated_code: "```python\nprint(search(query='dogs'))\n```", finished: "True" }),
      chat({ reasoning: "r", answer: "dogs" }),
    ]);
    const program = programOf(QA, { kind: "codeAct", tools: [search], settings: { maxIters: 2 } });
    const { outputs } = await pythonEngine.execute(callOf(program, { question: "q" }, lm));
    expect(outputs).toMatchObject({ answer: "dogs", trajectory: { code_output_0: '"page about dogs"' } });
  });

  test("rlm reads its input by code", async () => {
    const lm = scriptedLM([chat({ reasoning: "r", code: "```python\nSUBMIT(answer=question.upper())\n```" })]);
    const { outputs } = await pythonEngine.execute(
      callOf(programOf(QA, { kind: "rlm", settings: { maxIters: 2 } }), { question: "shout" }, lm),
    );
    expect(outputs).toMatchObject({ answer: "SHOUT" });
  });

  test("multiChainComparison compares the attempts it is given", async () => {
    const lm = scriptedLM([chat({ rationale: "r", answer: "a" })]);
    const program = programOf(QA, { kind: "multiChainComparison", settings: { m: 2 } });
    const attempts = [
      { rationale: "one", answer: "1" },
      { rationale: "two", answer: "2" },
    ];
    const { outputs } = await pythonEngine.execute(callOf(program, { completions: attempts, question: "q" }, lm));
    expect(outputs).toEqual({ rationale: "r", answer: "a" });
  });
});

describe("the user's own modules", () => {
  const pool = createPool("own", { size: 1, pythonPath: [PYTHON] });
  const moduleOf = (path: string, config = {}) => programOf(QA, { kind: "module", module: { path, config } });
  const run = (path: string, config = {}, lm = scriptedLM([chat({ answer: "a" })])) =>
    pythonEngine.execute(callOf(moduleOf(path, config), { question: "q" }, lm, { pool: pool.name }));

  test("a dspy.Module, with its configuration and the host's model", async () => {
    expect((await run("own_modules.Twice", { suffix: "!" })).outputs).toEqual({ answer: "a!a!" });
  });
  test("a class with run(), plain or asynchronous, and with stream()", async () => {
    expect((await run("own_modules.Plain")).outputs).toEqual({ answer: "plain q" });
    expect((await run("own_modules.Later")).outputs).toEqual({ answer: "later q" });
    expect((await run("own_modules.Streams")).outputs).toEqual({ answer: "onetwo" });
  });
  test("its stream's chunks as events", async () => {
    const events: EngineEvent[] = [];
    for await (const event of pythonEngine.stream(
      callOf(moduleOf("own_modules.Streams"), { question: "q" }, scriptedLM([""]), { pool: pool.name }),
    ))
      events.push(event);
    expect(events.filter(({ type }) => type === "delta")).toEqual([
      { type: "delta", field: "answer", text: "one" },
      { type: "delta", field: "answer", text: "two" },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "done", result: { outputs: { answer: "onetwo" } } });
  });
  test("what is not declared is not loaded", async () => {
    await expect(run("os.system")).rejects.toMatchObject({ code: "python_import" });
    await expect(run("own_modules.Nothing")).rejects.toMatchObject({ code: "python_import" });
  });
  test("an exception comes with its Python traceback", async () => {
    const error = (await run("own_modules.Breaks").catch((thrown: unknown) => thrown)) as PythonError;
    expect(error).toBeInstanceOf(PythonError);
    expect(error).toMatchObject({ code: "python_exception", errorType: "ZeroDivisionError", worker: expect.any(Number) as number });
    expect(error.traceback).toContain("own_modules.py");
  });
});

describe("streams", () => {
  test("tell a field's text as it comes, typed, and end with the prediction", async () => {
    const lm = scriptedLM([chat({ reasoning: "so it is", answer: "Paris is nice" })], 4);
    const events: EngineEvent[] = [];
    for await (const event of pythonEngine.stream(callOf(programOf(QA, { kind: "chainOfThought" }), { question: "q" }, lm)))
      events.push(event);
    const deltas = (field: string) =>
      events.filter((event) => event.type === "delta" && event.field === field).map((event) => (event as { text: string }).text);
    expect(deltas("answer").join("")).toBe("Paris is nice");
    expect(deltas("answer").length).toBeGreaterThan(1);
    expect(events.at(-1)).toMatchObject({
      type: "done",
      result: { outputs: { reasoning: "so it is", answer: "Paris is nice" }, exchanges: [{}] },
    });
  });

  test("left early, stop the model", async () => {
    let stopped = false;
    const lm = scriptedLM([""]);
    const endless = {
      ...lm,
      async *stream({ signal }: { signal?: AbortSignal }) {
        signal!.addEventListener("abort", () => (stopped = true));
        yield { text: "[[ ## answer ## ]]\n" };
        for (;;) {
          yield { text: "more and " };
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      },
    };
    for await (const event of pythonEngine.stream(callOf(programOf(QA), { question: "q" }, endless as never)))
      if (event.type === "delta") break;
    expect(stopped).toBe(true);
  });
});
