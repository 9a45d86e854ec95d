import { expect, test } from "vitest";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { nativeEngine } from "../../../runtime/native/engine.ts";
import type { EngineEvent } from "../../../runtime/router/engine.ts";
import type { Tool } from "../../../runtime/tool.ts";
import { type CallOptions, callOf, scriptedLM, signatureOf } from "./scripted.ts";

const turn = (name: string, args: unknown, thought = "look"): string =>
  `[[ ## next_thought ## ]]\n${thought}\n\n[[ ## next_tool_name ## ]]\n${name}\n\n[[ ## next_tool_args ## ]]\n${JSON.stringify(args)}\n\n[[ ## completed ## ]]`;
const answer = "[[ ## reasoning ## ]]\nr\n\n[[ ## answer ## ]]\n4\n\n[[ ## completed ## ]]";
const search: Tool = {
  name: "search",
  description: "Search.\n  Well.",
  parameters: [
    { name: "query", schema: { type: "string" }, required: true },
    { name: "k", schema: { type: "integer" }, required: false, default: 3 },
  ],
  run: ({ query }: { query: string }) => [`hit ${query}`, "two\nlines"],
};
const fail: Tool = {
  name: "fail",
  description: null,
  parameters: [],
  run() {
    throw new TypeError("it broke");
  },
};

const run = (replies: Parameters<typeof scriptedLM>[0], options: CallOptions = {}) => {
  const lm = scriptedLM(replies);
  return { lm, result: nativeEngine.execute(callOf(lm, { kind: "react", tools: [search, fail], ...options })) };
};
const userText = (lm: { requests: readonly { messages: readonly { content: unknown }[] }[] }, i: number): string =>
  String(lm.requests[i]!.messages.at(-1)!.content);

test("the instructions name the tools as DSPy prints them", async () => {
  const { lm, result } = run([turn("finish", {}), answer]);
  await result;
  expect(lm.requests[0]!.messages[0]!.content).toContain(
    [
      "        (1) search, whose description is <desc>Search.    Well.</desc>. It takes arguments {'query': {'type': 'string'}, 'k': {'type': 'integer', 'default': 3}}.",
      "        (2) fail. It takes arguments {}.",
      "        (3) finish, whose description is <desc>Marks the task as complete. That is, signals that all information for producing the outputs, i.e. `answer`, are now available to be extracted.</desc>. It takes arguments {}.",
      "        When providing `next_tool_args`, the value inside the field must be in JSON format",
    ].join("\n"),
  );
  expect(userText(lm, 0)).toContain("[[ ## trajectory ## ]]\n\n\nRespond with");
});

test("a whole episode: observations, errors in DSPy's words without places, numbers as they came, and the extraction", async () => {
  const replies = [
    turn("search", { query: "x", k: 2.0 }),
    turn("search", { query: 5 }),
    turn("search", { zzz: 1 }),
    turn("search", {}),
    turn("fail", {}),
    turn("finish", {}),
    answer,
  ];
  const { lm, result } = run(replies);
  const { outputs, exchanges } = await result;
  expect(Object.keys(outputs)).toEqual(["reasoning", "answer", "trajectory"]);
  expect(outputs.trajectory).toMatchObject({
    thought_0: "look",
    tool_name_0: "search",
    tool_args_0: { query: "x", k: 2 },
    observation_0: ["hit x", "two\nlines"],
    observation_1: "Execution error in search: \nValueError: Arg query is invalid: 5 is not of type 'string'",
    observation_2: "Execution error in search: \nValueError: Arg zzz is not in the tool's args.",
    observation_3: "Execution error in search: \nTypeError: search() missing 1 required positional argument: 'query'",
    observation_4: "Execution error in fail: \nTypeError: it broke",
    observation_5: "Completed.",
  });
  expect(exchanges).toHaveLength(7);
  expect(userText(lm, 1)).toContain(
    '[[ ## tool_args_0 ## ]]\n{"query": "x", "k": 2}\n\n[[ ## observation_0 ## ]]\n[1] «hit x»\n[2] «««\n    two\n    lines\n»»»',
  );
  expect(userText(lm, 6)).toContain("starting with the field `[[ ## reasoning ## ]]`, then `[[ ## answer ## ]]`");
  expect(JSON.stringify(outputs)).not.toContain(import.meta.dirname);
});

test("maxIters ends the episode, and what there is is extracted from", async () => {
  const { lm, result } = run([turn("search", { query: "a" }), turn("search", { query: "b" }), answer], { settings: { maxIters: 2 } });
  expect((await result).outputs).toMatchObject({ answer: 4, trajectory: { observation_1: ["hit b", "two\nlines"] } });
  expect(lm.requests).toHaveLength(3);
});

test("an overflow drops the oldest turn and asks again; with one turn left it ends the episode", async () => {
  const overflow = () => new LMError("context_window", "too long", { endpoint: "scripted", attempts: 1 });
  const { lm, result } = run([turn("search", { query: "a" }), turn("search", { query: "b" }), overflow(), turn("finish", {}), answer]);
  const { outputs } = await result;
  expect(Object.keys(outputs.trajectory as object)).toEqual([
    "thought_1",
    "tool_name_1",
    "tool_args_1",
    "observation_1",
    "thought_2",
    "tool_name_2",
    "tool_args_2",
    "observation_2",
  ]);
  expect(userText(lm, 3)).not.toContain("thought_0");

  const short = run([turn("search", { query: "a" }), overflow(), answer]);
  expect((await short.result).outputs).toMatchObject({ answer: 4, trajectory: { thought_0: "look" } });
});

test("a tool that does not exist is unreadable and ends the call, as in DSPy 3.4", async () => {
  const { result } = run([turn("nope", {}), '{"next_thought": "t", "next_tool_name": "nope", "next_tool_args": {}}']);
  await expect(result).rejects.toMatchObject({ code: "completion_unparsable", issues: [{ path: ["next_tool_name"] }] });
});

test("ints of any size go to tools and come back; a result that contains itself is the tool's error", async () => {
  const round: unknown[] = [];
  round.push(round);
  const seen: unknown[] = [];
  const odd: Tool = {
    name: "odd",
    description: null,
    parameters: [{ name: "n", schema: {}, required: true }],
    run: ({ n }) => {
      seen.push(n);
      return n === 1 ? round : (n as bigint) + 1n;
    },
  };
  const { lm, result } = run(
    [turn("odd", { n: 1 }), turn("odd", {}).replace("{}", '{"n": 100000000000000000000}'), turn("finish", {}), answer],
    {
      tools: [odd],
    },
  );
  const { outputs } = await result;
  expect(seen).toEqual([1, 10n ** 20n]);
  expect(userText(lm, 2)).toContain("[[ ## observation_1 ## ]]\n100000000000000000001");
  // As text: a Prediction has to survive JSON.
  expect(outputs.trajectory).toMatchObject({ tool_args_1: { n: "100000000000000000000" }, observation_1: "100000000000000000001" });
  expect(outputs.trajectory).toMatchObject({ observation_0: expect.stringContaining("Execution error in odd: \nSignatureError: ") });
});

test("cancelling reaches the tool and ends the call with the reason", async () => {
  const controller = new AbortController();
  const reason = new Error("left");
  const slow: Tool = {
    name: "slow",
    description: null,
    parameters: [],
    run: (_, { signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        controller.abort(reason);
      }),
  };
  await expect(run([turn("slow", {}), answer], { tools: [slow], signal: controller.signal }).result).rejects.toBe(reason);
});

test("calls do not share anything: many at once give what one gives", async () => {
  const call = () => run([turn("search", { query: "x" }), turn("finish", {}), answer]).result;
  const all = await Promise.all(Array.from({ length: 20 }, call));
  expect(new Set(all.map(({ outputs }) => JSON.stringify(outputs))).size).toBe(1);
});

test("streamed, the extraction's fields come as events and the result is the same", async () => {
  const lm = scriptedLM([turn("search", { query: "x" }), turn("finish", {}), answer]);
  const events: EngineEvent[] = [];
  for await (const event of nativeEngine.stream(callOf(lm, { kind: "react", tools: [search] }))) events.push(event);
  expect(events.filter(({ type }) => type === "delta").map((event) => "field" in event && event.field)).toContain("answer");
  expect(events.at(-1)).toMatchObject({ type: "done", result: { outputs: { answer: 4, trajectory: { observation_1: "Completed." } } } });
});

test("saved state of both predictors is used; a field called trajectory is refused with a remedy", async () => {
  const { lm, result } = run([turn("finish", {}), answer], {
    predictors: { react: { instructions: "Think." }, "extract.predict": { instructions: "Extract." } },
  });
  await result;
  expect(lm.requests.map(({ messages }) => String(messages[0]!.content).split("objective is: ")[1])).toEqual([
    "\n        Think.",
    "\n        Extract.",
  ]);
  const signature = signatureOf([{ name: "trajectory", type: "str" }], [{ name: "answer", type: "str" }]);
  await expect(run([], { signature }).result).rejects.toMatchObject({ code: "config_invalid", remedy: "Rename the field." });
});
