/** Earlier turns of a conversation, from an input of type dspy.History (dspy-semantics 2.2, 2.9). */
import { SignatureError } from "../../errors.ts";
import type { Message } from "../../lm/lm.ts";
import type { AdapterName } from "../../router/engine.ts";
import type { TypeSpec } from "../../spec.ts";
import { History } from "../../values.ts";
import { fullCodec } from "../codecs/full.ts";
import { coerce } from "../coerce/index.ts";
import type { Layout } from "../layout.ts";
import { memo } from "../memo.ts";
import { dumps } from "../python/json.ts";
import { Instance, type PyValue } from "../python/value.ts";
import { plain } from "../values/host.ts";
import { toPython } from "../values/python.ts";
import { serialize } from "../values/serialize.ts";
import type { Kit, Values } from "./kit.ts";

const isClass = (type: TypeSpec, name: string): boolean => typeof type === "object" && type.kind === "class" && type.name === name;

/** The first input of that type; further ones print as values. */
export function historyField(layout: Layout): string | undefined {
  return layout.inputs.find(({ type }) => isClass(type, "dspy.History"))?.name;
}

/** What the turns and the request are rendered from; the system message and demos keep the field. */
export const withoutHistory: (layout: Layout) => Layout = memo((layout) => {
  const history = historyField(layout);
  return { ...layout, inputs: layout.inputs.filter(({ name }) => name !== history) };
});

export interface TurnRules {
  readonly adapter: AdapterName;
  readonly kitOf: (layout: Layout) => Kit;
  /** Tool calls go as the endpoint's own (JSONAdapter called by itself), not as text. */
  readonly nativeTools: boolean;
}

/** User and assistant messages of each turn; a turn without inputs gives the assistant's alone. */
export function turns(layout: Layout, value: unknown, rules: TurnRules): Message[] {
  const kit = rules.kitOf(layout);
  return messagesOf(value).flatMap((turn) => {
    const user = kit.user(
      turn,
      "",
      layout.inputs.some(({ name }) => Object.hasOwn(turn, name)),
    );
    const asked: Message[] = user ? [{ role: "user", content: user }] : [];
    const called = callsIn(turn);
    return [
      ...asked,
      ...(called && rules.nativeTools ? nativeTurn(layout, turn, called, rules) : textTurn(kit, turn, called, rules.adapter)),
    ];
  });
}

/** Without the input there are no turns; any other value than a History is an error, as in DSPy. */
function messagesOf(value: unknown): readonly Values[] {
  if (value === undefined) return [];
  if (value instanceof History) return value.messages;
  const messages = value instanceof Instance && value.of === "dspy.History" ? value.values.get("messages") : undefined;
  if (!Array.isArray(messages))
    throw new SignatureError("input_invalid", "The input of type dspy.History is no History.", {
      remedy: "Pass `history([...])`.",
    });
  return messages.map((turn) => (turn instanceof Map ? (Object.fromEntries(turn) as Values) : (turn as Values)));
}

interface Called {
  readonly name: string;
  readonly calls: readonly Instance[];
  readonly results: readonly PyValue[] | undefined;
}

/** The first value of a turn that holds tool calls, with what came of them where the turn says. */
function callsIn(turn: Values): Called | undefined {
  for (const [name, value] of Object.entries(turn)) {
    const data = toPython(value);
    if (!(data instanceof Map) || !data.has("tool_calls")) continue;
    const { values } = coerce({ kind: "class", name: "dspy.ToolCalls" }, data) as Instance;
    const given = data.get("tool_call_results") ?? null;
    const list = given instanceof Map ? given.get("tool_call_results") : given;
    return { name, calls: values.get("tool_calls") as readonly Instance[], results: Array.isArray(list) ? list.map(resultOf) : undefined };
  }
  return undefined;
}

const resultOf = (item: PyValue): PyValue => {
  const given = item as ReadonlyMap<PyValue, PyValue>;
  const get = (name: string, otherwise: PyValue): PyValue => given.get(name) ?? otherwise;
  return new Map<PyValue, PyValue>([
    ["call_id", get("call_id", null)],
    ["name", get("name", null)],
    ["value", get("value", null)],
    ["is_error", get("is_error", false)],
  ]);
};

/** The calls stay in the answer, the results come as the next user message. */
function textTurn(kit: Kit, turn: Values, called: Called | undefined, adapter: AdapterName): Message[] {
  const calls = called?.results && new Instance("dspy.ToolCalls", new Map([["tool_calls", called.calls]]));
  const content = kit.assistant(calls ? { ...turn, [called.name]: calls } : turn, null);
  const messages: Message[] = content ? [{ role: "assistant", content }] : [];
  if (called?.results) messages.push({ role: "user", content: resultsText(adapter, called.results) });
  return messages;
}

function resultsText(adapter: AdapterName, results: readonly PyValue[]): string {
  const text = fullCodec({ name: "tool_call_results", type: "dict" }).write(new Map([["tool_call_results", results]]));
  return adapter === "xml" ? `<tool_call_results>\n${text}\n</tool_call_results>` : `[[ ## tool_call_results ## ]]\n${text}`;
}

/** Text of the outputs that have one, the calls and a message for each result as OpenAI's chat format has them. */
function nativeTurn(layout: Layout, turn: Values, { calls, results }: Called, { kitOf }: TurnRules): Message[] {
  const outputs = layout.outputs.filter(({ name, type }) => !isClass(type, "dspy.ToolCalls") && (turn[name] ?? null) !== null);
  const content = outputs.length > 0 ? kitOf({ ...layout, outputs }).assistant(turn, null) : "";
  const ids = calls.map(({ values }) => values.get("id"));
  const answered =
    results?.length === ids.length && ids.every((id, i) => id && (results[i] as Map<PyValue, PyValue>).get("call_id") === id);
  const messages: Message[] = [];
  if (content || answered)
    messages.push({ role: "assistant", content: content || null, ...(answered && { tool_calls: calls.map(openAiCall) }) });
  if (answered) for (const result of results) messages.push(toolMessage(result as ReadonlyMap<PyValue, PyValue>));
  return messages;
}

function openAiCall({ values }: Instance): unknown {
  const args = dumps(serialize(values.get("args")!));
  return { id: values.get("id"), type: "function", function: { name: values.get("name"), arguments: args } };
}

function toolMessage(result: ReadonlyMap<PyValue, PyValue>): Message {
  const value = result.get("value") ?? null;
  const content = typeof value === "string" ? value : dumps(serialize(value));
  return { role: "tool", tool_call_id: plain(result.get("call_id")!), name: plain(result.get("name")!), content };
}
