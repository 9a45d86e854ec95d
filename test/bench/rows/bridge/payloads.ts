/** Sixteen megabytes to Python: by the bridge, through one reused segment, a fresh one, and base64. */
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rounds } from "../../harness.ts";
import { interpreter } from "./interpreter.ts";
import { benchPool } from "./pool.ts";

const SIZE = 16 << 20;
const data = new Uint8Array(SIZE);
for (let i = 0; i < SIZE; i++) data[i] = i * 31;

const folder = mkdtempSync(join(tmpdir(), "payload-"));
const shm = mkdtempSync("/dev/shm/payload-");
const segment = join(shm, "reused");
writeFileSync(segment, data);
const descriptor = openSync(segment, "r+");
const { promise, resolve } = Promise.withResolvers<Socket>();
const server = createServer(resolve).listen(join(folder, "s"));
const child = spawn(await interpreter(), ["-I", fileURLToPath(new URL("payloads.py", import.meta.url)), join(folder, "s"), segment], {
  stdio: ["ignore", "ignore", "inherit"],
});
const socket = await promise;
const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
async function ask(question: object): Promise<void> {
  socket.write(`${JSON.stringify(question)}\n`);
  if (Number((await answers.next()).value) !== SIZE) throw new Error("bytes were lost");
}

const pool = benchPool({
  lane: "exclusive",
  memory: "2GB",
  maxQueueBytes: 1 << 30,
});
async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
let fresh = 0;
const taken = await rounds(
  {
    ours: () =>
      timed(async () => {
        if ((await pool.call("measured.measure", { data })) !== SIZE) throw new Error("bytes were lost");
      }),
    segment: () =>
      timed(() => {
        writeSync(descriptor, data, 0, SIZE, 0);
        return ask({ how: "segment", size: SIZE });
      }),
    "shared memory": () =>
      timed(() => {
        const path = join(shm, String(++fresh));
        writeFileSync(path, data);
        return ask({ how: "file", path });
      }),
    base64: () => timed(() => ask({ how: "base64", data: Buffer.from(data.buffer).toString("base64") })),
  },
  15,
  3,
);
await pool.close();
child.kill();
server.close();
closeSync(descriptor);
for (const made of [folder, shm]) rmSync(made, { recursive: true, force: true });
process.stdout.write(`\n${JSON.stringify(taken.figures)}\n`, () => process.exit(0));
