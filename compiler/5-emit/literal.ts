/** Data as JavaScript source: one line where it fits, else one entry a line, as a formatter would leave it. */
import type { Constant } from "../../runtime/abi.ts";

const WIDTH = 110;

/** With `open`, an object takes several lines whatever its length. */
export function literal(value: unknown, indent = "", open = false): string {
  if (typeof value !== "object" || value === null) return flatten(value);
  if (!open) {
    const flat = flatten(value);
    if (indent.length + flat.length <= WIDTH) return flat;
  }
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + literal(item, inner))
    : Object.keys(value).flatMap((key) => {
        const item = (value as Record<string, unknown>)[key];
        return item === undefined ? [] : [`${inner}${property(key)}: ${literal(item, inner)}`];
      });
  const [left, right] = Array.isArray(value) ? "[]" : "{}";
  return lines.length === 0 ? `${left}${right}` : `${left}\n${lines.join(",\n")},\n${indent}${right}`;
}

/** On one line; absent and undefined are the same, as in JSON. A loop and no intermediate arrays: it is most of emission's time. */
function flatten(value: unknown): string {
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  let text = "";
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) text += i === 0 ? flatten(value[i]) : `, ${flatten(value[i])}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text === "" ? "" : ", "}${property(key)}: ${flatten(item)}`;
  }
  return text === "" ? "{}" : `{ ${text} }`;
}

/** A property's name in an object literal. `__proto__: x` would set the prototype; computed, it is a key like any other. */
export function property(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isIdentifier(name) ? name : JSON.stringify(name);
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) || /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** A constant of the language as the JavaScript expression of the value it stands for. */
export function constantLiteral(value: Constant): string {
  if (typeof value !== "object" || value === null) return flatten(value);
  if (Array.isArray(value)) return `[${value.map(constantLiteral).join(", ")}]`;
  if ("float" in value) return String(Number(value.float));
  if ("int" in value) return `${value.int}n`;
  if ("repr" in value) return JSON.stringify(value.repr);
  const { dict } = value as { dict: readonly (readonly [Constant, Constant])[] };
  const parts = dict.map(([key, item]) => `${property(typeof key === "string" ? key : constantLiteral(key))}: ${constantLiteral(item)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}
