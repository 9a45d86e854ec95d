/** What a connection sends, and in which order, while its peer is slow to read. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Connection } from "../../runtime/python/wire/connection.ts";
import { FrameDecoder, FrameType, LIMITS } from "../../runtime/python/wire/frame.ts";

type Received = [type: FrameType, stream: number, length: number];
const MB = 1 << 20;

describe("a connection", () => {
  let server: Server;
  let near: Socket;
  let far: Socket;
  let connection: Connection;

  beforeEach(async () => {
    server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const accepted = once(server, "connection") as Promise<[Socket]>;
    near = connect((server.address() as { port: number }).port, "127.0.0.1");
    [[far]] = await Promise.all([accepted, once(near, "connect")]);
    connection = new Connection(near, { message() {}, closed() {} });
    connection.handOver({ message() {}, closed() {} });
  });
  afterEach(() => {
    connection.destroy();
    far.destroy();
    server.close();
  });

  /** Reads with the bounds every worker has, until `count` messages are whole. */
  async function receive(count: number): Promise<Received[]> {
    const received: Received[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const decoder = new FrameDecoder((type, stream, body) => {
      received.push([type, stream, body.length]);
      if (received.length === count) resolve();
    }, LIMITS);
    far.on("data", (data: Buffer) => {
      try {
        decoder.push(data);
      } catch (error) {
        reject(error as Error);
      }
    });
    far.on("close", () => reject(new Error("closed")));
    far.resume();
    await promise;
    return received;
  }

  test("sends several messages, together longer than a peer may hold, one after the other", async () => {
    for (const stream of [1, 2, 3]) connection.send(FrameType.call, stream, Buffer.alloc(40 * MB));
    expect(await receive(3)).toEqual([1, 2, 3].map((stream) => [FrameType.call, stream, 40 * MB]));
  });

  test("lets short messages pass between the parts of a long one", async () => {
    connection.send(FrameType.call, 1, Buffer.alloc(40 * MB));
    connection.send(FrameType.call, 2, Buffer.alloc(40 * MB));
    for (let stream = 3; stream < 100; stream++) connection.send(FrameType.call, stream, Buffer.alloc(stream * 1000));
    const order = (await receive(99)).map(([, stream]) => stream);
    expect(order).toEqual([...Array.from({ length: 97 }, (_, i) => i + 3), 1, 2]);
  });

  test("keeps a long message moving while short ones come without end", async () => {
    connection.send(FrameType.call, 1, Buffer.alloc(2 * MB));
    for (let stream = 2; stream < 200; stream++) connection.send(FrameType.call, stream, Buffer.alloc(100_000));
    const order = (await receive(199)).map(([, stream]) => stream);
    expect(order.indexOf(1)).toBeLessThan(60);
  });

  test.each([40 * MB, 100_000])("sends a cancel after the call of %i bytes that it belongs to, and a ping before", async (length) => {
    connection.send(FrameType.call, 1, Buffer.alloc(40 * MB));
    connection.send(FrameType.call, 2, Buffer.alloc(length));
    connection.send(FrameType.cancel, 2, Buffer.from([0xc0]), true);
    connection.send(FrameType.ping, 2, Buffer.from([0xc0]), true);
    const order = (await receive(4)).map(([type, stream]) => `${type}:${stream}`);
    expect(order.indexOf(`${FrameType.ping}:2`)).toBe(0);
    expect(order.indexOf(`${FrameType.cancel}:2`)).toBeGreaterThan(order.indexOf(`${FrameType.call}:2`));
  });

  test("keeps the messages of one stream in order, whatever their length", async () => {
    connection.send(FrameType.call, 9, Buffer.alloc(8 * MB));
    const lengths = [10, 5 * MB, 20, 100_000, 30, 2 * MB, 40];
    for (const length of lengths) connection.send(FrameType.callbackChunk, 1, Buffer.alloc(length), true);
    connection.send(FrameType.callbackResult, 1, Buffer.alloc(50));
    const received = await receive(lengths.length + 2);
    expect(received.filter(([, stream]) => stream === 1).map(([, , length]) => length)).toEqual([...lengths, 50]);
  });
});
