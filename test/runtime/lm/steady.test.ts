/** One answer for one list of messages: every request to the embedded model finds the same cached, whatever came before it. */
import { describe, expect, it } from "vitest";
import type { LM, LMRequest, Message } from "../../../runtime/lm/lm.ts";
import { steady } from "../../../runtime/lm/local/steady.ts";

function recorded(): { readonly lm: LM; readonly seen: LMRequest[] } {
  const seen: LMRequest[] = [];
  const client: LM = {
    model: "m",
    endpoint: "recorded",
    supports: {},
    config: {},
    async complete(request) {
      seen.push(request);
      return { choices: [{ text: String(request.messages.at(-1)?.content) }] };
    },
    async *stream(request) {
      seen.push(request);
      yield { text: "x" };
    },
  };
  return { lm: steady(client), seen };
}

const ask = (system: string, text: string, temperature = 0): LMRequest => ({
  messages: [{ role: "system", content: system } satisfies Message, { role: "user", content: text }],
  config: { temperature },
});
const cached = (request: LMRequest | undefined): unknown => request?.config.extra?.cache_prompt;

describe("steady", () => {
  it("opens every request behind the same earlier messages, whole once", async () => {
    const { lm, seen } = recorded();
    expect((await lm.complete(ask("a", "one"))).choices[0]?.text).toBe("one");
    await lm.complete(ask("a", "one"));
    expect(seen.map((request) => request.messages.at(-1)?.content)).toEqual(["\u00a4", "one", "\u00a4", "one"]);
    expect([cached(seen[0]), cached(seen[2])]).toEqual([false, true]);
    expect(seen[0]?.config.maxTokens).toBe(1);
  });

  it("evaluates the earlier messages whole again when they changed, or when a sampled answer came between", async () => {
    const { lm, seen } = recorded();
    await lm.complete(ask("a", "one"));
    await lm.complete(ask("b", "one"));
    await lm.complete(ask("b", "two", 0.7));
    await lm.complete(ask("b", "one"));
    expect(seen.filter((request) => request.config.maxTokens === 1).map(cached)).toEqual([false, false, false]);
  });

  it("lets one request go after the other, a stream that is left early included", async () => {
    const { lm, seen } = recorded();
    const all = [lm.complete(ask("a", "one")), lm.complete(ask("a", "two"))];
    for await (const _ of lm.stream!(ask("a", "three"))) break;
    await Promise.all(all);
    expect(seen.map((request) => request.messages.at(-1)?.content)).toEqual(["\u00a4", "one", "\u00a4", "two", "\u00a4", "three"]);
  });
});
