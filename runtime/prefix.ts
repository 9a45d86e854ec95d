import { pattern } from "./pattern.ts";

/**
 * DSPy's `infer_prefix` (dspy-semantics 1.3): `longURLName2go` -> `Long URL Name 2 Go:`. Prompts never show it;
 * state files do. Python's `\d` is a digit of any script.
 */
export function inferPrefix(name: string): string {
  const spaced = name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(LETTER_DIGIT(), "$1_$2")
    .replace(DIGIT_LETTER(), "$1_$2");
  const words = spaced.split("_").map((word) => (isUpper(word) ? word : capitalize(word)));
  return `${words.join(" ")}:`;
}

const LETTER_DIGIT = /* @__PURE__ */ pattern("([a-zA-Z])(\\p{Nd})", "gu");
const DIGIT_LETTER = /* @__PURE__ */ pattern("(\\p{Nd})([a-zA-Z])", "gu");
const UPPER = /* @__PURE__ */ pattern("\\p{Uppercase}");
const NOT_UPPER = /* @__PURE__ */ pattern("[\\p{Lowercase}\\p{Lt}]");

/** Python's `str.isupper`: at least one cased character, none of them lower. */
const isUpper = (word: string): boolean => UPPER().test(word) && !NOT_UPPER().test(word);

/** The first letter as a title has it: `ß` is `Ss` there, and Georgian has no capitals in titles. */
function capitalize(word: string): string {
  const [first = ""] = word;
  const [upper = "", ...rest] = /[ა-ჿ]/.test(first) ? first : first.toUpperCase();
  return upper + rest.join("").toLowerCase() + word.toLowerCase().slice(first.toLowerCase().length);
}
