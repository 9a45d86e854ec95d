import { expect, test } from "vitest";
import { majority } from "../../runtime/majority.ts";
import { makePrediction } from "../../runtime/prediction.ts";

const answers = (...list: readonly string[]) => list.map((answer, i) => ({ reasoning: `r${i}`, answer }));

test("the most frequent answer wins, spelled as its first giver spelled it", () => {
  expect(majority(answers("Paris.", "London", "the paris"))).toEqual({ reasoning: "r0", answer: "Paris." });
});

test("of equally frequent answers the earliest wins; empty ones are left out unless all are empty", () => {
  expect(majority(answers("b", "a", "a", "b"))).toMatchObject({ reasoning: "r0" });
  expect(majority(answers("the", "the", "x"))).toMatchObject({ answer: "x" });
  expect(majority(answers("a", "the"))).toMatchObject({ answer: "a" });
});

test("another field, another normalisation, a prediction's completions", () => {
  const list = [
    { score: 1, answer: "x" },
    { score: 2, answer: "y" },
    { score: 2, answer: "z" },
  ];
  expect(majority(list, { field: "score" })).toEqual(list[1]);
  expect(majority(answers("A", "a", "A"), { normalize: (value) => String(value) })).toMatchObject({ answer: "A" });
  const about = { completions: answers("a", "b", "b") } as never;
  expect(majority(makePrediction({ answer: "a" }, about))).toMatchObject({ answer: "b" });
  expect(majority(makePrediction({ answer: "a" }, {} as never))).toMatchObject({ answer: "a" });
  expect(() => majority([])).toThrow(TypeError);
});
