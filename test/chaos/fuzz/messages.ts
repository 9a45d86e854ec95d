/** Arbitraries of the wire: messages, streams of frames cut and mixed anyhow, and the damage done to them. */
import fc from "fast-check";
import { encodeFrames, FrameType, type Limits } from "../../../runtime/python/wire/frame.ts";

/** Small limits, so that short bodies are cut as long ones are in earnest. */
export const SMALL: Limits = { frame: 64, chunk: 16, message: 256 };

export interface Said {
  readonly type: FrameType;
  readonly stream: number;
  readonly body: Uint8Array;
}

const types = Object.values(FrameType);
export const message: fc.Arbitrary<Said> = fc.record({
  type: fc.constantFrom(...types),
  stream: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 0xffff_ffff })),
  body: fc.uint8Array({ maxLength: SMALL.message }),
});

/** The frames of several messages, mixed as urgent ones overtake long ones, in the order in which each message ends. */
export const mixed: fc.Arbitrary<{ frames: Buffer[]; ends: Said[] }> = fc
  .tuple(fc.uniqueArray(message, { maxLength: 8, selector: ({ type, stream }) => `${type}/${stream}` }), fc.infiniteStream(fc.nat()))
  .map(([messages, dice]) => {
    const open = messages.map((said) => ({
      said,
      left: [...encodeFrames(said.type, said.stream, said.body, SMALL)].map((parts) => Buffer.concat(parts)),
    }));
    const frames: Buffer[] = [];
    const ends: Said[] = [];
    while (open.length > 0) {
      const at = dice.next().value! % open.length;
      const { said, left } = open[at]!;
      frames.push(left.shift()!);
      if (left.length === 0) {
        ends.push(said);
        open.splice(at, 1);
      }
    }
    return { frames, ends };
  });

/** A byte stream in pieces, as a socket hands it over. */
export function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end));
}

/** Bytes flipped, dropped or put in. */
export const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[at % changed.length]! ^= bits;
    return changed;
  }),
  fc.tuple(fc.nat(), fc.nat(64)).map(([at, count]) => (bytes: Buffer) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + count)]);
  }),
  fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 64 })).map(([at, noise]) => (bytes: Buffer) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), noise, bytes.subarray(start)]);
  }),
);
