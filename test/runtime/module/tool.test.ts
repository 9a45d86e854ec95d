/** Tools by hand, tools from generated code, and what is no tool. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { react } from "../../../runtime/modules/react.ts";
import { tool } from "../../../runtime/tool.ts";
import { registerTool, toolCode } from "../../../runtime/validate/compiled-tool.ts";
import { QA } from "./signatures.ts";

const context = { signal: new AbortController().signal };

describe("by hand", () => {
  test("a zod schema gives parameters and is enforced, defaults included", async () => {
    const search = tool({
      name: "search",
      description: "Finds.",
      input: z.object({ query: z.string().describe("what"), k: z.number().int().default(3) }),
      run: ({ query, k }) => `${query} x${k}`,
    });
    expect(search).toMatchObject({ name: "search", description: "Finds." });
    expect(search.parameters).toEqual([
      { name: "query", schema: { type: "string", description: "what" }, required: true },
      { name: "k", schema: { type: "integer", default: 3 }, required: false, default: 3 },
    ]);
    expect(await search.run({ query: "a" }, context)).toBe("a x3");
    await expect(search.run({ query: 5 }, context)).rejects.toMatchObject({
      name: "ToolError",
      code: "tool_failed",
      tool: "search",
      message: expect.stringContaining("query"),
    });
  });

  test("a JSON Schema gives parameters; no description is null", () => {
    const add = tool({
      name: "add",
      input: { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
      run: ({ a }) => a + 1,
    });
    expect(add.description).toBeNull();
    expect(add.parameters).toEqual([{ name: "a", schema: { type: "integer" }, required: true }]);
    expect(add.run({ a: 1 }, context)).toBe(2);
  });

  test("what is wrong is named", () => {
    const run = () => 1;
    for (const [given, key] of [
      [{ name: "a b", input: {}, run }, "name"],
      [{ name: "a", input: {}, run: 5 }, "run"],
      [{ name: "a", input: z.string(), run }, "input"],
      [{ name: "a", input: null, run }, "input"],
    ] as const)
      expect(() => tool(given as never)).toThrow(expect.objectContaining({ code: "config_invalid", configKey: key }));
  });
});

test("a function is found by its name in what was generated, and refused with the ways out otherwise", async () => {
  async function lookUp(term: string) {
    return `${term}!`;
  }
  expect(() => tool(lookUp)).toThrow(/lookUp is not compiled.*dspex\/register/s);
  registerTool(
    "lookUp",
    toolCode(
      { name: "lookUp", description: null, parameters: [{ name: "term", schema: { type: "string" }, required: true }], call: "named" },
      ({ term }) => ({ term }),
    ),
  );
  const made = tool(lookUp);
  expect(made.name).toBe("lookUp");
  expect(await made.run({ term: "x" }, context)).toBe("x!");
  expect(tool(lookUp, { name: "find", description: "d" })).toMatchObject({ name: "find", description: "d" });
});

test("react looks at its tools when it is made", () => {
  const fine = tool({ name: "t", input: { type: "object", properties: {} }, run: () => 1 });
  expect(() => react(QA, [fine])).not.toThrow();
  expect(() => react(QA, [(() => 1) as never])).toThrow(/bare function/);
  expect(() => react(QA, [fine, fine])).toThrow(/two named "t"/);
  expect(() => react(QA, fine as never)).toThrow(/list of tools/);
  expect(() => react(QA, [fine], { maxIters: 0 })).toThrow(/maxIters/);
  expect(() => react(QA, [fine], { maxItters: 2 } as never)).toThrow(/Did you mean `maxIters`/);
});
