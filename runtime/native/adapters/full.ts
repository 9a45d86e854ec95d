/**
 * The three adapters for every type there is, with conversation history and content blocks. What `render` shows, what
 * conformance compares, and what the engine uses wherever a layout is more than plain text and numbers.
 */
import type { ContentBlock, Message } from "../../lm/lm.ts";
import type { AdapterName } from "../../router/engine.ts";
import { fullCodec } from "../codecs/full.ts";
import type { Layout } from "../layout.ts";
import { memo } from "../memo.ts";
import type { PyValue } from "../python/value.ts";
import { constantValue } from "../values/constant.ts";
import { toPython } from "../values/python.ts";
import { MARK_START } from "../values/serialize.ts";
import { contentBlocks } from "./blocks.ts";
import { type ChatKit, chatKit } from "./chat.ts";
import { historyField, turns, withoutHistory } from "./history.ts";
import { jsonKit } from "./json.ts";
import { conversation, demoMessages, type Kit, type Values } from "./kit.ts";
import { lenientSections } from "./lenient.ts";
import { xmlKit } from "./xml.ts";

const chat: (layout: Layout) => ChatKit = memo((layout) =>
  chatKit(layout, fullCodec, ({ default: value, type }) => toPython(constantValue(value!), type)),
);
const kits: Readonly<Record<AdapterName, (layout: Layout) => Kit>> = {
  chat,
  json: memo(jsonKit),
  xml: memo(xmlKit),
};

/** A layout's fixed texts in one adapter, made at first use. */
export const kitOf = (adapter: AdapterName, layout: Layout): Kit => kits[adapter](layout);

/** The exact messages of a call. `nativeTools`: tool calls in the history are the endpoint's own, as JSONAdapter has them by itself. */
export function format(
  adapter: AdapterName,
  layout: Layout,
  demos: readonly Values[],
  inputs: Values,
  nativeTools: boolean = adapter === "json",
): Message[] {
  const kit = kitOf(adapter, layout);
  const history = historyField(layout);
  let messages: Message[];
  if (history === undefined) messages = conversation(kit, demos, inputs);
  else {
    const rest = withoutHistory(layout);
    const content = kitOf(adapter, rest).user(inputs, "", true);
    const earlier = turns(rest, inputs[history], { adapter, nativeTools, kitOf: (own) => kitOf(adapter, own) });
    messages = [{ role: "system", content: kit.system }, ...demoMessages(kit, demos), ...earlier];
    if (content) messages.push({ role: "user", content });
  }
  return messages.map(withBlocks);
}

function withBlocks(message: Message): Message {
  const { role, content } = message;
  return role === "user" && typeof content === "string" && content.includes(MARK_START)
    ? { ...message, content: contentBlocks(content) as ContentBlock[] }
    : message;
}

/** The outputs as Python would hold them, in the signature's order. Throws `ParseError`. */
export function parse(adapter: AdapterName, layout: Layout, completion: string): Record<string, PyValue> {
  return kitOf(adapter, layout).parse(completion) as Record<string, PyValue>;
}

/** The same from ChatAdapter's format with lenient headers. */
export function parseLenient(layout: Layout, completion: string): Record<string, PyValue> {
  const names = new Set(layout.outputs.map(({ name }) => name));
  return chat(layout).readSections(lenientSections(completion, names)) as Record<string, PyValue>;
}
