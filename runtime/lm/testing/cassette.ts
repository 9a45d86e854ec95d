/**
 * Cassettes: what a real model answered, kept in a file, so that a test costs nothing and gives the same every time.
 * Entries are sorted by their request and hold no dates, so recording again changes only what changed. Keys never reach
 * an LMRequest; values of variables that look like secrets are removed from its texts all the same.
 */
import { builtin } from "../../builtin.ts";
import { canonical } from "../../cache/key.ts";
import { ConfigurationError } from "../../errors.ts";
import type { LMOption } from "../../options.ts";
import { isObject } from "../../shape.ts";
import { aiSdkLM } from "../ai-sdk.ts";
import { endpointLM } from "../endpoint.ts";
import { functionLM } from "../function.ts";
import type { LM, LMChunk, LMRequest, LMResponse } from "../lm.ts";
import { LMError } from "../lm-error.ts";
import { scrub } from "./scrub.ts";

interface Entry {
  readonly request: Recorded;
  /** In the order they came; a request that is made again gets the next one. */
  readonly responses: LMResponse[];
}
type Recorded = Pick<LMRequest, "messages" | "config" | "responseFormat" | "tools">;
interface Cassette {
  readonly cassette: 1;
  readonly model: string;
  /** What the model could do and how it was set, for both decide what a request looks like. Absent where there is nothing to tell. */
  readonly supports?: LM["supports"];
  readonly config?: LM["config"];
  readonly entries: readonly Entry[];
}

export interface CassetteOptions {
  /** Removes what else must not be in the file; sees every text, on the way in and on the way to a look-up. */
  readonly redact?: (text: string) => string;
}

interface Files {
  readFileSync(path: string | URL, encoding: "utf8"): string;
  writeFileSync(path: string | URL, text: string): void;
  mkdirSync(path: string, options: { recursive: true }): void;
  renameSync(from: string, to: string | URL): void;
}

function files(): Files {
  const found = builtin<Files>("fs");
  if (!found)
    throw new ConfigurationError("config_invalid", "Cassettes are files, and this runtime has none.", {
      configKey: "lm",
      expected: "Node",
      actual: "no file system",
      remedy: "Use scripted([...]) here.",
    });
  return found;
}

const recordable = ({ messages, config, responseFormat, tools }: LMRequest, options: CassetteOptions): Recorded =>
  scrub({ messages, config, ...(responseFormat !== undefined && { responseFormat }), ...(tools && { tools }) }, options.redact) as Recorded;

/** The same model, writing every answer to `file`. */
export function record(lm: LMOption, file: string | URL, options: CassetteOptions = {}): LM {
  const entries = new Map<string, Entry>();
  let source: LM | undefined;
  // At once, not when the first answer has come: the engine asks what a model supports before it makes its first request.
  const real = (): LM => (source ??= modelOf(lm));
  const keep = (request: LMRequest, response: LMResponse): void => {
    const recorded = recordable(request, options);
    const key = canonical(recorded);
    const { cached: _, attempts: __, ...said } = response;
    const entry = entries.get(key) ?? { request: recorded, responses: [] };
    entry.responses.push(scrub(said, options.redact) as LMResponse);
    entries.set(key, entry);
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
    const { model, supports, config } = real();
    const has = (value: object): boolean => Object.keys(value).length > 0;
    write(file, {
      cassette: 1,
      model,
      ...(has(supports) && { supports }),
      ...(has(config) && { config: scrub(config, options.redact) as LM["config"] }),
      entries: sorted,
    });
  };
  const known = typeof lm === "string" ? lm : "model" in lm ? lm.model : "recorded";
  return {
    get model() {
      return source?.model ?? known;
    },
    get endpoint() {
      return source?.endpoint ?? "recorded";
    },
    get supports() {
      return real().supports;
    },
    get config() {
      return real().config;
    },
    async complete(request) {
      const response = await real().complete(request);
      keep(request, response);
      return response;
    },
    async *stream(request) {
      const model = real();
      let text = "";
      let last: LMChunk = { text: "" };
      if (!model.stream) {
        const response = await model.complete(request);
        keep(request, response);
        return yield* chunks(response);
      }
      for await (const chunk of model.stream(request)) {
        text += chunk.text;
        last = { ...last, ...chunk };
        yield chunk;
      }
      keep(request, {
        choices: [{ text, ...(last.finishReason !== undefined && { finishReason: last.finishReason }) }],
        ...(last.model !== undefined && { model: last.model }),
        ...(last.usage && { usage: last.usage }),
      });
    },
    close: async () => source?.close?.(),
  };
}

/** Every form of a model, without the wait for its code that a program's first call has. */
function modelOf(lm: LMOption): LM {
  if (typeof lm === "string") return endpointLM(lm);
  if (typeof lm === "function") return functionLM(lm);
  if ("complete" in lm) return lm;
  return "doGenerate" in lm ? aiSdkLM(lm) : endpointLM(lm);
}

/** Answers from `file` alone; a request that was never recorded is an LMError `not_found`. */
export function replay(file: string | URL, options: CassetteOptions = {}): LM {
  const { model, supports = {}, config = {}, entries } = read(file);
  const byRequest = new Map(entries.map((entry) => [entry.key, entry.responses]));
  const asked = new Map<string, number>();
  const answer = (request: LMRequest): LMResponse => {
    const key = canonical(recordable(request, options));
    const responses = byRequest.get(key);
    if (!responses?.length)
      throw new LMError("not_found", `${file} has no answer to this request (it has ${entries.length} others).`, {
        endpoint: "cassette",
        remedy: "Record it again with record(lm, file).",
      });
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    return responses[Math.min(count, responses.length - 1)]!;
  };
  return {
    model,
    endpoint: "cassette",
    supports,
    config,
    complete: async (request) => answer(request),
    async *stream(request) {
      yield* chunks(answer(request));
    },
  };
}

function* chunks({ choices: [choice], usage, model }: LMResponse): Generator<LMChunk> {
  for (const text of choice?.text.match(/\s*\S+\s*/g) ?? []) yield { text };
  yield { text: "", finishReason: choice?.finishReason ?? "stop", ...(usage && { usage }), ...(model !== undefined && { model }) };
}

interface Heard extends Omit<Cassette, "entries"> {
  readonly entries: readonly { readonly key: string; readonly responses: readonly LMResponse[] }[];
}

/** Anyone may have written the file: what an answer is made of is checked before one is given. */
function read(file: string | URL): Heard {
  try {
    const data: unknown = JSON.parse(files().readFileSync(file, "utf8"));
    if (!isObject(data) || data.cassette !== 1) throw new Error("its `cassette` is not 1");
    if (!Array.isArray(data.entries)) throw new Error("its `entries` are no list");
    for (const part of ["supports", "config"])
      if (data[part] !== undefined && !isObject(data[part])) throw new Error(`its \`${part}\` is no object`);
    const entries = data.entries.map((entry: unknown, i) => {
      if (!isObject(entry) || !isObject(entry.request)) throw new Error(`entry ${i} has no request`);
      if (!Array.isArray(entry.responses) || !entry.responses.every(isResponse))
        throw new Error(`entry ${i} has a response without choices`);
      return { key: canonical(entry.request), responses: entry.responses };
    });
    return { ...(data as unknown as Cassette), model: typeof data.model === "string" ? data.model : "unknown", entries };
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError("config_invalid", `${file} is no cassette: ${(cause as Error).message}.`, {
      configKey: "replay",
      expected: "a file that record() wrote",
      actual: String(file),
      cause,
    });
  }
}

const isResponse = (value: unknown): value is LMResponse =>
  isObject(value) &&
  Array.isArray(value.choices) &&
  value.choices.length > 0 &&
  value.choices.every((choice: unknown) => isObject(choice) && typeof choice.text === "string");

/** Written beside and moved into place: a test run that is killed leaves the old cassette whole. */
function write(file: string | URL, cassette: Cassette): void {
  const { mkdirSync, writeFileSync, renameSync } = files();
  const path = file instanceof URL ? decodeURIComponent(file.pathname) : file;
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder) mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(cassette, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
