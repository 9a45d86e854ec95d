/** Peers that break the protocol: a worker for the pool to meet, a host for a worker to meet. */
import { existsSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { Transport } from "../../../runtime/python/transport/transport.ts";
import { unixTransport } from "../../../runtime/python/transport/unix.ts";
import { pack } from "../../../runtime/python/wire/codec.ts";
import { encodeFrames, FrameType } from "../../../runtime/python/wire/frame.ts";
import { type Context, FIXTURES } from "./context.ts";
import { environmentWith, IS_WORKER } from "./environment.ts";
import { facts, isAlive } from "./proc.ts";
import { settleWithin, until } from "./settle.ts";

/** `fixtures/liar.py` knows each by this name. */
export const LIES: readonly string[] = [
  "garbage in place of hello",
  "another wire version",
  "another codec",
  "a token that is none",
  "half a hello",
  "garbage in place of a result",
  "an oversized frame",
  "a frame shorter than a header",
  "a frame of unknown type",
  "half a result",
  "a result that is cut inside",
  "a result of the reserved byte",
  "a result that is no value",
  "a second hello",
  "a call to the host",
  "a message never ended",
  "a message beyond all limits",
  "messages begun on ever new streams",
  "an answer to another call",
];

/** An interpreter whose workers lie as the file `lie` in `folder` says, each time that file is there to be taken. */
export function lyingInterpreter(folder: string): Promise<string> {
  return environmentWith(
    join(folder, "env"),
    `if ${IS_WORKER}:\n` +
      `    try:\n        with open(${JSON.stringify(join(folder, "lie"))}) as file: lie = file.read()\n        os.unlink(${JSON.stringify(join(folder, "lie"))})\n` +
      `    except FileNotFoundError:\n        pass\n` +
      `    else:\n        sys.path.append(${JSON.stringify(FIXTURES)})\n        import liar\n        liar.lie(lie)\n        os._exit(0)`,
  );
}

export interface Heard {
  readonly lie: string;
  /** The process that heard it ended by itself. */
  readonly ended: boolean;
  readonly ms: number;
  /** It ran what was not said to the end. */
  readonly partial: boolean;
  /** What the next call of the same pool gave. */
  readonly next: string;
}

const call = (path: string) => pack({ op: "faults.mark", args: { path }, exclusive: true, stream: false });
const one = (type: number, stream: number, body: Uint8Array) => Buffer.concat([...encodeFrames(type as FrameType, stream, body)].flat());
const begun = (type: number, stream: number, body: Uint8Array) => {
  const whole = one(type, stream, body);
  whole[4]! |= 0x80;
  return whole;
};

/** What a process hears, and whether its host hangs up afterwards. */
const TO_PYTHON: readonly (readonly [lie: string, bytes: (path: string) => Buffer, hangUp?: boolean])[] = [
  ["garbage", () => Buffer.alloc(4096, 0xff)],
  ["an oversized frame", () => Buffer.from([0x7f, 0xff, 0xff, 0xff, FrameType.call, 0, 0, 0, 1])],
  ["a frame of unknown type", () => Buffer.from([0, 0, 0, 6, 30, 0, 0, 0, 1, 0xc0])],
  ["half a call", (path) => one(FrameType.call, 1, call(path)).subarray(0, -2), true],
  ["a call never ended", (path) => begun(FrameType.call, 1, call(path)), true],
  ["a frame only workers send", () => one(FrameType.result, 1, pack(1))],
  [
    "messages begun on ever new streams",
    () => Buffer.concat(Array.from({ length: 600 }, (_, i) => begun(FrameType.call, 1000 + i, Buffer.alloc(256 << 10)))),
  ],
];

/** A real pool whose host side says more than it should: the lies go into the very socket a worker, or the zygote, reads. */
export async function liesToPython(context: Context, who: "worker" | "zygote"): Promise<Heard[]> {
  const sockets: Socket[] = [];
  const transport: Transport = {
    name: "overheard",
    local: true,
    listen: (onSocket) =>
      unixTransport.listen((socket) => {
        sockets.push(socket);
        onSocket(socket);
      }),
  };
  const folder = context.folderFor(`to-${who}`);
  const heard: Heard[] = [];
  const pool = context.pool({ size: 1, lane: "exclusive", transport, permissions: { write: [folder] } });
  for (const [number, [lie, bytes, hangUp]] of TO_PYTHON.entries()) {
    const pid = (await pool.call("faults.pid", {}, { timeout: 15_000 })) as number;
    const victim = facts(who === "worker" ? pid : facts(pid)!.ppid)!;
    const socket = (who === "worker" ? sockets.at(-1) : sockets[0])!;
    const mark = join(folder, String(number));
    const start = performance.now();
    socket.write(bytes(mark));
    if (hangUp) socket.end();
    const ms = await until(5000, () => !isAlive(victim), 1);
    // The call may be sent before this process has seen that its worker is gone.
    const next = await settleWithin(15_000, pool.call("faults.add", { a: 20, b: 22 }, { idempotent: true }));
    heard.push({
      lie,
      ended: ms !== undefined,
      ms: performance.now() - start,
      partial: existsSync(mark),
      next: next.value === 42 ? "ok" : next.outcome,
    });
    if (who === "zygote") sockets.splice(0, sockets.length - 2);
  }
  await pool.close();
  return heard;
}
