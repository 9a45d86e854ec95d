/** Python's names for containers and the TypeScript form of each: the twin of `runtime/validate/container-kind.ts`. */
export type ContainerKind = "array" | "set" | "record" | "tuple" | "unknown";

/** By the last part of the name: `typing.List`, `collections.abc.Sequence` and `list` are all arrays. */
export function containerKind(of: string): ContainerKind {
  switch (of.slice(of.lastIndexOf(".") + 1).toLowerCase()) {
    case "list":
    case "sequence":
    case "mutablesequence":
    case "iterable":
    case "collection":
    case "deque":
      return "array";
    case "set":
    case "frozenset":
    case "abstractset":
    case "mutableset":
      return "set";
    case "dict":
    case "mapping":
    case "mutablemapping":
    case "ordereddict":
    case "defaultdict":
      return "record";
    case "tuple":
      return "tuple";
    default:
      return "unknown";
  }
}
