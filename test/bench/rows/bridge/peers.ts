/** The same call through others' bridges. Each is null where it is not installed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { peer } from "../../harness.ts";
import { interpreter } from "./interpreter.ts";
import { peerPython } from "./peer-python.ts";

export interface Peer {
  call(): Promise<unknown>;
  close(): void;
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function pythonia(): Promise<Peer | null> {
  process.env.PYTHON_BIN = await interpreter();
  const found = await peer<{ python: { (path: string): Promise<{ noop(): Promise<unknown> }>; exit(): void } }>("pythonia");
  if (!found) return null;
  const module = await found.python(file("peer_pythonia.py"));
  return { call: () => module.noop(), close: () => found.python.exit() };
}

export async function pythonShell(): Promise<Peer | null> {
  const found = await peer<{
    PythonShell: new (
      script: string,
      options: object,
    ) => { send(text: string): void; on(event: "message", heard: (text: string) => void): void; kill(): void };
  }>("python-shell");
  if (!found) return null;
  const shell = new found.PythonShell(file("peer_lines.py"), { mode: "text", pythonPath: await interpreter() });
  const waiting: ((text: string) => void)[] = [];
  shell.on("message", (text) => waiting.shift()!(text));
  return {
    call: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        shell.send("noop");
      }),
    close: () => shell.kill(),
  };
}

interface Grpc {
  readonly Client: new (
    address: string,
    credentials: unknown,
  ) => {
    makeUnaryRequest(
      path: string,
      encode: (value: Buffer) => Buffer,
      decode: (value: Buffer) => Buffer,
      value: Buffer,
      done: (error: unknown, value: unknown) => void,
    ): void;
    close(): void;
  };
  readonly credentials: { createInsecure(): unknown };
}

export async function grpc(): Promise<Peer | null> {
  const found = await peer<Grpc & { default?: Grpc }>("@grpc/grpc-js");
  const python = await peerPython();
  if (!found || !python) return null;
  const { Client, credentials } = found.default ?? found;
  const server = spawn(python, [file("peer_grpc.py")], { stdio: ["ignore", "pipe", "ignore"] });
  const [port] = (await once(createInterface(server.stdout), "line")) as [string];
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const same = (value: Buffer) => value;
  const body = Buffer.from("noop");
  return {
    call: () =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest("/echo.Echo/Noop", same, same, body, (error, value) => (error ? reject(error) : resolve(value))),
      ),
    close: () => {
      client.close();
      server.kill();
    },
  };
}
