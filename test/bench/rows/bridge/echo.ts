/** The host's end of the raw echo, as small as it can be: one buffer out, one look at the header back. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pack, unpack } from "../../../../runtime/python/wire/codec.ts";
import { interpreter } from "./interpreter.ts";

export class RawEcho {
  readonly #socket: Socket;
  readonly #child: ChildProcess;
  readonly #decode: boolean;
  readonly #waiting = new Map<number, (body: unknown) => void>();
  #rest: Buffer = Buffer.alloc(0);
  #next = 0;

  private constructor(socket: Socket, child: ChildProcess, decode: boolean) {
    this.#socket = socket;
    this.#child = child;
    this.#decode = decode;
    socket.on("data", (data: Buffer) => this.#take(data));
  }

  static async start(mode: "raw" | "msgpack"): Promise<RawEcho> {
    const folder = mkdtempSync(join(tmpdir(), "echo-"));
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const server = createServer(resolve).listen(join(folder, "s"));
    const script = fileURLToPath(new URL("echo.py", import.meta.url));
    const child = spawn(await interpreter(), ["-I", script, join(folder, "s"), mode], { stdio: ["ignore", "ignore", "inherit"] });
    const socket = await promise;
    server.close();
    rmSync(folder, { recursive: true, force: true });
    return new RawEcho(socket, child, mode === "msgpack");
  }

  call(): Promise<unknown> {
    const stream = ++this.#next;
    return new Promise((resolve) => {
      this.#waiting.set(stream, resolve);
      const body = this.#decode ? pack(CALL) : BODY;
      const frame = Buffer.allocUnsafe(9 + body.length);
      frame.writeUInt32BE(5 + body.length, 0);
      frame[4] = 2;
      frame.writeUInt32BE(stream, 5);
      frame.set(body, 9);
      this.#socket.write(frame);
    });
  }

  #take(data: Buffer): void {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    let at = 0;
    while (all.length - at >= 9) {
      const length = all.readUInt32BE(at);
      if (all.length - at - 4 < length) break;
      const stream = all.readUInt32BE(at + 5);
      const resolve = this.#waiting.get(stream)!;
      this.#waiting.delete(stream);
      const body = all.subarray(at + 9, at + 4 + length);
      resolve(this.#decode ? unpack(body) : body);
      at += 4 + length;
    }
    this.#rest = all.subarray(at);
  }

  close(): void {
    this.#socket.destroy();
    this.#child.kill();
  }
}

/** What the bridge sends for the same call. */
const CALL = { op: "noop", exclusive: true, idempotent: true };
const BODY = Buffer.from(pack(CALL));
