/** A function of the host's called from Python, one question after the other. Run pinned; says microseconds of one. */
import { benchPool } from "./pool.ts";

const pool = benchPool({ lane: "exclusive" });
const taken: number[] = [];
for (let i = 0; i < 15; i++)
  taken.push(await pool.call("measured.ask", { times: 500 }, { callbacks: { tool: (number: number) => number } }));
await pool.close();
process.stdout.write(`\n${JSON.stringify(taken.slice(3))}\n`, () => process.exit(0));
