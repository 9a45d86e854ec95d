/** The core in runtimes that are not Node: what a bundle may hold, and a call in each of them. */
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import vm from "node:vm";
import { EdgeVM } from "@edge-runtime/vm";
import { chromium } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Bundle, bundled, trimmed, trivial } from "./bundle.ts";

const answer = "[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]";
let split: Bundle;
let one: Bundle;
let small: Bundle;
beforeAll(async () => {
  [split, one, small] = await Promise.all([bundled(trivial), bundled(trivial, { splitting: false }), trimmed(trivial)]);
});

describe("the bundle", () => {
  test("imports no Node built-in, anywhere", async () => {
    for (const text of [...split.files.values(), ...one.files.values()])
      expect(text).not.toMatch(/from\s*"node:|import\("node:|require\("node:|from\s*"(fs|path|http|net|crypto|os)"/);
    // Neutral: not even the browser's own fields are followed.
    await bundled(trivial, { platform: "neutral" });
  });

  test("has no dependency in its first chunk, and of the adapters, the repair of JSON and ReAct nothing", () => {
    expect(split.firstInputs.filter((name) => name.includes("node_modules"))).toEqual([]);
    const later =
      /native\/(adapters|json-repair|coerce|codecs|react|stream|full|predict|engine)|lm\/(endpoint|exchange|undici|ai-sdk|openai|sse)|call\/|cache\/|pipeline\/|template\/|metrics\/|type-text|meta\.ts/;
    expect(split.firstInputs.filter((name) => later.test(name))).toEqual([]);
  });

  test("holds nothing of the compiler, the bridge or undici", () => {
    expect(
      one.inputs.filter((name) => /^compiler\/|runtime\/python\/|node_modules\/(undici|chevrotain|msgpackr|zod|execa)\//.test(name)),
    ).toEqual([]);
  });

  test("holds nothing of ReAct, in any chunk: react() brings it along", () => {
    expect(one.firstInputs.filter((name) => /react/.test(name))).toEqual([]);
  });

  test("keeps to its budget", () => {
    // Design row core-bundle; the bench prints the figures. This stops them from growing unnoticed.
    expect(split.first.gzip).toBeLessThanOrEqual(8 * 1024);
    expect(one.first.gzip).toBeLessThan(78_000);
    expect(small.first.gzip).toBeLessThanOrEqual(20 * 1024);
  });

  test("holds none of what a build leaves out", () => {
    const behind =
      /json-repair|coerce|native\/(adapters\/(full|json|xml)|stream\/)|lm\/(exchange|openai|transport)|cache\/(key|memory)|node_modules/;
    expect(small.firstInputs.filter((name) => behind.test(name))).toEqual([]);
  });
});

/** What every runtime must do: make a call with a model that is a function, and one over fetch. */
const withFetch = trivial.replace("globalThis.model", "{ model: 'm', baseURL: globalThis.baseURL }");
const completion = JSON.stringify({ choices: [{ message: { content: answer }, finish_reason: "stop" }] });

describe("a runtime without Node's globals", () => {
  /** Only what the WinterTC minimum gives: no process, no Buffer, no require, no timers' unref. */
  const globals = () => ({
    AbortController,
    AbortSignal,
    TextDecoder,
    TextEncoder,
    URL,
    ReadableStream,
    Response,
    Request,
    Headers,
    crypto,
    performance,
    setTimeout: (f: () => void, ms: number) => Number(setTimeout(f, ms)),
    clearTimeout,
    queueMicrotask,
    structuredClone,
    atob,
    btoa,
    console,
  });
  const run = async (source: string, more: object, make = bundled) => {
    const { files } = await make(source, { splitting: false, format: "iife" });
    const context = vm.createContext({ ...globals(), ...more }, { codeGeneration: { strings: false, wasm: false } });
    context.globalThis = context;
    vm.runInContext([...files.values()][0]!, context);
    return context.answer as Promise<{ answer: string; meta: { route: string } }>;
  };

  test("predicts with a function", async () => {
    const out = await run(trivial, { model: () => answer });
    expect(out.answer).toBe("Paris");
    expect(out.meta.route).toBe("native");
  });

  test("predicts with a function where everything else is left out", async () => {
    const out = await run(trivial, { model: () => answer }, trimmed);
    expect(out).toEqual({ answer: "Paris" });
    expect(out.meta.route).toBe("native");
  });

  test("predicts over fetch, and says what failed", async () => {
    const fetched: string[] = [];
    const fetch = async (url: string) => {
      fetched.push(url);
      return new Response(completion);
    };
    expect((await run(withFetch, { fetch, baseURL: "https://edge.example/v1" })).answer).toBe("Paris");
    expect(fetched).toEqual(["https://edge.example/v1/chat/completions"]);
    await expect(
      run(withFetch, { fetch: async () => new Response("no", { status: 401 }), baseURL: "https://edge.example/v1" }),
    ).rejects.toMatchObject({ code: "auth", status: 401 });
  });

  test("names errors by their class, though a minifier has renamed it", async () => {
    const wrong = `import { configure } from "dspex"; globalThis.answer = (async () => configure({ tiemout: 5 }))();`;
    await expect(run(wrong, {})).rejects.toMatchObject({ name: "ConfigurationError", remedy: "Did you mean `timeout`?" });
  });

  test("needs no eval", async () => {
    // The context above refuses code from strings; every path of it has just run under that rule.
    const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
    expect(() => vm.runInContext("new Function('return 1')()", context)).toThrow();
  });
});

describe("an edge runtime", () => {
  test("predicts with a function and over its own fetch", async () => {
    const { files } = await bundled(withFetch, { splitting: false, format: "iife" });
    const server = createServer((_, response) => void response.writeHead(200, { "content-type": "application/json" }).end(completion));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const edge = new EdgeVM();
    edge.context.baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    edge.evaluate([...files.values()][0]!);
    expect((await (edge.context.answer as Promise<{ answer: string }>)).answer).toBe("Paris");
    server.closeAllConnections();
    server.close();
  });
});

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env.DSPEX_CHROMIUM ?? ""].find(
  (path) => path && existsSync(path),
);
describe.skipIf(!browser)(`a browser${browser ? "" : " (skipped: no chromium found; set DSPEX_CHROMIUM to its path)"}`, () => {
  test("predicts over fetch from a page with split chunks", async () => {
    const { files, entry: text } = await bundled(withFetch);
    const entry = [...files].find(([, each]) => each === text)![0];
    const server = createServer((request, response) => {
      const name = request.url!.slice(1);
      if (request.method === "POST") return void response.writeHead(200, { "content-type": "application/json" }).end(completion);
      if (name === "")
        return void response
          .writeHead(200, { "content-type": "text/html" })
          .end(`<script>globalThis.baseURL = location.origin + "/v1"</script><script type="module" src="/${entry}"></script>`);
      response.writeHead(files.has(name) ? 200 : 404, { "content-type": "text/javascript" }).end(files.get(name) ?? "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const chrome = await chromium.launch({ executablePath: browser!, args: ["--no-sandbox"] });
    try {
      const page = await chrome.newPage();
      const failures: unknown[] = [];
      page.on("pageerror", (error) => failures.push(error));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction("globalThis.answer");
      expect(await page.evaluate("globalThis.answer")).toEqual({ answer: "Paris" });
      expect(failures).toEqual([]);
    } finally {
      await chrome.close();
      server.close();
    }
  });
});
