/** Tools are looked at when the module is made: a program that would fail at its first tool call fails at once. */
import { ConfigurationError } from "../errors.ts";
import type { Tool } from "../tool.ts";

export function checkTools(kind: string, tools: readonly Tool[]): readonly Tool[] {
  if (!Array.isArray(tools)) throw invalid(kind, "a list of tools", typeof tools);
  const names = new Set<string>();
  for (const [at, tool] of tools.entries() as IterableIterator<[number, Partial<Tool> | undefined]>) {
    if (typeof tool === "function")
      throw invalid(kind, "tools", `a bare function at ${at}`, `Wrap it: tool(${(tool as { name: string }).name || "fn"}).`);
    if (typeof tool?.name !== "string" || typeof tool.run !== "function" || !Array.isArray(tool.parameters))
      throw invalid(kind, "tools", `something else at ${at}`);
    // DSPy lets the later one of two take the earlier one's place without a word.
    if (names.has(tool.name)) throw invalid(kind, "one tool of each name", `two named "${tool.name}"`);
    names.add(tool.name);
  }
  return Object.freeze([...tools]);
}

function invalid(
  kind: string,
  expected: string,
  actual: string,
  remedy = "Make them with tool(fn) or tool({ name, description, input, run }).",
): ConfigurationError {
  return new ConfigurationError("config_invalid", `${kind}() takes ${expected}; it was given ${actual}.`, {
    configKey: "tools",
    expected,
    actual,
    remedy,
  });
}
