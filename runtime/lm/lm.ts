/**
 * What the engines know of a language model: one request in, one response out. Both routes use it: the native
 * engine calls it directly, Python's engine calls back to it. Endpoints, AI SDK models, functions and scripted
 * models are all brought to this shape in their own files.
 */
export interface TextBlock {
  readonly type: "text";
  readonly text: string;
}
export interface ImageBlock {
  readonly type: "image_url";
  readonly image_url: { readonly url: string; readonly detail?: string };
}
/** OpenAI's content blocks; what DSPy's custom types serialise to. Unknown blocks pass through. */
export type ContentBlock = TextBlock | ImageBlock | { readonly type: string; readonly [key: string]: unknown };

export interface Message {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string | readonly ContentBlock[] | null;
  readonly [key: string]: unknown;
}

/** Sampling settings; the names are ours, the client writes the endpoint's. Durations elsewhere, never here. */
export interface LMConfig {
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly topP?: number;
  /** Completions asked for; they arrive as `LMResponse.choices`. */
  readonly n?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  /** Distinguishes repeats of one request: part of cache keys, never sent. */
  readonly rolloutId?: number;
  /** Sent as it is, merged into the request's body. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

export interface LMRequest {
  readonly messages: readonly Message[];
  readonly config: LMConfig;
  /** OpenAI's `response_format`, only where the endpoint supports it. */
  readonly responseFormat?: unknown;
  readonly tools?: readonly unknown[];
  readonly signal?: AbortSignal;
  /** Extra attempts on transient failures; the nearest of call, module, lm wins. Default 2. */
  readonly retries?: number;
  /** Absolute deadline, milliseconds since the epoch. */
  readonly deadline?: number;
}

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly totalTokens: number;
  readonly cost?: number;
}

export interface LMChoice {
  readonly text: string;
  readonly finishReason?: string;
  readonly toolCalls?: readonly unknown[];
  readonly reasoning?: string;
}

export interface LMResponse {
  /** At least one; `choices[0].text` is the completion. */
  readonly choices: readonly LMChoice[];
  readonly model?: string;
  readonly usage?: Usage;
  /** HTTP attempts this took, 1 or more. */
  readonly attempts?: number;
  readonly cached?: boolean;
}

/** A piece of the first choice's text as it arrives; the last chunk carries what only the end knows. */
export interface LMChunk {
  readonly text: string;
  readonly finishReason?: string;
  readonly usage?: Usage;
  readonly model?: string;
}

/** What an endpoint can do beyond text; everything absent is false. DSPy decides `response_format` by these. */
export interface LMSupports {
  readonly responseFormat?: boolean;
  readonly responseSchema?: boolean;
  readonly functionCalling?: boolean;
  readonly reasoning?: boolean;
}

export interface LM {
  /** The model's name as telemetry and `.meta` show it. */
  readonly model: string;
  /** The endpoint's address without secrets, or `function`, `scripted`, `ai-sdk:<provider>`. */
  readonly endpoint: string;
  readonly supports: LMSupports;
  /** Settings under every request's own. */
  readonly config: LMConfig;
  /** Extra attempts on transient failures where neither call nor module says. */
  readonly retries?: number;
  complete(request: LMRequest): Promise<LMResponse>;
  stream?(request: LMRequest): AsyncIterable<LMChunk>;
  close?(): Promise<void>;
}
