/**
 * The door: every process of a pool connects here and shows the one-time token it was started with. A connection
 * without a valid `hello` in time is closed unheard.
 */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { ConfigurationError } from "../errors.ts";
import { Segments } from "./segments.ts";
import type { Listener, Transport } from "./transport/transport.ts";
import { unpack } from "./wire/codec.ts";
import { Connection } from "./wire/connection.ts";
import { FrameType, WIRE_VERSION } from "./wire/frame.ts";
import type { Hello } from "./wire/messages.ts";

const HELLO_TIMEOUT = 10_000;

export interface Admitted {
  readonly connection: Connection;
  readonly hello: Hello;
}
interface Expected {
  resolve(admitted: Admitted): void;
  reject(error: Error): void;
}

export class Hub {
  readonly #listener: Listener;
  readonly #expected: Map<string, Expected>;
  readonly #unknown: Set<Socket>;
  #refusal: Error | undefined;
  /** Shared memory, where both ends are on one machine that has it. */
  readonly segments: Segments | undefined;

  private constructor(listener: Listener, expected: Map<string, Expected>, unknown: Set<Socket>, segments: Segments | undefined) {
    this.segments = segments;
    this.#listener = listener;
    this.#expected = expected;
    this.#unknown = unknown;
  }

  static async open(transport: Transport): Promise<Hub> {
    const expected = new Map<string, Expected>();
    const unknown = new Set<Socket>();
    const [listener, segments] = await Promise.all([
      transport.listen((socket) => greet(socket, expected, unknown, !transport.local)),
      transport.local ? Segments.open() : undefined,
    ]);
    return new Hub(listener, expected, unknown, segments);
  }

  /** Scratch folders of the workers stand here. */
  get folder(): string {
    return this.#listener.folder;
  }

  /** Throws once nobody is let in any more: then nothing needs to be started either. */
  check(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Whether a network lies between: bodies are then compressed. */
  get network(): boolean {
    return !this.#listener.address.startsWith("unix:");
  }

  get address(): string {
    return this.#listener.address;
  }

  /** A token for one process that is about to start, and the promise of its connection. */
  expect(): { token: string; admitted: Promise<Admitted>; giveUp(error: Error): void } {
    const token = randomBytes(24).toString("base64url");
    const { promise, resolve, reject } = Promise.withResolvers<Admitted>();
    promise.catch(() => {});
    this.#expected.set(token, { resolve, reject });
    return {
      token,
      admitted: promise,
      giveUp: (error) => {
        this.#expected.delete(token);
        reject(error);
      },
    };
  }

  /** Nobody else comes in: those under way are given up. */
  refuse(error: Error): void {
    this.#refusal = error;
    for (const { reject } of this.#expected.values()) reject(error);
    this.#expected.clear();
  }

  async close(): Promise<void> {
    for (const socket of this.#unknown) socket.destroy();
    await Promise.all([this.#listener.close(), this.segments?.close()]);
  }
}

function greet(socket: Socket, expected: Map<string, Expected>, unknown: Set<Socket>, network: boolean): void {
  unknown.add(socket);
  socket.unref();
  const timer = setTimeout(() => connection.destroy(), HELLO_TIMEOUT).unref();
  const connection = new Connection(socket, {
    message(type, _stream, body) {
      const hello = type === FrameType.hello ? readHello(body) : undefined;
      const waiting = hello && expected.get(hello.token);
      if (!hello || !waiting) return connection.destroy();
      clearTimeout(timer);
      unknown.delete(socket);
      expected.delete(hello.token);
      if (hello.version !== WIRE_VERSION || hello.codec !== "msgpack") {
        waiting.reject(
          new ConfigurationError(
            "config_invalid",
            `The Python worker speaks wire version ${hello.version} (${hello.codec}); this dspex speaks ${WIRE_VERSION} (msgpack).`,
            {
              expected: String(WIRE_VERSION),
              actual: String(hello.version),
              remedy: "Run `npx dspexc python sync`, so that both come from one release.",
            },
          ),
        );
        return connection.destroy();
      }
      if (hello.refused) {
        waiting.reject(sandboxUnavailable(hello.refused));
        return connection.destroy();
      }
      connection.compresses = network && hello.zstd === true;
      waiting.resolve({ connection, hello });
    },
    closed() {
      clearTimeout(timer);
      unknown.delete(socket);
    },
  });
}

function readHello(body: Buffer): Hello | undefined {
  try {
    const hello: unknown = unpack(body);
    return typeof hello === "object" && hello !== null && typeof (hello as Hello).token === "string" ? (hello as Hello) : undefined;
  } catch {
    return undefined;
  }
}

function sandboxUnavailable(missing: readonly string[]): ConfigurationError {
  return new ConfigurationError(
    "sandbox_unavailable",
    `The pool asks for a strict sandbox, and this machine lacks: ${missing.join("; ")}.`,
    {
      configKey: "sandbox",
      expected: "Landlock and seccomp",
      actual: missing.join("; "),
      remedy: 'Run on Linux 5.13 or newer with both allowed, or say `sandbox: "default"`, which takes what there is and reports it.',
    },
  );
}
