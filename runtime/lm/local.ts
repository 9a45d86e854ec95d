/**
 * `dspex/local`: a small language model on this machine, for demos, tests and work without a key. Its server is a
 * Python process of ours (llama.cpp through xllamacpp), started at first use, one for each set of settings whoever
 * asks, and gone with the last `close()` or with this process, however it ends. It speaks OpenAI's protocol, so the
 * requests themselves are the endpoint client's.
 */
import { milliseconds } from "../duration.ts";
import type { Duration } from "../options.ts";
import type { LM, LMChunk, LMConfig, LMRequest, LMResponse } from "./lm.ts";
import { type ServerSettings, SUPPORTS } from "./local/launch.ts";
import { LocalServer } from "./local/server.ts";

export interface LocalOptions extends LMConfig {
  /** A GGUF file of your own; default: Gemma 3 270M (a base model), from the packages of the `local` extra. */
  readonly model?: string;
  /** Tokens of prompt and answer together that one request may take. Default 4096. */
  readonly context?: number;
  /** Requests decoded at a time. Default 1, which is what makes greedy answers independent of their neighbours. */
  readonly parallel?: number;
  /** Default: half the processors this process may use, at most 8. */
  readonly threads?: number;
  /** What the server gets to load the model. Default "120s". */
  readonly startTimeout?: Duration;
  /** The project whose `.dspex` holds the Python environment and the model. */
  readonly projectDir?: string;
  /** Overrides the Python that runs the server. */
  readonly interpreter?: string;
}

const NAME = "gemma-3-270m";
/** A base model that finds no end would otherwise go on to the end of its context. */
const MAX_TOKENS = 512;

const servers = new Map<string, LocalServer>();

/** Greedy (temperature 0) unless told otherwise. Nothing is started before the first request. */
export function local(options: LocalOptions = {}): LM {
  const { model, context = 4096, parallel = 1, threads, startTimeout = "120s", projectDir, interpreter, ...sampling } = options;
  const config: LMConfig = { temperature: 0, maxTokens: MAX_TOKENS, ...sampling };
  const name = model === undefined ? NAME : basename(model);
  const settings: ServerSettings = {
    name,
    context,
    parallel,
    maxTokens: config.maxTokens ?? MAX_TOKENS,
    startTimeout: milliseconds(startTimeout) ?? 120_000,
    model,
    threads,
    projectDir,
    interpreter,
  };
  const key = JSON.stringify({ ...settings, startTimeout: undefined });
  const server = servers.get(key) ?? new LocalServer(settings);
  servers.set(key, server);

  const holder = {};
  let at = `local:${name}`;
  const ready = async (request: LMRequest): Promise<readonly [LM, LMRequest]> => {
    const client = await server.use(holder, request.signal, request.deadline);
    at = client.endpoint;
    return [client, { ...request, config: { ...config, ...request.config } }];
  };

  return {
    model: name,
    get endpoint(): string {
      return at;
    },
    supports: SUPPORTS,
    config,
    async complete(request: LMRequest): Promise<LMResponse> {
      const [client, whole] = await ready(request);
      return client.complete(whole);
    },
    async *stream(request: LMRequest): AsyncIterable<LMChunk> {
      const [client, whole] = await ready(request);
      yield* client.stream!(whole);
    },
    close: () => server.leave(holder),
  };
}

function basename(path: string): string {
  return path
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.gguf$/, "");
}
