/** What an endpoint's status and body mean, as one typed error. The body is quoted, shortened and without the key. */
import { LMError } from "./lm-error.ts";

export interface Failure {
  readonly endpoint: string;
  readonly body: string;
  readonly retryAfter?: number | undefined;
  /** Replaced by `***` wherever the endpoint echoes them. */
  readonly secrets?: readonly string[];
  readonly cause?: unknown;
}

type Code = ConstructorParameters<typeof LMError>[0];

const remedies: Readonly<Partial<Record<Code, string>>> = {
  auth: "Check the API key: `apiKey`, or the provider's variable in the environment.",
  not_found: "Check the model's name and `baseURL`.",
  budget_exceeded: "Check the account's credit and limits.",
  context_window: "Send less text: shorter inputs or fewer demos.",
};

export function failureOfStatus(status: number, failure: Failure): LMError {
  const told = errorOf(failure.body);
  const code = codeOf(status, told.code, told.message);
  const said = excerpt(told.message, failure.secrets);
  return new LMError(code, `${failure.endpoint} answered ${status}${said && `: ${said}`}${/[.!?]$/.test(said) ? "" : "."}`, {
    endpoint: failure.endpoint,
    status,
    ...(failure.retryAfter !== undefined && { retryAfter: failure.retryAfter }),
    ...(failure.cause !== undefined && { cause: failure.cause }),
    ...(remedies[code] && { remedy: remedies[code] }),
    transient: code === "server" || code === "rate_limited",
  });
}

function codeOf(status: number, code: string, message: string): Code {
  if (/insufficient_quota|billing|credit/.test(code) || status === 402) return "budget_exceeded";
  if (status === 401 || status === 403) return "auth";
  if (
    code === "context_length_exceeded" ||
    (status < 500 && /context (length|window|size)|maximum context|too many tokens|prompt is too long/i.test(message))
  )
    return "context_window";
  if (status === 404 || status === 410) return "not_found";
  if (status === 429) return "rate_limited";
  // 408 and 425 say "later"; 409 is a lock somewhere behind the endpoint.
  if (status >= 500 || status === 408 || status === 409 || status === 425) return "server";
  return "protocol";
}

/** An error in the body of a success, or in mid-stream: by the status it names itself, where it does. */
export function failureTold(error: unknown, { endpoint, secrets }: Pick<Failure, "endpoint" | "secrets">, when: string): LMError {
  const told = errorOf(JSON.stringify({ error }));
  const status = Number(Object(error).code);
  const code = codeOf(status >= 400 && status < 600 ? status : 500, told.code, told.message);
  const said = excerpt(told.message, secrets);
  return new LMError(code, `${endpoint} failed${when}: ${said}${/[.!?]$/.test(said) ? "" : "."}`, {
    endpoint,
    ...(remedies[code] && { remedy: remedies[code] }),
  });
}

/** What no error may quote: the key, and whatever headers carry one. The longest first, so that no part of it stays. */
export function secretsOf(apiKey: string | undefined, headers: Readonly<Record<string, string>> = {}): readonly string[] {
  const carried = Object.entries(headers).flatMap(([name, value]) =>
    /auth|key|token|secret|cookie/i.test(name) ? [value, value.replace(/^\w+ /, "")] : [],
  );
  return [...new Set([apiKey ?? "", ...carried])].filter(Boolean).sort((a, b) => b.length - a.length);
}

/** `{ error: { message, code } }` in its several dialects, or the text itself. */
function errorOf(body: string): { readonly code: string; readonly message: string } {
  try {
    const parsed = JSON.parse(body) as { error?: unknown; message?: unknown; detail?: unknown };
    const error = (Array.isArray(parsed) ? parsed[0]?.error : parsed.error) ?? parsed;
    const { message, detail, code, type } = Object(error) as Record<string, unknown>;
    const text = typeof error === "string" ? error : (message ?? detail ?? body);
    return { code: `${code ?? ""} ${type ?? ""}`.trim(), message: typeof text === "string" ? text : JSON.stringify(text) };
  } catch {
    return { code: "", message: body };
  }
}

/** One line of at most 300 characters; of an HTML page only its title. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
  const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
  const plain = (/^\s*</.test(text) ? (title ?? "an HTML page") : text).replace(/\s+/g, " ").trim();
  const clean = secrets.reduce((left, secret) => left.replaceAll(secret, "***"), plain);
  return clean.length > 300 ? `${clean.slice(0, 297)}...` : clean;
}
