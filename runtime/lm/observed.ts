/** Requests as telemetry hears them: a span for each, all its attempts inside, whatever kind of model answered. */
import { type RequestEvent, requested, requesting } from "../telemetry/events.ts";
import type { LMChunk, LMResponse } from "./lm.ts";

const unheard = (): boolean => !requesting.hasSubscribers && !requested.hasSubscribers;

export function observed(about: RequestEvent, run: () => Promise<LMResponse>): Promise<LMResponse> {
  if (unheard()) return run();
  const event: RequestEvent = { ...about };
  const began = performance.now();
  return requesting.tracePromise(async () => {
    try {
      const response = await run();
      const { attempts, usage, choices } = response;
      ended(event, began, { attempts, usage, finishReason: choices[0]?.finishReason });
      return response;
    } catch (error) {
      ended(event, began, { error });
      throw error;
    }
  }, event);
}

/** A stream has no single promise to trace; the plain channel hears its end. Unheard it is handed on as it is. */
export function observedStream(about: RequestEvent, chunks: AsyncIterable<LMChunk>): AsyncIterable<LMChunk> {
  return requested.hasSubscribers ? heardStream(about, chunks) : chunks;
}

async function* heardStream(about: RequestEvent, chunks: AsyncIterable<LMChunk>): AsyncGenerator<LMChunk, void, undefined> {
  const event: RequestEvent = { ...about };
  const began = performance.now();
  const told: { usage?: RequestEvent["usage"]; finishReason?: string | undefined; error?: unknown } = {};
  try {
    for await (const chunk of chunks) {
      if (chunk.usage) told.usage = chunk.usage;
      if (chunk.finishReason !== undefined) told.finishReason = chunk.finishReason;
      yield chunk;
    }
  } catch (error) {
    told.error = error;
    throw error;
  } finally {
    ended(event, began, told);
  }
}

function ended(event: RequestEvent, began: number, told: { [K in keyof RequestEvent]?: RequestEvent[K] | undefined }): void {
  for (const [key, value] of Object.entries(told)) if (value !== undefined) (event as unknown as Record<string, unknown>)[key] = value;
  event.duration = performance.now() - began;
  if (requested.hasSubscribers) requested.publish(event);
}
