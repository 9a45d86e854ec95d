/** Streams over the wire: cut anywhere they give the same text; cut short they say so; left early they let go. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { LM, LMChunk, LMRequest } from "../../../runtime/lm/lm.ts";
import { resolveLM } from "../../../runtime/lm/resolve.ts";
import { dataOf } from "../../../runtime/lm/sse.ts";
import { fetchTransport } from "../../../runtime/lm/transport.ts";
import { completion, delta, type Endpoint, pieces, serve, status } from "./server.ts";

const request = (more: Partial<LMRequest> = {}): LMRequest => ({ messages: [{ role: "user", content: "hi" }], config: {}, ...more });
const opened: LM[] = [];
async function lmAt({ baseURL }: Endpoint, retries = 0): Promise<LM> {
  const lm = await resolveLM({ model: "m", baseURL, retries });
  opened.push(lm);
  return lm;
}
afterEach(() => Promise.all(opened.splice(0).map((lm) => lm.close?.())));
async function all(chunks: AsyncIterable<LMChunk>): Promise<{ text: string; last: LMChunk | undefined }> {
  let text = "";
  let last: LMChunk | undefined;
  for await (const chunk of chunks) {
    text += chunk.text;
    last = chunk;
  }
  return { text, last };
}
const usage = 'data: {"model":"s","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n';
const done = "data: [DONE]\n\n";

test("text, finish and usage; the request asks for both", async () => {
  await using endpoint = await serve(pieces([": hello\n\n", delta("a"), delta("b", "stop"), usage, done]));
  const { text, last } = await all((await lmAt(endpoint)).stream!(request()));
  expect(text).toBe("ab");
  expect(last).toEqual({ text: "", model: "s", usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } });
  expect(endpoint.requests[0]!.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

test("wherever the bytes are cut, in a line, an event or a character", async () => {
  const bytes = new TextEncoder().encode(`${delta("né")}\r\n${delta("🦊\n")}${delta("", "stop")}${done}`.replaceAll("\n\n", "\r\n\r\n"));
  const whole = await texts(dataOf(from([bytes])));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      expect(await texts(dataOf(from(at.slice(1).map((end, i) => bytes.subarray(at[i], end)))))).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

describe("a stream that ends badly", () => {
  test.each([
    ["without a finish", [delta("a"), delta("b")], "end", "stream_truncated"],
    ["in the middle of an event", [delta("a"), delta("b").slice(0, 20)], "end", "stream_truncated"],
    ["in the middle of a character", [delta("a"), Buffer.from(delta("é")).subarray(0, 33)], "end", "stream_truncated"],
    ["with its connection", [delta("a")], "destroy", "stream_truncated"],
    ["with an error of the endpoint's", [delta("a"), 'data: {"error":{"message":"overloaded"}}\n\n'], "end", "server"],
    ["with no event at all", [], "end", "stream_truncated"],
  ] as const)("%s", async (_, parts, end, code) => {
    await using endpoint = await serve(pieces(parts, end));
    await expect(all((await lmAt(endpoint)).stream!(request()))).rejects.toMatchObject({ name: "LMError", code });
    await vi.waitFor(() => expect(endpoint.open()).toBe(0));
  });

  test("HTML where events should be", async () => {
    await using endpoint = await serve(status(200, "<html><title>Hi</title></html>"));
    await expect(all((await lmAt(endpoint)).stream!(request()))).rejects.toMatchObject({ name: "LMError" });
    await using typed = await serve(status(200, "<html><title>Hi</title></html>", { "content-type": "text/html; charset=utf-8" }));
    const failure = await all((await lmAt(typed)).stream!(request())).catch((error) => error);
    expect(failure).toMatchObject({ name: "LMError", code: "protocol", message: expect.stringContaining("Hi") });
  });
});

test("a finish is enough: no [DONE], no last blank line", async () => {
  await using endpoint = await serve(pieces([delta("a"), delta("b", "stop").trimEnd()]));
  expect((await all((await lmAt(endpoint)).stream!(request()))).text).toBe("ab");
});

test("after a finish an endpoint may leave the stream open", async () => {
  await using endpoint = await serve(pieces([delta("a"), delta("b", "stop")], "hang"));
  expect((await all((await lmAt(endpoint)).stream!(request()))).text).toBe("ab");
  await vi.waitFor(() => expect(endpoint.open()).toBe(0));
});

test("an endpoint that does not stream may answer whole", async () => {
  await using endpoint = await serve(status(200, completion("whole"), { "content-type": "application/json" }));
  const { text, last } = await all((await lmAt(endpoint)).stream!(request()));
  expect(text).toBe("whole");
  expect(last).toMatchObject({ finishReason: "stop", usage: { totalTokens: 5 } });
});

test("an attempt that fails before its first event is tried again", async () => {
  await using endpoint = await serve(status(503), pieces([delta("ok", "stop"), done]));
  expect((await all((await lmAt(endpoint, 1)).stream!(request()))).text).toBe("ok");
});

test("leaving early, or aborting, lets the socket go", async () => {
  await using endpoint = await serve(pieces([delta("a"), delta("b")], "hang"));
  const lm = await lmAt(endpoint);
  for await (const { text } of lm.stream!(request())) {
    expect(text).toBe("a");
    break;
  }
  await vi.waitFor(() => expect(endpoint.open()).toBe(0));
  const controller = new AbortController();
  const reading = all(lm.stream!(request({ signal: controller.signal })));
  setTimeout(() => controller.abort(new Error("enough")), 20);
  await expect(reading).rejects.toThrow("enough");
  await vi.waitFor(() => expect(endpoint.open()).toBe(0));
});

test("by fetch, a body is let go while it is being read", async () => {
  await using endpoint = await serve(pieces([delta("a")], "hang"));
  const transport = fetchTransport(endpoint.baseURL);
  const reply = await transport.open({ path: "/chat/completions", headers: {}, body: "{}", signal: undefined });
  const chunks = reply.chunks()[Symbol.asyncIterator]();
  expect((await chunks.next()).done).toBe(false);
  const pending = chunks.next();
  reply.discard();
  expect((await pending).done).toBe(true);
  await vi.waitFor(() => expect(endpoint.open()).toBe(0));
});

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
async function texts(data: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const each of data) found.push(each);
  return found;
}
