/** Sixty-four empty calls under way, tasks of one worker's event loop. */
import type { Benchmark } from "../harness.ts";
import { smallCalls } from "./bridge/small-calls.ts";

const benchmark: Benchmark = smallCalls("bridge-inflight-64-async", "async", "inflight", "msgpack", ">= 0.6x raw msgpack", 0.6);
export default benchmark;
