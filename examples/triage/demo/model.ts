/** The model, and an ear at its client: what is compared is what was sent, whoever rendered it. */
import type { LMOption, Message } from "dspex";
import { local } from "dspex/local";

export type Sent = readonly Message[];

export interface Model {
  readonly lm: LMOption;
  readonly name: string;
  /** The messages of every request since the last time. */
  heard(): readonly Sent[];
}

/** The embedded model, unless the environment names an endpoint. */
export function chooseModel(env: NodeJS.ProcessEnv = process.env): Model {
  let sent: Sent[] = [];
  const heard = (): readonly Sent[] => {
    const taken = sent;
    sent = [];
    return taken;
  };
  const { DSPEX_MODEL: model = "default", DSPEX_BASE_URL: baseURL, DSPEX_API_KEY: apiKey } = env;
  if (!env.DSPEX_MODEL && !baseURL) {
    const inner = local({ maxTokens: 128 });
    const { config, supports, endpoint } = inner;
    const complete: typeof inner.complete = (request) => {
      sent.push(request.messages);
      return inner.complete(request);
    };
    return {
      lm: { model: inner.model, endpoint, supports, config, complete, close: () => inner.close!() },
      name: "Gemma 3 270M on this machine",
      heard,
    };
  }
  return {
    lm: {
      ...{ model, temperature: 0 },
      ...(baseURL ? { baseURL } : {}),
      ...(apiKey ? { apiKey } : {}),
      onRequest({ attempt, body }) {
        if (attempt === 1) sent.push(body.messages as Sent);
        return undefined;
      },
    },
    name: baseURL ? `${model} at ${baseURL}` : model,
    heard,
  };
}
