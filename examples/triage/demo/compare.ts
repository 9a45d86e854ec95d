/** The two routes beside each other, call by call. A call that only one of them made counts as a difference. */
import { isDeepStrictEqual } from "node:util";
import type { RouteRun } from "./run.ts";

export interface Compared {
  readonly calls: number;
  readonly messages: number;
  readonly answers: number;
  /** The first call whose messages differ, to be looked at. */
  readonly first?: string;
}

export function compare(native: RouteRun, python: RouteRun): Compared {
  const keys = [...new Set([...native.answers.keys(), ...python.answers.keys()])];
  let messages = 0;
  let answers = 0;
  let first: string | undefined;
  for (const key of keys) {
    const [a, b] = [native.answers.get(key), python.answers.get(key)];
    if (a && b && isDeepStrictEqual(a.sent, b.sent)) messages++;
    else first ??= key;
    if (a?.outputs && b?.outputs && isDeepStrictEqual(a.outputs, b.outputs)) answers++;
  }
  return { calls: keys.length, messages, answers, ...(first === undefined ? {} : { first }) };
}
