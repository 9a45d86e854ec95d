import { expect, test, vi } from "vitest";
import type { TextBlock } from "../../../runtime/lm/lm.ts";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { format } from "../../../runtime/native/adapters/full.ts";
import { nativeEngine } from "../../../runtime/native/engine.ts";
import type { Demo } from "../../../runtime/router/engine.ts";
import type { FieldSpec, TypeSpec } from "../../../runtime/spec.ts";
import { History, Image } from "../../../runtime/values.ts";
import { type CallOptions, callOf, QA, scriptedLM, signatureOf } from "./scripted.ts";

const run = (replies: Parameters<typeof scriptedLM>[0], options: CallOptions = {}, over: Parameters<typeof scriptedLM>[1] = {}) => {
  const lm = scriptedLM(replies, over);
  return { lm, result: nativeEngine.execute(callOf(lm, options)) };
};
const chat = (values: Record<string, string>): string =>
  `${Object.entries(values)
    .map(([name, value]) => `[[ ## ${name} ## ]]\n${value}`)
    .join("\n\n")}\n\n[[ ## completed ## ]]`;
const output = (type: TypeSpec): FieldSpec[] => [{ name: "answer", type }];

test("predict sends DSPy's golden messages and returns the typed output", async () => {
  const signature = signatureOf([{ name: "question", type: "str" }], [{ name: "answer", type: "str" }]);
  const { lm, result } = run([chat({ answer: "a" })], { signature, inputs: { question: "q" } });
  expect((await result).outputs).toEqual({ answer: "a" });
  expect(lm.requests[0]!.messages).toEqual([
    {
      role: "system",
      content:
        "Your input fields are:\n1. `question` (str):\nYour output fields are:\n1. `answer` (str):\nAll interactions will be structured in the following way, with the appropriate values filled in.\n\n[[ ## question ## ]]\n{question}\n\n[[ ## answer ## ]]\n{answer}\n\n[[ ## completed ## ]]\nIn adhering to this structure, your objective is: \n        Given the fields `question`, produce the fields `answer`.",
    },
    {
      role: "user",
      content:
        "[[ ## question ## ]]\nq\n\nRespond with the corresponding output fields, starting with the field `[[ ## answer ## ]]`, and then ending with the marker for `[[ ## completed ## ]]`.",
    },
  ]);
});

test("chainOfThought asks for reasoning first; demos and instructions of its predictor are used", async () => {
  const demos: Demo[] = [
    { question: "1+1", reasoning: "one and one", answer: 2 },
    { question: "only asked", answer: 3 },
  ];
  const { lm, result } = run([chat({ reasoning: "r", answer: "4" })], {
    kind: "chainOfThought",
    predictors: { predict: { demos, instructions: "Add.\n  Well.\n" } },
  });
  expect((await result).outputs).toEqual({ reasoning: "r", answer: 4 });
  const { messages } = lm.requests[0]!;
  expect(messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant", "user"]);
  expect(messages[0]!.content).toContain("objective is: \n        Add.\n        Well.");
  expect(messages[1]!.content).toMatch(/^This is an example of the task, though some/);
  expect(messages[2]!.content).toContain("[[ ## reasoning ## ]]\nNot supplied for this particular example. \n\n[[ ## answer ## ]]\n3");
  expect(messages[4]!.content).toBe("[[ ## reasoning ## ]]\none and one\n\n[[ ## answer ## ]]\n2\n\n[[ ## completed ## ]]\n");
});

test("an unreadable reply is asked for once more as JSON, and both exchanges are told", async () => {
  const { lm, result } = run(["The answer is 4.", 'Sure: {"answer": 4}']);
  const { outputs, exchanges } = await result;
  expect(outputs).toEqual({ answer: 4 });
  expect(exchanges.map(({ adapter, failed }) => [adapter, failed === undefined])).toEqual([
    ["chat", false],
    ["json", true],
  ]);
  expect(lm.requests[1]!.messages.at(-1)!.content).toContain(
    "Respond with a JSON object in the following order of fields: `answer` (must be formatted as a valid Python int).",
  );
});

test.each([
  ["xml", ["<answer>4</answer>"], 1],
  ["xml", ["a < b", '{"answer": 4}'], 2],
  ["json", ['{"answer": "4"}'], 1],
] as const)("adapter %s: %j", async (adapter, replies, requests) => {
  const { lm, result } = run(replies, { adapter });
  expect((await result).outputs).toEqual({ answer: 4 });
  expect(lm.requests).toHaveLength(requests);
});

test("what stays unreadable is a SignatureError with the field, the reason, and the text, cut at 16 KiB", async () => {
  const { result } = run(["no", `{"answer": "${"x".repeat(40_000)}"}`]);
  await expect(result).rejects.toMatchObject({
    code: "completion_unparsable",
    field: "answer",
    signature: "Test",
    issues: [{ path: ["answer"], expected: "int" }],
  });
  const error = await result.catch((error) => error);
  expect(error.completion).toHaveLength(16_384);
  expect(error.remedy).not.toBe("");
  const missing = run([chat({ other: "1" }), '{"other": 1}']).result;
  await expect(missing).rejects.toMatchObject({ code: "output_missing", issues: [{ path: ["answer"], received: "nothing" }] });
  await expect(run(["", ""]).result).rejects.toMatchObject({ code: "output_missing" });
  await expect(run(["x", "[1, 2]"], { adapter: "json" }).result).rejects.toMatchObject({
    code: "completion_unparsable",
    issues: [{ path: ["answer"] }],
  });
});

test("a failure of the model is not a reason to ask in another format", async () => {
  const { lm, result } = run([new LMError("server", "500", { endpoint: "scripted", attempts: 1 }), '{"answer": 4}']);
  await expect(result).rejects.toMatchObject({ code: "server" });
  expect(lm.requests).toHaveLength(1);
});

test("an int beyond 2^53 is refused, not rounded", async () => {
  await expect(run([chat({ answer: "12345678901234567890" })]).result).rejects.toMatchObject({ code: "int_unsafe", field: "answer" });
});

test("n answers come as completions, warmed up to 0.7 when the temperature would repeat itself", async () => {
  const two = [chat({ answer: "1" }), chat({ answer: "2" })];
  const { lm, result } = run([two], { config: { n: 2 } });
  expect(await result).toMatchObject({ outputs: { answer: 1 }, completions: [{ answer: 1 }, { answer: 2 }] });
  expect(lm.requests[0]!.config).toEqual({ n: 2, temperature: 0.7 });
  const warm = run([two], { config: { n: 2, temperature: 0.9 } });
  await warm.result;
  expect(warm.lm.requests[0]!.config).toEqual({ n: 2, temperature: 0.9 });
  const own = run([two], { config: { n: 2 } }, { config: { temperature: 1 } });
  await own.result;
  expect(own.lm.requests[0]!.config).toEqual({ n: 2 });
  const single = run([chat({ answer: "1" })], {
    config: { temperature: 0 },
    predictors: { self: { lm: { temperature: 0.3, max_tokens: 5 } } },
  });
  await single.result;
  expect(single.lm.requests[0]!.config).toEqual({ temperature: 0, maxTokens: 5 });
});

test.each([
  ["fractions.Fraction", `${"7".repeat(1_000_000)}/${"3".repeat(1_000_000)}`],
  ["fractions.Fraction", "1e999999999"],
  ["pydantic.types.ByteSize", JSON.stringify("9".repeat(5_000_000))],
  ["pydantic.types.PaymentCardNumber", JSON.stringify("4".repeat(5_000_000))],
  ["pydantic.networks.MongoDsn", `mongodb://${"a,".repeat(2_000_000)}a`],
  ["pydantic.networks.AnyUrl", `http://xn--${"a".repeat(1_000_000)}.de`],
  ["pydantic.types.Json", JSON.stringify("[".repeat(1_000_000))],
  ["ipaddress.IPv6Address", ":".repeat(5_000_000)],
])("a value of %s that would cost without end is refused in time", async (name, text) => {
  const signature = signatureOf([{ name: "question", type: "str" }], output({ kind: "class", name }));
  const { result } = run([chat({ answer: text }), "{}"], { signature });
  await expect(result).rejects.toMatchObject({ code: expect.stringMatching(/output_missing|completion_unparsable/) });
});

test("one of several answers that cannot be read fails the call, and the error holds that one", async () => {
  const first = [chat({ answer: "1" }), chat({ answer: "x" })];
  const { lm, result } = run([first, ['{"answer": 3}', '{"answer": "y"}']], { config: { n: 2 } });
  await expect(result).rejects.toMatchObject({ code: "completion_unparsable", completion: '{"answer": "y"}' });
  expect(lm.requests.map(({ config }) => config)).toEqual([
    { n: 2, temperature: 0.7 },
    { n: 2, temperature: 0.7 },
  ]);
});

test("response_format: none, json_object, or a closed schema, as the endpoint can", async () => {
  const ask = async (type: TypeSpec, supports: object) => {
    const signature = signatureOf([{ name: "question", type: "str" }], output(type));
    const { lm, result } = run(['{"answer": {}}', '{"answer": {}}'], { signature, adapter: "json" }, { supports });
    await result.catch(() => {});
    return lm.requests[0]!.responseFormat;
  };
  const both = { responseFormat: true, responseSchema: true };
  expect(await ask("int", {})).toBeUndefined();
  expect(await ask("int", { responseFormat: true })).toEqual({ type: "json_object" });
  expect(await ask({ kind: "generic", of: "dict", args: ["str", "int"] }, both)).toEqual({ type: "json_object" });
  const person: TypeSpec = {
    kind: "model",
    name: "Person",
    fields: [
      { name: "name", type: "str" },
      { name: "age", type: { kind: "union", members: ["int", "none"] }, default: null },
    ],
  };
  const format = (await ask({ kind: "generic", of: "list", args: [person] }, both)) as { json_schema: { schema: unknown } };
  expect(format).toMatchObject({ type: "json_schema", json_schema: { name: "DSPyProgramOutputs", strict: true } });
  expect(JSON.stringify(format.json_schema.schema)).toBe(
    '{"$defs":{"Person":{"properties":{"name":{"title":"Name","type":"string"},"age":{"anyOf":[{"type":"integer"},{"type":"null"}],"title":"Age"}},"required":["name","age"],"title":"Person","type":"object","additionalProperties":false}},"additionalProperties":false,"properties":{"answer":{"items":{"$ref":"#/$defs/Person"},"title":"Answer","type":"array"}},"required":["answer"],"title":"DSPyProgramOutputs","type":"object"}',
  );
});

test("history becomes turns, an image a content block", async () => {
  const signature = signatureOf(
    [
      { name: "history", type: { kind: "class", name: "dspy.History" } },
      { name: "photo", type: { kind: "class", name: "dspy.Image" } },
    ],
    output("str"),
  );
  const inputs = { history: new History([{ answer: "earlier" }]), photo: new Image("https://example.org/a.png") };
  const { lm, result } = run([chat({ answer: "x" })], { signature, inputs });
  await result;
  const [, turn, user] = lm.requests[0]!.messages;
  expect(turn).toEqual({ role: "assistant", content: "[[ ## answer ## ]]\nearlier\n\n[[ ## completed ## ]]\n" });
  expect(user!.content).toMatchObject([
    { type: "text", text: "[[ ## photo ## ]]\n" },
    { type: "image_url", image_url: { url: "https://example.org/a.png" } },
    { type: "text" },
  ]);
  expect((user!.content as TextBlock[])[2]!.text).toMatch(/^\n\nRespond with/);
});

test("the engine says what it leaves to Python", () => {
  const program = callOf(scriptedLM([])).program;
  expect(nativeEngine.canExecute(program, "chat")).toBe(true);
  expect(nativeEngine.canExecute({ ...program, kind: "programOfThought" }, "chat")).toBe("programOfThought runs in Python only");
  const hole = signatureOf(
    [{ name: "invoice", type: { kind: "generic", of: "list", args: [{ kind: "slot", index: 0, text: "Invoice" }] } }],
    output("str"),
  );
  expect(nativeEngine.canExecute({ ...program, signature: hole }, "chat")).toMatch(/^invoice: Invoice is a schema/);
});

test.each([
  "datetime.timedelta",
  "collections.OrderedDict",
  "dspy.Code",
  "pathlib.PurePath",
  "ipaddress.IPv4Address",
  "enum.Enum",
  "pydantic.networks.HttpUrl",
  "dspy.Tool",
  "ForwardRef('yes')",
])("an output of %s runs here", (name) => {
  const program = callOf(scriptedLM([])).program;
  const type = { kind: "generic", of: "list", args: [{ kind: "class", name }] } as const;
  expect(nativeEngine.canExecute({ ...program, signature: signatureOf([], [{ name: "made", type }]) }, "chat")).toBe(true);
});

test("a path whose rule is what the disk holds is Python's where there is no disk", () => {
  const program = callOf(scriptedLM([])).program;
  const type = { kind: "union", members: [{ kind: "class", name: "pydantic.FilePath" }, "none"] } as const;
  const answer = () => nativeEngine.canExecute({ ...program, signature: signatureOf([], [{ name: "made", type }]) }, "chat");
  expect(answer()).toBe(true);
  const builtin = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined as never);
  try {
    expect(answer()).toMatch(/^made: pydantic.FilePath looks at the files of the machine, and this runtime has none/);
  } finally {
    builtin.mockRestore();
  }
});

test.each(["dspy.Tool", "Self", "collections.abc.Callable", "ForwardRef('yes')"])(
  "an output of %s, which DSPy cannot ask for either, is an error before any request",
  async (name) => {
    const outputs = [{ name: "made", type: { kind: "class", name } }] as const;
    const lm = scriptedLM(["x"]);
    await expect(nativeEngine.execute(callOf(lm, { signature: signatureOf([], outputs) }))).rejects.toMatchObject({
      code: "route_impossible",
    });
    expect(lm.requests).toEqual([]);
  },
);

test("values of named classes are what TypeScript has for them: text, numbers, bytes, and a secret's own value", async () => {
  const outputs = [
    ["address", "ipaddress.IPv4Network"],
    ["site", "pydantic.networks.HttpUrl"],
    ["path", "pathlib.PureWindowsPath"],
    ["share", "fractions.Fraction"],
    ["size", "pydantic.types.ByteSize"],
    ["key", "pydantic.types.SecretStr"],
    ["data", "pydantic.types.Json"],
  ].map(([name, of]) => ({ name: name!, type: { kind: "class", name: of! } as const }));
  const texts = ["10.0.0.0/8", "HTTP://Example.com", "C:/a//b", "2/6", "1.5 KiB", "hush", '"[1, {\\"a\\": null}]"'];
  const reply = outputs.map(({ name }, i) => `[[ ## ${name} ## ]]\n${texts[i]}`).join("\n\n");
  const { outputs: made } = await nativeEngine.execute(callOf(scriptedLM([reply]), { signature: signatureOf([], outputs) }));
  expect(made).toEqual({
    address: "10.0.0.0/8",
    site: "http://example.com/",
    path: "C:\\a\\b",
    share: "1/3",
    size: 1536,
    key: "hush",
    data: [1, { a: null }],
  });
});

test("a value that is no History in a history's place is an error, and none at all is no turns", () => {
  const layout = {
    instructions: "",
    inputs: [{ name: "past", type: { kind: "class", name: "dspy.History" } as const }],
    outputs: [{ name: "answer", type: "str" as const }],
  };
  for (const past of ["text", null, [{ answer: "a" }], { messages: [] }])
    expect(() => format("chat", layout, [], { past })).toThrow(/no History/);
  expect(format("chat", layout, [], {})).toHaveLength(2);
});

test("an aborted call sends nothing", async () => {
  const reason = new Error("left");
  const { lm, result } = run([chat({ answer: "1" })], { signal: AbortSignal.abort(reason) });
  await expect(result).rejects.toBe(reason);
  expect(lm.requests).toHaveLength(0);
});

test.each([
  ["ten megabytes without a field", "lorem ipsum ".repeat(850_000)],
  ["a hundred thousand headers", "[[ ## answer ## ]]\n[[ ## x ## ]]\n".repeat(60_000)],
  ["braces that never close", '{"answer": '.repeat(100_000)],
  ["digits without end", `[[ ## answer ## ]]\n${"1".repeat(1_000_000)}x`],
  ["blanks inside a number", `[[ ## answer ## ]]\n5${" ".repeat(1_000_000)}6`],
  ["angle brackets", "<answer>".repeat(100_000)],
])(
  "a hostile completion is an error in time: %s",
  async (_, text) => {
    for (const adapter of ["chat", "json", "xml"] as const) {
      const began = performance.now();
      await expect(run([text, text], { adapter }).result).rejects.toMatchObject({ signature: "Test" });
      expect(performance.now() - began).toBeLessThan(10_000);
    }
  },
  60_000,
);

test("fields with the names of an object's own members are plain data", async () => {
  const names = ["__proto__", "constructor", "then", "toString"];
  const signature = signatureOf(
    [{ name: "question", type: "str" }],
    names.map((name) => ({ name, type: "str" as const })),
  );
  const { result } = run(
    [
      chat(Object.fromEntries(names.filter((name) => name !== "__proto__").map((name) => [name, name]))).replace(
        "[[ ## completed",
        "[[ ## __proto__ ## ]]\np\n\n[[ ## completed",
      ),
    ],
    { signature },
  );
  const { outputs } = await result;
  expect(Object.keys(outputs)).toEqual(names);
  expect(Object.getPrototypeOf(outputs)).toBe(Object.prototype);
  expect(QA.name).toBe("Test");
});

test("lenient finds headers in mid-line, in bold, indented, and only the signature's own", async () => {
  const signature = signatureOf(
    [{ name: "question", type: "str" }],
    [
      { name: "reasoning", type: "str" },
      { name: "answer", type: "str" },
    ],
  );
  const text = "Sure. **[[ ## reasoning ## ]]** as [[ ## other ## ]] says\n   [[ ##  answer ## ]] Paris [[ ## completed ## ]]";
  for (const run of [
    async (lm: ReturnType<typeof scriptedLM>, lenient: boolean) =>
      (await nativeEngine.execute({ ...callOf(lm, { signature }), lenient })).outputs,
    async (lm: ReturnType<typeof scriptedLM>, lenient: boolean) => {
      for await (const event of nativeEngine.stream({ ...callOf(lm, { signature }), lenient }))
        if (event.type === "done") return event.result.outputs;
      return undefined;
    },
  ]) {
    expect(await run(scriptedLM([text]), true)).toEqual({ reasoning: "as [[ ## other ## ]] says", answer: "Paris" });
    await expect(run(scriptedLM([text, text]), false)).rejects.toMatchObject({ signature: "Test" });
  }
});

const REASONING: TypeSpec = { kind: "class", name: "dspy.Reasoning" };

test("dspy.Reasoning is asked of an endpoint that reasons, and leaves the prompt; elsewhere it is text", async () => {
  const signature = signatureOf(
    [{ name: "question", type: "str" }],
    [
      { name: "why", type: REASONING },
      { name: "answer", type: "int" },
    ],
  );
  const choice = { text: chat({ answer: "4" }), reasoning: "thought about it" };
  const reasons = { supports: { reasoning: true }, complete: async () => ({ choices: [choice] }) };
  const { result } = run([], { signature }, reasons);
  const { outputs, exchanges } = await result;
  expect(Object.entries(outputs)).toEqual([
    ["answer", 4],
    ["why", "thought about it"],
  ]);
  expect(String(exchanges[0]!.messages[0]!.content)).not.toContain("[[ ## why ## ]]");
  expect(String(exchanges[0]!.messages[0]!.content)).toContain("produce the fields `why`, `answer`");
  const text = run([chat({ why: "because", answer: "4" })], { signature });
  expect((await text.result).outputs).toEqual({ why: "because", answer: 4 });
  const off = run(
    [chat({ why: "because", answer: "4" })],
    { signature, config: { extra: { reasoning_effort: null } } },
    { supports: { reasoning: true } },
  );
  expect((await off.result).outputs).toEqual({ why: "because", answer: 4 });
});

test("tool calls go the endpoint's own way with adapter json, and as text otherwise", async () => {
  const tools: TypeSpec = { kind: "generic", of: "list", args: [{ kind: "class", name: "dspy.Tool" }] };
  const signature = signatureOf(
    [
      { name: "question", type: "str" },
      { name: "tools", type: tools },
    ],
    [{ name: "calls", type: { kind: "class", name: "dspy.ToolCalls" } }],
  );
  const search = {
    name: "search",
    description: "Search.",
    parameters: [
      { name: "q", schema: { type: "string" }, required: true },
      { name: "k", schema: { type: "integer" }, required: false, default: 3 },
    ],
    run: () => "",
  };
  const inputs = { question: "q", tools: [search] };
  const requests: unknown[] = [];
  const { result } = run(
    [],
    { signature, inputs, adapter: "json" },
    {
      supports: { functionCalling: true },
      async complete(request) {
        requests.push(request.tools);
        return {
          choices: [{ text: "", toolCalls: [{ id: "c1", type: "function", function: { name: "search", arguments: '{"q": "x"' } }] }],
        };
      },
    },
  );
  expect((await result).outputs).toEqual({
    calls: { tool_calls: [{ id: "c1", name: "search", args: { q: "x" } }], tool_call_results: null },
  });
  expect(requests).toEqual([
    [
      {
        type: "function",
        function: {
          name: "search",
          description: "Search.",
          parameters: { type: "object", properties: { q: { type: "string" }, k: { type: "integer", default: 3 } }, required: ["q"] },
        },
      },
    ],
  ]);
  const text = run([chat({ calls: '[{"name": "search", "args": {"q": "x"}}]' })], { signature, inputs });
  expect((await text.result).outputs).toMatchObject({ calls: { tool_calls: [{ name: "search", args: { q: "x" } }] } });
  expect(String(text.lm.requests[0]!.messages[1]!.content)).toContain(
    `[[ ## tools ## ]]\n["search, whose description is <desc>Search.</desc>. It takes arguments {'q': {'type': 'string'}, 'k': {'type': 'integer', 'default': 3}}."]`,
  );
});
