/** Sixty-four empty calls under way, run one at a time by one worker. */
import type { Benchmark } from "../harness.ts";
import { smallCalls } from "./bridge/small-calls.ts";

const benchmark: Benchmark = smallCalls("bridge-inflight-64-exclusive", "exclusive", "inflight", "msgpack", ">= 0.8x raw msgpack", 0.8);
export default benchmark;
