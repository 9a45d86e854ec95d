import { channel, type Listener } from "./channel.ts";

/** Hears one of the events of `events.ts`, in any runtime; the result takes the listener away again. */
export function subscribe<T = unknown>(name: `dspex.${string}`, listener: Listener<T>): () => void {
  const heard = channel<T>(name);
  heard.subscribe(listener);
  return () => void heard.unsubscribe(listener);
}
