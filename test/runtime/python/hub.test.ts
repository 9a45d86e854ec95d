/** Who is let in, who is not, and what becomes of the start that somebody belonged to. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Hub } from "../../../runtime/python/hub.ts";
import { tcpTransport } from "../../../runtime/python/transport/tcp.ts";
import { unixTransport } from "../../../runtime/python/transport/unix.ts";
import { pack } from "../../../runtime/python/wire/codec.ts";
import { encodeFrame, FrameType, WIRE_VERSION } from "../../../runtime/python/wire/frame.ts";

const sockets: Socket[] = [];
function come(hub: Hub): Socket {
  const [, scheme, rest] = /^(\w+):(.*)$/.exec(hub.address)!;
  const socket = scheme === "unix" ? connect(rest!) : connect(Number(rest!.split(":")[1]), "127.0.0.1");
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}
const hello = (token: string): Buffer =>
  encodeFrame(FrameType.hello, 0, pack({ version: WIRE_VERSION, codec: "msgpack", role: "worker", token, pid: process.pid }));
const GARBAGE: readonly (readonly [string, Buffer])[] = [
  ["what is no frame", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
  ["a hello that cannot be read", encodeFrame(FrameType.hello, 0, Buffer.from([0xc1]))],
  ["a token of nobody's", hello("nobody's")],
  ["another frame first", encodeFrame(FrameType.result, 1, pack(1))],
];
const REFUSED = expect.objectContaining({ code: "config_invalid", configKey: "interpreter" }) as Error;

describe("a door of one's own", () => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await Hub.open(unixTransport);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await hub.close();
  });

  test.each(GARBAGE)("%s ends the only start under way at once", async (_, bytes) => {
    const start = hub.expect();
    const socket = come(hub);
    socket.write(bytes);
    await expect(start.admitted).rejects.toEqual(REFUSED);
    await once(socket, "close");
  });

  test.each(GARBAGE)("%s ends one of two: the one that has not come when the other is in", async (_, bytes) => {
    const [first, second] = [hub.expect(), hub.expect()];
    const refused = come(hub);
    refused.write(bytes);
    refused.resume();
    await once(refused, "close");
    come(hub).write(hello(first.token));
    expect((await first.admitted).hello.token).toBe(first.token);
    await expect(second.admitted).rejects.toEqual(REFUSED);
  });

  test("who comes after its start was given up, or twice, is not taken for another", async () => {
    const [late, twice, other] = [hub.expect(), hub.expect(), hub.expect()];
    late.giveUp(new Error("late"));
    come(hub).write(hello(twice.token));
    await twice.admitted;
    for (const { token } of [late, twice]) {
      const socket = come(hub);
      socket.write(hello(token));
      socket.resume();
      await once(socket, "close");
    }
    come(hub).write(hello(other.token));
    expect((await other.admitted).hello.token).toBe(other.token);
  });

  test("a process that ends before it greets is told by its parent, not here", async () => {
    const start = hub.expect();
    const socket = come(hub);
    await once(socket, "connect");
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    come(hub).write(hello(start.token));
    expect((await start.admitted).hello.token).toBe(start.token);
  });

  test("a process may import for as long as a start may take before it greets", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const start = hub.expect();
      const socket = come(hub);
      await once(socket, "connect");
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      vi.advanceTimersByTime(55_000);
      socket.write(hello(start.token));
      expect((await start.admitted).hello.token).toBe(start.token);
    } finally {
      vi.useRealTimers();
    }
  });
});

test("over a network strangers end no start", async () => {
  const hub = await Hub.open(tcpTransport());
  const start = hub.expect();
  for (const [, bytes] of GARBAGE) {
    const socket = come(hub);
    socket.write(bytes);
    socket.resume();
    await once(socket, "close");
  }
  come(hub).write(hello(start.token));
  expect((await start.admitted).hello.token).toBe(start.token);
  for (const socket of sockets.splice(0)) socket.destroy();
  await hub.close();
});
