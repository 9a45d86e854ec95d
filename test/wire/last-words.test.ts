/** A peer that says something and is gone: what it said is heard before the connection counts as closed. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Connection } from "../../runtime/python/wire/connection.ts";
import { encodeFrame, FrameType } from "../../runtime/python/wire/frame.ts";

describe.runIf(process.platform === "linux")("the last words of a peer", () => {
  let server: Server;
  let far: Socket;
  let connection: Connection;
  const heard: (number | string)[] = [];
  let closed: Promise<boolean>;
  let folder: string;

  beforeEach(async () => {
    heard.length = 0;
    folder = mkdtempSync(join(tmpdir(), "words-"));
    const path = join(folder, "s");
    server = createServer({ pauseOnConnect: true }).listen(path);
    await once(server, "listening");
    const accepted = once(server, "connection") as Promise<[Socket]>;
    const near = connect(path);
    [[far]] = await Promise.all([accepted, once(near, "connect")]);
    closed = new Promise((resolve) => {
      const events = {
        message: (_type: FrameType, stream: number) => void heard.push(stream),
        closed: (_error: Error | undefined, heardOut: boolean) => {
          heard.push("closed");
          resolve(heardOut);
        },
      };
      connection = new Connection(near, events);
      connection.handOver(events);
    });
  });
  afterEach(() => {
    connection.destroy();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const say = (...streams: number[]) =>
    far.write(Buffer.concat(streams.map((stream) => encodeFrame(FrameType.result, stream, Buffer.alloc(40_000)))));

  test("are heard to the end where nobody speaks to it any more", async () => {
    say(1, 2);
    far.destroy();
    expect(await closed).toBe(true);
    expect(heard).toEqual([1, 2, "closed"]);
  });

  test("are heard where it left something unread", async () => {
    connection.send(FrameType.call, 9, Buffer.alloc(10));
    say(1);
    far.destroy();
    expect(await closed).toBe(true);
    expect(heard).toEqual([1, "closed"]);
  });

  test("are heard where the next write fails", async () => {
    say(1, 2, 3);
    far.destroy();
    connection.send(FrameType.call, 9, Buffer.alloc(10));
    expect(await closed).toBe(true);
    expect(heard).toEqual([1, 2, 3, "closed"]);
  });

  test("are not taken for all it said where this end hung up", async () => {
    say(1);
    connection.destroy();
    expect(await closed).toBe(false);
    expect(heard).toEqual(["closed"]);
  });
});
