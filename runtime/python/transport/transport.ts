/** Where a pool's processes reach the host. Local sockets now, TCP for containers; another cluster's could follow. */
import type { Socket } from "node:net";

export interface Listener {
  /** What a worker is told: `unix:/path` or `tcp:host:port`. */
  readonly address: string;
  /** A folder of this user's alone, removed by `close`; the workers' scratch folders stand in it. */
  readonly folder: string;
  /** Before a process is sent here: what a cleaner of temporary folders took from a pool that lives for weeks is made anew. */
  renew?(): Promise<void>;
  close(): Promise<void>;
}

export interface Transport {
  readonly name: string;
  /** Whether both ends are on one machine, so that shared memory can carry large buffers. */
  readonly local: boolean;
  listen(onSocket: (socket: Socket) => void): Promise<Listener>;
}
