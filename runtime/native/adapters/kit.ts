/**
 * One layout in one adapter's hands: the fixed texts, put together once, and how values go in and come out. The order of
 * messages is the same for all three adapters.
 */
import type { Message } from "../../lm/lm.ts";
import type { Layout } from "../layout.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface Kit {
  readonly layout: Layout;
  readonly system: string;
  /** `request` appends what the answer has to look like; demos and history go without. */
  user(values: Values, prefix: string, request: boolean): string;
  /** `missing` stands where a value is absent. */
  assistant(values: Values, missing: string | null): string;
  /** Throws `ParseError`. */
  parse(completion: string): Record<string, unknown>;
}

const INCOMPLETE = "This is an example of the task, though some input or output fields are not supplied.";
/** Python's `key in dict`; a JavaScript `undefined` is an absent key. */
export const has = (values: Values, name: string): boolean => Object.hasOwn(values, name) && values[name] !== undefined;

/** Incomplete demos first, each marked; those without an input or without an output are left out (dspy-semantics 2.2). */
export function demoMessages(kit: Kit, demos: readonly Values[]): Message[] {
  const { inputs, outputs } = kit.layout;
  const incomplete: Message[] = [];
  const complete: Message[] = [];
  for (const demo of demos) {
    const whole = [...inputs, ...outputs].every(({ name }) => has(demo, name) && demo[name] !== null);
    if (whole)
      complete.push({ role: "user", content: kit.user(demo, "", false) }, { role: "assistant", content: kit.assistant(demo, null) });
    else if (inputs.some(({ name }) => has(demo, name)) && outputs.some(({ name }) => has(demo, name)))
      incomplete.push(
        { role: "user", content: kit.user(demo, INCOMPLETE, false) },
        { role: "assistant", content: kit.assistant(demo, "Not supplied for this particular example. ") },
      );
  }
  return [...incomplete, ...complete];
}

/** The messages of a call without history. An empty user message is not sent. */
export function conversation(kit: Kit, demos: readonly Values[], inputs: Values): Message[] {
  const content = kit.user(inputs, "", true);
  const messages: Message[] = [{ role: "system", content: kit.system }];
  if (demos.length > 0) messages.push(...demoMessages(kit, demos));
  if (content) messages.push({ role: "user", content });
  return messages;
}
