/** Constants in Python's spelling. The twin of what `runtime/type-text.ts` has (a test holds the two equal). */
import type { Constant } from "../../runtime/abi.ts";

/** Of the texts of its members. */
export const tupleText = (members: readonly string[]): string => `(${members.join(", ")}${members.length === 1 ? "," : ""})`;

/** A constant as Python's `repr` writes it. */
export function constantText(value: Constant): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return stringRepr(value);
  if (Array.isArray(value)) return `[${value.map(constantText).join(", ")}]`;
  if ("float" in value) return value.float;
  if ("int" in value) return value.int;
  if ("repr" in value) return value.repr;
  return `{${(value as { dict: readonly (readonly [Constant, Constant])[] }).dict.map(([k, v]) => `${constantText(k)}: ${constantText(v)}`).join(", ")}}`;
}

/** Below 0.0001 Python writes an exponent, of at least two digits: `1e-05`. A number without a fraction is an int here. */
function numberText(value: number): string {
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}

/** `repr(str)`: what cannot be printed is written as a number. */
function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const escaped = text.replace(/[\\\p{C}\p{Zl}\p{Zp}\p{Zs}]/gu, (c) => {
    if (c === " ") return c;
    const code = c.codePointAt(0)!;
    if (named[c]) return named[c];
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
