/** A model from a dict: fields by alias, defaults, constraints; what it does not know is ignored. */
import type { Constraints, ModelType } from "../../spec.ts";
import { floatRepr } from "../python/float.ts";
import { Bytes, Instance, isFloat, isInt, PySet, type PyValue, Tuple } from "../python/value.ts";
import { constantValue } from "../values/constant.ts";
import { toPython } from "../values/python.ts";
import { refuse } from "./atoms.ts";
import type { Coerce } from "./index.ts";
import { Invalid, STRICT, type State } from "./state.ts";

export function coerceModel(type: ModelType, value: PyValue, state: State, inner: Coerce, outer: State): PyValue {
  if (value instanceof Instance && value.of === type.name) return value;
  if (!(value instanceof Map)) return refuse(`a ${type.name}`, value);
  if (state.depth > 200) throw new Invalid("nested too deeply");
  const values = new Map<string, PyValue>();
  let set = 0;
  for (const field of type.fields) {
    const key = field.alias !== undefined && !(byName && !value.has(field.alias)) ? field.alias : field.name;
    if (value.has(key)) {
      const own = state.attempt();
      try {
        values.set(field.name, hold(inner(field.type, value.get(key)!, own), field.constraints));
      } catch (error) {
        if (error instanceof Invalid) throw new Invalid(`${key}: ${error.message}`);
        throw error;
      }
      state.absorb(own);
      set++;
    } else if (field.default !== undefined) values.set(field.name, toPython(constantValue(field.default), field.type));
    else throw new Invalid(`${key}: the field is missing`);
  }
  outer.absorb(state);
  outer.floor(STRICT);
  outer.fieldsSet = (outer.fieldsSet ?? 0) + set;
  return new Instance(type.name, values);
}

let byName = false;
/** `validate_python(..., by_name=True)`: XML's tags are field names, whatever the aliases. */
export function withFieldNames<T>(run: () => T): T {
  byName = true;
  try {
    return run();
  } finally {
    byName = false;
  }
}

/** A model's constraints are pydantic's, so they are enforced (a signature's own are advice only in DSPy). */
function hold(value: PyValue, constraints: Constraints | undefined): PyValue {
  if (!constraints || value === null) return value;
  const number = isInt(value) || isFloat(value) ? Number(value) : undefined;
  const size =
    typeof value === "string"
      ? [...value].length
      : Array.isArray(value)
        ? value.length
        : value instanceof Map
          ? value.size
          : value instanceof PySet || value instanceof Tuple
            ? value.items.length
            : value instanceof Bytes
              ? value.data.length
              : undefined;
  for (const [name, bound] of Object.entries(constraints)) {
    const limit = Number(bound);
    const holds =
      name === "pattern"
        ? typeof value !== "string" || new RegExp(String(bound), "u").test(value)
        : name === "allow_inf_nan"
          ? bound === true || number === undefined || Number.isFinite(number)
          : name === "min_length"
            ? size === undefined || size >= limit
            : name === "max_length"
              ? size === undefined || size <= limit
              : number === undefined
                ? true
                : name === "gt"
                  ? number > limit
                  : name === "ge"
                    ? number >= limit
                    : name === "lt"
                      ? number < limit
                      : name === "le"
                        ? number <= limit
                        : name === "multiple_of"
                          ? Math.abs(number % limit) <= Math.abs(number) / 1e9 ||
                            Math.abs(Math.abs(number % limit) - limit) <= Math.abs(number) / 1e9
                          : true;
    if (!holds)
      throw new Invalid(
        `${name} ${typeof bound === "number" && !Number.isInteger(bound) ? floatRepr(bound) : String(bound)} does not hold`,
      );
  }
  return value;
}
