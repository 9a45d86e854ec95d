/**
 * DSPy's `infer_prefix` (dspy-semantics 1.3): `longURLName2go` -> `Long URL Name 2 Go:`. Prompts never show it;
 * state files do.
 */
export function inferPrefix(name: string): string {
  const spaced = name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([a-zA-Z])(\d)/g, "$1_$2")
    .replace(/(\d)([a-zA-Z])/g, "$1_$2");
  const words = spaced.split("_").map((word) => (isUpper(word) ? word : capitalize(word)));
  return `${words.join(" ")}:`;
}

/** Python's `str.isupper`: at least one cased character, none of them lower. */
const isUpper = (word: string): boolean => word === word.toUpperCase() && word !== word.toLowerCase();

function capitalize(word: string): string {
  const [first = "", ...rest] = word;
  return first.toUpperCase() + rest.join("").toLowerCase();
}
