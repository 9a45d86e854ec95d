import fc from "fast-check";
import { expect, test } from "vitest";
import { readText } from "../../../../compiler/2-parse/text-literal.ts";
import { dedent } from "../../../../runtime/native/python/dedent.ts";
import { cleandoc } from "../../../../runtime/native/python/doc.ts";
import { floatRepr } from "../../../../runtime/native/python/float.ts";
import { dumps } from "../../../../runtime/native/python/json.ts";
import { JsonError, loads } from "../../../../runtime/native/python/json-loads.ts";
import { CharacterName, literalEval, Unhashable } from "../../../../runtime/native/python/literal-eval.ts";
import { codePointOrder } from "../../../../runtime/native/python/order.ts";
import { repr, str } from "../../../../runtime/native/python/repr.ts";
import { Bytes, Float, PySet, type PyValue, Scalar, Tuple } from "../../../../runtime/native/python/value.ts";
import { splitlines, strip } from "../../../../runtime/native/python/whitespace.ts";

test.each([
  [5, "5.0"],
  [1e20, "1e+20"],
  [1e16, "1e+16"],
  [9999999999999998, "9999999999999998.0"],
  [1e-7, "1e-07"],
  [0.0001, "0.0001"],
  [0.00001, "1e-05"],
  [0.1 + 0.2, "0.30000000000000004"],
  [1.2345678901234568e17, "1.2345678901234568e+17"],
  [100000, "100000.0"],
  [-0, "-0.0"],
  [Number.POSITIVE_INFINITY, "inf"],
  [Number.NaN, "nan"],
  [5e-324, "5e-324"],
  [1.7976931348623157e308, "1.7976931348623157e+308"],
  [123456.789, "123456.789"],
])("repr(float): %s is %s", (value, text) => expect(floatRepr(value)).toBe(text));

test("repr(float) reads back as the same number", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(floatRepr(value))).toBe(value);
    }),
  );
});

test("lines end as str.splitlines says, and strip takes Python's white space only", () => {
  expect(splitlines("a\nb\r\nc\rd\ve\ff\x1cg\x85h\u2028i\n")).toEqual(["a", "b", "c", "d", "e", "f", "g", "h", "i"]);
  expect(splitlines("")).toEqual([]);
  expect(splitlines("\n\n")).toEqual(["", ""]);
  expect(strip("\u00a0\x1f \tx\u2003")).toBe("x");
  expect(strip("\ufeffx\u200b")).toBe("\ufeffx\u200b");
});

test("cleandoc is not idempotent, and every application counts", () => {
  const once = cleandoc("\n    Doc first.\n      indented\n    ");
  expect(once).toBe("Doc first.\n  indented");
  expect(cleandoc(once)).toBe("Doc first.\nindented");
  expect(cleandoc("  a\n\t b\n\n\n")).toBe("a\nb");
  expect(cleandoc("")).toBe("");
  expect(dedent("  a\n    b\n \t\n  c")).toBe("a\n  b\n\nc");
});

test("json.dumps: separators, escapes, numbers, and nothing else escaped", () => {
  const value: PyValue = new Map<PyValue, PyValue>([
    ["2", [1, new Float(1), 1.5, true, null]],
    ["1", 'é"\\\n\u007f\u2028/<\u0001'],
  ]);
  expect(dumps(value)).toBe('{"2": [1, 1.0, 1.5, true, null], "1": "é\\"\\\\\\n\u007f\u2028/<\\u0001"}');
  expect(
    dumps(
      new Map<PyValue, PyValue>([
        ["a", []],
        ["b", new Map()],
        ["c", [1]],
      ]),
      2,
    ),
  ).toBe('{\n  "a": [],\n  "b": {},\n  "c": [\n    1\n  ]\n}');
  expect(dumps("\ud800 \\ud800")).toBe('"\ud800 \\\\ud800"');
});

test("json.loads keeps what JSON.parse loses", () => {
  expect(repr(loads('{"2": 1.0, "1": [12345678901234567890, -0, NaN, 1e400], "2": 5}'))).toBe(
    "{'2': 5, '1': [12345678901234567890, 0, nan, inf]}",
  );
  for (const bad of ["", "{", "[1,]", "{'a': 1}", '"a\nb"', "01", "1.", "[1] x", "\ufeff1", '"\\x41"', "[".repeat(2000)])
    expect(() => loads(bad), bad).toThrow(JsonError);
});

test("json.loads agrees with JSON.parse where both can say it", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(dumps(loads(text)))).toEqual(JSON.parse(text));
    }),
  );
});

test("repr and str of values", () => {
  expect(repr(new Map<PyValue, PyValue>([["it's", [null, true, new Tuple([1]), new Tuple([]), new PySet([])]]]))).toBe(
    `{"it's": [None, True, (1,), (), set()]}`,
  );
  expect(repr("a'\"\n\x7f\u00a0é\u200b😀")).toBe(`'a\\'"\\n\\x7f\\xa0é\\u200b😀'`);
  expect(repr(new Bytes(Uint8Array.from([97, 39, 255])))).toBe(`b"a'\\xff"`);
  expect(repr(new Scalar("timedelta", "-PT1M30.5S"))).toBe("datetime.timedelta(days=-1, seconds=86309, microseconds=500000)");
  expect(str(new Scalar("datetime", "2024-01-02T03:04:05Z"))).toBe("2024-01-02 03:04:05+00:00");
});

test.each<[string, string | undefined]>([
  ["'a' \"b\"", "'ab'"],
  ["0x1F", "31"],
  ["1_000", "1000"],
  [".5", "0.5"],
  ["-5", "-5"],
  ["+5", "5"],
  ["True", "True"],
  ["None", "None"],
  ["1, 2", "(1, 2)"],
  ["(1,)", "(1,)"],
  ["{1: 'a', 'b': [2.0]}", "{1: 'a', 'b': [2.0]}"],
  ["{1, 2}", "{1, 2}"],
  ["set()", "set()"],
  ["b'\\xff'", "b'\\xff'"],
  ["r'\\n'", "'\\\\n'"],
  ["'''a\nb'''", "'a\\nb'"],
  ["1+2j", "(1+2j)"],
  ["5 # five", "5"],
  ["\n5\n", "5"],
  ["'\\u00e9\\x41\\101'", "'éAA'"],
  ["007", undefined],
  ["--5", undefined],
  ["1 + 2", undefined],
  ["f'a'", undefined],
  ["a", undefined],
  ["1__0", undefined],
  ["'a\nb'", undefined],
  ["-True", undefined],
  ["[1", undefined],
  ["1 2", undefined],
  ["-1j", "(-0-1j)"],
  ["1+(2j)", "(1+2j)"],
  ["(-1)+2j", "(-1+2j)"],
  ["-(1)", "-1"],
  ["-(-1)", undefined],
  ["-(1+2j)", undefined],
  ["{1: 'a', True: 'b', 1.0: 'c'}", "{1: 'c'}"],
  ["{1, True, 2}", "{1, 2}"],
  ["(1, ...)", "(1, Ellipsis)"],
  ["'''a\r\nb\rc'''", "'a\\nb\\nc'"],
  ["'a\ud800'", undefined],
  ["5 \\\n", undefined],
  ["{[], (,)}", undefined],
  ["(".repeat(500), undefined],
])("literal_eval(%j)", (text, expected) => {
  const value = literalEval(text);
  expect(value === undefined ? undefined : repr(value)).toBe(expected);
});

test("a list in a set or as a key is Python's TypeError, not text", () => {
  for (const text of ["{[1]}", "{{}: 1}", "{({1},)}"]) expect(() => literalEval(text), text).toThrow(Unhashable);
});

test("a character by its Unicode name is refused, and not taken for other text", () => {
  expect(() => literalEval(String.raw`'a \N{BULLET} b'`)).toThrow(CharacterName);
  for (const text of [String.raw`'\N'`, String.raw`'\N{}'`, String.raw`'\N{A'`, String.raw`'\N{BULLET}`])
    expect(literalEval(text), text).toBeUndefined();
  expect(literalEval(String.raw`r'\N{BULLET}'`)).toBe(String.raw`\N{BULLET}`);
});

const unnamed = (text: string) => {
  try {
    return literalEval(text);
  } catch (error) {
    if (error instanceof CharacterName) return undefined;
    throw error;
  }
};

// The compiler may import nothing of the runtime but types, so each side has Python's escapes; here they are held equal.
test("a string literal says the same in a signature and in a completion", () => {
  const escapes = fc.oneof(
    fc.constantFrom(..."abfnrtvxuUN01234567890'\"\\q\n\r".split("").map((char) => `\\${char}`)),
    fc.string({ minLength: 1, maxLength: 3 }),
    fc.constantFrom("\\x41", "\\x4", "\\u00e9", "\\u12", "\\U0001F600", "\\U00110000", "\\777", "\\N{DASH}", "é"),
  );
  const image = fc
    .tuple(fc.constantFrom("", "r", "b", "rb", "Rb", "u"), fc.constantFrom("'", '"', "'''", '"""'), fc.array(escapes, { maxLength: 6 }))
    .map(([prefix, quote, pieces]) => ({ prefix, quote, body: pieces.join("") }))
    // Text that ends its own literal is another literal.
    .filter(({ quote, body }) => !body.includes(quote[0]!) && !/(?:^|[^\\])(?:\\\\)*\\$/.test(body) && !/[\0\ud800-\udfff]/u.test(body))
    .filter(({ quote, body }) => quote.length === 3 || !/[\n\r]/.test(body));
  fc.assert(
    fc.property(image, ({ prefix, quote, body }) => {
      const text = prefix + quote + body + quote;
      const { value, kind, problem } = readText(text);
      const read = unnamed(text);
      if (problem) expect(read).toBeUndefined();
      else if (kind === "bytes") expect(read).toEqual(new Bytes(Uint8Array.from(value, (char) => char.charCodeAt(0))));
      else expect(read).toBe(value);
    }),
    { numRuns: 3000, examples: [[{ prefix: "b", quote: "'", body: "\\é" }]] },
  );
});

test("strings are ordered by code point", () => {
  expect(["\uffff", "😀", "b", "a\u{10000}", "a"].sort(codePointOrder)).toEqual(["a", "a\u{10000}", "b", "\uffff", "😀"]);
});
