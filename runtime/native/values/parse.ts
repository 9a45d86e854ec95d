/** `parse_value`: a piece of a completion as a value of the declared type (dspy-semantics 3.2). Throws where DSPy does. */
import type { TypeSpec } from "../../spec.ts";
import { coerce, Invalid } from "../coerce/index.ts";
import { repairLoads } from "../json-repair/index.ts";
import { sameValue } from "../python/equal.ts";
import { CharacterName, literalEval, Unhashable } from "../python/literal-eval.ts";
import { str } from "../python/repr.ts";
import { Member, type PyValue } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { constantValue } from "./constant.ts";

export function parseValue(value: PyValue, type: TypeSpec): PyValue {
  if (type === "str") return str(value);
  if (typeof type === "object" && type.kind === "enum") {
    const member = type.members.find(([, own]) => sameValue(own, value)) ?? type.members.find(([name]) => name === value);
    if (!member) throw new Invalid(`${str(value)} is not a valid name or value for the enum ${type.name}`);
    return new Member(type, member[0], member[1]);
  }
  let text = value;
  if (typeof type === "object" && type.kind === "literal") {
    const allowed = type.values.map(constantValue);
    const found = allowed.find((member) => sameValue(member, value));
    // Python's `in` compares with ==, so True is found among ints; the value itself is returned.
    if (found !== undefined) return value;
    if (typeof value === "string") {
      const bare = unwrap(value);
      if (allowed.includes(bare)) return bare;
      text = bare;
    }
  }
  if (typeof text !== "string") return coerce(type, text);
  if (typeof type === "object" && type.kind === "union" && type.members.includes("none") && type.members.includes("str"))
    return coerce(type, text);

  let candidate: PyValue = repairLoads(text);
  if (candidate === "" && text !== "") {
    const literal = pythonLiteral(text);
    candidate = literal === undefined ? text : literal;
  }
  try {
    return coerce(type, candidate);
  } catch (error) {
    if (!(error instanceof Invalid) || !(typeof type === "object" && type.kind === "class" && type.name.startsWith("dspy."))) throw error;
    try {
      // DSPy's own types may read the raw text.
      return coerce(type, text);
    } catch {
      throw error;
    }
  }
}

function pythonLiteral(text: string): PyValue | undefined {
  try {
    return literalEval(text);
  } catch (error) {
    throw error instanceof Unhashable || error instanceof CharacterName ? new Invalid(error.message) : error;
  }
}

/** `Literal['a']`, `str[a]`, `'a'` and `"a"` all say a. */
function unwrap(value: string): string {
  let text = strip(value);
  if ((text.startsWith("Literal[") || text.startsWith("str[")) && text.endsWith("]")) text = text.slice(text.indexOf("[") + 1, -1);
  if (text.length > 1 && text[0] === text.at(-1) && (text[0] === '"' || text[0] === "'")) text = text.slice(1, -1);
  return text;
}
