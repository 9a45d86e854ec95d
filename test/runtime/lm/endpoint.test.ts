/** The client against an endpoint that answers well and badly: success or a typed error, in time, with nothing left open. */
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { limiter } from "../../../runtime/lm/limits.ts";
import type { LM, LMRequest } from "../../../runtime/lm/lm.ts";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { resolveLM } from "../../../runtime/lm/resolve.ts";
import type { LMSettings } from "../../../runtime/options.ts";
import { answers, type Behaviour, completion, type Endpoint, pieces, serve, status } from "./server.ts";

const KEY = "sk-test-0123456789abcdef";
const request = (more: Partial<LMRequest> = {}): LMRequest => ({ messages: [{ role: "user", content: "hi" }], config: {}, ...more });
const opened: LM[] = [];
async function lmAt(endpoint: Endpoint | string, settings: Partial<LMSettings> = {}): Promise<LM> {
  const baseURL = typeof endpoint === "string" ? endpoint : endpoint.baseURL;
  const lm = await resolveLM({ model: "openai/m", baseURL, apiKey: KEY, retries: 0, ...settings });
  opened.push(lm);
  return lm;
}
const unhandled: unknown[] = [];
const heard = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on("unhandledRejection", heard));
afterEach(async () => {
  await Promise.all(opened.splice(0).map((lm) => lm.close?.()));
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off("unhandledRejection", heard);
  expect(unhandled.splice(0)).toEqual([]);
});
const error = (message: string, code?: string): string => JSON.stringify({ error: { message, code } });
const settled = async (endpoint: Endpoint) => vi.waitFor(() => expect(endpoint.open()).toBe(0));

describe("a good answer", () => {
  test("carries text, usage, model and attempts; the request what was asked for, and the key", async () => {
    await using endpoint = await serve(answers("hello"));
    const lm = await lmAt(endpoint, { temperature: 0, headers: { "X-Team": "a" }, price: { input: 1, output: 10 } });
    const response = await lm.complete(
      request({ config: { maxTokens: 5, stop: ["\n"], seed: 1, topP: 0.5, rolloutId: 9, extra: { top_k: 3 } } }),
    );
    expect(response).toEqual({
      choices: [{ text: "hello", finishReason: "stop" }],
      model: "served-model",
      usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5, cost: 23e-6 },
      attempts: 1,
    });
    const [sent] = endpoint.requests;
    expect(sent!.url).toBe("/v1/chat/completions");
    expect(sent!.headers).toMatchObject({ authorization: `Bearer ${KEY}`, "x-team": "a", "content-type": "application/json" });
    expect(sent!.body).toEqual({
      model: "m",
      messages: [{ role: "user", content: "hi" }],
      temperature: 0,
      max_tokens: 5,
      stop: ["\n"],
      seed: 1,
      top_p: 0.5,
      top_k: 3,
    });
  });

  test("several choices, tool calls, reasoning, content in parts", async () => {
    const body = completion("", {
      choices: [
        { message: { content: null, tool_calls: [{ id: "1" }], reasoning_content: "hm" } },
        {
          message: {
            content: [
              { type: "text", text: "a" },
              { type: "text", text: "b" },
            ],
          },
        },
      ],
    });
    await using endpoint = await serve(status(200, body));
    const { choices } = await (await lmAt(endpoint)).complete(request({ config: { n: 2 } }));
    expect(choices).toEqual([{ text: "", toolCalls: [{ id: "1" }], reasoning: "hm" }, { text: "ab" }]);
    expect(endpoint.requests[0]!.body.n).toBe(2);
  });

  test("connections are kept", async () => {
    await using endpoint = await serve(answers("x"));
    const lm = await lmAt(endpoint);
    for (let i = 0; i < 5; i++) await lm.complete(request());
    // The second may be asked for before the first socket is known to be free.
    expect(endpoint.sockets.size).toBeLessThanOrEqual(2);
  });

  test("reasoning models get max_completion_tokens", async () => {
    await using endpoint = await serve(answers("x"));
    await (await lmAt(endpoint, { model: "openai/gpt-5-mini" })).complete(request({ config: { maxTokens: 7 } }));
    expect(endpoint.requests[0]!.body).toMatchObject({ model: "gpt-5-mini", max_completion_tokens: 7 });
  });

  test("10 MB of it", async () => {
    await using endpoint = await serve(answers("é".repeat(5 << 20)));
    const { choices } = await (await lmAt(endpoint)).complete(request());
    expect(choices[0]!.text).toHaveLength(5 << 20);
  });
});

describe("a bad answer is one typed error", () => {
  const table: readonly [string, Parameters<typeof status>, string][] = [
    ["401", [401, error("Incorrect API key")], "auth"],
    ["403", [403, ""], "auth"],
    ["404", [404, error("no such model")], "not_found"],
    ["429", [429, error("slow down")], "rate_limited"],
    ["429 without quota", [429, error("You exceeded your current quota", "insufficient_quota")], "budget_exceeded"],
    ["402", [402, ""], "budget_exceeded"],
    [
      "400 of a full context",
      [400, error("This model's maximum context length is 8192 tokens", "context_length_exceeded")],
      "context_window",
    ],
    ["400", [400, error("bad field")], "protocol"],
    ["500", [500, "oops"], "server"],
    ["503 in HTML", [503, "<html><head><title>Bad Gateway</title></head></html>"], "server"],
    ["a redirect", [302, "", { location: "http://127.0.0.1:1/steal" }], "protocol"],
    ["HTML", [200, "<!doctype html><title>Welcome</title>"], "protocol"],
    ["an empty body", [200, ""], "protocol"],
    ["JSON that is no completion", [200, '{"ok":true}'], "protocol"],
    ["null", [200, "null"], "protocol"],
    ["choices of nothing", [200, '{"choices":[]}'], "protocol"],
    ["a choice without a message", [200, '{"choices":[{}]}'], "protocol"],
    ["half of its JSON", [200, completion("x").slice(0, 40)], "protocol"],
  ];
  test.each(table)("%s", async (_, given, code) => {
    await using endpoint = await serve(status(...given));
    const failure = await (await lmAt(endpoint)).complete(request()).catch((e) => e);
    expect(failure).toBeInstanceOf(LMError);
    expect(failure).toMatchObject({ code, endpoint: endpoint.baseURL, attempts: 1 });
    if (given[0] !== 200) expect(failure.status).toBe(given[0]);
    expect(failure.message).not.toContain("<");
    await settled(endpoint);
  });

  test("half a UTF-8 character at the end of the body", async () => {
    const bytes = Buffer.from(completion("é"));
    await using endpoint = await serve((response) => void response.writeHead(200).end(bytes.subarray(0, bytes.indexOf(0xc3) + 1)));
    await expect((await lmAt(endpoint)).complete(request())).rejects.toMatchObject({ code: "protocol", transient: true });
  });

  test("a body cut off, a connection cut off, nobody there", async () => {
    await using cut = await serve(
      (response) => void response.writeHead(200, { "content-length": "1000" }).write("{", () => response.destroy()),
    );
    await expect((await lmAt(cut)).complete(request())).rejects.toMatchObject({ code: "transport" });
    await using gone = await serve((response) => void response.destroy());
    await expect((await lmAt(gone)).complete(request())).rejects.toMatchObject({ code: "transport" });
    const refused = await (await lmAt("http://127.0.0.1:9/v1")).complete(request()).catch((e) => e);
    expect(refused).toMatchObject({
      code: "transport",
      endpoint: "http://127.0.0.1:9/v1",
      message: expect.stringMatching(/127\.0\.0\.1:9.*ECONNREFUSED/s),
    });
    expect(refused.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  test("more bytes than anyone should send", async () => {
    await using endpoint = await serve(async (response) => {
      response.writeHead(200);
      const block = "x".repeat(1 << 20);
      for (; !response.destroyed; await new Promise(setImmediate)) if (response.writableLength < 1 << 22) response.write(block);
    });
    await expect((await lmAt(endpoint)).complete(request())).rejects.toMatchObject({ code: "protocol", transient: false });
    await settled(endpoint);
  });

  test("the key is in no error, even where the endpoint echoes it", async () => {
    await using endpoint = await serve(status(401, error(`Incorrect API key provided: ${KEY}.`)));
    const lm = await lmAt(`${endpoint.baseURL.replace("//", "//user:pass-word@")}?token=secret`);
    const failure = await lm.complete(request()).catch((e) => e);
    const { inspect } = await import("node:util");
    const shown = inspect(failure, { depth: 9, showHidden: true }) + inspect(lm, { depth: 9, showHidden: true }) + JSON.stringify(lm);
    expect(shown).toContain("***");
    for (const secret of [KEY, "pass-word", "token=secret"]) expect(shown).not.toContain(secret);
    await expect(lmAt(endpoint, { apiKey: "sk-a\nb" })).rejects.toThrow(/^(?!.*sk-a)/s);
  });
});

test.each<[string, Behaviour, boolean, object?]>([
  ["an error in the body of a success", status(200, error(`bad ${KEY}`)), false],
  ["what is no completion", status(200, `${KEY} is no key`), false],
  ["a completion of the wrong shape", status(200, JSON.stringify({ key: KEY })), false],
  ["an error in mid-stream", pieces([`data: ${error(`bad ${KEY}`)}\n\n`]), true],
  ["an event that is no JSON", pieces([`data: ${KEY}\n\n`]), true],
  [
    "a header that carries a key of its own",
    status(400, error("got other-key-0123")),
    false,
    { headers: { "x-api-key": "other-key-0123" } },
  ],
])("no secret stands in an error about %s", async (_, behaviour, streamed, settings = {}) => {
  await using endpoint = await serve(behaviour);
  const lm = await lmAt(endpoint, settings);
  const ask = async () => {
    if (!streamed) return lm.complete(request());
    for await (const _chunk of lm.stream!(request())) void _chunk;
    return undefined;
  };
  const failure = await ask().catch((e) => e);
  expect(failure).toBeInstanceOf(LMError);
  const { inspect } = await import("node:util");
  const shown = inspect(failure, { depth: 9, showHidden: true });
  for (const secret of [KEY, KEY.slice(0, 12), "other-key"]) expect(shown).not.toContain(secret);
});

test("an error in the body of a success counts by the status it names", async () => {
  await using endpoint = await serve(status(200, JSON.stringify({ error: { message: "slow down", code: 429 } })), answers("ok"));
  expect((await (await lmAt(endpoint, { retries: 1 })).complete(request())).choices[0]!.text).toBe("ok");
  await using refused = await serve(status(200, JSON.stringify({ error: { message: "no", code: 401 } })));
  await expect((await lmAt(refused, { retries: 1 })).complete(request())).rejects.toMatchObject({ code: "auth", attempts: 1 });
});

test("the address's query goes with every request, a compressed answer is read, and counts below zero are none", async () => {
  const body = completion("packed", { usage: { prompt_tokens: -1, completion_tokens: 2 } });
  const gzip: Behaviour = (response) => void response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(body));
  const odd: Behaviour = (response) => void response.writeHead(200, { "content-encoding": "br" }).end("x");
  await using endpoint = await serve(gzip, odd);
  const lm = await lmAt(`${endpoint.baseURL}/?api-version=1`);
  expect(await lm.complete(request())).toMatchObject({ choices: [{ text: "packed" }], usage: { promptTokens: 0, totalTokens: 2 } });
  expect(endpoint.requests[0]!.url).toBe("/v1/chat/completions?api-version=1");
  await expect(lm.complete(request())).rejects.toMatchObject({ code: "protocol", message: expect.stringContaining("in br") });
});

test("the body of an error may never end", async () => {
  await using endpoint = await serve(async (response) => {
    response.writeHead(500);
    for (; !response.destroyed; await new Promise((resolve) => setTimeout(resolve, 5))) response.write("x");
  });
  const reading = (await lmAt(endpoint)).stream!(request())[Symbol.asyncIterator]().next();
  await expect(reading).rejects.toMatchObject({ code: "server", status: 500 });
  await settled(endpoint);
});

describe("retries", () => {
  test("transient failures are tried again, and counted", async () => {
    await using endpoint = await serve(status(503), status(200, ""), answers("third"));
    const response = await (await lmAt(endpoint, { retries: 2 })).complete(request());
    expect(response).toMatchObject({ choices: [{ text: "third" }], attempts: 3 });
  });

  test("what will not pass is not tried again", async () => {
    for (const behaviour of [status(401), status(400), status(200, "<html>")]) {
      await using endpoint = await serve(behaviour);
      await expect((await lmAt(endpoint, { retries: 3 })).complete(request())).rejects.toBeInstanceOf(LMError);
      expect(endpoint.requests).toHaveLength(1);
    }
  });

  test("Retry-After is honoured: no earlier, and not where the deadline comes first", async () => {
    await using endpoint = await serve(status(429, "", { "retry-after": "1" }), answers("ok"));
    const began = performance.now();
    await (await lmAt(endpoint, { retries: 1 })).complete(request());
    expect(performance.now() - began).toBeGreaterThanOrEqual(995);
    await using far = await serve(status(429, "", { "retry-after": "30" }));
    await expect((await lmAt(far, { retries: 1 })).complete(request({ deadline: Date.now() + 500 }))).rejects.toMatchObject({
      code: "rate_limited",
      retryAfter: 30_000,
      attempts: 1,
    });
    await using dated = await serve(status(503, "", { "retry-after": new Date(Date.now() + 3_600_000).toUTCString() }));
    await expect((await lmAt(dated, { retries: 1 })).complete(request())).rejects.toMatchObject({ code: "server" });
    expect(dated.requests).toHaveLength(1);
    // No number of seconds and no date: as if nothing had been said.
    for (const odd of ["-5", "soon", "Infinity"]) {
      await using negative = await serve(status(429, "", { "retry-after": odd }));
      const failure = await (await lmAt(negative)).complete(request()).catch((e) => e);
      expect(failure.retryAfter, odd).toBeUndefined();
    }
  });

  test("the request's own number wins over the endpoint's", async () => {
    await using endpoint = await serve(status(503));
    await expect((await lmAt(endpoint, { retries: 5 })).complete(request({ retries: 1 }))).rejects.toMatchObject({ attempts: 2 });
    expect(endpoint.requests).toHaveLength(2);
  });
});

describe("ends", () => {
  test("a signal ends a request that is never answered, and its socket", async () => {
    await using endpoint = await serve(() => {});
    const controller = new AbortController();
    const call = (await lmAt(endpoint)).complete(request({ signal: controller.signal }));
    await vi.waitFor(() => expect(endpoint.requests).toHaveLength(1));
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    await settled(endpoint);
    expect(endpoint.aborted()).toBe(1);
  });

  test("close lets go of everything, and the next request opens anew", async () => {
    await using endpoint = await serve(answers("x"));
    const lm = await lmAt(endpoint);
    await lm.complete(request());
    await lm.close!();
    await vi.waitFor(() => expect(endpoint.sockets.size).toBe(0));
    await lm.complete(request());
    expect(endpoint.requests).toHaveLength(2);
  });
});

describe("limits", () => {
  const slow = (counts: { now: number; most: number }) =>
    serve(async (response) => {
      counts.most = Math.max(counts.most, ++counts.now);
      await new Promise((resolve) => setTimeout(resolve, 10));
      counts.now--;
      response.end(completion("x"));
    });

  test("so many at a time, first come first served, and a place is free again after an abort", async () => {
    const counts = { now: 0, most: 0 };
    await using endpoint = await slow(counts);
    const lm = await lmAt(endpoint, { concurrency: 3 });
    const controller = new AbortController();
    const calls = Array.from({ length: 12 }, (_, i) => lm.complete(request(i === 5 ? { signal: controller.signal } : {})));
    controller.abort(new Error("left the queue"));
    const results = await Promise.allSettled(calls);
    expect(results.filter(({ status }) => status === "rejected")).toHaveLength(1);
    expect(counts.most).toBe(3);
    await lm.complete(request());
  });

  test("so many a minute", async () => {
    await using endpoint = await serve(answers("x"));
    const lm = await lmAt(endpoint, { ratePerMinute: 2 });
    await lm.complete(request());
    await lm.complete(request());
    await expect(lm.complete(request({ signal: AbortSignal.timeout(30) }))).rejects.toThrow();
    expect(endpoint.requests).toHaveLength(2);
  });

  test("who leaves while waiting takes no place in the minute", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    try {
      const { run } = limiter(undefined, 1);
      const begun: string[] = [];
      const begin = (name: string, signal?: AbortSignal) => run(async () => void begun.push(name), signal);
      await begin("first");
      const left = new AbortController();
      const leaving = Array.from({ length: 5 }, () => begin("left", left.signal).catch((reason) => reason));
      const second = begin("second");
      left.abort("enough");
      expect(await Promise.all(leaving)).toEqual(Array(5).fill("enough"));
      await vi.advanceTimersByTimeAsync(59_000);
      expect(begun).toEqual(["first"]);
      await vi.advanceTimersByTimeAsync(1_001);
      await second;
      expect(begun).toEqual(["first", "second"]);
      const third = begin("third");
      await vi.advanceTimersByTimeAsync(60_001);
      await third;
    } finally {
      vi.useRealTimers();
    }
  });

  test("dedupe: identical requests under way share one answer; one that leaves leaves the others theirs", async () => {
    const counts = { now: 0, most: 0 };
    await using endpoint = await slow(counts);
    const lm = await lmAt(endpoint, { dedupe: true });
    const controller = new AbortController();
    const results = Promise.allSettled([
      lm.complete(request({ signal: controller.signal })),
      lm.complete(request()),
      lm.complete(request({ config: { temperature: 0 } })),
      lm.complete(request({ config: { temperature: 1 } })),
      lm.complete(request({ config: { temperature: 1 } })),
      lm.complete(request({ config: { rolloutId: 1 } })),
    ]);
    controller.abort(new Error("left"));
    expect((await results).map(({ status }) => status)).toEqual(["rejected", ...Array(5).fill("fulfilled")]);
    expect(endpoint.requests).toHaveLength(5);
    await lm.complete(request());
    expect(endpoint.requests).toHaveLength(6);
  });

  test("dedupe: who comes aborted asks for nothing", async () => {
    await using endpoint = await serve(answers("x"));
    const lm = await lmAt(endpoint, { dedupe: true });
    await expect(lm.complete(request({ signal: AbortSignal.abort("gone") }))).rejects.toBe("gone");
    expect(endpoint.requests).toHaveLength(0);
  });

  test("dedupe: when everyone has left, the request is aborted", async () => {
    await using endpoint = await serve(() => {});
    const lm = await lmAt(endpoint, { dedupe: true });
    const controller = new AbortController();
    const calls = Promise.allSettled([
      lm.complete(request({ signal: controller.signal })),
      lm.complete(request({ signal: controller.signal })),
    ]);
    await vi.waitFor(() => expect(endpoint.requests).toHaveLength(1));
    controller.abort(new Error("all left"));
    await calls;
    await settled(endpoint);
  });

  test("a breaker refuses at once after failures in a row, then tries one", async () => {
    await using endpoint = await serve(status(500), status(500), answers("well again"));
    const lm = await lmAt(endpoint, { breaker: { failures: 2, cooldown: 60 } });
    for (let i = 0; i < 4; i++) await expect(lm.complete(request())).rejects.toMatchObject({ code: "server" });
    expect(endpoint.requests).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect((await lm.complete(request())).choices[0]!.text).toBe("well again");
  });
});

test("hooks see each attempt without the key, and may change what is sent", async () => {
  await using endpoint = await serve(status(503), answers("x"));
  const seen: unknown[] = [];
  const lm = await lmAt(endpoint, {
    retries: 1,
    onRequest: ({ attempt, headers, body }) => {
      seen.push({ attempt, key: JSON.stringify(headers).includes(KEY) });
      return { headers: { "X-Trace": `t${attempt}` }, body: { ...body, user: "u" } };
    },
    onResponse: ({ attempt, status: code, latency }) => void seen.push({ attempt, code, timed: latency > 0 }),
  });
  await lm.complete(request());
  expect(seen).toEqual([
    { attempt: 1, key: false },
    { attempt: 1, code: 503, timed: true },
    { attempt: 2, key: false },
    { attempt: 2, code: 200, timed: true },
  ]);
  expect(endpoint.requests[1]).toMatchObject({
    headers: { "x-trace": "t2", authorization: `Bearer ${KEY}` },
    body: { user: "u", model: "m" },
  });
});
