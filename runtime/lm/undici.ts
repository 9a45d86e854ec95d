/**
 * Node's transport: undici's Pool, keep-alive connections to one origin. Against a local server it carries three times
 * what Node's own fetch does. It is an installed package that this module looks for and does not need: the name is kept
 * from bundlers, so that no bundle carries it, and without it `fetch` serves.
 */
import type * as Undici from "undici";
import { collect, fetchTransport, type Reply, type Transport } from "./transport.ts";

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
  return {
    async post(path, headers, body, signal) {
      const response = await dispatcher.request({ origin, path: root + path, method: "POST", headers, body, ...(signal && { signal }) });
      return replyOf(response);
    },
    // Not `close`, which would wait for whatever is still under way.
    close: () => dispatcher.destroy(),
  };
}

function replyOf({ statusCode, headers, body }: Undici.Dispatcher.ResponseData): Reply {
  const header = (name: string): string | null => {
    const value = headers[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
  };
  return {
    status: statusCode,
    header,
    headers: () => Object.fromEntries(Object.keys(headers).map((name) => [name, header(name)!])),
    text: (limit) => collect(body, limit),
    chunks: () => body,
    discard() {
      // Destroying errors the stream; nobody reads it any more.
      body.on("error", () => {});
      body.destroy();
    },
  };
}

function proxied(origin: string): boolean {
  const { env } = process;
  return origin.startsWith("https:") ? Boolean(env.HTTPS_PROXY || env.https_proxy) : Boolean(env.HTTP_PROXY || env.http_proxy);
}
