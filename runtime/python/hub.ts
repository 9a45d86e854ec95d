/**
 * The door: every process of a pool connects here and shows the one-time token it was started with. A connection
 * without a valid `hello` in time is closed unheard.
 */
import type { Socket } from "node:net";
import { ConfigurationError } from "../errors.ts";
import { failureOf } from "./failure.ts";
import { Segments } from "./segments.ts";
import { Starts } from "./starts.ts";
import type { Listener, Transport } from "./transport/transport.ts";
import { unpack } from "./wire/codec.ts";
import { Connection } from "./wire/connection.ts";
import { FrameType, ProtocolError, WIRE_VERSION } from "./wire/frame.ts";
import type { Hello } from "./wire/messages.ts";

/** A process connects first and imports then, so this is the time that a start may take (`START_TIMEOUT`). */
const HELLO_TIMEOUT = 60_000;

export interface Admitted {
  readonly connection: Connection;
  readonly hello: Hello;
}

export class Hub {
  readonly #listener: Listener;
  readonly #starts: Starts;
  readonly #unknown: Set<Socket>;
  #refusal: Error | undefined;
  /** Shared memory, where both ends are on one machine that has it. */
  readonly segments: Segments | undefined;

  private constructor(listener: Listener, starts: Starts, unknown: Set<Socket>, segments: Segments | undefined) {
    this.segments = segments;
    this.#listener = listener;
    this.#starts = starts;
    this.#unknown = unknown;
  }

  static async open(transport: Transport): Promise<Hub> {
    const starts = new Starts();
    const unknown = new Set<Socket>();
    const listener = await transport.listen((socket) => greet(socket, starts, unknown, !transport.local));
    const segments = transport.local ? await Segments.open() : undefined;
    return new Hub(listener, starts, unknown, segments);
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

  /** That there is a door to come in by, also where its folder was taken away. */
  async renew(): Promise<void> {
    await this.#listener.renew?.();
  }

  /** A token for one process that is about to start, and the promise of its connection. */
  expect(): ReturnType<Starts["expect"]> {
    return this.#starts.expect();
  }

  /** Nobody else comes in: those under way are given up. */
  refuse(error: Error): void {
    this.#refusal = error;
    this.#starts.giveUpAll(error);
  }

  async close(): Promise<void> {
    for (const socket of this.#unknown) socket.destroy();
    await Promise.all([this.#listener.close(), this.segments?.close()]);
  }
}

function greet(socket: Socket, starts: Starts, unknown: Set<Socket>, network: boolean): void {
  unknown.add(socket);
  socket.unref();
  const timer = setTimeout(() => connection.destroy(), HELLO_TIMEOUT).unref();
  let greeted = false;
  const refuse = (token?: string): void => {
    if (greeted) return;
    greeted = true;
    // Over a network anybody may knock, and what strangers say ends no start.
    if (!network) starts.refuse(token);
  };
  const connection = new Connection(socket, {
    message(type, _stream, body) {
      const hello = type === FrameType.hello ? readHello(body) : undefined;
      const waiting = hello && starts.take(hello.token);
      if (!hello || !waiting) {
        refuse(hello?.token);
        return connection.destroy();
      }
      greeted = true;
      clearTimeout(timer);
      unknown.delete(socket);
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
      if (hello.failed) {
        waiting.reject(failureOf(hello.failed, hello.pid, ""));
        return connection.destroy();
      }
      connection.compresses = network && hello.zstd === true;
      waiting.resolve({ connection, hello });
    },
    closed(error) {
      // What is no frame at all ends here. A socket that was only closed, or reset, is a process that has ended.
      if (error instanceof ProtocolError) refuse();
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
