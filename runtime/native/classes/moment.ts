/** pydantic's dates that stand before or behind now, and its datetimes with or without a zone. */
import { refuse } from "../coerce/atoms.ts";
import type { State } from "../coerce/state.ts";
import { toDate, toDatetime } from "../coerce/time.ts";
import type { PyValue, Scalar } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

/** 0 is today itself, which is neither past nor future. */
function daysFromToday(text: string): number {
  const now = new Date();
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  return utc(year, month, day) - utc(now.getFullYear(), now.getMonth() + 1, now.getDate());
}

/** `Date.UTC` takes years below 100 for others. */
const utc = (year: number, month: number, day: number): number => new Date(0).setUTCFullYear(year, month - 1, day);

/** A time without a zone is this machine's. */
const fromNow = (text: string): number => new Date(text.replace(/(\.\d{3})\d+/, "$1")).getTime() - Date.now();

const date = (holds: (difference: number) => boolean, expected: string): NamedClass => ({
  schema: { type: "string", format: "date" },
  read(value: PyValue, state: State) {
    const read = toDate(value, state) as Scalar;
    return holds(daysFromToday(read.text)) ? read : refuse(expected, value);
  },
});
const datetime = (holds: (text: string) => boolean, expected: string): NamedClass => ({
  schema: { type: "string", format: "date-time" },
  read(value: PyValue, state: State) {
    const read = toDatetime(value, state) as Scalar;
    return holds(read.text) ? read : refuse(expected, value);
  },
});
const isAware = (text: string): boolean => /(?:Z|[-+]\d\d:\d\d(?::\d\d)?)$/.test(text);

export const MOMENTS: NamedClasses = {
  "pydantic.types.PastDate": date((difference) => difference < 0, "a date in the past"),
  "pydantic.types.FutureDate": date((difference) => difference > 0, "a date in the future"),
  "pydantic.types.PastDatetime": datetime((text) => fromNow(text) < 0, "a datetime in the past"),
  "pydantic.types.FutureDatetime": datetime((text) => fromNow(text) > 0, "a datetime in the future"),
  "pydantic.types.AwareDatetime": datetime(isAware, "a datetime with a zone"),
  "pydantic.types.NaiveDatetime": datetime((text) => !isAware(text), "a datetime without a zone"),
};
