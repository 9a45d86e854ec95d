/** One HTTP attempt: headers and key on, hooks told, the answer's head looked at, every failure an LMError. */
import { LMError } from "../errors.ts";
import type { LMSettings } from "../options.ts";
import { failureOfStatus } from "./failure.ts";
import { BodyTooLarge, fetchTransport, type Reply, type Transport } from "./transport.ts";

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
  readonly settings: LMSettings;
}

const LARGEST_BODY = 64 * 1024 * 1024;
const LARGEST_ERROR = 64 * 1024;

export function exchanger({ baseURL, endpoint, path, apiKey, settings }: ExchangeSettings): Exchanger {
  let transport: Transport | Promise<Transport> | undefined;
  const headers: Readonly<Record<string, string>> = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...lowered(settings.headers),
  };
  const authorised = apiKey === undefined || "authorization" in headers ? headers : { ...headers, authorization: `Bearer ${apiKey}` };
  const secret = apiKey ?? headers.authorization?.replace(/^\w+ /, "");

  const open: Exchanger["open"] = async (body, attempt, signal) => {
    if (signal?.aborted) throw signal.reason;
    let sent = { headers: authorised, body };
    if (settings.onRequest) {
      const changed = settings.onRequest({ url: endpoint + path, attempt, headers, body });
      if (changed) sent = { headers: { ...authorised, ...lowered(changed.headers) }, body: { ...(changed.body ?? body) } };
    }
    const text = JSON.stringify(sent.body);
    const began = settings.onResponse ? performance.now() : 0;
    let reply: Reply;
    try {
      transport ??= makeTransport(baseURL);
      if (transport instanceof Promise) transport = await transport;
      reply = await transport.post(path, sent.headers, text, signal);
    } catch (error) {
      throw signal?.aborted ? signal.reason : unreachable(endpoint, error);
    }
    settings.onResponse?.({
      url: endpoint + path,
      attempt,
      status: reply.status,
      headers: reply.headers(),
      latency: performance.now() - began,
    });
    if (reply.status >= 200 && reply.status < 300) return reply;
    const answer = await reply.text(LARGEST_ERROR).catch(() => "");
    reply.discard();
    if (signal?.aborted) throw signal.reason;
    throw failureOfStatus(reply.status, { endpoint, body: answer, secret, retryAfter: retryAfterOf(reply) });
  };

  return {
    open,
    async text(body, attempt, signal) {
      const reply = await open(body, attempt, signal);
      try {
        return await reply.text(LARGEST_BODY);
      } catch (error) {
        reply.discard();
        throw signal?.aborted ? signal.reason : brokenBody(endpoint, error);
      }
    },
    async close() {
      const open = await transport;
      transport = undefined;
      await open?.close();
    },
  };
}

/** Node by its connections pool; everything else by fetch. */
function makeTransport(baseURL: string): Transport | Promise<Transport> {
  const node = (globalThis as { process?: { versions?: { node?: string; bun?: string } } }).process?.versions;
  return node?.node && !node.bun ? import("./undici.ts").then(({ nodeTransport }) => nodeTransport(baseURL)) : fetchTransport(baseURL);
}

function lowered(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The cause says why, in the platform's words: ECONNREFUSED, ENOTFOUND, a certificate. */
function unreachable(endpoint: string, cause: unknown): LMError {
  const why = reasonOf(cause);
  return new LMError("transport", `${endpoint} cannot be reached: ${why}.`, {
    endpoint,
    cause,
    remedy: "Check that the server runs and that the address is right.",
  });
}

function brokenBody(endpoint: string, cause: unknown): LMError {
  if (cause instanceof BodyTooLarge)
    return new LMError("protocol", `${endpoint} answered with ${cause.message}.`, { endpoint, cause, transient: false });
  const cut = cause instanceof TypeError && /encod|decod|utf/i.test(cause.message);
  return new LMError(
    cut ? "protocol" : "transport",
    cut ? `${endpoint} answered with bytes that are no UTF-8.` : `${endpoint} broke off its answer: ${reasonOf(cause)}.`,
    {
      endpoint,
      cause,
      transient: true,
    },
  );
}

/** fetch hides the reason one level down, and Node's happy eyeballs hide several in one. */
function reasonOf(error: unknown): string {
  const inner = (error as { cause?: unknown })?.cause ?? error;
  const first = inner instanceof AggregateError ? inner.errors[0] : inner;
  const { code, message } = Object(first) as { code?: string; message?: string };
  return message ? (code && !message.includes(code) ? `${message} (${code})` : message).replace(/\.$/, "") : (code ?? String(first));
}

/** Seconds, or a date. Also OpenAI's own header, which is exact. */
function retryAfterOf(reply: Reply): number | undefined {
  const exact = Number(reply.header("retry-after-ms") ?? Number.NaN);
  if (exact >= 0) return exact;
  const value = reply.header("retry-after");
  if (value === null) return undefined;
  const wait = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
