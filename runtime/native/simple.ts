/**
 * The short way: ChatAdapter over text, numbers, truth values, choices and lists of text, which most signatures are. It
 * gives up (undefined) on anything else, and then the full adapters are loaded; where it answers, it answers the same.
 */
import type { Message } from "../lm/lm.ts";
import { chatKit } from "./adapters/chat.ts";
import { conversation, type Kit, type Values } from "./adapters/kit.ts";
import { BEYOND } from "./codecs/codec.ts";
import { simpleCodec } from "./codecs/simple.ts";
import type { Layout } from "./layout.ts";
import { memo } from "./memo.ts";

/** Null for a layout that is more than simple. */
const simpleKit: (layout: Layout) => Kit | null = memo((layout) => {
  const codecs = new Map([...layout.inputs, ...layout.outputs].map((field) => [field, simpleCodec(field.type)]));
  if ([...codecs.values()].includes(undefined) || layout.outputs.some((field) => field.default !== undefined)) return null;
  return chatKit(layout, (field) => codecs.get(field)!);
});

export function simpleFormat(layout: Layout, demos: readonly Values[], inputs: Values): Message[] | undefined {
  const kit = simpleKit(layout);
  return kit ? unlessBeyond(() => conversation(kit, demos, inputs)) : undefined;
}

export function simpleParse(layout: Layout, completion: string): Record<string, unknown> | undefined {
  return unlessBeyond(() => simpleKit(layout)?.parse(completion));
}

function unlessBeyond<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error === BEYOND) return undefined;
    throw error;
  }
}
