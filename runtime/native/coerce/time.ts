/**
 * Dates and times as pydantic reads them (speedate's rules): ISO 8601, and numbers as Unix time. A value keeps the text
 * pydantic's JSON mode writes.
 */
import { isFloat, isInt, type PyValue, Scalar } from "../python/value.ts";
import { refuse } from "./atoms.ts";
import { LAX, type State } from "./state.ts";

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");
const MAX_DAYS = 999_999_999;
/** Above this a number of seconds is taken for milliseconds. */
const WATERSHED = 20_000_000_000;

interface Day {
  year: number;
  month: number;
  day: number;
}
interface Clock {
  hour: number;
  minute: number;
  second: number;
  micro: number /** In minutes; undefined is naive. */;
  offset: number | undefined;
}

const numberOf = (value: PyValue): number | undefined => {
  if (isInt(value) || isFloat(value)) return Number(value);
  return undefined;
};
/** A date's text may be a number too; a time's and a duration's may not. */
const unixOf = (value: PyValue): number | undefined =>
  typeof value === "string" && /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(value) ? Number(value) : numberOf(value);

export function toDate(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "date") return value;
  state.floor(LAX);
  if (typeof value === "string") {
    const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
    if (day) return new Scalar("date", dateText(dayOf(day) ?? refuse("a date", value)));
  }
  const moment = value instanceof Scalar && value.of === "datetime" ? datetime(value.text) : momentOf(value);
  if (!moment || moment.clock.hour || moment.clock.minute || moment.clock.second || moment.clock.micro) return refuse("a date", value);
  return new Scalar("date", dateText(moment.day));
}

export function toDatetime(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "datetime") return value;
  state.floor(LAX);
  const moment = value instanceof Scalar && value.of === "date" ? datetime(value.text) : momentOf(value);
  return moment ? new Scalar("datetime", `${dateText(moment.day)}T${clockText(moment.clock)}`) : refuse("a datetime", value);
}

export function toTime(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "time") return value;
  state.floor(LAX);
  const seconds = numberOf(value);
  const clock =
    seconds !== undefined
      ? seconds >= 0 && seconds < 86_400
        ? clockOfSeconds(seconds)
        : undefined
      : typeof value === "string"
        ? time(value)
        : undefined;
  return clock ? new Scalar("time", clockText(clock)) : refuse("a time", value);
}

function momentOf(value: PyValue): { day: Day; clock: Clock } | undefined {
  const number = unixOf(value);
  if (number !== undefined) return Number.isFinite(number) ? fromUnix(number) : undefined;
  return typeof value === "string" ? datetime(value) : undefined;
}

function dayOf(match: readonly (string | undefined)[]): Day | undefined {
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1 || month < 1 || month > 12 || day < 1) return undefined;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]! ? { year, month, day } : undefined;
}

function datetime(text: string): { day: Day; clock: Clock } | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt _](.*))?$/s.exec(text);
  const day = match && dayOf(match);
  if (!day) return undefined;
  const clock = match[4] === undefined ? { hour: 0, minute: 0, second: 0, micro: 0, offset: undefined } : time(match[4]);
  return clock && { day, clock };
}

function time(text: string): Clock | undefined {
  const match = /^(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?([Zz]|[-+−]\d\d:?\d\d)?$/.exec(text);
  if (!match) return undefined;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const micro = Number((match[4] ?? "").padEnd(6, "0").slice(0, 6));
  let offset: number | undefined;
  if (match[5]) {
    if (/z/i.test(match[5])) offset = 0;
    else {
      const digits = match[5].slice(1).replace(":", "");
      if (Number(digits.slice(2)) > 59) return undefined;
      offset = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
      if (offset >= 1440) return undefined;
      if (match[5][0] !== "+") offset = -offset;
    }
  }
  return { hour, minute, second, micro, offset };
}

function fromUnix(number: number): { day: Day; clock: Clock } | undefined {
  const seconds = Math.abs(number) > WATERSHED ? number / 1000 : number;
  const whole = Math.floor(seconds);
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) return undefined;
  const micro = Math.round((seconds - whole) * 1e6);
  return {
    day: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    clock: { hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), micro, offset: 0 },
  };
}

const clockOfSeconds = (seconds: number): Clock => ({
  hour: Math.floor(seconds / 3600),
  minute: Math.floor(seconds / 60) % 60,
  second: Math.floor(seconds) % 60,
  micro: Math.round((seconds % 1) * 1e6),
  offset: 0,
});
const dateText = ({ year, month, day }: Day): string => `${pad(year, 4)}-${pad(month)}-${pad(day)}`;

function clockText({ hour, minute, second, micro, offset }: Clock): string {
  const zone =
    offset === undefined
      ? ""
      : offset === 0
        ? "Z"
        : `${offset < 0 ? "-" : "+"}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${pad(hour)}:${pad(minute)}:${pad(second)}${micro ? `.${pad(micro, 6)}` : ""}${zone}`;
}

const ISO_DURATION =
  /^([-+]?)P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$/;
const CLOCK_DURATION = /^([-+]?)(?:(\d+)\s?(?:d|days?),?\s?)?(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?$/i;

export function toTimedelta(value: PyValue, state: State): PyValue {
  if (value instanceof Scalar && value.of === "timedelta") return value;
  state.floor(LAX);
  const number = typeof value === "boolean" ? Number(value) : numberOf(value);
  let micros: number | undefined;
  if (number !== undefined) {
    // Whole seconds apart from the fraction: their product would lose the last digits.
    const days = Math.floor(Math.abs(number) / 86_400);
    if (!(days <= MAX_DAYS)) return refuse("a duration", value);
    return new Scalar("timedelta", durationText(days, Math.round((Math.abs(number) - days * 86_400) * 1e6), number < 0));
  }
  if (typeof value === "string") {
    const iso = value.length > 1 && !value.endsWith("T") && !value.endsWith("P") ? ISO_DURATION.exec(value) : null;
    const clock = iso || value === "" ? null : CLOCK_DURATION.exec(value);
    const part = (text: string | undefined): number => Number((text ?? "0").replace(",", "."));
    if (iso)
      micros =
        Math.round(
          ((part(iso[2]) * 365 + part(iso[3]) * 30 + part(iso[4]) * 7 + part(iso[5])) * 86_400 +
            part(iso[6]) * 3600 +
            part(iso[7]) * 60 +
            part(iso[8])) *
            1e6,
        ) * (iso[1] === "-" ? -1 : 1);
    else if (clock && (clock[2] || clock[3]))
      micros =
        ((part(clock[2]) * 86_400 + part(clock[3]) * 3600 + part(clock[4]) * 60 + part(clock[5])) * 1e6 +
          Number((clock[6] ?? "").padEnd(6, "0").slice(0, 6))) *
        (clock[1] === "-" ? -1 : 1);
  }
  if (micros === undefined || !(Math.abs(micros) <= MAX_DAYS * 86_400e6)) return refuse("a duration", value);
  const size = Math.abs(micros);
  return new Scalar("timedelta", durationText(Math.floor(size / 86_400e6), size % 86_400e6, micros < 0));
}

/** ISO 8601 as pydantic writes it: `P1DT2H`, `PT1M30S`, `-PT0.5S`. */
function durationText(days: number, rest: number, negative: boolean): string {
  const [hours, minutes] = [Math.floor(rest / 3600e6), Math.floor(rest / 60e6) % 60];
  const seconds = (rest % 60e6) / 1e6;
  const secondText = Number.isInteger(seconds) ? String(seconds) : seconds.toFixed(6).replace(/0+$/, "");
  const clock = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}${seconds ? `${secondText}S` : ""}`;
  return `${negative ? "-" : ""}P${days ? `${days}D` : ""}${clock || !days ? `T${clock || "0S"}` : ""}`;
}
