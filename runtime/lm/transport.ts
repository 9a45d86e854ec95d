/**
 * How bytes go to an endpoint: one POST, one answer. `fetch` does it everywhere; Node has a faster way in `undici.ts`.
 * A transport throws whatever its platform throws; `client.ts` makes one kind of error of it.
 */
export interface Reply {
  readonly status: number;
  header(name: string): string | null;
  headers(): Readonly<Record<string, string>>;
  /** The whole body, at most `limit` bytes of it, as strict UTF-8. */
  text(limit: number): Promise<string>;
  chunks(): AsyncIterable<Uint8Array>;
  /** Lets the connection go without reading on. */
  discard(): void;
}

export interface Transport {
  post(path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal | undefined): Promise<Reply>;
  close(): Promise<void>;
}

export class BodyTooLarge extends Error {}

export function fetchTransport(baseURL: string): Transport {
  return {
    async post(path, headers, body, signal) {
      // A redirect would carry the key to an address nobody configured.
      const response = await fetch(baseURL + path, { method: "POST", headers, body, redirect: "manual", ...(signal && { signal }) });
      return {
        status: response.status,
        header: (name) => response.headers.get(name),
        headers: () => Object.fromEntries(response.headers),
        text: (limit) => collect(streamOf(response), limit),
        chunks: () => streamOf(response),
        discard: () => void response.body?.cancel().catch(() => {}),
      };
    },
    close: async () => {},
  };
}

async function* streamOf({ body }: Response): AsyncGenerator<Uint8Array, void, undefined> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Strict: half a character at the end is a body cut short, not a letter that looks odd. */
export async function collect(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  let text = "";
  for await (const chunk of chunks) {
    size += chunk.byteLength;
    if (size > limit) throw new BodyTooLarge(`more than ${limit} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
