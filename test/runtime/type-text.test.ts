import { expect, it } from "vitest";
import { compileText } from "../../compiler/compile.ts";
import { constantText, typeText } from "../../runtime/type-text.ts";
import { annotationName } from "../conformance/annotation-name.ts";

const typeOf = (text: string) => compileText(`x: ${text} -> y`).value!.spec.inputs[0]!.type;

// Both spellings as DSPy 3.4.1 gives them.
it.each([
  ["Optional[int]", "Optional[int]", "Union[int, NoneType]"],
  ["None | int | str", "Optional[Union[int, str]]", "Union[NoneType, int, str]"],
  ["tuple[int, ...]", "tuple[int, ...]", "tuple[int, Ellipsis]"],
  ["Callable[..., int]", "Callable[..., int]", "Callable[Ellipsis, int]"],
  ["list[None]", "list[None]", "list[None]"],
  ["List[None]", "list[None]", "list[NoneType]"],
  ["collections.abc.Sequence[dspy.Image]", "collections.abc.Sequence[dspy.Image]", "Sequence[Image]"],
  ["dspy.Reasoning", "dspy.Reasoning", "str"],
  ["dspy.Code['python']", "dspy.Code[('python',)]", "Code_('python',)"],
  ["Literal['a\\nb', \"it's\", 'say \"hi\"']", "Literal['a\\nb', \"it's\", 'say \"hi\"']", "Literal['a\nb', \"it's\", 'say \"hi\"']"],
  ["Literal['both \\' and \"']", "Literal['both \\' and \"']", "Literal['both \\' and \"']"],
  ["Literal[1.5, 1e3, 1e-7, 1j, True, None]", "Literal[1.5, 1000.0, 1e-07, 1j, True, None]", "Literal[1.5, 1000.0, 1e-07, 1j, True, None]"],
  ["Literal[int]", "Literal[<class 'int'>]", "Literal[int]"],
  ["'yes' | 'no'", "Union[ForwardRef('yes'), ForwardRef('no')]", "Union[ForwardRef('yes'), ForwardRef('no')]"],
])("%s", (text, type, annotation) => {
  expect(typeText(typeOf(text))).toBe(type);
  expect(annotationName(typeOf(text))).toBe(annotation);
});

it("writes constants as Python's repr does", () => {
  expect(constantText(["a\u200bé\x00\ud800", { int: "12345678901234567890" }, { dict: [["k", null]] }, false])).toBe(
    "['a\\u200bé\\x00\\ud800', 12345678901234567890, {'k': None}, False]",
  );
});
