/** Whether a constant is a value of a type: a default that is none is left out with a warning, as DSPy leaves out all. */
import type { Constant, TypeSpec } from "../../runtime/abi.ts";
import { constantKey } from "./constants.ts";

export function fits(value: Constant, type: TypeSpec | "ellipsis"): boolean {
  if (type === "ellipsis") return false;
  if (typeof type === "string") return fitsAtom(value, type);
  switch (type.kind) {
    case "literal":
      return type.values.some((member) => constantKey(member) === constantKey(value));
    case "union":
      return type.members.some((member) => fits(value, member));
    case "generic": {
      const [first, second] = type.args;
      if (isDict(value))
        return /dict|Mapping/i.test(type.of) && (type.args.length < 2 || value.dict.every(([k, v]) => fits(k, first!) && fits(v, second!)));
      if (!Array.isArray(value) || /dict|Mapping|Callable|^type$/i.test(type.of)) return false;
      if (type.of !== "tuple" || second === "ellipsis") return first === undefined || value.every((item) => fits(item as Constant, first));
      return value.length === type.args.length && value.every((item, i) => fits(item as Constant, type.args[i]!));
    }
    case "enum":
      return type.members.some(([, member]) => member === value);
    default:
      // Classes, models and slots decide at run time.
      return true;
  }
}

const isDict = (value: Constant): value is { readonly dict: readonly (readonly [Constant, Constant])[] } =>
  typeof value === "object" && value !== null && "dict" in value;

function fitsAtom(value: Constant, type: string): boolean {
  const tagged = typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  const isInt = (typeof value === "number" && Number.isInteger(value)) || (tagged !== undefined && "int" in tagged);
  const isFloat = (typeof value === "number" && !Number.isInteger(value)) || (tagged !== undefined && "float" in tagged);
  switch (type) {
    case "any":
    case "object":
      return true;
    case "none":
      return value === null;
    case "str":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int":
      return isInt;
    case "float":
      return isInt || isFloat;
    case "dict":
      return isDict(value);
    case "list":
    case "tuple":
    case "set":
    case "frozenset":
      return Array.isArray(value);
    default:
      return tagged !== undefined && "repr" in tagged;
  }
}
