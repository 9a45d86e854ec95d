/** State files in both directions against real DSPy: what it saves is read here, what is dumped here it loads, and both send the same messages. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { compileSignature } from "../../../compiler/index.ts";
import { ConfigurationError, chainOfThought, loadProgram, type Module, predict, react, tool } from "../../../runtime/index.ts";
import { dumpProgram } from "../../../runtime/program/load-program.ts";
import { findPython } from "../../../runtime/python/env/find.ts";
import type { TypeSpec } from "../../../runtime/spec.ts";
import { signatureOf } from "../native/scripted.ts";

interface Answer {
  readonly state: string;
  readonly paths: readonly string[];
  readonly messages: Readonly<Record<string, readonly { readonly role: string; readonly content: string }[]>>;
}

let python = "";
beforeAll(async () => {
  python = (await findPython()).executable;
});

async function dspy(command: object): Promise<Answer> {
  const script = fileURLToPath(new URL("dspy_state.py", import.meta.url));
  const { stdout } = await execa(python, [script], { input: JSON.stringify(command), env: { LITELLM_LOCAL_MODEL_COST_MAP: "True" } });
  return JSON.parse(stdout) as Answer;
}

const QA = compileSignature("question -> answer");
const Count = compileSignature("question, count: int -> answer: float");
const search = tool({
  name: "search",
  description: "Find pages.",
  input: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  run: ({ query }: { query: string }) => query,
});

/** What a module sends, taken at the model. */
async function sent(module: Module, inputs: object): Promise<unknown> {
  let messages: unknown;
  const lm = (request: { messages: unknown }) => {
    messages ??= request.messages;
    throw new Error("enough");
  };
  await module(inputs, { lm, retries: 0 }).catch(() => undefined);
  return messages;
}

const change = {
  instructions: "\n    Answer.\n        Be brief.\n    ",
  descriptions: { question: "what is asked", answer: "${question}" },
  demos: [{ question: "1 + 1?", answer: "2", augmented: true }, { question: "only this" }],
  lm: { model: "openai/gpt-4o-mini", temperature: 0.5, max_tokens: 100, api_key: "sk-secret", top_p: 0.9 },
};

describe("what DSPy saved", () => {
  test("a Predict: the messages are the ones DSPy sends after loading it", async () => {
    const { state, messages } = await dspy({ kind: "predict", change: { self: change }, inputs: { self: { question: "2 + 2?" } } });
    const loaded = loadProgram(state, QA);
    expect(await sent(loaded, { question: "2 + 2?" })).toEqual(messages.self);
    const again = predict(QA);
    expect(again.load(state)).toBe(again);
    expect(await sent(again, { question: "2 + 2?" })).toEqual(messages.self);
    // And back: the same file, the LM's entry included.
    expect(JSON.parse(JSON.stringify(loaded.dump()))).toEqual(settled(state));
    expect(state).not.toContain("sk-secret");
  });

  test("a ChainOfThought: numbers keep their spelling", async () => {
    const demos = [{ question: "half?", count: 2, reasoning: "r", answer: 1 }];
    const command = { kind: "chainOfThought", change: { predict: { ...change, demos } }, inputs: { predict: { question: "q", count: 1 } } };
    const { state, messages } = await dspy(command);
    const loaded = loadProgram(state, Count);
    expect(await sent(loaded, { question: "q", count: 1 })).toEqual(messages.predict);
    // The file's own words: DSPy prints an int where one was written, also in a float field.
    const spelled = (number: string) => state.replace('"answer": 1', `"answer": ${number}`);
    for (const number of ["1", "1.0", "2.5", "1e3"]) {
      const command = { kind: "chainOfThought", state: spelled(number), inputs: { predict: { question: "q", count: 1 } } };
      const loaded = loadProgram(spelled(number), Count);
      const { messages } = await dspy(command);
      expect(await sent(loaded, { question: "q", count: 1 })).toEqual(messages.predict);
    }
    expect(JSON.stringify(loadProgram(spelled("1.0"), Count).dump())).toContain('"answer":1.0');
    expect(JSON.stringify(loadProgram(spelled("1"), Count).dump())).toContain('"answer":1}');
  });

  test("a dict in a model's place is a dict: its own keys in its own order, no defaults, what the model does not know", async () => {
    const person: TypeSpec = {
      kind: "model",
      name: "Person",
      fields: [
        { name: "name", type: "str" },
        { name: "age", type: "int", default: 3 },
        { name: "score", type: "float", default: { float: "1.0" } },
      ],
    };
    const signature = signatureOf([{ name: "question", type: "str" }], [{ name: "person", type: person }]);
    const demos = [{ extra: [{}], score: 2, name: "n" }, { name: "n" }, {}].map((own) => ({ question: "q", person: own }));
    const { state, messages } = await dspy({ kind: "person", change: { self: { demos } }, inputs: { self: { question: "q" } } });
    const loaded = predict(signature).load(state);
    expect(await sent(loaded, { question: "q" })).toEqual(messages.self);
    // Given here, an object is the model.
    const given = predict(signature).withDemos([{ question: "q", person: { score: 2, name: "n" } }]);
    const shown = (await sent(given, { question: "q" })) as { content: string }[];
    expect(shown[2]?.content).toContain('{"name": "n", "age": 3, "score": 2.0}');
  });

  test("numbers of any size, minus zero, and no instructions at all", async () => {
    const numbers = ["9223372036854775808", "-0.0", "1e16", "1e+300"];
    const demos = numbers.map((number) => `{"question":${number},"count":${number},"reasoning":"r","answer":${number}}`);
    const state = JSON.stringify(chainOfThought(Count).dump())
      .replace('"demos":[]', `"demos":[${demos.join()}]`)
      .replace(/"instructions":"[^"]*"/, '"instructions":""');
    const { messages, state: again } = await dspy({ kind: "chainOfThought", state, inputs: { predict: { question: "q", count: 1 } } });
    const loaded = loadProgram(state, Count);
    expect(await sent(loaded, { question: "q", count: 1 })).toEqual(messages.predict);
    expect(JSON.parse(JSON.stringify(loaded.dump()))).toEqual(JSON.parse(again));
    expect(JSON.stringify(loaded.dump())).toMatch(/9223372036854775808.*-0\.0.*10000000000000000\.0.*1e\+300/);
  }, 30_000);

  test("a program of several: each predictor by its path", async () => {
    const inputs = {
      qa: { question: "q" },
      "cot.predict": { question: "q", count: 3 },
      "steps[1].predict": { x: "1" },
      "d['k']": { x: "2" },
      "d['m'].inner.predict": { a: "3" },
    };
    const { state, messages, paths } = await dspy({
      kind: "program",
      change: { qa: change, "steps[1].predict": { instructions: "Step." } },
      inputs,
    });
    expect(paths).toContain("agent.extract.predict");
    const program = loadProgram(state, structure());
    expect(await sent(program.qa, inputs.qa)).toEqual(messages.qa);
    expect(await sent(program.cot, inputs["cot.predict"])).toEqual(messages["cot.predict"]);
    expect(await sent(program["steps[1]"], { x: "1" })).toEqual(messages["steps[1].predict"]);
    expect(await sent(program["d['k']"], { x: "2" })).toEqual(messages["d['k']"]);
    expect(await sent(program["d['m'].inner"], { a: "3" })).toEqual(messages["d['m'].inner.predict"]);
    expect(JSON.parse(JSON.stringify(dumpProgram(program)))).toEqual(settled(state));
  });
});

function structure() {
  const xy = compileSignature("x -> y");
  return {
    qa: predict(QA),
    cot: chainOfThought(Count),
    "steps[0]": predict(xy),
    "steps[1]": chainOfThought(xy),
    "d['k']": predict(compileSignature("x -> z: list[str]")),
    "d['m'].inner": chainOfThought(compileSignature("a -> b")),
    agent: react(QA, [search]),
  };
}

/** What a file says after DSPy has read it: instructions cleaned once more. */
function settled(state: string): unknown {
  return JSON.parse(state, (key, value) => (key === "instructions" && value === "Answer.\n    Be brief." ? "Answer.\nBe brief." : value));
}

describe("what is dumped", () => {
  test("a fresh module of each kind is, byte for byte, what DSPy saves of it", async () => {
    for (const [kind, module] of [
      ["predict", predict(QA)],
      ["chainOfThought", chainOfThought(Count)],
      ["react", react(QA, [search])],
    ] as const) {
      const { state } = await dspy({ kind });
      expect(JSON.parse(JSON.stringify(module.dump()))).toEqual(JSON.parse(state));
      expect(Object.keys(module.dump())).toEqual(Object.keys(JSON.parse(state) as object));
    }
    const { state } = await dspy({ kind: "program" });
    expect(JSON.parse(JSON.stringify(dumpProgram(structure())))).toEqual(JSON.parse(state));
  });

  test("DSPy loads it, and sends what is sent here", async () => {
    const module = chainOfThought(Count)
      .withInstructions("Think\n  hard.")
      .withDemos([
        { question: "half?", count: 2, reasoning: "r", answer: 1 },
        { question: "incomplete", count: 1 },
      ]);
    const { messages } = await dspy({
      kind: "chainOfThought",
      state: JSON.stringify(module.dump()),
      inputs: { predict: { question: "q", count: 1 } },
    });
    expect(await sent(module, { question: "q", count: 1 })).toEqual(messages.predict);
  });
});

// A file to spoil, of any shape.
type State = Record<string, any>;

describe("what is refused", () => {
  const good = () => JSON.parse(JSON.stringify(predict(QA).dump())) as State;
  const cases: [string, (state: State) => unknown, RegExp][] = [
    ["a key DSPy would assign", (s) => ({ ...s, forward: "boom" }), /unknown key "forward"/],
    ["settings in a state file", (s) => ({ ...s, config: { temperature: 9 } }), /unknown key "config"/],
    [
      "another number of fields",
      (s) => ({ ...s, signature: { ...s.signature, fields: s.signature.fields.slice(1) } }),
      /a list of 2 \(question, answer\), it is a list of 1/,
    ],
    ["an unknown key of a signature", (s) => ({ ...s, signature: { ...s.signature, doc: "" } }), /unknown key "doc"/],
    [
      "instructions that are no text",
      (s) => ({ ...s, signature: { ...s.signature, instructions: 5 } }),
      /instructions should be a string, it is a number/,
    ],
    ["demos that are no list", (s) => ({ ...s, demos: {} }), /demos should be a list, it is an object/],
    ["a demo that is no object", (s) => ({ ...s, demos: ["x"] }), /demos\[0\] should be an object, it is a string/],
    ["another module's state", (s) => ({ predict: s }), /bare Predict's own, it is made of predict/],
    ["a list", () => [], /it is a list/],
    ["null", () => null, /it is null/],
  ];
  test.each(cases)("%s", (_, spoil, message) => {
    const load = () => loadProgram(JSON.stringify(spoil(good())), predict(QA));
    expect(load).toThrow(ConfigurationError);
    expect(load).toThrow(message);
  });

  test("text that is no JSON, missing and unclaimed predictors, and a structure that is none", () => {
    expect(() => loadProgram("{", QA)).toThrow(/not JSON/);
    const state = JSON.stringify(dumpProgram({ qa: predict(QA), other: predict(QA) }));
    expect(() => loadProgram(state, { qa: predict(QA) })).toThrow(/also has other/);
    expect(() => loadProgram(state, { qa: predict(QA), other: predict(QA), third: predict(QA) })).toThrow(/a predictor at third/);
    expect(() => loadProgram(state, { qa: QA as never })).toThrow(/a module/);
    expect(() => loadProgram(state, 5 as never)).toThrow(ConfigurationError);
  });

  test("a key called __proto__ is an unknown key, and changes nothing", () => {
    const state = JSON.stringify(predict(QA).dump()).replace('"traces"', '"__proto__":{"polluted":true},"traces"');
    expect(() => loadProgram(state, QA)).toThrow(/unknown key "__proto__"/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
