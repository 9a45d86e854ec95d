/** A server-sent event stream as its `data:` payloads. Chunks may cut an event, a line or a character anywhere. */
import { createParser } from "eventsource-parser";
import { tooLarge } from "./transport.ts";

/** One event larger than this is an attack or an accident. */
const LARGEST_EVENT = 16 * 1024 * 1024;

export async function* dataOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const ready: string[] = [];
  let refused: Error | undefined;
  const parser = createParser({
    onEvent: ({ data }) => void ready.push(data),
    onError(error) {
      // Unknown fields are to be ignored; a buffer that is full is not.
      if (error.type === "max-buffer-size-exceeded") refused = tooLarge(LARGEST_EVENT);
    },
    maxBufferSize: LARGEST_EVENT,
  });
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of chunks) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (refused) throw refused;
    yield* ready.splice(0);
  }
  parser.feed(decoder.decode());
  // Some servers leave out the blank line after the last event. What is cut in its middle is not an event.
  parser.feed("\n\n");
  yield* ready.splice(0).filter(isWhole);
}

function isWhole(data: string): boolean {
  try {
    JSON.parse(data);
    return true;
  } catch {
    return data === "[DONE]";
  }
}
