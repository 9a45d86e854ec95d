/** Seven fields of the usual types, as a signature and as others write the same shape; and one value that fits. */
import { type } from "arktype";
import { z } from "zod";

export const SIGNATURE = `message: str, history: list[str](max_length=20), attempts: int(ge=0), score: float(ge=0, le=1), urgent: bool, channel: Literal["mail", "chat", "phone"], note: Optional[str] -> answer`;

export const VALUE: Readonly<Record<string, unknown>> = {
  message: "The app crashes when I open settings.",
  history: ["Hello", "I use version 2.1", "On Android"],
  attempts: 2,
  score: 0.75,
  urgent: true,
  channel: "chat",
  note: null,
};

export const zodSchema: z.ZodType = z.strictObject({
  message: z.string(),
  history: z.array(z.string()).max(20),
  attempts: z.int().min(0),
  score: z.number().min(0).max(1),
  urgent: z.boolean(),
  channel: z.enum(["mail", "chat", "phone"]),
  note: z.string().nullable(),
});

export const arktypeSchema: (value: unknown) => unknown = type({
  "+": "reject",
  message: "string",
  history: "string[] <= 20",
  attempts: "number.integer >= 0",
  score: "0 <= number <= 1",
  urgent: "boolean",
  channel: "'mail' | 'chat' | 'phone'",
  note: "string | null",
});

export const JSON_SCHEMA: object = {
  type: "object",
  additionalProperties: false,
  required: ["message", "history", "attempts", "score", "urgent", "channel", "note"],
  properties: {
    message: { type: "string" },
    history: { type: "array", items: { type: "string" }, maxItems: 20 },
    attempts: { type: "integer", minimum: 0 },
    score: { type: "number", minimum: 0, maximum: 1 },
    urgent: { type: "boolean" },
    channel: { enum: ["mail", "chat", "phone"] },
    note: { type: ["string", "null"] },
  },
};

const NAMES = ["message", "history", "attempts", "score", "urgent", "channel", "note"];

/** What a careful author writes by hand for the same contract: own properties, no others, every issue, a value of its own. */
export function handWritten(
  value: unknown,
): { ok: true; value: object } | { ok: false; issues: { path: (string | number)[]; message: string }[] } {
  const issues: { path: (string | number)[]; message: string }[] = [];
  const wrong = (path: (string | number)[], expected: string) => issues.push({ path, message: `expected ${expected}` });
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    wrong([], "an object");
    return { ok: false, issues };
  }
  for (const key of Object.keys(value)) if (!NAMES.includes(key)) wrong([key], "no such field");
  const own = (name: string): unknown => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined);
  const message = own("message");
  if (typeof message !== "string") wrong(["message"], "a string");
  const history = own("history");
  if (!Array.isArray(history)) wrong(["history"], "an array");
  else {
    for (let i = 0; i < history.length; i++) if (typeof history[i] !== "string") wrong(["history", i], "a string");
    if (history.length > 20) wrong(["history"], "at most 20 items");
  }
  const attempts = own("attempts");
  if (!Number.isSafeInteger(attempts)) wrong(["attempts"], "an integer");
  else if ((attempts as number) < 0) wrong(["attempts"], "0 or more");
  const score = own("score");
  if (typeof score !== "number") wrong(["score"], "a number");
  else if (!(score >= 0 && score <= 1)) wrong(["score"], "0 to 1");
  const urgent = own("urgent");
  if (typeof urgent !== "boolean") wrong(["urgent"], "a boolean");
  const channel = own("channel");
  if (channel !== "mail" && channel !== "chat" && channel !== "phone") wrong(["channel"], "mail, chat or phone");
  const note = own("note");
  if (note !== undefined && note !== null && typeof note !== "string") wrong(["note"], "a string or null");
  return issues.length === 0
    ? { ok: true, value: { message, history, attempts, score, urgent, channel, note: note ?? null } }
    : { ok: false, issues };
}
