/** Large buffers in a body of their own: the same bytes as packed whole, in memory that is used again. */
import { describe, expect, test } from "vitest";
import { giveBackBody, takeBody } from "../../../runtime/python/bodies.ts";
import { Segments } from "../../../runtime/python/segments.ts";
import { pack, packAround, type SharedBytes, settleApart, toWire, toWireApart } from "../../../runtime/python/wire/codec.ts";

const large = (fill: number): Uint8Array => new Uint8Array(300_000).fill(fill);

describe("a body around large buffers", () => {
  test.each([
    ["one", { data: large(1) }],
    ["the value itself", large(2)],
    ["several, with values between", [large(3), "text", { a: large(4), b: new Uint8Array(9), c: [large(5), 1.5] }]],
    ["none", { a: 1 }],
    ["some in what is packed at once", { map: new Map([[1, large(6)]]), set: new Set([large(7)]), after: large(8) }],
    ["under a key that is no plain name", { ["__proto__"]: large(9), before: large(10), ...JSON.parse('{"__proto__": 1}') }],
  ])("%s", (_, value) => {
    const { wire } = toWireApart(value);
    expect(Buffer.compare(packAround(settleApart(wire), takeBody), pack(toWire(value)))).toBe(0);
  });

  test("leaves nothing behind for the next", () => {
    packAround(toWireApart({ data: large(1) }).wire, takeBody);
    expect(packAround({ a: 1 }, takeBody)).toEqual(pack({ a: 1 }));
  });
});

describe("the memory of a body", () => {
  test("is used again once it was given back, for what is not much smaller", () => {
    const first = takeBody(1000);
    giveBackBody(first);
    expect(takeBody(400).buffer).not.toBe(first.buffer);
    expect(takeBody(900).buffer).toBe(first.buffer);
    expect(takeBody(900).buffer).not.toBe(first.buffer);
  });
});

test.runIf(process.platform === "linux")("where one buffer finds no room in shared memory, none goes there by name", async () => {
  const segments = (await Segments.open())!;
  const { wire, parts } = toWireApart([large(1), large(2)]);
  const beyond = { bytes: { byteLength: Number.MAX_SAFE_INTEGER } } as unknown as SharedBytes;
  expect(await segments.fill([...parts, beyond])).toBeUndefined();
  expect(Buffer.compare(packAround(settleApart(wire), takeBody), pack([large(1), large(2)]))).toBe(0);
  await segments.close();
});
