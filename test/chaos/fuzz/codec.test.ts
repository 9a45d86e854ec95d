/** Bodies in TypeScript: any value comes back as it was or is refused by name; any bytes are read or refused, quickly. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pack, toWire, unpack, WireError } from "../../../runtime/python/wire/codec.ts";
import { Float } from "../../../runtime/values.ts";

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.constantFrom("\0", "\ud800", "a\udfffb", "__proto__", "constructor", ""),
);
const scalar = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  text,
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt(),
  fc.uint8Array(),
  fc.constantFrom(0xffff_ffff, 0x1_0000_0000, -0x8000_0001, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 64, 1e308, 5e-324),
  fc.date({ noInvalidDate: true }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("any"), { maxLength: 5 }), fc.dictionary(text, tie("any"), { maxKeys: 5 })),
})).any;

/** What JavaScript can hold of a value that went to Python and came back: same number, same text, same shape. */
function plain(item: unknown): unknown {
  if (item instanceof Float) return item.value;
  if (item instanceof Uint8Array) return { bytes: [...item] };
  if (item instanceof Date) return { date: item.getTime() };
  // A whole number is a number where that is exact, and a bigint where it is not.
  if (typeof item === "bigint") return Number.isSafeInteger(Number(item)) ? Number(item) : item;
  if (Array.isArray(item)) return item.map(plain);
  if (item instanceof Map) return { map: [...item].map(([key, entry]) => [plain(key), plain(entry)]) };
  if (item instanceof Set) return { set: [...item].map(plain) };
  if (typeof item === "object" && item !== null)
    return { entries: Object.keys(item).map((key) => [key, plain((item as Record<string, unknown>)[key])]) };
  return item;
}

describe("bodies", () => {
  test("a value comes back as it was", () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(plain(unpack(pack({ value: toWire(given) })).value)).toEqual(plain(given));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["a function", () => 1],
    ["a symbol", Symbol("s")],
    ["a Promise", Promise.resolve(1)],
    ["an invalid Date", new Date(Number.NaN)],
    ["a Float64Array", new Float64Array(1)],
    ["nesting without end", Array.from({ length: 300 }).reduce<unknown>((inner) => [inner], 1)],
  ])("refuses %s by name", (_, given) => {
    expect(() => toWire({ at: [given] })).toThrow(WireError);
  });

  test("refuses a circle", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => toWire(circle)).toThrow(WireError);
  });

  test("any bytes are read or refused, without a hang and without memory for what is only announced", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const start = performance.now();
        try {
          unpack(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
        expect(performance.now() - start).toBeLessThan(2500);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ["an array of 2^32 - 1 items", [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ["a map of 2^32 - 1 entries", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["a text of 2^32 - 1 bytes", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["bytes of 2^32 - 1 bytes", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["an extension of 2^32 - 1 bytes", [0xc9, 0xff, 0xff, 0xff, 0xff, 0x61]],
    ["the reserved byte", [0xc1]],
    ["an unknown extension", [0xd4, 0x7f, 0x00]],
    ["a float of three bytes", [0xc7, 3, 0x60, 0, 0, 0]],
    ["digits that are none", [0xc7, 3, 0x61, 0x61, 0x62, 0x63]],
    ["a datetime that is none", [0xc7, 3, 0x63, 0x61, 0x62, 0x63]],
    ["two values in a row", [0x01, 0x02]],
    ["nothing", []],
  ])("refuses %s", (_, bytes) => {
    const start = performance.now();
    expect(() => unpack(Buffer.from(bytes))).toThrow();
    expect(performance.now() - start).toBeLessThan(2500);
  });

  test("nesting of 100,000 levels is refused, not a crash", () => {
    expect(() => unpack(Buffer.alloc(100_000, 0x91))).toThrow();
  });
});
