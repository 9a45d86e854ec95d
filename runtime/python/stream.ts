/** A stream of chunks with the consumer in charge: what it has not taken yet is not granted again, so Python waits. */
import { PoolError } from "../errors.ts";
import type { Call, CallRequest } from "./call.ts";
import type { WorkerPool } from "./pool.ts";

type OnChunk = (value: unknown, bytes: number) => void;

export async function* readStream(
  pool: WorkerPool,
  request: (onChunk: OnChunk) => { request: CallRequest; size: number },
): AsyncGenerator<unknown, unknown, undefined> {
  const chunks: { value: unknown; bytes: number }[] = [];
  let wake = () => {};
  let over = false;
  const made = request((value, bytes) => {
    chunks.push({ value, bytes });
    wake();
  });
  const call: Call = pool.submit(made.request, made.size);
  const ended = call.promise.finally(() => {
    over = true;
    wake();
  });
  ended.catch(() => {});
  try {
    for (;;) {
      const chunk = chunks.shift();
      if (chunk) {
        call.worker?.grant(call, chunk.bytes);
        yield await chunk.value;
      } else if (over) return await ended;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    // The consumer has left the loop: the generator in Python is closed, its clean-up runs, the worker goes back.
    if (!over) {
      call.promise.catch(() => {});
      pool.abandon(call, new PoolError("call_closed", "The stream was left before its end.", { pool: pool.profile.name }));
    }
  }
}
