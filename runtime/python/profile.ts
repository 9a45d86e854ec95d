/** What a pool is: its options with every default filled in, and the three standard ones. */
import { resolve } from "node:path";
import { ConfigurationError } from "../errors.ts";
import type { Duration } from "../options.ts";
import type { Transport } from "./transport/transport.ts";

export interface Permissions {
  /** Folders that may be read, beside Python's own and `pythonPath`. */
  readonly read?: readonly string[];
  /** Folders that may be written, beside the worker's scratch folder. */
  readonly write?: readonly string[];
  readonly net?: boolean;
  /** Environment variables handed on, by name. */
  readonly env?: readonly string[];
  readonly run?: boolean;
}

export type SandboxMode = "strict" | "default" | "off";
export type LaneName = "async" | "exclusive";

export interface PoolOptions {
  /** Workers at most. */
  readonly size?: number;
  /** Workers kept warm. */
  readonly min?: number;
  /** What calls use that do not need the other: `async` shares a worker, `exclusive` has one alone. */
  readonly lane?: LaneName;
  /** Calls at a time in one worker of the async lane. */
  readonly concurrency?: number;
  /** Bytes of private memory a worker may hold: recycled beyond, killed at 1.5 times. */
  readonly memory?: number | `${number}${"KB" | "MB" | "GB"}`;
  /** Seconds of processor time one call may use. */
  readonly cpu?: number;
  readonly gpu?: boolean;
  /** Variables of the workers' environment. Never put a secret here: workers need none. */
  readonly env?: Readonly<Record<string, string>>;
  readonly maxQueue?: number;
  readonly maxQueueBytes?: number;
  readonly maxQueueAge?: Duration;
  readonly heartbeat?: { readonly interval?: Duration; readonly misses?: number };
  /** What a cancelled call gets to end by itself before its worker is killed. */
  readonly killGrace?: Duration;
  readonly recycle?: { readonly calls?: number; readonly age?: Duration; readonly memory?: number | string };
  readonly sandbox?: SandboxMode;
  readonly permissions?: Permissions;
  readonly pythonPath?: readonly string[];
  /** Top-level names of `pythonPath` that may be loaded; all that stand there unless said. */
  readonly modules?: readonly string[];
  /** Modules of `pythonPath` imported before the fork, once for all workers. */
  readonly preload?: readonly string[];
  readonly interpreter?: string;
  readonly transport?: "unix" | "tcp" | Transport;
  readonly start?: "fork" | "spawn";
}

/** The options, resolved: durations in milliseconds, sizes in bytes. */
export interface Profile {
  readonly name: string;
  readonly size: number;
  readonly min: number;
  readonly lane: LaneName;
  readonly concurrency: number;
  readonly memory: number;
  readonly cpu: number;
  readonly gpu: boolean;
  readonly env: Readonly<Record<string, string>>;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly maxQueueAge: number;
  readonly heartbeat: { readonly interval: number; readonly misses: number };
  readonly killGrace: number;
  readonly recycle: { readonly calls: number; readonly age: number; readonly memory: number };
  readonly sandbox: SandboxMode;
  readonly permissions: Required<Permissions>;
  readonly pythonPath: readonly string[];
  readonly modules: readonly string[] | undefined;
  readonly preload: readonly string[];
  readonly interpreter: string | undefined;
  readonly transport: "unix" | "tcp" | Transport;
  readonly start: "fork" | "spawn";
}

const MB = 1 << 20;

/** The seed's three: sizes are upper limits. */
export const STANDARD: Readonly<Record<string, PoolOptions>> = {
  general: { size: 8, memory: 512 * MB, lane: "async" },
  optimizer: { size: 2, memory: 4096 * MB, lane: "exclusive", env: { PYTORCH_THREADS: "4" }, recycle: { calls: Infinity, age: Infinity } },
  neural: { size: 4, memory: 8192 * MB, lane: "exclusive", gpu: true, recycle: { calls: Infinity } },
};

const KEYS: readonly string[] = [
  "size",
  "min",
  "lane",
  "concurrency",
  "memory",
  "cpu",
  "gpu",
  "env",
  "maxQueue",
  "maxQueueBytes",
  "maxQueueAge",
  "heartbeat",
  "killGrace",
  "recycle",
  "sandbox",
  "permissions",
  "pythonPath",
  "modules",
  "preload",
  "interpreter",
  "transport",
  "start",
];

export function resolveProfile(name: string, given: PoolOptions = {}): Profile {
  if (typeof name !== "string" || name === "") throw invalid("createPool", "a name that is not empty", String(name));
  const at = (key: string) => `pools.${name}.${key}`;
  known(`pools.${name}`, given, KEYS);
  const options: PoolOptions = { ...STANDARD[name], ...given };
  const size = whole(at("size"), options.size ?? 4, 1, 1024);
  const memory = bytes(at("memory"), options.memory ?? 512 * MB);
  const { permissions = {}, recycle = {}, heartbeat = {} } = options;
  // A permission or a limit with a slip of the pen in its name would be none.
  known(at("permissions"), permissions, ["read", "write", "net", "env", "run"]);
  known(at("recycle"), recycle, ["calls", "age", "memory"]);
  known(at("heartbeat"), heartbeat, ["interval", "misses"]);
  return {
    name,
    size,
    min: whole(at("min"), options.min ?? 0, 0, size),
    lane: oneOf(at("lane"), options.lane ?? "async", ["async", "exclusive"]),
    concurrency: whole(at("concurrency"), options.concurrency ?? 64, 1, 65_536),
    memory,
    cpu: positive(at("cpu"), options.cpu ?? Infinity),
    gpu: flag(at("gpu"), options.gpu ?? false),
    env: variables(at("env"), options.env ?? {}),
    maxQueue: whole(at("maxQueue"), options.maxQueue ?? 1000, 0, Number.MAX_SAFE_INTEGER),
    maxQueueBytes: positive(at("maxQueueBytes"), options.maxQueueBytes ?? 256 * MB),
    maxQueueAge: duration(at("maxQueueAge"), options.maxQueueAge ?? Infinity),
    heartbeat: {
      interval: duration(at("heartbeat.interval"), heartbeat.interval ?? 1000),
      misses: whole(at("heartbeat.misses"), heartbeat.misses ?? 3, 1, 1000),
    },
    killGrace: duration(at("killGrace"), options.killGrace ?? 1000),
    recycle: {
      calls: positive(at("recycle.calls"), recycle.calls ?? 10_000),
      age: duration(at("recycle.age"), recycle.age ?? "1h"),
      memory: recycle.memory === undefined ? memory : bytes(at("recycle.memory"), recycle.memory),
    },
    sandbox: oneOf(at("sandbox"), options.sandbox ?? "default", ["strict", "default", "off"]),
    permissions: {
      read: absolute(at("permissions.read"), permissions.read),
      write: absolute(at("permissions.write"), permissions.write),
      net: flag(at("permissions.net"), permissions.net ?? false),
      env: texts(at("permissions.env"), permissions.env ?? []),
      run: flag(at("permissions.run"), permissions.run ?? false),
    },
    pythonPath: absolute(at("pythonPath"), options.pythonPath),
    modules: options.modules === undefined ? undefined : texts(at("modules"), options.modules),
    preload: texts(at("preload"), options.preload ?? []),
    interpreter: options.interpreter === undefined ? undefined : text(at("interpreter"), options.interpreter),
    transport: transport(at("transport"), options.transport ?? "unix"),
    start: oneOf(at("start"), options.start ?? (process.platform === "linux" ? "fork" : "spawn"), ["fork", "spawn"]),
  };
}

/** As seen from the working directory now: a worker's own is its scratch folder. */
function absolute(key: string, folders: readonly string[] = []): readonly string[] {
  return texts(key, folders).map((folder) => resolve(folder));
}

function known(key: string, given: object, keys: readonly string[]): void {
  if (typeof given !== "object" || given === null) throw invalid(key, "an object", String(given));
  for (const name of Object.keys(given))
    if (!keys.includes(name)) throw invalid(`${key}.${name}`, `one of ${keys.join(", ")}`, name, "config_unknown_key");
}

function flag(key: string, value: boolean): boolean {
  if (typeof value !== "boolean") throw invalid(key, "true or false", String(value));
  return value;
}

function text(key: string, value: string): string {
  if (typeof value !== "string" || value === "" || value.includes("\0")) throw invalid(key, "a text", JSON.stringify(value) ?? "");
  return value;
}

function texts(key: string, values: readonly string[]): readonly string[] {
  if (!Array.isArray(values)) throw invalid(key, "a list of texts", String(values));
  return values.map((value: string, at) => text(`${key}[${at}]`, value));
}

function variables(key: string, env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (typeof env !== "object" || env === null) throw invalid(key, "an object of texts", String(env));
  for (const [name, value] of Object.entries(env))
    if (!/^[^=\0]+$/.test(name) || typeof value !== "string" || value.includes("\0"))
      throw invalid(`${key}.${name}`, "a name without = and a text, both without a zero byte", JSON.stringify(value) ?? "");
  return env;
}

function transport(key: string, value: "unix" | "tcp" | Transport): "unix" | "tcp" | Transport {
  if (typeof value === "object" && value !== null && typeof value.listen === "function") return value;
  return oneOf<"unix" | "tcp">(key, value as "unix" | "tcp", ["unix", "tcp"]);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as users write them. */
export function duration(key: string, value: Duration | number): number {
  if (typeof value === "number" && value >= 0) return value;
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(value) : null;
  if (!match) throw invalid(key, 'milliseconds, or a text like "30s"', String(value));
  return Number(match[1]) * UNITS[match[2]!]!;
}

function bytes(key: string, value: number | string): number {
  if (typeof value === "number" && value > 0) return value;
  const match = typeof value === "string" ? /^(\d+(?:\.\d+)?) ?(KB|MB|GB)$/.exec(value) : null;
  if (!match) throw invalid(key, 'bytes, or a text like "512MB"', String(value));
  return Number(match[1]) * { KB: 1 << 10, MB, GB: 1 << 30 }[match[2] as "KB"]!;
}

function whole(key: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalid(key, `a whole number from ${least} to ${most}`, String(value));
  return value;
}

function positive(key: string, value: number): number {
  if (typeof value !== "number" || !(value > 0)) throw invalid(key, "a positive number", String(value));
  return value;
}

function oneOf<T extends string>(key: string, value: T, values: readonly T[]): T {
  if (!values.includes(value)) throw invalid(key, values.join(" or "), String(value));
  return value;
}

function invalid(
  configKey: string,
  expected: string,
  actual: string,
  code: "config_invalid" | "config_unknown_key" = "config_invalid",
): ConfigurationError {
  return new ConfigurationError(
    code,
    code === "config_invalid" ? `${configKey} is ${actual}; ${expected} is expected.` : `${configKey} is no option of a pool.`,
    { configKey, expected, actual },
  );
}
