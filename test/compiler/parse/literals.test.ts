/** Python's numbers and texts. The expected values are Python 3.11's own. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floatRepr, readNumeral } from "../../../compiler/2-parse/numeral.ts";
import { bytesRepr, readText } from "../../../compiler/2-parse/text-literal.ts";

describe("numerals", () => {
  it.each([
    ["0", "int", "0"],
    ["00", "int", "0"],
    ["1_000", "int", "1000"],
    ["0x_1F", "int", "31"],
    ["0o17", "int", "15"],
    ["0B101", "int", "5"],
    ["123456789012345678901234567890", "int", "123456789012345678901234567890"],
    ["1.", "float", "1.0"],
    [".5", "float", "0.5"],
    ["1e3", "float", "1000.0"],
    ["1E-7", "float", "1e-07"],
    ["1e16", "float", "1e+16"],
    ["123456789012345.6", "float", "123456789012345.6"],
    ["09.5", "float", "9.5"],
    ["1e400", "float", "inf"],
    ["0.0001", "float", "0.0001"],
    ["0.00001", "float", "1e-05"],
    ["1_0.5_0", "float", "10.5"],
    ["1j", "complex", "1j"],
    ["1.5J", "complex", "1.5j"],
    ["1e3j", "complex", "1000j"],
    ["09j", "complex", "9j"],
  ])("%s is the %s %s", (image, type, text) => {
    expect(readNumeral(image)).toEqual({ type, text });
  });

  it.each(["09", "1__0", "1_", "0x", "0b2", "0o8", "1x", "1.e", "1.real", "1e", "0_x1"])("%s is no number", (image) => {
    expect(readNumeral(image)).toHaveProperty("problem");
  });

  it("writes floats so that they read back, exponent or not", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatRepr(value);
        expect(Number(text)).toBe(value);
        const size = Math.abs(value);
        expect(/e/.test(text)).toBe(size !== 0 && (size < 1e-4 || size >= 1e16));
        expect(text).toMatch(/^-?\d+\.\d+$|^-?\d(?:\.\d+)?e[+-]\d{2,}$/);
      }),
    );
  });
});

describe("texts", () => {
  it.each([
    ["'a'", "a"],
    ['"it\'s"', "it's"],
    ["'''a\nb'''", "a\nb"],
    ["'a\\\nb'", "ab"],
    ["r'\\n'", "\\n"],
    ["u'é'", "é"],
    ["'\\x41\\u00e9\\U0001F642'", "Aé🙂"],
    ["'\\7\\777\\08'", "\x07\u01ff\x008"],
    ["'\\d\\ '", "\\d\\ "],
    ["'\\a\\b\\f\\v'", "\x07\b\f\v"],
    ["'\\''", "'"],
    ["''", ""],
    ['""""a"b"""', '"a"b'],
  ])("%s", (image, value) => {
    expect(readText(image)).toMatchObject({ kind: "text", value, problem: undefined });
  });

  it.each([
    ["'\\x4'", 1, 3],
    ["'ab\\u12'", 3, 4],
    ["'\\U00110000'", 1, 10],
    ["'\\N{BULLET}'", 1, 10],
    ["b'é'", 2, 1],
  ])("%s is refused at its very place", (image, at, length) => {
    expect(readText(image).problem).toMatchObject({ at, length });
  });

  it.each([
    ["b'a'", "b'a'"],
    ["b'\\x00\\xff\\n'", "b'\\x00\\xff\\n'"],
    ['b"\'"', 'b"\'"'],
    ["b'\\u0041'", "b'\\\\u0041'"],
  ])("%s has the repr %s", (image, repr) => {
    expect(bytesRepr(readText(image).value)).toBe(repr);
  });
});
