/** The test of a type that one expression decides. */
import type { TypeSpec } from "../../../runtime/abi.ts";
import { containerKind } from "../container-kind.ts";
import { constantLiteral } from "../literal.ts";
import { isPlain } from "./kinds.ts";

/** An expression that is true where `x` is no value of the plain type; null where every value is one; "" for types that are not plain. */
export function failsTest(type: TypeSpec, x: string, abi: string): string | null {
  if (typeof type === "string") return atomFails(type, x, abi);
  switch (type.kind) {
    case "literal":
      return notAmong(type.values.map(constantLiteral), x);
    case "enum":
      return notAmong(
        type.members.map(([, value]) => JSON.stringify(value)),
        x,
      );
    case "class":
      return `!${abi}.isInstance(${JSON.stringify(type.name)}, ${x})`;
    case "union": {
      if (!isPlain(type)) return "";
      const tests = type.members.map((member) => failsTest(member, x, abi));
      return tests.includes(null) ? null : tests.join(" && ");
    }
    case "generic":
      return containerKind(type.of) === "unknown" ? null : "";
    default:
      return "";
  }
}

function notAmong(values: readonly string[], x: string): string {
  return values.length <= 6 ? values.map((value) => `${x} !== ${value}`).join(" && ") : `![${values.join(", ")}].includes(${x})`;
}

function atomFails(type: string, x: string, abi: string): string | null {
  switch (type) {
    case "str":
    case "complex":
      return `typeof ${x} !== "string"`;
    case "int":
      return `!Number.isSafeInteger(${x})`;
    case "float":
      return `typeof ${x} !== "number"`;
    case "bool":
      return `typeof ${x} !== "boolean"`;
    case "bytes":
    case "bytearray":
      return `!(${x} instanceof Uint8Array)`;
    case "none":
      return `${x} !== null`;
    case "list":
    case "tuple":
      return `!Array.isArray(${x})`;
    case "set":
    case "frozenset":
      return `!(${x} instanceof Set)`;
    case "dict":
      return `!${abi}.isRecord(${x})`;
    default:
      return null;
  }
}
