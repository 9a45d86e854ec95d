/**
 * Python classes as TypeScript meets them (api.md, "TypeScript forms"). A class that is not listed is taken as it comes:
 * its value was made by code that knows it.
 */
import { History, Image } from "../values.ts";

const text = (value: unknown): boolean => typeof value === "string";
const matching =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && pattern.test(value);

const date = (value: unknown): boolean => {
  const parts = typeof value === "string" ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) : null;
  if (!parts) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.getUTCDate() === Number(parts[3]);
};

const forms: Readonly<Record<string, (value: unknown) => boolean>> = {
  "datetime.datetime": (value) => value instanceof Date && !Number.isNaN(value.getTime()),
  "datetime.date": date,
  "datetime.time": matching(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?$/),
  "datetime.timedelta": text,
  "decimal.Decimal": matching(/^\s*[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i),
  "uuid.UUID": matching(/^(urn:uuid:)?\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i),
  "dspy.Image": (value) => value instanceof Image,
  "dspy.History": (value) => value instanceof History,
};

/** Whether a value is the TypeScript form of the Python class. */
export function isInstance(name: string, value: unknown): boolean {
  if (value === undefined) return false;
  return Object.hasOwn(forms, name) ? forms[name]!(value) : true;
}
