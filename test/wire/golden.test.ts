/** The bytes both languages agree on: `golden.json` is read here and in test/python/test_wire.py. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { pack, toWire, unpack, WireError } from "../../runtime/python/wire/codec.ts";
import { compressed, encodeFrame, encodeFrames, FrameDecoder, FrameType, LIMITS, ProtocolError } from "../../runtime/python/wire/frame.ts";
import { float, history, image } from "../../runtime/values.ts";

interface Golden {
  readonly frames: readonly {
    readonly type: keyof typeof FrameType;
    readonly stream: number;
    readonly body: string;
    readonly bytes: string;
  }[];
  readonly values: readonly { readonly name: string; readonly bytes: string }[];
}
const golden = JSON.parse(readFileSync(fileURLToPath(new URL("golden.json", import.meta.url)), "utf8")) as Golden;

/** What each row of `values` is in TypeScript; its twin stands in test_wire.py. */
const VALUES: Readonly<Record<string, unknown>> = {
  "int 5": 5,
  "float 5": float(5),
  "float 0.1": 0.1,
  "minus zero": -0,
  "int 2**40": 2 ** 40,
  "int -2**40": -(2 ** 40),
  "int 2**53+1": 2n ** 53n + 1n,
  "int 2**64": 2n ** 64n,
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  text: "snö ☃ 😀",
  "lone surrogate": "a\ud800b",
  bytes: new Uint8Array([0, 1, 255]),
  datetime: new Date("2024-02-29T12:30:15.250Z"),
  "int keys": new Map([[1, "a"]]),
  proto: JSON.parse('{"__proto__": 1}'),
  set: new Set([1, 2]),
  image: image("https://example.com/a.png"),
  history: history([{ answer: "yes" }]),
  nested: { list: [1, [2.5, null]], yes: true },
};

describe("values", () => {
  test("every row is known here", () => expect(golden.values.map(({ name }) => name)).toEqual(Object.keys(VALUES)));
  test.each(golden.values)("$name", ({ name, bytes }) => {
    expect(pack(toWire(VALUES[name])).toString("hex")).toBe(bytes);
  });
  test.each(golden.values.filter(({ name }) => !["float 5", "minus zero", "image", "history"].includes(name)))(
    "$name, and back",
    ({ name, bytes }) => {
      const back: unknown = unpack(Buffer.from(bytes, "hex"));
      expect(back instanceof Uint8Array ? new Uint8Array(back) : back).toEqual(VALUES[name]);
    },
  );
  test.each([
    ["a function", { a: [1, () => 1] }, ["a", 1]],
    ["a symbol", Symbol("s"), []],
    ["an invalid date", [new Date(Number.NaN)], [0]],
    ["a promise", { p: Promise.resolve(1) }, ["p"]],
    ["a typed array that is not of bytes", new Float64Array(1), []],
  ])("%s is refused, with its place", (_, value, path) => {
    const refused = (() => {
      try {
        return toWire(value);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(WireError);
    expect((refused as WireError).path).toEqual(path);
  });
  test("a circle is refused", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => toWire(circle)).toThrow(WireError);
  });
});

const decode = (bytes: Uint8Array, step = bytes.length): [number, number, string][] => {
  const messages: [number, number, string][] = [];
  const decoder = new FrameDecoder((type, stream, body) => messages.push([type, stream, body.toString("hex")]));
  for (let at = 0; at < bytes.length; at += step) decoder.push(Buffer.from(bytes.subarray(at, at + step)));
  return messages;
};

describe("frames", () => {
  test.each(golden.frames)("$type", ({ type, stream, body, bytes }) => {
    const made = [...encodeFrames(FrameType[type], stream, Buffer.from(body, "hex"))].flat();
    expect(Buffer.concat(made).toString("hex")).toBe(bytes);
    expect(decode(Buffer.from(bytes, "hex"))).toEqual([[FrameType[type], stream, body]]);
    expect(decode(Buffer.from(bytes, "hex"), 1)).toEqual([[FrameType[type], stream, body]]);
  });

  test("a long body is cut, and a control frame passes between its parts", () => {
    const body = Buffer.alloc(LIMITS.chunk * 2 + 1, 7);
    const parts = [...encodeFrames(FrameType.result, 9, body)].map((frame) => Buffer.concat(frame));
    expect(parts).toHaveLength(3);
    const [ping] = [...encodeFrames(FrameType.ping, 1, Buffer.from([0xc0]))].map((frame) => Buffer.concat(frame));
    expect(decode(Buffer.concat([parts[0]!, ping!, parts[1]!, parts[2]!]))).toEqual([
      [FrameType.ping, 1, "c0"],
      [FrameType.result, 9, body.toString("hex")],
    ]);
  });

  test.each([
    ["an unknown type", "000000067f00000001c0"],
    ["a type of 0", "000000060000000001c0"],
    ["a length below the header", "0000000401000000"],
    ["a frame beyond its limit", "7fffffff0300000001"],
  ])("%s poisons the connection", (_, bytes) => {
    expect(() => decode(Buffer.from(bytes, "hex"))).toThrow(ProtocolError);
  });

  test("a message beyond its limit is refused on both ends", () => {
    const limits = { frame: 1 << 20, chunk: 4, message: 10 };
    expect(() => [...encodeFrames(FrameType.result, 1, Buffer.alloc(11), limits)]).toThrow(ProtocolError);
    const decoder = new FrameDecoder(() => {}, limits);
    const frames = [...encodeFrames(FrameType.result, 1, Buffer.alloc(11), { ...limits, message: 100 })];
    expect(() => frames.forEach((frame) => void decoder.push(Buffer.concat(frame)))).toThrow(ProtocolError);
  });

  test("a body that gains by it goes compressed, and grows to a message at most", () => {
    const body = Buffer.alloc(100_000, "text that repeats ");
    const small = compressed(FrameType.result, body);
    expect(small.body.length).toBeLessThan(2000);
    expect(decode(encodeFrame(small.type, 5, small.body))).toEqual([[FrameType.result, 5, body.toString("hex")]]);
    expect(compressed(FrameType.result, Buffer.alloc(100)).type).toBe(FrameType.result);
    const bomb = compressed(FrameType.result, Buffer.alloc(LIMITS.message + 1));
    expect(() => decode(encodeFrame(bomb.type, 5, bomb.body))).toThrow(ProtocolError);
  });
});
