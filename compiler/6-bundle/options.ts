import type { Feature } from "../config.ts";

/** What every plugin takes. The rest comes from `dspex.config.ts`, the same file `dspexc` reads. */
export interface PluginOptions {
  /** Modules that re-export `sig` and its kin, taken as if they were "dspex". */
  readonly aliases?: readonly string[];
  /** Warnings fail the build too. */
  readonly strict?: boolean;
  /** CI mode: refuse a `dspex.gen` that is older than the sources. Default: whether the environment says CI. */
  readonly ci?: boolean;
  /** Keep what was compiled for the next build, under `node_modules/.cache/dspex`. Default: true. */
  readonly cache?: boolean;
  /** What the program never uses and its bundle need not hold: `["types", "endpoint"]`. Needed after all, it is an error of code `feature_left_out`. */
  readonly without?: readonly Feature[];
}
