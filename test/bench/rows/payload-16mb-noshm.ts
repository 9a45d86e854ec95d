/** Sixteen megabytes to a worker, in chunks on its socket. */
import { type Benchmark, Rounds, row } from "../harness.ts";
import { pinned } from "./bridge/pinned.ts";

/** A /dev/shm of the run's own: room for the limit's segment and a fresh one beside it, and none that a pool would take. */
const namespace = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const small = [...namespace, "sh", "-c", 'mount -t tmpfs -o size=40m tmpfs /dev/shm && exec "$@"', "sh"];

const benchmark: Benchmark = {
  name: "payload-16mb-noshm",
  goal: "<= 2.5x writing and reading the bytes through one reused segment",
  async run() {
    const taken = new Rounds(await pinned<Record<string, number[]>>("payloads.ts", [], { core: false, inside: small }));
    const ratio = taken.ratio("ours", "segment");
    const peers = { "shared memory": taken.median("shared memory"), base64: taken.median("base64") };
    return row(benchmark, { ours: taken.median("ours"), limit: taken.median("segment"), peers, ratio, kept: ratio <= 2.5, unit: "ms" });
  },
};
export default benchmark;
