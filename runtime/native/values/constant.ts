/** A compiled constant (a default, a literal's member) as the Python value it stands for. */
import type { Constant } from "../../spec.ts";
import { literalEval } from "../python/literal-eval.ts";
import { asInt, Float, Opaque, type PyValue } from "../python/value.ts";

export function constantValue(value: Constant): PyValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(constantValue);
  if ("float" in value) return new Float(Number(value.float.replace(/^([-+]?)inf$/, "$1Infinity")));
  if ("int" in value) return asInt(BigInt(value.int));
  if ("repr" in value) return literalEval(value.repr) ?? new Opaque(value.repr);
  return new Map(
    (value as { dict: readonly (readonly [Constant, Constant])[] }).dict.map(([key, item]) => [constantValue(key), constantValue(item)]),
  );
}
