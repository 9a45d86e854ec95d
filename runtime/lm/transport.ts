/**
 * How bytes go to an endpoint: one POST, one answer, whole or as it arrives. `fetch` does it everywhere; Node has a
 * faster way in `undici.ts`. A transport throws whatever its platform throws; `exchange.ts` makes one kind of error of it.
 */
export interface Post {
  /** After the transport's base address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

export interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}
export interface Answer extends Head {
  readonly text: string;
}
export interface Reply extends Head {
  chunks(): AsyncIterable<Uint8Array>;
  /** Lets the connection go without reading on. */
  discard(): void;
}

export interface Transport {
  /** The whole answer, refused beyond `limit` bytes. */
  send(post: Post, limit: number): Promise<Answer>;
  /** The answer's head, its body still to come. */
  open(post: Post): Promise<Reply>;
  close(): Promise<void>;
}

/** More bytes than were allowed, or bytes that are no text. */
export class BodyRefused extends Error {
  readonly transient: boolean;
  constructor(message: string, transient: boolean) {
    super(message);
    this.transient = transient;
  }
}

export function tooLarge(limit: number): BodyRefused {
  return new BodyRefused(`more than ${limit} bytes`, false);
}

/** Strict: half a character at the end is a body cut short, not a letter that looks odd. */
const strict = { fatal: true } as const;
/** Making a decoder costs more than decoding an answer; one that is not streaming has no state to keep apart. */
const whole: TextDecoder = /* @__PURE__ */ new TextDecoder("utf-8", strict);

export function decoded(chunks: readonly Uint8Array[]): string {
  try {
    if (chunks.length === 1) return whole.decode(chunks[0]);
    const decoder = new TextDecoder("utf-8", strict);
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode();
  } catch {
    throw new BodyRefused("bytes that are no UTF-8", true);
  }
}

export const LARGEST_BODY: number = 64 * 1024 * 1024;

/** All of a body, refused beyond `limit` bytes. */
export async function wholeText(chunks: AsyncIterable<Uint8Array>, limit: number = LARGEST_BODY): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    parts.push(chunk);
  }
  return decoded(parts);
}

export function fetchTransport(baseURL: string): Transport {
  const open = async ({ path, headers, body, signal }: Post): Promise<Reply> => {
    // A redirect would carry the key to an address nobody configured.
    const response = await fetch(baseURL + path, { method: "POST", headers, body, redirect: "manual", ...(signal && { signal }) });
    // One reader from the start: a body that is being read can be let go only by who reads it.
    const reader = response.body?.getReader();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      chunks: () => chunksOf(reader),
      discard: () => void reader?.cancel().catch(() => {}),
    };
  };
  return {
    open,
    async send(post, limit) {
      const { status, headers, chunks } = await open(post);
      return { status, headers, text: await wholeText(chunks(), limit) };
    },
    close: async () => {},
  };
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader?.cancel().catch(() => {});
  }
}
