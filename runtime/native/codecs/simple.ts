/**
 * Codecs for what nearly every field is: text, numbers, truth values, choices, lists of text. They are small, they know
 * only well-formed values, and where they know one they agree with the full codecs (a property test holds them equal).
 */
import type { TypeSpec } from "../../spec.ts";
import { floatRepr } from "../python/float.ts";
import { typeName } from "../type-name.ts";
import { BEYOND, type Codec } from "./codec.ts";

const beyond = (): never => {
  throw BEYOND;
};
const INT = /^-?(?:0|[1-9]\d{0,14})$/;
const FLOAT = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const TRUTH: Readonly<Record<string, boolean>> = { True: true, true: true, False: false, false: false };

const write = (value: unknown): string =>
  typeof value === "string"
    ? value
    : typeof value === "number" && Number.isSafeInteger(value)
      ? String(value)
      : value === true
        ? "True"
        : value === false
          ? "False"
          : value === null
            ? "None"
            : beyond();
const read =
  (pattern: RegExp) =>
  (text: string): number =>
    pattern.test(text) && Number.isFinite(+text) ? +text + 0 : beyond();

const atoms: Readonly<Record<string, Codec>> = {
  str: { annotation: "str", note: "", about: "", write, read: (text) => text },
  int: { annotation: "int", note: "must be a single int value", about: "", write, read: read(INT) },
  float: {
    annotation: "float",
    note: "must be a single float value",
    about: "",
    write: (value) => (typeof value === "number" ? floatRepr(value) : write(value)),
    // An int of zero has no sign, a float has.
    read: (text) => (FLOAT.test(text) && Number.isFinite(+text) ? (/[.eE]/.test(text) ? +text : +text + 0) : beyond()),
  },
  bool: { annotation: "bool", note: "must be True or False", about: "", write, read: (text) => TRUTH[text] ?? beyond() },
};

const texts: Codec = {
  annotation: "list[str]",
  note: 'must adhere to the JSON schema: {"type": "array", "items": {"type": "string"}}',
  about: "",
  write: (value) => (isTexts(value) ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]` : beyond()),
  read(text) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {}
    return isTexts(value) ? value : beyond();
  },
};
/** Without surrogates: JSON.stringify escapes a lone one, Python does not. */
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string" && !/[\ud800-\udfff]/.test(item));

export function simpleCodec(type: TypeSpec): Codec | undefined {
  if (typeof type === "string") return Object.hasOwn(atoms, type) ? atoms[type] : undefined;
  if (type.kind === "generic") return type.of === "list" && type.args[0] === "str" && type.args.length === 1 ? texts : undefined;
  if (type.kind !== "literal") return undefined;
  const { values } = type;
  if (!values.every((value) => typeof value === "string")) return undefined;
  return {
    annotation: typeName(type),
    note: `must exactly match (no extra characters) one of: ${values.join("; ")}`,
    about: "",
    write,
    read: (text) => (values.includes(text) ? text : beyond()),
  };
}
