import { expect, it } from "vitest";
import { cleandoc } from "../../../compiler/3-check/cleandoc.ts";

// inspect.cleandoc of Python 3.11.
it.each([
  ["\n    Doc first.\n      indented\n    ", "Doc first.\n  indented"],
  ["  a\n\t b\n\n\n", "a\nb"],
  ["a", "a"],
  ["", ""],
  ["  first\n    second\n  third", "first\n  second\nthird"],
  ["first\n\n   second\n \n   third\n", "first\n\nsecond\n\nthird"],
  ["\u00a0a\n\u00a0b", "a\nb"],
  ["\ufeffa\n  b", "\ufeffa\nb"],
  ["a\tb\n\tc", "a       b\nc"],
])("%j", (text, clean) => {
  expect(cleandoc(text)).toBe(clean);
});
