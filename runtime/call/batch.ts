/** Many calls, settled, in order: one failure spoils nothing else. */
import { checkOptions, whole } from "../check-options.ts";
import type { BatchOptions, Module, Prediction } from "../module-types.ts";
import { callRules } from "./opening.ts";

/** How many calls of a batch are under way when nobody says: more sockets than this help no endpoint. */
const CONCURRENCY = 256;

export async function batch<I, O>(
  module: Module<I, O>,
  list: readonly I[],
  options: BatchOptions | undefined,
): Promise<PromiseSettledResult<Prediction<O>>[]> {
  if (options) checkOptions(options, { ...callRules, concurrency: whole(1) });
  const { concurrency = CONCURRENCY, ...callOptions } = options ?? {};
  const results: PromiseSettledResult<Prediction<O>>[] = new Array(list.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < list.length) {
      const at = next++;
      try {
        results[at] = { status: "fulfilled", value: await module(list[at]!, callOptions) };
      } catch (reason) {
        results[at] = { status: "rejected", reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, list.length) }, worker));
  return results;
}
