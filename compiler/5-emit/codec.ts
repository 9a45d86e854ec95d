/**
 * Serializers of a side: values to plain JSON and back. They are written only where a value is not its own JSON (a Date,
 * a Set, bytes, an image, a history), as pure exports, so that a bundle holds those it calls.
 */
import type { FieldSpec, ModelType, SignatureSpec, TypeSpec } from "../../runtime/abi.ts";
import { containerKind } from "./container-kind.ts";
import type { ConstDeclaration } from "./declaration.ts";
import { isIdentifier, property } from "./literal.ts";
import type { Interfaces } from "./typescript-type.ts";

type Direction = "encode" | "decode";

/** `encodeTriageInputs` and `decodeTriageInputs`, where they would do something. */
export function codecDeclarations(
  interfaces: Interfaces,
  spec: SignatureSpec,
  side: "inputs" | "outputs",
  type: string,
): ConstDeclaration[] {
  return (["encode", "decode"] as const).flatMap((direction): ConstDeclaration[] => {
    const body = fieldsCode(spec[side], "values", direction, []);
    if (body === undefined) return [];
    const [from, to] = direction === "encode" ? [type, "Record<string, any>"] : ["any", type];
    return [
      { kind: "const", name: interfaces.claim(`${direction}${type}`), type: `(values: ${from}) => ${to}`, value: `(values) => (${body})` },
    ];
  });
}

/** An object literal that spreads the values and replaces those that change; undefined where none does. */
function fieldsCode(
  fields: readonly Pick<FieldSpec, "name" | "type">[],
  of: string,
  direction: Direction,
  open: readonly ModelType[],
): string | undefined {
  const changed = fields.flatMap(({ name, type }) => {
    const place = isIdentifier(name) ? `${of}.${name}` : `${of}[${JSON.stringify(name)}]`;
    const code = valueCode(type, place, direction, open);
    // An absent input stays absent: the validator fills it.
    return code === undefined ? [] : [`${property(name)}: ${place} == null ? ${place} : ${code}`];
  });
  if (changed.length === 0) return undefined;
  return open.length === 0 ? `{\n  ...${of},\n${changed.map((line) => `  ${line},\n`).join("")}}` : `{ ...${of}, ${changed.join(", ")} }`;
}

/** The other form of `x`; undefined where both forms are one. */
function valueCode(type: TypeSpec, x: string, direction: Direction, open: readonly ModelType[]): string | undefined {
  const encode = direction === "encode";
  if (type === "bytes" || type === "bytearray") return encode ? `abi.toBase64(${x})` : `abi.fromBase64(${x})`;
  if (type === "set" || type === "frozenset") return encode ? `[...${x}]` : `new Set(${x})`;
  if (typeof type === "string") return undefined;
  switch (type.kind) {
    case "class":
      if (type.name === "datetime.datetime") return encode ? `${x}.toISOString()` : `new Date(${x})`;
      if (type.name === "dspy.Image") return encode ? `${x}.toJSON()` : `abi.imageOf(${x})`;
      if (type.name === "dspy.History") return encode ? `${x}.toJSON()` : `abi.historyOf(${x})`;
      return undefined;
    case "union": {
      const members = type.members.filter((member) => member !== "none");
      const code = members.length === 1 ? valueCode(members[0]!, x, direction, open) : undefined;
      return code && `(${x} == null ? ${x} : ${code})`;
    }
    case "model":
      // A model inside itself would need a name; its values are written by whoever reads them level by level.
      return open.includes(type) ? undefined : fieldsCode(type.fields, x, direction, [...open, type]);
    case "generic":
      return itemsCode(type, x, direction, open);
    default:
      return undefined;
  }
}

function itemsCode(
  { of, args }: Extract<TypeSpec, { readonly kind: "generic" }>,
  x: string,
  direction: Direction,
  open: readonly ModelType[],
): string | undefined {
  const item = `item${open.length || ""}`;
  const inner = (arg: TypeSpec | "ellipsis" | undefined, at = item) =>
    arg === undefined || arg === "ellipsis" ? undefined : valueCode(arg, at, direction, open);
  const [first, second] = args;
  switch (containerKind(of)) {
    case "array": {
      const code = inner(first);
      return code && `${x}.map((${item}) => (${code}))`;
    }
    case "set": {
      const code = inner(first);
      const items = direction === "encode" ? `[...${x}]` : x;
      const mapped = code ? `${items}.map((${item}) => (${code}))` : items;
      return direction === "encode" ? mapped : `new Set(${mapped})`;
    }
    case "record": {
      const code = inner(second);
      return code && `Object.fromEntries(Object.entries(${x}).map(([key, ${item}]) => [key, ${code}]))`;
    }
    case "tuple": {
      if (second === "ellipsis") {
        const code = inner(first);
        return code && `${x}.map((${item}) => (${code}))`;
      }
      const parts = args.map((arg, i) => inner(arg, `${x}[${i}]`));
      return parts.some((part) => part !== undefined) ? `[${parts.map((part, i) => part ?? `${x}[${i}]`).join(", ")}]` : undefined;
    }
    default:
      return undefined;
  }
}
