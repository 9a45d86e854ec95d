/** One HTTP attempt: headers and key on, hooks told, the answer's head looked at, every failure an LMError. */

import type { LMSettings } from "../options.ts";
import { failureOfStatus } from "./failure.ts";
import { LMError } from "./lm-error.ts";
import { BodyRefused, fetchTransport, type Head, LARGEST_BODY, type Post, type Reply, type Transport } from "./transport.ts";

export interface Exchanger {
  /** The body of a successful answer. */
  text(body: Record<string, unknown>, attempt: number, signal: AbortSignal | undefined): Promise<string>;
  /** A successful answer, its body still to be read. */
  open(body: Record<string, unknown>, attempt: number, signal: AbortSignal | undefined): Promise<Reply>;
  close(): Promise<void>;
}

export interface ExchangeSettings {
  readonly baseURL: string;
  readonly endpoint: string;
  readonly path: string;
  readonly apiKey: string | undefined;
  readonly secrets: readonly string[];
  readonly settings: LMSettings;
}

const LARGEST_ERROR = 64 * 1024;
const LONGEST_ERROR = 2_000;

export function exchanger({ baseURL, endpoint, path, apiKey, secrets, settings }: ExchangeSettings): Exchanger {
  let transport: Transport | Promise<Transport> | undefined;
  const { onRequest, onResponse } = settings;
  const headers: Readonly<Record<string, string>> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...lowered(settings.headers),
  };
  const authorised = apiKey === undefined || "authorization" in headers ? headers : { ...headers, authorization: `Bearer ${apiKey}` };
  // The address's own query stays out of what hooks see.
  const url = endpoint + path.replace(/\?.*/, "");

  const postOf = (body: Record<string, unknown>, attempt: number, signal: AbortSignal | undefined): Post => {
    const changed = onRequest?.({ url, attempt, headers, body });
    return {
      path,
      signal,
      headers: changed?.headers ? { ...authorised, ...lowered(changed.headers) } : authorised,
      body: JSON.stringify(changed?.body ?? body),
    };
  };

  /** `ask` sends; whatever it throws becomes this endpoint's LMError, or the signal's reason. */
  const attempted = async <H extends Head>(
    ask: (transport: Transport, post: Post) => Promise<H>,
    body: Record<string, unknown>,
    attempt: number,
    signal: AbortSignal | undefined,
  ): Promise<H> => {
    if (signal?.aborted) throw signal.reason;
    const post = postOf(body, attempt, signal);
    const began = onResponse ? performance.now() : 0;
    try {
      transport ??= makeTransport(baseURL);
      if (transport instanceof Promise) transport = await transport;
      const head = await ask(transport, post);
      onResponse?.({ url, attempt, status: head.status, headers: head.headers, latency: performance.now() - began });
      return head;
    } catch (error) {
      throw signal?.aborted ? signal.reason : brokenOff(endpoint, error);
    }
  };

  const failure = ({ status, headers: told }: Head, text: string): LMError =>
    failureOfStatus(status, { endpoint, body: text, secrets, retryAfter: retryAfterOf(told) });

  return {
    async text(body, attempt, signal) {
      const answer = await attempted((via, post) => via.send(post, LARGEST_BODY), body, attempt, signal);
      if (isSuccess(answer)) return answer.text;
      throw failure(answer, answer.text);
    },
    async open(body, attempt, signal) {
      const reply = await attempted((via, post) => via.open(post), body, attempt, signal);
      if (isSuccess(reply)) return reply;
      const text = await beginning(reply);
      throw signal?.aborted ? signal.reason : failure(reply, text);
    },
    async close() {
      const open = await transport;
      transport = undefined;
      await open?.close();
    },
  };
}

function isSuccess({ status }: Head): boolean {
  return status >= 200 && status < 300;
}

/** Enough of an error's body to say what it says, and what of it comes soon: some never end. */
async function beginning(reply: Reply): Promise<string> {
  const decoder = new TextDecoder();
  const timer = setTimeout(() => reply.discard(), LONGEST_ERROR);
  let text = "";
  try {
    for await (const chunk of reply.chunks()) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > LARGEST_ERROR) break;
    }
  } catch {
    // The status says what matters.
  }
  clearTimeout(timer);
  reply.discard();
  return text;
}

/** Node by its connection pool; everything else by fetch. */
function makeTransport(baseURL: string): Transport | Promise<Transport> {
  const versions = (globalThis as { process?: { versions?: { node?: string; bun?: string } } }).process?.versions;
  return versions?.node && !versions.bun
    ? import("./undici.ts").then(({ nodeTransport }) => nodeTransport(baseURL))
    : fetchTransport(baseURL);
}

function lowered(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The cause says why, in the platform's words: ECONNREFUSED, ENOTFOUND, a certificate, a socket that closed. */
function brokenOff(endpoint: string, cause: unknown): LMError {
  if (cause instanceof BodyRefused)
    return new LMError("protocol", `${endpoint} answered with ${cause.message}.`, { endpoint, cause, transient: cause.transient });
  return new LMError("transport", `${endpoint} gave no answer: ${reasonOf(cause)}.`, {
    endpoint,
    cause,
    remedy: "Check that the server runs and that the address is right.",
  });
}

/** fetch hides the reason one level down, and Node's happy eyeballs hide several in one. */
function reasonOf(error: unknown): string {
  const inner = (error as { cause?: unknown })?.cause ?? error;
  const first = inner instanceof AggregateError ? inner.errors[0] : inner;
  const { code, message } = Object(first) as { code?: string; message?: string };
  if (!message) return code ?? String(first);
  return (code && !message.includes(code) ? `${message} (${code})` : message).replace(/\.$/, "");
}

/** Seconds, or a date. Also OpenAI's own header, which is exact. */
function retryAfterOf(headers: Head["headers"]): number | undefined {
  const exact = Number(headers["retry-after-ms"] || Number.NaN);
  if (exact >= 0) return exact;
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000;
  // A date has a month's name; the platform would read one into "-5" as well.
  const wait = /[a-z]{3}/i.test(value) ? Date.parse(value) - Date.now() : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
