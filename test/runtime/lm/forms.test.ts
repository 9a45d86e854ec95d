/** Every form an `lm` takes becomes the one shape the engines use. */
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { MockLanguageModelV3, MockLanguageModelV4, simulateReadableStream } from "ai/test";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LMRequest } from "../../../runtime/lm/lm.ts";
import { LMError } from "../../../runtime/lm/lm-error.ts";
import { resolveLM } from "../../../runtime/lm/resolve.ts";
import { answers, completion, delta, pieces, serve, status } from "./server.ts";

const request = (more: Partial<LMRequest> = {}): LMRequest => ({
  messages: [
    { role: "system", content: "s" },
    { role: "user", content: "hi" },
  ],
  config: {},
  retries: 0,
  ...more,
});
afterEach(() => vi.unstubAllEnvs());

describe('"provider/model"', () => {
  test("finds address and key in the environment, and removes the prefix", async () => {
    await using endpoint = await serve(answers("x"));
    vi.stubEnv("OPENAI_BASE_URL", endpoint.baseURL);
    vi.stubEnv("OPENAI_API_KEY", "sk-env");
    const lm = await resolveLM("openai/gpt-5-mini");
    expect((await lm.complete(request())).choices[0]!.text).toBe("x");
    expect(endpoint.requests[0]).toMatchObject({ body: { model: "gpt-5-mini" }, headers: { authorization: "Bearer sk-env" } });
    expect(await resolveLM("openai/gpt-5-mini")).toBe(lm);
    await lm.close!();
  });

  test("any name whose address the environment knows", async () => {
    await using endpoint = await serve(answers("x"));
    vi.stubEnv("MY_PLACE_BASE_URL", endpoint.baseURL);
    const lm = await resolveLM("my-place/org/some-model");
    await lm.complete(request());
    expect(endpoint.requests[0]!.body.model).toBe("org/some-model");
    expect(endpoint.requests[0]!.headers.authorization).toBeUndefined();
    await lm.close!();
  });

  test("without a key, or with a name nobody knows, the error names what to set", async () => {
    vi.stubEnv("OPENAI_API_KEY", "");
    vi.stubEnv("OPENAI_BASE_URL", "");
    await expect((async () => resolveLM("openai/gpt-5-mini"))()).rejects.toMatchObject({
      code: "config_invalid",
      configKey: "lm.apiKey",
      message: expect.stringContaining("OPENAI_API_KEY"),
    });
    await expect((async () => resolveLM("opnai/gpt-5-mini"))()).rejects.toThrow(/Did you mean "openai"\?.*OPNAI_BASE_URL/);
  });

  test("a key of OpenAI's is not sent to another address", async () => {
    await using endpoint = await serve(answers("x"));
    vi.stubEnv("OPENAI_API_KEY", "sk-env");
    const lm = await resolveLM({ model: "m", baseURL: endpoint.baseURL });
    await lm.complete(request());
    expect(endpoint.requests[0]!.headers.authorization).toBeUndefined();
    await lm.close!();
  });
});

describe("a function", () => {
  test("gives text, texts or a response", async () => {
    for (const [answer, text] of [
      ["a", "a"],
      [["a", "b"], "a"],
      [{ choices: [{ text: "c" }] }, "c"],
    ] as const) {
      const lm = await resolveLM((() => answer) as never);
      expect((await lm.complete(request())).choices[0]!.text).toBe(text);
    }
  });

  test("that fails is an LMError: by its status, tried again where that is transient", async () => {
    let calls = 0;
    const flaky = await resolveLM(() => {
      if (++calls === 1) throw Object.assign(new Error("slow down"), { status: 429 });
      return "ok";
    });
    expect(await flaky.complete(request({ retries: 1 }))).toMatchObject({ choices: [{ text: "ok" }], attempts: 2 });
    const broken = await resolveLM(() => {
      throw new Error("boom");
    });
    await expect(broken.complete(request({ retries: 3 }))).rejects.toMatchObject({
      name: "LMError",
      code: "transport",
      message: expect.stringContaining("boom"),
      attempts: 1,
    });
    const odd = await resolveLM((() => 5) as never);
    await expect(odd.complete(request())).rejects.toBeInstanceOf(LMError);
  });
});

describe("an AI SDK model", () => {
  const usageV3 = { inputTokens: { total: 3, noCache: 3, cacheRead: 0, cacheWrite: 0 }, outputTokens: { total: 2, text: 2, reasoning: 0 } };
  const finish = { unified: "stop", raw: "stop" };
  test.each([
    ["v3", MockLanguageModelV3],
    ["v4", MockLanguageModelV4],
  ] as const)("%s: a request, its settings, its answer", async (_, Mock) => {
    const model = new Mock({
      doGenerate: {
        content: [
          { type: "reasoning", text: "hm" },
          { type: "text", text: "hello" },
        ],
        finishReason: finish,
        usage: usageV3,
        warnings: [],
      },
    } as never);
    const lm = await resolveLM(model as never);
    expect(await lm.complete(request({ config: { temperature: 0, maxTokens: 5, stop: ["x"] } }))).toMatchObject({
      choices: [{ text: "hello", reasoning: "hm", finishReason: "stop" }],
      usage: { promptTokens: 3, completionTokens: 2, totalTokens: 5 },
    });
    expect(model.doGenerateCalls[0]).toMatchObject({
      prompt: [
        { role: "system", content: "s" },
        { role: "user", content: [{ type: "text", text: "hi" }] },
      ],
      temperature: 0,
      maxOutputTokens: 5,
      stopSequences: ["x"],
    });
    expect(lm.endpoint).toMatch(/^ai-sdk:/);
    expect((await lm.complete(request({ config: { n: 3 } }))).choices).toHaveLength(3);
  });

  test("streams; a cut stream says so; an early end cancels", async () => {
    const parts = [
      { type: "stream-start", warnings: [] },
      { type: "text-start", id: "1" },
      { type: "text-delta", id: "1", delta: "a" },
      { type: "text-delta", id: "1", delta: "b" },
      { type: "text-end", id: "1" },
    ];
    const end = { type: "finish", finishReason: finish, usage: usageV3 };
    const streaming = (chunks: object[]) =>
      resolveLM(new MockLanguageModelV3({ doStream: async () => ({ stream: simulateReadableStream({ chunks }) }) } as never) as never);
    const chunks: string[] = [];
    for await (const { text } of (await streaming([...parts, end])).stream!(request())) chunks.push(text);
    expect(chunks).toEqual(["a", "b", ""]);
    await expect(drain((await streaming(parts)).stream!(request()))).rejects.toMatchObject({ code: "stream_truncated" });
    await expect(drain((await streaming([{ type: "error", error: new Error("mid") }])).stream!(request()))).rejects.toMatchObject({
      name: "LMError",
      message: expect.stringContaining("mid"),
    });
  });

  test("the OpenAI-compatible provider against the server, failures included", async () => {
    await using endpoint = await serve(
      answers("hello"),
      pieces([delta("a"), delta("b", "stop"), "data: [DONE]\n\n"]),
      status(429, '{"error":{"message":"slow"}}'),
    );
    const lm = await resolveLM(createOpenAICompatible({ name: "local", baseURL: endpoint.baseURL })("m") as never);
    expect((await lm.complete(request())).choices[0]!.text).toBe("hello");
    expect(await drain(lm.stream!(request()))).toBe("ab");
    await expect(lm.complete(request())).rejects.toMatchObject({ code: "rate_limited", status: 429 });
  });

  test("OpenAI's own provider, with an image", async () => {
    await using endpoint = await serve(
      (response) =>
        void response
          .writeHead(200, { "content-type": "application/json" })
          .end(completion("seen", { id: "1", created: 1, object: "chat.completion" })),
    );
    const lm = await resolveLM(createOpenAI({ baseURL: endpoint.baseURL, apiKey: "k" }).chat("m") as never);
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } } as const;
    expect(
      (await lm.complete(request({ messages: [{ role: "user", content: [{ type: "text", text: "what?" }, image] }] }))).choices[0]!.text,
    ).toBe("seen");
    expect(endpoint.requests[0]!.body.messages).toEqual([{ role: "user", content: [{ type: "text", text: "what?" }, image] }]);
  });

  test("of an old specification is refused by name", async () => {
    await expect(
      resolveLM({ specificationVersion: "v1", provider: "p", modelId: "m", doGenerate() {}, doStream() {} } as never),
    ).rejects.toMatchObject({ code: "config_invalid" });
  });
});

async function drain(chunks: AsyncIterable<{ text: string }>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk.text;
  return text;
}
