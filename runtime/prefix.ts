/**
 * DSPy's `infer_prefix` (dspy-semantics 1.3): `longURLName2go` -> `Long URL Name 2 Go:`. Prompts never show it;
 * state files do. Python's `\d` is a digit of any script.
 */
export function inferPrefix(name: string): string {
  edge ??= unicode("(?<=[a-z])(?=[A-Z])|(?<=[a-zA-Z])(?=\\p{Nd})|(?<=\\p{Nd})(?=[a-zA-Z])", "gu");
  upper ??= unicode("^(?=.*\\p{Upper})[^\\p{Lower}\\p{Lt}]*$");
  const spaced = name.replace(/(.)([A-Z][a-z]+)/g, "$1_$2").replace(edge, "_");
  const words = spaced.split("_").map((word) => (upper!.test(word) ? word : capitalize(word)));
  return `${words.join(" ")}:`;
}

// Made when first needed, as by pattern.ts; that file beside this one would be one more chunk for every program.
/** No literals: V8 reads those while it parses, a tenth of a millisecond each. */
const unicode = (source: string, flags = "u"): RegExp => new RegExp(source, flags);

/** Between a small letter and a capital, and between a letter and a digit, either way round. */
let edge: RegExp | undefined;
/** Python's `str.isupper`: at least one cased character, none of them lower. */
let upper: RegExp | undefined;

/** The first letter as a title has it: `ß` is `Ss` there, and Georgian has no capitals in titles. */
function capitalize(word: string): string {
  const [first = ""] = word;
  const [upper = "", ...rest] = /[ა-ჿ]/.test(first) ? first : first.toUpperCase();
  return upper + rest.join("").toLowerCase() + word.toLowerCase().slice(first.toLowerCase().length);
}
