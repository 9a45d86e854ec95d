/** Lists, tuples, sets and dicts, and what stands for them in lax mode. */
import type { TypeSpec } from "../../spec.ts";
import { namedClass } from "../classes/index.ts";
import { containerOf } from "../kind.ts";
import { dictOf, distinct } from "../python/equal.ts";
import { PySet, type PyValue, Tuple } from "../python/value.ts";
import { refuse, unknownClass } from "./atoms.ts";
import type { Coerce } from "./index.ts";
import { Invalid, LAX, STRICT, type State } from "./state.ts";

type Args = readonly (TypeSpec | "ellipsis")[];

export function coerceContainer(of: string, args: Args, value: PyValue, state: State, inner: Coerce): PyValue {
  const kind = containerOf(of);
  const first = args[0] === "ellipsis" ? undefined : args[0];
  const each = (items: readonly PyValue[], type: TypeSpec | undefined): PyValue[] =>
    items.map((item) => (type === undefined ? item : inside(type, item, state, inner)));
  switch (kind) {
    case "list":
      return each(itemsOf(value, Array.isArray(value), "a list", state), first);
    case "sequence": {
      // A string is a sequence too, of anything but strings.
      if (typeof value === "string" && (first === undefined || first === "any")) return value;
      const items = each(itemsOf(value, Array.isArray(value) || value instanceof Tuple, "a sequence", state), first);
      return value instanceof Tuple ? new Tuple(items) : items;
    }
    case "iterable":
      // Python validates as the iterator is walked, after the answer has been accepted; here it is done at once.
      return each(itemsOf(value, true, "an iterable", state), first);
    case "tuple":
      return tuple(args, value, state, inner);
    case "set":
    case "frozenset": {
      const frozen = kind === "frozenset";
      const items = each(itemsOf(value, value instanceof PySet && value.frozen === frozen, `a ${kind}`, state), first);
      return new PySet(distinct(items) ?? refuse("items that can be hashed", value), frozen);
    }
    case "dict":
    case "counter": {
      if (!(value instanceof Map)) return refuse("a dict", value);
      const keys = first;
      const values = kind === "counter" ? "int" : args[1] === "ellipsis" ? undefined : args[1];
      // An untyped side is Any, which is never an exact match.
      if (value.size > 0 && (keys === undefined || values === undefined)) state.floor(STRICT);
      const entries = [...value].map(
        ([key, item]) =>
          [
            keys === undefined ? key : inside(keys, key, state, inner),
            values === undefined ? item : inside(values, item, state, inner),
          ] as const,
      );
      return dictOf(entries) ?? refuse("keys that can be hashed", value);
    }
    default:
      return (namedClass(of) ?? unknownClass(of)).read(value, state);
  }
}

function inside(type: TypeSpec, value: PyValue, state: State, inner: Coerce): PyValue {
  const own = state.attempt();
  const result = inner(type, value, own);
  state.absorb(own);
  return result;
}

function itemsOf(value: PyValue, exact: boolean, expected: string, state: State): readonly PyValue[] {
  const items = Array.isArray(value)
    ? (value as readonly PyValue[])
    : value instanceof Tuple || value instanceof PySet
      ? value.items
      : undefined;
  if (!items) return refuse(expected, value);
  if (!exact) state.floor(LAX);
  return items;
}

function tuple(args: Args, value: PyValue, state: State, inner: Coerce): PyValue {
  const items = itemsOf(value, value instanceof Tuple, "a tuple", state);
  if (args.length === 0) return new Tuple(items);
  if (args[1] === "ellipsis") return new Tuple(items.map((item) => inside(args[0] as TypeSpec, item, state, inner)));
  if (items.length !== args.length) throw new Invalid(`expected a tuple of ${args.length}, received ${items.length} items`);
  return new Tuple(items.map((item, i) => inside(args[i] as TypeSpec, item, state, inner)));
}
