/**
 * The workers of a pool as processes: the door they come through, the zygote that forks them, their deaths. It knows
 * nothing of calls. A lost zygote is started again at the next need, with growing pauses when it keeps dying.
 */
import { PoolError } from "../errors.ts";
import { Deaths } from "./deaths.ts";
import { type FoundPython, findPython } from "./env/find.ts";
import { Hub } from "./hub.ts";
import { startTime } from "./proc.ts";
import type { Profile } from "./profile.ts";
import type { Segments } from "./segments.ts";
import { tcpTransport } from "./transport/tcp.ts";
import { unixTransport } from "./transport/unix.ts";
import type { ExitEvent } from "./wire/messages.ts";
import { Worker, type WorkerEvents } from "./worker.ts";
import { launch, Zygote } from "./zygote.ts";

const HELLO_AFTER_FORK = 20_000;
const BACKOFF = { first: 100, most: 10_000, forgetAfter: 30_000 } as const;

export class Crew {
  readonly #profile: Profile;
  readonly #events: WorkerEvents;
  readonly #onZygoteLost: (reason: string) => void;
  #hub: Promise<Hub> | undefined;
  #zygote: Promise<Zygote> | undefined;
  #python: Promise<FoundPython> | undefined;
  readonly deaths: Deaths = new Deaths();
  #failures = 0;
  #lastFailure = 0;
  #closed = false;
  /** There is, or was, a zygote's process to wait for. */
  #launched = false;
  /** Why workers are spawned and not forked, where they are. */
  fallback: string | undefined;

  constructor(profile: Profile, events: WorkerEvents, onZygoteLost: (reason: string) => void) {
    this.#profile = profile;
    this.#events = events;
    this.#onZygoteLost = onZygoteLost;
  }

  /** Shared memory with the workers, where there is any. */
  async segments(): Promise<Segments | undefined> {
    return (await this.#door()).segments;
  }

  /** Opened once; one that could not be is tried again at the next need. */
  #door(): Promise<Hub> {
    if (!this.#hub) {
      const opening = Hub.open(transportOf(this.#profile));
      this.#hub = opening;
      opening.catch(() => {
        if (this.#hub === opening) this.#hub = undefined;
      });
    }
    return this.#hub;
  }

  /** The zygote's process, once it is there. */
  async zygotePid(): Promise<number | undefined> {
    return (await this.#zygote?.catch(() => undefined))?.pid;
  }

  async startWorker(): Promise<Worker> {
    const hub = await this.#door();
    for (let again = false; this.#profile.start === "fork" && !this.fallback; again = true) {
      if (this.#closed) throw this.#refusal();
      await hub.renew();
      const zygote = await this.#startZygote(hub);
      if (zygote.refusal) {
        this.fallback = zygote.refusal;
        await zygote.end();
        break;
      }
      try {
        return await this.#fork(hub, zygote);
      } catch (error) {
        // Its workers' ends arrive before its own: whoever replaces them may ask one that is dying.
        if (again || !zygote.ended) throw error;
      }
    }
    if (this.#closed) throw this.#refusal();
    await hub.renew();
    return this.#spawn(hub);
  }

  async #startZygote(hub: Hub): Promise<Zygote> {
    if (!this.#zygote) {
      await this.#pause();
      if (this.#closed) throw this.#refusal();
      // Another start may have come first during the pause.
      if (this.#zygote) return this.#zygote;
      const starting = Zygote.start(this.#profile, hub, {
        launched: () => {
          this.#launched = true;
        },
        forked: (pid) => this.deaths.born(pid),
        exit: (event) => this.deaths.tell(event),
        lost: (reason) => {
          if (this.#zygote === starting) this.#zygote = undefined;
          this.deaths.fallSilent();
          this.#failed();
          this.#onZygoteLost(reason);
        },
      });
      this.#zygote = starting;
      starting.catch(() => {
        if (this.#zygote === starting) this.#zygote = undefined;
        this.#failed();
      });
    }
    return this.#zygote;
  }

  async #fork(hub: Hub, zygote: Zygote): Promise<Worker> {
    const { token, admitted, giveUp } = hub.expect();
    const forked = await zygote.fork(token).catch((error: Error) => {
      giveUp(error);
      throw error;
    });
    const timer = setTimeout(
      () =>
        giveUp(
          new PoolError("worker_lost", `A worker did not answer within ${HELLO_AFTER_FORK / 1000} s of its fork.`, {
            pool: this.#profile.name,
          }),
        ),
      HELLO_AFTER_FORK,
    ).unref();
    // A child that dies before its greeting is told by the zygote; one that dies with the zygote is not.
    void this.deaths.of(forked.pid, HELLO_AFTER_FORK).then((event) => giveUp(earlyDeath(this.#profile.name, event, zygote.tail.text())));
    try {
      return new Worker(this.#profile.name, forked.pid, forked.start, await admitted, this.#events, hub.segments);
    } catch (error) {
      this.#failed();
      // Refused or late, and perhaps alive.
      if (startTime(forked.pid) === forked.start) process.kill(forked.pid, "SIGKILL");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #spawn(hub: Hub): Promise<Worker> {
    this.#python ??= findPython(this.#profile.interpreter === undefined ? {} : { interpreter: this.#profile.interpreter });
    hub.check();
    const { pid, ended, admitted } = launch(this.#profile, hub, await this.#python, "spawn");
    if (pid !== undefined) this.deaths.born(pid);
    void ended.then((result) =>
      this.deaths.tell({ name: "exit", pid: pid ?? 0, code: result.exitCode ?? null, signal: result.signal ?? null, cpu: 0, peak: 0 }),
    );
    const worker = await admitted;
    return new Worker(this.#profile.name, worker.hello.pid, startTime(worker.hello.pid) ?? 0, worker, this.#events, hub.segments);
  }

  #refusal(): PoolError {
    return new PoolError("pool_closed", `The pool ${this.#profile.name} was closed.`, { pool: this.#profile.name });
  }

  #failed(): void {
    this.#failures++;
    this.#lastFailure = performance.now();
  }

  /** Nothing after the first failure of a quiet time, then 100 ms, 200 ms ... 10 s. */
  async #pause(): Promise<void> {
    if (performance.now() - this.#lastFailure > BACKOFF.forgetAfter) this.#failures = 0;
    if (this.#failures < 2) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(BACKOFF.first * 2 ** (this.#failures - 2), BACKOFF.most)).unref());
  }

  async close(): Promise<void> {
    this.#closed = true;
    const hub = await this.#hub?.catch(() => undefined);
    hub?.refuse(this.#refusal());
    // One that still looks for its interpreter starts nothing any more.
    const zygote = this.#launched ? await this.#zygote?.catch(() => undefined) : undefined;
    await zygote?.end();
    await hub?.close();
  }
}

function transportOf(profile: Profile): ReturnType<typeof tcpTransport> {
  if (profile.transport === "unix") return unixTransport;
  return profile.transport === "tcp" ? tcpTransport() : profile.transport;
}

function earlyDeath(pool: string, event: ExitEvent | undefined, tail: string): PoolError {
  const how = !event ? "with its zygote" : event.signal ? `by ${event.signal}` : `with exit code ${event.code}`;
  return new PoolError("worker_lost", `A worker ended ${how} before it could take calls.${tail ? ` Its last words:\n${tail}` : ""}`, {
    pool,
  });
}
