/**
 * Small calls, one at a time (`sequential`) or 64 under way (`inflight`), through the bridge, the raw echo and the peers,
 * each in turn: `calls.ts LANE HOW`. Says microseconds a call, or calls a second, of every side and round.
 */
import { createPool } from "../../../../runtime/python/index.ts";
import { rounds } from "../../harness.ts";
import { RawEcho } from "./echo.ts";
import { grpc, type Peer, pythonia, pythonShell } from "./peers.ts";

const [lane, how] = process.argv.slice(2) as ["exclusive" | "async", "sequential" | "inflight"];
const WINDOW = 64;

async function sequential(call: () => Promise<unknown>, count: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < count; i++) await call();
  return ((performance.now() - start) * 1000) / count;
}

async function inflight(call: () => Promise<unknown>, count: number): Promise<number> {
  let left = count;
  const start = performance.now();
  const one = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: WINDOW }, one));
  return (count * 1000) / (performance.now() - start);
}

const pool = createPool("bench", { size: 1, lane });
await pool.call("noop");
const [raw, msgpack] = [await RawEcho.start("raw"), await RawEcho.start("msgpack")];
const peers: Record<string, Peer | null> = { pythonia: await pythonia(), "python-shell": await pythonShell(), grpc: await grpc() };

const run = how === "inflight" ? inflight : sequential;
// Batches of a few milliseconds: on a busy machine longer ones measure whoever else wants the core.
const [many, few] = how === "inflight" ? [640, 320] : [100, 50];
const sides: Record<string, () => Promise<number>> = {
  ours: () => run(() => pool.call("noop"), many),
  raw: () => run(() => raw.call(), many),
  msgpack: () => run(() => msgpack.call(), many),
};
for (const [name, found] of Object.entries(peers)) if (found) sides[name] = () => run(() => found.call(), few);
const taken = await rounds(sides, 41, 8);
for (const found of [raw, msgpack, ...Object.values(peers)]) found?.close();
await pool.close();
const missing = Object.keys(peers).filter((name) => !peers[name]);
process.stdout.write(`\n${JSON.stringify({ figures: taken.figures, missing })}\n`, () => process.exit(0));
