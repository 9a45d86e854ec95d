/** Durations: milliseconds, or a number with its unit. */
import type { Duration } from "./options.ts";

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds, or undefined where the text is no duration. Infinity is one: it means no limit. */
export function milliseconds(duration: Duration): number | undefined {
  if (typeof duration === "number") return duration > 0 ? duration : undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration);
  const value = match ? Number(match[1]) * units[match[2] as keyof typeof units] : 0;
  return value > 0 ? value : undefined;
}
