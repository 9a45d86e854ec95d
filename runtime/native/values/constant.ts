/** A compiled constant (a default, a literal's member) as the Python value it stands for. */
import type { Constant } from "../../spec.ts";
import { literalEval } from "../python/literal-eval.ts";
import { asInt, Float, Opaque, type PyValue } from "../python/value.ts";

export function constantValue(value: Constant): PyValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(constantValue);
  const tagged = value as { float?: unknown; int?: unknown; repr?: unknown; dict?: unknown };
  if (typeof tagged.float === "string") return new Float(Number(tagged.float.replace(/^([-+]?)inf$/, "$1Infinity")));
  if (typeof tagged.int === "string") return asInt(BigInt(tagged.int));
  if (typeof tagged.repr === "string") return literalEval(tagged.repr) ?? new Opaque(tagged.repr);
  const dict = tagged.dict as readonly (readonly [Constant, Constant])[] | undefined;
  // A schema's default comes as plain JSON.
  const entries: readonly (readonly [Constant, Constant])[] = Array.isArray(dict) ? dict : Object.entries(value as object);
  return new Map(entries.map(([key, item]) => [constantValue(key), constantValue(item)]));
}
