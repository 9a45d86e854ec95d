/** Earlier turns of a conversation, from an input of type dspy.History (dspy-semantics 2.2). */
import type { Message } from "../../lm/lm.ts";
import type { AdapterName } from "../../router/engine.ts";
import { History } from "../../values.ts";
import { fullCodec } from "../codecs/full.ts";
import { coerce } from "../coerce/index.ts";
import type { Layout } from "../layout.ts";
import { memo } from "../memo.ts";
import { Instance, type PyValue } from "../python/value.ts";
import { toPython } from "../values/python.ts";
import type { Kit, Values } from "./kit.ts";

/** The first input of that type; further ones print as values. */
export function historyField(layout: Layout): string | undefined {
  return layout.inputs.find(({ type }) => typeof type === "object" && type.kind === "class" && type.name === "dspy.History")?.name;
}

/** What the turns and the request are rendered from; the system message and demos keep the field. */
export const withoutHistory: (layout: Layout) => Layout = memo((layout) => {
  const history = historyField(layout);
  return { ...layout, inputs: layout.inputs.filter(({ name }) => name !== history) };
});

/** User and assistant messages of each turn; a turn without inputs gives the assistant's alone. */
export function turns(adapter: AdapterName, kit: Kit, value: unknown): Message[] {
  const messages: Message[] = [];
  for (const turn of messagesOf(value)) {
    const user = kit.user(
      turn,
      "",
      kit.layout.inputs.some(({ name }) => Object.hasOwn(turn, name)),
    );
    if (user) messages.push({ role: "user", content: user });
    const called = callsIn(turn);
    const assistant = kit.assistant(called ? { ...turn, [called.name]: called.calls } : turn, null);
    if (assistant) messages.push({ role: "assistant", content: assistant });
    if (called?.results) messages.push({ role: "user", content: resultsText(adapter, called.results) });
  }
  return messages;
}

function messagesOf(value: unknown): readonly Values[] {
  if (value instanceof History) return value.messages;
  const messages = value instanceof Instance && value.of === "dspy.History" ? value.values.get("messages") : undefined;
  return Array.isArray(messages)
    ? messages.map((turn) => (turn instanceof Map ? (Object.fromEntries(turn) as Values) : (turn as Values)))
    : [];
}

/** Tool calls that carry their results: the calls stay in the answer, the results come as the next user message. */
function callsIn(turn: Values): { name: string; calls: PyValue; results: PyValue } | undefined {
  for (const [name, value] of Object.entries(turn)) {
    const data = toPython(value);
    if (!(data instanceof Map) || !data.has("tool_calls")) continue;
    const results = data.get("tool_call_results") ?? null;
    if (results === null) return undefined;
    return { name, calls: coerce({ kind: "class", name: "dspy.ToolCalls" }, data), results };
  }
  return undefined;
}

const RESULTS = { name: "tool_call_results", type: "dict" } as const;

function resultsText(adapter: AdapterName, results: PyValue): string {
  const list = (results instanceof Map ? results.get("tool_call_results") : results) as readonly PyValue[];
  const each = list.map((item) => {
    const given = item as ReadonlyMap<PyValue, PyValue>;
    return new Map<PyValue, PyValue>([
      ["call_id", given.get("call_id") ?? null],
      ["name", given.get("name") ?? null],
      ["value", given.get("value") ?? null],
      ["is_error", given.get("is_error") ?? false],
    ]);
  });
  const text = fullCodec(RESULTS).write(new Map([["tool_call_results", each]]));
  return adapter === "xml" ? `<tool_call_results>\n${text}\n</tool_call_results>` : `[[ ## tool_call_results ## ]]\n${text}`;
}
