import { Float } from "../values.ts";
import type { CompareExpression } from "./ast.ts";

const plain = (value: unknown): unknown => (value instanceof Float ? value.value : value);

/** Equality is of the same type and value; order is of two numbers or two strings, and false otherwise. */
export function compare(operator: CompareExpression["operator"], a: unknown, b: unknown): boolean {
  const [left, right] = [plain(a), plain(b)];
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  const ordered = (typeof left === "number" && typeof right === "number") || (typeof left === "string" && typeof right === "string");
  if (!ordered) return false;
  const [low, high] = [left as number, right as number];
  return operator === "<" ? low < high : operator === "<=" ? low <= high : operator === ">" ? low > high : low >= high;
}
