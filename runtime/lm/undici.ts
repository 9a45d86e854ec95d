/**
 * Node's transport: undici's Pool, keep-alive connections to one origin. It is an installed package that this module
 * looks for and does not need: the name is kept from bundlers, so that no bundle carries it, and without it `fetch`
 * serves. Whole answers go by `dispatch`, without the stream that `request` makes of every body: 256 at a time that is
 * as fast as a bare pool, with everything the client does on top.
 */
import type * as Undici from "undici";
import {
  type Answer,
  BodyRefused,
  decoded,
  fetchTransport,
  type Post,
  type Reply,
  type Transport,
  tooLarge,
  wholeText,
} from "./transport.ts";

/** An answer that takes longer than this to begin or to go on will not come; calls without a deadline end too. */
const SILENCE = 600_000;

export async function nodeTransport(baseURL: string): Promise<Transport> {
  const name = "undici";
  let undici: typeof Undici;
  try {
    undici = (await import(/* webpackIgnore: true */ /* @vite-ignore */ name)) as typeof Undici;
  } catch {
    return fetchTransport(baseURL);
  }
  const { origin, pathname } = new URL(baseURL);
  const options = { headersTimeout: SILENCE, bodyTimeout: SILENCE, connect: { timeout: 30_000 } };
  const dispatcher: Undici.Dispatcher = proxied(origin) ? new undici.EnvHttpProxyAgent(options) : new undici.Pool(origin, options);
  const root = pathname.replace(/\/$/, "");
  const requestOf = ({ path, headers, body }: Post) => ({ origin, path: root + path, method: "POST", headers, body }) as const;
  return {
    send: (post, limit) =>
      new Promise((resolve, reject) => void dispatcher.dispatch(requestOf(post), collecting(post.signal, limit, resolve, reject))),
    async open(post) {
      return replyOf(await dispatcher.request({ ...requestOf(post), ...(post.signal && { signal: post.signal }) }));
    },
    // Not `close`, which would wait for whatever is still under way.
    close: () => dispatcher.destroy(),
  };
}

function collecting(
  signal: AbortSignal | undefined,
  limit: number,
  resolve: (answer: Answer) => void,
  reject: (error: unknown) => void,
): Undici.Dispatcher.DispatchHandler {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let status = 0;
  let headers: Readonly<Record<string, string>> = {};
  let controller: Undici.Dispatcher.DispatchController | undefined;
  const aborted = () => controller?.abort(signal!.reason);
  return {
    onRequestStart(started) {
      controller = started;
      if (signal?.aborted) aborted();
      else signal?.addEventListener("abort", aborted, { once: true });
    },
    onResponseStart(_, code, received) {
      status = code;
      headers = received as Record<string, string>;
    },
    onResponseData(_, chunk) {
      size += chunk.length;
      if (size > limit) controller!.abort(tooLarge(limit));
      else chunks.push(chunk);
    },
    onResponseEnd() {
      signal?.removeEventListener("abort", aborted);
      const told = (text: string) => resolve({ status, headers, text });
      try {
        if (isPacked(headers)) wholeText(unpacked(chunks, headers), limit).then(told, reject);
        else told(decoded(chunks));
      } catch (error) {
        reject(error);
      }
    },
    onResponseError(_, error) {
      signal?.removeEventListener("abort", aborted);
      reject(error);
    },
  };
}

function replyOf({ statusCode, headers, body }: Undici.Dispatcher.ResponseData): Reply {
  return {
    status: statusCode,
    headers: headers as Record<string, string>,
    chunks: () => (isPacked(headers as Headers) ? unpacked(body, headers as Headers) : body),
    discard() {
      // Destroying errors the stream; nobody reads it any more.
      body.on("error", () => {});
      body.destroy();
    },
  };
}

type Headers = Readonly<Record<string, string>>;
const isPacked = ({ "content-encoding": encoding = "identity" }: Headers): boolean => encoding !== "identity";

/** Nobody asked for it, but some proxies compress whatever passes; `fetch` undoes it by itself. */
function unpacked(body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, headers: Headers): AsyncIterable<Uint8Array> {
  const encoding = headers["content-encoding"]!;
  if (encoding !== "gzip" && encoding !== "deflate") throw new BodyRefused(`a body in ${encoding}, which nobody asked for`, false);
  // Node has had it since 20.6; the types of the platform's library are behind.
  const { from } = ReadableStream as unknown as { from(body: unknown): ReadableStream<Uint8Array> };
  return from(body).pipeThrough(new DecompressionStream(encoding) as unknown as TransformStream<Uint8Array, Uint8Array>);
}

/** A server on this machine is never behind a proxy, whatever the environment says for the rest of the world. */
const LOOPBACK = /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:|$)/;

function proxied(origin: string): boolean {
  const { env } = process;
  if (LOOPBACK.test(origin)) return false;
  return origin.startsWith("https:") ? Boolean(env.HTTPS_PROXY || env.https_proxy) : Boolean(env.HTTP_PROXY || env.http_proxy);
}
