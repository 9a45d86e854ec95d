/** One empty call after the other, each a task of a worker's event loop. */
import type { Benchmark } from "../harness.ts";
import { smallCalls } from "./bridge/small-calls.ts";

const benchmark: Benchmark = smallCalls("bridge-noop-async", "async", "sequential", "raw", "<= 2.3x raw echo", 2.3);
export default benchmark;
