/**
 * Makes a greedy answer depend on the messages alone, not on what was asked before. llama.cpp keeps what a prompt shares
 * with the one before it and evaluates the rest as one batch; a token's last bits depend on its place in that batch
 * (15 of 76 near ties came out otherwise when one route found more of its prompt cached than the other did). So every
 * request finds exactly the same cached: all messages but the last. An opening of one token brings the server there. It is evaluated
 * whole when the earlier messages change, and costs a few tokens when they do not.
 */
import type { LM, LMRequest, Message } from "../lm.ts";

/** Where the last message stands, something no message begins with: the cache ends right before it. */
const OPENING: Message = { role: "user", content: "\u00a4" };

/** For a server with one context: requests take turns, each behind its opening. */
export function steady(client: LM): LM {
  /** The earlier messages the server has evaluated whole; undefined when something else may lie in its cache. */
  let standing: string | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function open(request: LMRequest): Promise<LMRequest> {
    const { messages, config } = request;
    const earlier = messages.slice(0, -1);
    const key = JSON.stringify(earlier);
    const greedy = (config.temperature ?? 0) === 0 && messages.at(-1)?.role === "user";
    if (!greedy) {
      standing = undefined;
      return request;
    }
    const whole = key !== standing;
    standing = undefined;
    const opening = { temperature: 0, maxTokens: 1, extra: { cache_prompt: !whole } };
    await client.complete({ ...request, messages: [...earlier, OPENING], config: opening });
    standing = key;
    return request;
  }

  /** Waits for the request before, and lets the next one go when `done` is called. */
  async function takeTurn(): Promise<() => void> {
    const before = turn;
    let done = (): void => {};
    turn = new Promise<void>((resolve) => {
      done = resolve;
    });
    await before;
    return done;
  }

  return {
    ...client,
    async complete(request) {
      const done = await takeTurn();
      try {
        return await client.complete(await open(request));
      } finally {
        done();
      }
    },
    async *stream(request) {
      const done = await takeTurn();
      try {
        yield* client.stream!(await open(request));
      } finally {
        done();
      }
    },
  };
}
