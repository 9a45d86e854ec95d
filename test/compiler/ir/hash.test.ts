import { expect, it } from "vitest";
import { compileText } from "../../../compiler/compile.ts";

const hashOf = (text: string, name?: string) => compileText(text, name).value!.spec.hash;

it("is 16 hex digits of what the signature is, not of how it is written or called", () => {
  expect(hashOf("question -> answer")).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf("question -> answer", "Other")).toBe(hashOf("question: str->answer , "));
  expect(hashOf("a: Optional[int] -> b")).toBe(hashOf("a: int | None -> b"));
});

it.each([
  "answer -> question",
  "question: int -> answer",
  "question -> answer, more",
  '"""Do.""" question -> answer',
  'question: str "what" -> answer',
  "question: str(max_length=3) -> answer",
  "question = 'x' -> answer",
])("changes with the content: %s", (text) => {
  expect(hashOf(text)).not.toBe(hashOf("question -> answer"));
});

it("tells `ge=0` from `ge=0.0`, which prompts print differently", () => {
  expect(hashOf("a: float(ge=0) -> b")).not.toBe(hashOf("a: float(ge=0.0) -> b"));
});
