/**
 * The bodies of the frames, as types. `python/dspex_worker/messages.py` is the twin. Those of result, chunk, callback
 * result and callback chunk are the value itself.
 */

/** First on every connection. The one-time token says which fork or spawn this is. */
export interface Hello {
  readonly version: number;
  readonly codec: string;
  readonly role: "zygote" | "worker";
  readonly token: string;
  readonly pid: number;
  /** Zygotes: threads of the operating system, beyond one of which forking is refused. */
  readonly threads?: number;
  readonly python?: string;
  readonly dspy?: string;
  /** Workers: what the sandbox reached. */
  readonly sandbox?: SandboxReport;
  /** Workers: reads and writes compressed bodies. */
  readonly zstd?: boolean;
  /** Workers: the parts a strict sandbox lacks here; this one ends without a call. */
  readonly refused?: readonly string[];
  /** Zygotes: a module of the user's that cannot be imported; this one ends without a worker. */
  readonly failed?: ErrorBody;
}

export interface SandboxReport {
  readonly level: string;
  readonly [detail: string]: unknown;
}

/** What is left out is null or false. */
export interface CallBody {
  readonly op: string;
  readonly args?: unknown;
  readonly exclusive?: boolean;
  readonly stream?: boolean;
  /** May be repeated: its result may leave together with the next one's. */
  readonly idempotent?: boolean;
  readonly session?: string;
  /** Names of arguments that are functions of the host's. */
  readonly callbacks?: readonly string[];
}

/** `withdrawn`: to be given back, if it has not begun. */
export interface CancelBody {
  readonly reason: "cancelled" | "withdrawn";
}

export interface ErrorBody {
  readonly kind:
    | "exception"
    | "import"
    | "unserialisable"
    | "cancelled"
    | "withdrawn"
    | "completion_unparsable"
    | "unknown_program"
    | "unknown_operation"
    | "wrong_lane"
    | "call_closed";
  readonly type: string;
  readonly message: string;
  readonly traceback: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface CallbackBody {
  /** The call it belongs to. */
  readonly call: number;
  readonly kind: "lm" | "tool" | "function";
  readonly name: string;
  readonly args: unknown;
}

/** To a zygote: fork one worker that shall present this token. */
export interface ForkBody {
  readonly token: string;
}
export interface ForkedBody {
  readonly pid: number;
  readonly start: number;
}

export interface ExitEvent {
  readonly name: "exit";
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** Seconds of processor time, and the most memory it held, in KiB. */
  readonly cpu: number;
  readonly peak: number;
}
/** Of a call: before its result or error, that threads it started run on; and after it, that they have ended. */
export interface ThreadsEvent {
  readonly name: "lingering" | "idle";
}
export type EventBody = ExitEvent | ThreadsEvent;
