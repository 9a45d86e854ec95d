import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerPassageMatch, EM, exactMatch, F1, f1Score, HotPotF1, normalizeText } from "../../../runtime/metrics/index.ts";
import { readJson, record } from "../../conformance/json.ts";
import { metricRow } from "../../conformance/metrics.ts";

test("every metric row of the corpus holds", () => {
  const rows = readFileSync(new URL("../../conformance/rows/metrics.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  expect(rows.length).toBeGreaterThan(100);
  const failures = rows
    .map((line) => [JSON.parse(line).id, metricRow(record(readJson(line)))])
    .filter(([, difference]) => difference !== undefined);
  expect(failures).toEqual([]);
});

describe("normalizeText", () => {
  test("has Python's idea of a word: a combining mark ends one, an underscore does not", () => {
    expect(normalizeText("à la")).toBe("\u0300 la"); // the letter a stands alone before its accent
    expect(normalizeText("a_b the_end")).toBe("ab theend"); // the underscore is punctuation, and goes first
    expect(normalizeText("x\u00a0the\u3000y")).toBe("x y");
    expect(normalizeText("“A” – the end")).toBe("“ ” – end");
  });
  test("leaves words and single blanks, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const normal = normalizeText(text);
        expect(normal).not.toMatch(/[!-/:-@A-Z[-`{-~]|^ | $| {2}/);
      }),
    );
  });
});

test("scores are the best over the answers, between 0 and 1, and symmetric where DSPy's are", () => {
  const text = fc.array(fc.constantFrom("the", "cat", "sat", "on", "mat", "yes", "no")).map((words) => words.join(" "));
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1 }), (prediction, answers) => {
      const f1 = F1(prediction, answers);
      expect(f1).toBeGreaterThanOrEqual(HotPotF1(prediction, answers));
      expect(f1).toBeLessThanOrEqual(1);
      expect(f1).toBe(Math.max(...answers.map((answer) => f1Score(answer, prediction))));
      if (EM(prediction, answers) && normalizeText(prediction) !== "") expect(f1).toBe(1);
      expect(exactMatch(prediction, answers)).toBe(EM(prediction, answers));
    }),
  );
});

test("what is no string, and an empty list, are errors that say so", () => {
  expect(() => EM(null as never, ["x"])).toThrow(/strings; it was given null/);
  expect(() => EM("x", "x" as never)).toThrow(/must be a list/);
  expect(() => F1("x", [])).toThrow(RangeError);
  expect(() => answerPassageMatch({ answer: 5 as never }, { context: [] })).toThrow(/string or a list/);
});

test("a passage match is word by word", () => {
  expect(answerPassageMatch({ answer: "par" }, { context: ["paris"] })).toBe(false);
  expect(answerPassageMatch({ answer: [] }, { context: ["paris"] })).toBe(false);
});
