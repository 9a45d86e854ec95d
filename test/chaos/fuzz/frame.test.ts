/** The TypeScript decoder against any bytes: what was said comes out whole and in order, what was not is refused, nothing in between. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrames, FrameDecoder, FrameType, LIMITS, ProtocolError } from "../../../runtime/python/wire/frame.ts";
import { damage, message, mixed, pieces, type Said, SMALL } from "./messages.ts";

/** What a connection sees of these pieces: it stops at the first broken promise, as connections do. */
function heard(stream: readonly Buffer[], limits = SMALL): { messages: Said[]; broken: boolean } {
  const messages: Said[] = [];
  const decoder = new FrameDecoder((type, number, body) => messages.push({ type, stream: number, body: Uint8Array.from(body) }), limits);
  try {
    for (const piece of stream) decoder.push(piece);
    return { messages, broken: false };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { messages, broken: true };
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 40 });
const runs = { numRuns: 2000 };

describe("frames", () => {
  test("messages mixed and cut anyhow arrive whole, each when its last part has come", () => {
    fc.assert(
      fc.property(mixed, cuts, ({ frames, ends }, at) => {
        const { messages, broken } = heard(pieces(Buffer.concat(frames), at));
        expect(broken).toBe(false);
        expect(messages).toEqual(ends);
      }),
      runs,
    );
  });

  test("any bytes: refused or waited on, never another error, never a message beyond the limits", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), cuts, (bytes, at) => {
        for (const { type, body } of heard(pieces(Buffer.from(bytes), at)).messages) {
          expect(type).toBeGreaterThanOrEqual(FrameType.hello);
          expect(type).toBeLessThanOrEqual(FrameType.bye);
          expect(body.length).toBeLessThanOrEqual(SMALL.message);
        }
      }),
      runs,
    );
  });

  test("how the bytes are cut changes nothing, for whole streams and for damaged ones", () => {
    fc.assert(
      fc.property(mixed, damage, cuts, ({ frames }, harm, at) => {
        const bytes = harm(Buffer.concat(frames));
        expect(heard(pieces(bytes, at))).toEqual(heard([bytes]));
      }),
      runs,
    );
  });

  test("a stream cut short yields the messages that were complete, and no part of the next", () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.nat(), (said, at) => {
        const whole = said.map(({ type, stream, body }) => Buffer.concat([...encodeFrames(type, stream, body, SMALL)].flat()));
        const bytes = Buffer.concat(whole);
        const end = at % (bytes.length + 1);
        let complete = 0;
        for (let left = end; complete < whole.length && whole[complete]!.length <= left; complete++) left -= whole[complete]!.length;
        expect(heard([bytes.subarray(0, end)])).toEqual({
          messages: said.slice(0, complete).map(({ type, stream, body }) => ({ type, stream, body })),
          broken: false,
        });
      }),
      runs,
    );
  });

  test.each([
    ["length below a header", Buffer.from([0, 0, 0, 4, 1, 0, 0, 0, 0])],
    ["length beyond the limit, before its bytes have come", Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ["type 0", Buffer.from([0, 0, 0, 5, 0, 0, 0, 0, 1])],
    ["a type that is not", Buffer.from([0, 0, 0, 5, FrameType.bye + 1, 0, 0, 0, 1])],
  ])("refuses at once: %s", (_, bytes) => {
    expect(heard([bytes], LIMITS)).toEqual({ messages: [], broken: true });
  });

  test("a message longer than allowed is refused while it comes, however small its parts", () => {
    const part = Buffer.concat([Buffer.from([0, 0, 0, 5 + 16, FrameType.result | 0x80, 0, 0, 0, 1]), Buffer.alloc(16)]);
    expect(heard(Array.from({ length: SMALL.message / 16 }, () => part)).broken).toBe(false);
    expect(heard(Array.from({ length: SMALL.message / 16 + 1 }, () => part)).broken).toBe(true);
  });

  test("messages begun and never ended, on ever new streams, are refused before they fill the memory", () => {
    const begun = (stream: number) =>
      Buffer.concat([Buffer.from([0, 0, 0, 5 + 16, FrameType.chunk | 0x80, 0, 0, stream >> 8, stream & 255]), Buffer.alloc(16)]);
    expect(heard(Array.from({ length: 10_000 }, (_, i) => begun(i))).broken).toBe(true);
  });

  test("parts without bytes do not pile up for ever", () => {
    const empty = Buffer.from([0, 0, 0, 5, FrameType.chunk | 0x80, 0, 0, 0, 1]);
    expect(heard([Buffer.concat(Array.from({ length: 20_000 }, () => empty))]).broken).toBe(true);
  });
});
