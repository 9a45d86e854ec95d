/**
 * The process that forks a pool's workers, as the host sees it: started by execa, greeted through the hub, asked for
 * forks, heard on events. Where forking is refused (macOS, a second thread, the user's choice) workers are spawned by
 * the same command, one process each.
 */
import type { Socket } from "node:net";
import { execa, type Result } from "execa";
import { ConfigurationError, type DspexError, PoolError } from "../errors.ts";
import { type FoundPython, findPython } from "./env/find.ts";
import { workingDirectory } from "./env/places.ts";
import { atExit } from "./exit.ts";
import type { Admitted, Hub } from "./hub.ts";
import type { Profile } from "./profile.ts";
import { ownMaking } from "./quarantine.ts";
import { StderrTail } from "./stderr.ts";
import { isSpent } from "./transport/bound.ts";
import { pack, unpack } from "./wire/codec.ts";
import type { Connection } from "./wire/connection.ts";
import { FrameType } from "./wire/frame.ts";
import type { ErrorBody, EventBody, ExitEvent, ForkedBody } from "./wire/messages.ts";

/** Isolated from PYTHON* variables and the user's site; the package's folder is the only one added. */
const BOOT = [
  "import ctypes, os, sys",
  // SIGKILL with its parent, before any import that takes time; a host that ended before this line takes it along too.
  "ctypes.CDLL(None).prctl(1, 9) if sys.platform == 'linux' else None",
  "(os.write(2, b'Its parent is not the process that wants it: a wrapper has to exec its interpreter.'), os._exit(1)) if os.getppid() != int(sys.argv[2]) else None",
  "sys.path.insert(0, sys.argv[1])",
  "from dspex_worker.__main__ import main",
  "main()",
].join("; ");
const START_TIMEOUT = 60_000;
const END_GRACE = 500;
/** A fork takes milliseconds; a zygote that is stopped or stuck never answers. */
const FORK_TIMEOUT = 10_000;

export interface ZygoteEvents {
  /** Its process is about to start: from here on there is something to end. */
  launched(): void;
  /** At once, before anything else of that process can be heard. */
  forked(pid: number): void;
  exit(event: ExitEvent): void;
  /** The zygote itself is gone, and its workers with it. */
  lost(reason: string): void;
}

export class Zygote {
  readonly pid: number;
  readonly python: FoundPython;
  readonly tail: StderrTail;
  /** Why workers are spawned, where they are. */
  readonly refusal: string | undefined;
  readonly #ending: Ending;
  readonly #connection: Connection;
  readonly #forks = new Map<number, { resolve(forked: ForkedBody): void; reject(error: Error): void }>();
  readonly #forget: () => void;
  #next = 0;
  #ended = false;

  private constructor(ending: Ending, python: FoundPython, tail: StderrTail, admitted: Admitted, events: ZygoteEvents) {
    this.#ending = ending;
    this.pid = admitted.hello.pid;
    this.python = python;
    this.tail = tail;
    this.#connection = admitted.connection;
    const threads = admitted.hello.threads ?? 1;
    this.refusal = threads > 1 ? `the zygote has ${threads} threads after its imports, and forking copies only one of them` : undefined;
    this.#forget = atExit(() => this.kill());
    admitted.connection.handOver({
      message: (type, stream, body) => this.#message(type, stream, body, events),
      closed: () => {
        this.#forget();
        const ended = this.#ended;
        this.#ended = true;
        for (const { reject } of this.#forks.values()) reject(new PoolError("worker_lost", "The zygote ended."));
        this.#forks.clear();
        if (ended) return;
        this.kill();
        events.lost(tail.text());
      },
    });
  }

  static async start(profile: Profile, hub: Hub, events: ZygoteEvents): Promise<Zygote> {
    const python = await findPython(profile.interpreter === undefined ? {} : { interpreter: profile.interpreter });
    // The search for an interpreter takes its time; the pool may have been closed meanwhile.
    hub.check();
    events.launched();
    const { ended, tail, admitted } = launch(profile, hub, python, "fork");
    return new Zygote(ended, python, tail, await admitted, events);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Asks for one worker; it will present the token at the hub. A zygote that does not answer is ended, and another started. */
  fork(token: string): Promise<ForkedBody> {
    const stream = ++this.#next;
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(new PoolError("worker_lost", "The zygote ended."));
      const timer = setTimeout(() => this.kill(), FORK_TIMEOUT).unref();
      const settled = (): void => {
        clearTimeout(timer);
        this.#forks.delete(stream);
      };
      this.#forks.set(stream, {
        resolve: (forked) => {
          settled();
          resolve(forked);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      this.#connection.send(FrameType.call, stream, pack({ token }));
    });
  }

  #message(type: FrameType, stream: number, body: Buffer, events: ZygoteEvents): void {
    if (type === FrameType.event) {
      const event = unpack(body) as EventBody;
      if (event.name === "exit") events.exit(event);
      return;
    }
    const asked = this.#forks.get(stream);
    if (!asked) return;
    this.#forks.delete(stream);
    if (type === FrameType.result) {
      const forked = unpack(body) as ForkedBody;
      events.forked(forked.pid);
      asked.resolve(forked);
      return;
    }
    const error = unpack(body) as ErrorBody;
    asked.reject(
      new PoolError("resource_exhausted", `A worker could not be forked: ${error.message}.`, {
        remedy: "Raise the limit of processes or memory, or make the pool smaller.",
      }),
    );
  }

  /** Ends the whole group at once: the zygote leads a session of its own, and its workers stay in it. */
  kill(): void {
    killGroup(this.pid);
  }

  async end(): Promise<void> {
    this.#ended = true;
    // The end of its connection is what it waits for: it ends its workers and whatever those have left, then itself.
    this.#connection.destroy();
    const timer = setTimeout(() => this.kill(), END_GRACE);
    await this.#ending;
    clearTimeout(timer);
    this.kill();
  }
}

/** How a started process ended; a process that could not be started ends too. */
export type Ending = Promise<Pick<Result, "exitCode" | "signal" | "code">>;
interface Launched {
  readonly pid: number | undefined;
  readonly ended: Ending;
  readonly tail: StderrTail;
  readonly admitted: Promise<Admitted>;
}

/** Starts one Python process that becomes a zygote, or a single worker. */
export function launch(profile: Profile, hub: Hub, python: FoundPython, start: "fork" | "spawn"): Launched {
  const { token, admitted, giveUp } = hub.expect();
  const child = execa(commandOf(profile, python), ["-I", "-B", "-X", "utf8", "-c", BOOT, python.workerPath, String(process.pid)], {
    cwd: workingDirectory(),
    stdin: "pipe",
    stdout: "ignore",
    stderr: "pipe",
    buffer: false,
    reject: false,
    cleanup: false,
    // A session of its own: one signal reaches all of it, and the terminal's Ctrl-C reaches none of it.
    detached: true,
    extendEnv: false,
    env: environmentOf(profile),
  });
  const tail = new StderrTail(child.stderr!);
  const line = JSON.stringify({
    address: hub.address,
    token,
    pool: profile.name,
    host: process.pid,
    scratch: hub.folder,
    shared: hub.segments?.folder ?? null,
    compress: hub.network,
    start,
    python_path: profile.pythonPath,
    allow: profile.modules ?? null,
    sandbox: sandboxPolicy(profile, python, hub),
    preload: profile.preload,
  });
  child.stdin!.on("error", () => {});
  child.stdin!.end(`${line}\n`);
  child.nodeChildProcess.unref();
  // What could not be started has a stream of another kind.
  (child.stderr as Partial<Socket>).unref?.();
  const timer = setTimeout(
    () => giveUp(startFailure(profile, python, `did not answer within ${START_TIMEOUT / 1000} s`, tail)),
    START_TIMEOUT,
  ).unref();
  const forget = atExit(() => child.pid !== undefined && killGroup(child.pid));
  const ended: Ending = child;
  void ended.then(async (result) => {
    await tail.ended;
    giveUp(
      startFailure(
        profile,
        python,
        result.exitCode === undefined
          ? `ended (${result.signal ?? result.code ?? "not started"})`
          : `ended with exit code ${result.exitCode}`,
        tail,
        result,
      ),
    );
  });
  // Closed, refused or late: nothing of it may stay.
  admitted.catch(() => child.pid !== undefined && killGroup(child.pid));
  return {
    pid: child.pid,
    ended,
    tail,
    admitted: admitted.finally(() => {
      clearTimeout(timer);
      forget();
    }),
  };
}

/** A command that was named is run as it was named, wrappers included. */
function commandOf(profile: Profile, python: FoundPython): string {
  const named =
    python.source === "interpreter" ? profile.interpreter : python.source === "DSPEX_PYTHON" ? process.env.DSPEX_PYTHON : undefined;
  return named ?? python.executable;
}

function startFailure(profile: Profile, python: FoundPython, what: string, tail: StderrTail, ended?: Awaited<Ending>): DspexError {
  // Somebody ended it, the kernel for want of memory perhaps: nothing is wrong with this Python, and the next try may do.
  if (ended?.signal && !ownMaking({ signal: ended.signal, code: null }))
    return new PoolError("worker_lost", `Python was ended by ${ended.signal} before it could take calls.`, { pool: profile.name });
  if (isSpent(ended?.code))
    return new PoolError("resource_exhausted", `Python could not be started (${ended?.code}).`, {
      pool: profile.name,
      remedy: "Raise the limit of processes, descriptors or memory, or make the pool smaller.",
    });
  const text = tail.text();
  const missing = /ModuleNotFoundError: No module named '([^']+)'/.exec(text)?.[1];
  return new ConfigurationError(
    "python_missing",
    `Python (${commandOf(profile, python)}) ${what} before it could take calls.${text ? ` Its last words:\n${text}\n` : ""}`,
    {
      configKey: "interpreter",
      expected: "a Python with dspy and msgspec",
      actual: missing ? `no module ${missing}` : what,
      remedy: "Run `npx dspexc python sync`, then `npx dspexc doctor`.",
    },
  );
}

/** An allow-list from the start: what is cleared after a fork stays in memory, so no secret may ever come in. */
function environmentOf(profile: Profile): Record<string, string> {
  const env: Record<string, string> = {
    PATH: "/usr/bin:/bin",
    HOME: "/nonexistent",
    LANG: "C.UTF-8",
    TMPDIR: "/tmp",
    DSPY_CACHEDIR: "/nonexistent/dspy",
    PYTHONUTF8: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    LITELLM_LOCAL_MODEL_COST_MAP: "True",
    // numpy would otherwise start threads, and forking is off with more than one.
    OPENBLAS_NUM_THREADS: "1",
    OMP_NUM_THREADS: "1",
    // glibc's arenas cost virtual memory a thread and give nothing back.
    MALLOC_ARENA_MAX: "2",
  };
  for (const name of profile.permissions.env) if (process.env[name] !== undefined) env[name] = process.env[name];
  return { ...env, ...profile.env };
}

/** What the sandbox of each worker is told; `python/dspex_worker/sandbox` reads it. */
function sandboxPolicy(profile: Profile, python: FoundPython, hub: Hub): Record<string, unknown> {
  const { read, write, net, run } = profile.permissions;
  return {
    mode: profile.sandbox,
    read: [...read, ...profile.pythonPath, python.workerPath],
    write: [...write, ...(hub.segments ? [hub.segments.folder] : [])],
    net,
    run,
    memory: profile.memory,
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has gone already.
  }
}
