/** What the bridge says of a pool, as far as metrics want it. */
export interface PoolFigures {
  readonly name: string;
  readonly size: number;
  readonly busy: number;
  readonly queue: number;
  readonly restarts: number;
  /** Private bytes of all workers. */
  readonly memory: number;
  /** Seconds of CPU all workers have used, where the host knows. */
  readonly cpu?: number;
}
