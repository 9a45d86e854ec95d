/**
 * Cassettes: what a real model answered, kept in a file, so that a test costs nothing and gives the same every time.
 * Entries are sorted by their request and hold no dates, so recording again changes only what changed. Keys never reach
 * an LMRequest; values of variables that look like secrets are removed from its texts all the same.
 */
import { canonical } from "../../cache/key.ts";
import { ConfigurationError } from "../../errors.ts";
import type { LMOption } from "../../options.ts";
import type { LM, LMChunk, LMRequest, LMResponse } from "../lm.ts";
import { LMError } from "../lm-error.ts";
import { resolveLM } from "../resolve.ts";
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
  const found = (globalThis as { process?: { getBuiltinModule?(name: string): Files } }).process?.getBuiltinModule?.("node:fs");
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
  const real = async (): Promise<LM> => (source ??= await resolveLM(lm));
  const keep = (request: LMRequest, response: LMResponse): void => {
    const recorded = recordable(request, options);
    const key = canonical(recorded);
    const { cached: _, attempts: __, ...said } = response;
    const entry = entries.get(key) ?? { request: recorded, responses: [] };
    entry.responses.push(scrub(said, options.redact) as LMResponse);
    entries.set(key, entry);
    const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
    write(file, { cassette: 1, model: source?.model ?? "unknown", entries: sorted });
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
      return source?.supports ?? {};
    },
    get config() {
      return source?.config ?? {};
    },
    async complete(request) {
      const response = await (await real()).complete(request);
      keep(request, response);
      return response;
    },
    async *stream(request) {
      const model = await real();
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

/** Answers from `file` alone; a request that was never recorded is an LMError `not_found`. */
export function replay(file: string | URL, options: CassetteOptions = {}): LM {
  const { model, entries } = read(file);
  const byRequest = new Map(entries.map((entry) => [canonical(entry.request), entry.responses]));
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
    supports: {},
    config: {},
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

function read(file: string | URL): Cassette {
  try {
    const cassette = JSON.parse(files().readFileSync(file, "utf8")) as Cassette;
    if (cassette.cassette === 1 && Array.isArray(cassette.entries)) return cassette;
    throw new Error("its `cassette` is not 1");
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

/** Written beside and moved into place: a test run that is killed leaves the old cassette whole. */
function write(file: string | URL, cassette: Cassette): void {
  const { mkdirSync, writeFileSync, renameSync } = files();
  const path = file instanceof URL ? decodeURIComponent(file.pathname) : file;
  const folder = path.replace(/[^/\\]*$/, "");
  if (folder) mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(cassette, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
