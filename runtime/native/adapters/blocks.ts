/**
 * Images, sounds and files in a user message. They are printed as marked JSON inside the text, wherever they stand, and
 * the finished text is cut at the marks into OpenAI's content blocks (dspy-semantics 2.2).
 */
import { repairLoads } from "../json-repair/index.ts";
import { loads } from "../python/json-loads.ts";
import { str } from "../python/repr.ts";
import type { PyValue } from "../python/value.ts";
import { strip } from "../python/whitespace.ts";
import { plain } from "../values/host.ts";
import { MARK_END, MARK_START } from "../values/serialize.ts";

export function contentBlocks(text: string): readonly Readonly<Record<string, unknown>>[] {
  const blocks: Readonly<Record<string, unknown>>[] = [];
  let last = 0;
  for (;;) {
    const start = text.indexOf(MARK_START, last);
    const end = start === -1 ? -1 : text.indexOf(MARK_END, start);
    if (end === -1) break;
    if (start > last) blocks.push({ type: "text", text: text.slice(last, start) });
    const payload = strip(text.slice(start + MARK_START.length, end));
    const parsed = payloadOf(payload);
    if (Array.isArray(parsed))
      blocks.push(
        ...parsed.map((block: PyValue) =>
          block instanceof Map ? (plain(block) as Record<string, unknown>) : { type: "text", text: str(block) },
        ),
      );
    else blocks.push({ type: "text", text: payload });
    last = end + MARK_END.length;
  }
  if (last < text.length) blocks.push({ type: "text", text: text.slice(last) });
  return blocks;
}

/** JSON; or JSON inside a JSON string, where the value stood in a list or a dict. */
function payloadOf(payload: string): PyValue {
  try {
    return loads(payload);
  } catch {}
  try {
    return loads(String(loads(`"${payload}"`)));
  } catch {}
  try {
    return repairLoads(payload);
  } catch {
    return null;
  }
}
