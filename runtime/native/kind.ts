/** Python's containers by behaviour, whatever module or alias they are named by. */
import { lastName } from "./type-name.ts";

export type Container = "list" | "tuple" | "set" | "frozenset" | "dict" | "counter" | "sequence" | "iterable";

const KINDS: Readonly<Record<string, Container>> = {
  list: "list",
  mutablesequence: "list",
  deque: "list",
  collection: "list",
  sequence: "sequence",
  iterable: "iterable",
  generator: "iterable",
  tuple: "tuple",
  set: "set",
  abstractset: "set",
  mutableset: "set",
  frozenset: "frozenset",
  dict: "dict",
  mapping: "dict",
  mutablemapping: "dict",
  ordereddict: "dict",
  defaultdict: "dict",
  counter: "counter",
};

/** Undefined for a name that is no container. */
export function containerOf(name: string): Container | undefined {
  return KINDS[lastName(name).toLowerCase()];
}
