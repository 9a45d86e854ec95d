/** One empty call after the other, on the main thread of a worker. */
import type { Benchmark } from "../harness.ts";
import { smallCalls } from "./bridge/small-calls.ts";

const benchmark: Benchmark = smallCalls("bridge-noop-exclusive", "exclusive", "sequential", "raw", "<= 1.5x raw echo", 1.5);
export default benchmark;
