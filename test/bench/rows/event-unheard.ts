/** What an event costs when nobody listens: each place in the runtime asks first and builds nothing. */
import { cacheHit, executed, executing, failed, routed } from "../../../runtime/telemetry/events.ts";
import { type Benchmark, perCall, row } from "../harness.ts";

const GOAL = 0.2;
const benchmark: Benchmark = {
  name: "event-unheard",
  goal: `<= ${GOAL} us`,
  async run() {
    let heard = 0;
    // The sites of one native call, in their order.
    const sites = () => {
      if (routed.hasSubscribers) heard++;
      if (executing.native.hasSubscribers || executed.native.hasSubscribers || failed.native.hasSubscribers) heard++;
      if (cacheHit.hasSubscribers) heard++;
      return heard;
    };
    const taken = await perCall({ sites, nothing: () => heard });
    const ours = taken.median("sites");
    return row(benchmark, { ours, ratio: ours / GOAL, kept: ours <= GOAL, unit: "us", note: "the five looks of one native call together" });
  },
};
export default benchmark;
