/**
 * pydantic's lax validation in Python mode: what `TypeAdapter(T).validate_python(value)` returns, or `Invalid`
 * (dspy-semantics 3.2). One function a kind of type; a union tries its members and keeps the most exact match.
 */
import type { TypeSpec } from "../../spec.ts";
import { containerOf } from "../kind.ts";
import type { PyValue } from "../python/value.ts";
import { typeName } from "../type-name.ts";
import { coerceAtom } from "./atoms.ts";
import { coerceChoice, coerceEnum } from "./choices.ts";
import { coerceClass } from "./classes.ts";
import { coerceContainer } from "./containers.ts";
import { coerceModel } from "./model.ts";
import { EXACT, Invalid, State } from "./state.ts";

export { Invalid };

/** How a value inside another is validated; handed down, so that the kinds need not import this file. */
export type Coerce = (type: TypeSpec, value: PyValue, state: State) => PyValue;

export function coerce(type: TypeSpec, value: PyValue): PyValue {
  return inner(type, value, new State());
}

const inner: Coerce = (type, value, state) => {
  if (typeof type === "string") return containerOf(type) ? coerceContainer(type, [], value, state, inner) : coerceAtom(type, value, state);
  switch (type.kind) {
    case "generic":
      return coerceContainer(type.of, type.args, value, state, inner);
    case "literal":
      return coerceChoice(type, value, state);
    case "enum":
      return coerceEnum(type, value, state);
    case "union":
      return coerceUnion(type.members, value, state);
    case "model":
      return coerceModel(type, value, state.within(type), inner, state);
    case "ref": {
      const model = state.models.get(type.name);
      if (!model) throw new Invalid(`${type.name} is not known here`);
      return coerceModel(model, value, state.within(model), inner, state);
    }
    case "class":
      return coerceClass(type, value, state, inner);
    case "slot":
      return coerceAtom("any", value, state);
  }
};

/** pydantic-core's smart mode: the first exact match, else the one with most fields set, else the most exact, else the first. */
function coerceUnion(members: readonly TypeSpec[], value: PyValue, state: State): PyValue {
  const flat = members.flatMap(function flatten(member): readonly TypeSpec[] {
    return typeof member === "object" && member.kind === "union" ? member.members.flatMap(flatten) : [member];
  });
  const some = flat.filter((member) => member !== "none");
  if (value === null && some.length < flat.length) return null;
  if (some.length === 1) return inner(some[0]!, value, state);

  let best: { value: PyValue; state: State } | undefined;
  for (const member of some) {
    const attempt = state.attempt();
    let result: PyValue;
    try {
      result = inner(member, value, attempt);
    } catch (error) {
      if (error instanceof Invalid) continue;
      throw error;
    }
    if (attempt.exactness === EXACT && attempt.fieldsSet === undefined) return result;
    const better =
      best === undefined ||
      (best.state.fieldsSet !== undefined && attempt.fieldsSet !== undefined && best.state.fieldsSet !== attempt.fieldsSet
        ? best.state.fieldsSet < attempt.fieldsSet
        : best.state.exactness < attempt.exactness);
    if (better) best = { value: result, state: attempt };
  }
  if (!best) throw new Invalid(`expected ${some.map((member) => typeName(member)).join(" or ")}`);
  state.absorb(best.state);
  return best.value;
}
