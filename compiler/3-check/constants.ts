/** Python constants as data (`Constant` in runtime/spec.ts). */
import type { Constant } from "../../runtime/abi.ts";
import type { ExpressionNode, NumberNode } from "../2-parse/ast.ts";

/** Undefined when the expression is not a constant. */
export function constantOf(node: ExpressionNode): Constant | undefined {
  switch (node.kind) {
    case "string":
      return node.value;
    case "keyword":
      return node.value;
    case "number":
      return numberConstant(node);
    case "negative":
      return node.operand.kind === "number" ? negate(numberConstant(node.operand)) : undefined;
    case "bytes":
      return { repr: node.text };
    case "ellipsis":
      return { repr: "Ellipsis" };
    case "list":
    case "tuple": {
      // A tuple's and a set's default reach the caller as an array, which the field's type then turns into its own.
      const items = node.items.map(constantOf);
      return items.every((item) => item !== undefined) ? (items as Constant[]) : undefined;
    }
    case "dict": {
      const pairs = node.entries.map(([key, value]) => [constantOf(key), constantOf(value)] as const);
      return pairs.every(([key, value]) => key !== undefined && value !== undefined)
        ? { dict: pairs as [Constant, Constant][] }
        : undefined;
    }
    default:
      return undefined;
  }
}

export function numberConstant(node: NumberNode): Constant {
  if (node.type === "complex") return { repr: node.text };
  const value = Number(node.text);
  if (node.type === "int") return Number.isSafeInteger(value) ? value : { int: node.text };
  return Number.isFinite(value) && !Number.isInteger(value) ? value : { float: node.text };
}

function negate(value: Constant): Constant {
  if (typeof value === "number") return value === 0 ? 0 : -value;
  const flip = (text: string) => (text.startsWith("-") ? text.slice(1) : `-${text}`);
  if (typeof value === "object" && value && "float" in value) return { float: flip(value.float) };
  if (typeof value === "object" && value && "int" in value) return { int: flip(value.int) };
  return { repr: flip((value as { readonly repr: string }).repr) };
}

/** Equal for Python's `Literal`, which tells `1` from `True` and from `1.0`. */
export function constantKey(value: Constant): string {
  return JSON.stringify(value);
}
