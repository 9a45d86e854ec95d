/**
 * `dspex.config.ts`: what a project may say, and `defineConfig`, which only gives it a type. Published as `dspex/config`;
 * finding, reading and checking the file is `config/`, so that importing this costs nothing.
 */
export interface DspexConfig {
  /** Source files, as globs from tsconfig's folder. Default: tsconfig's own `include`, else every script file. */
  readonly include?: readonly string[];
  /** Globs left out, beside `node_modules`, `dist`, `dspex.gen` and folders that start with a dot. */
  readonly exclude?: readonly string[];
  /** The folder of generated files, from tsconfig's folder. Default: `dspex.gen`. */
  readonly output?: string;
  /** Modules that re-export `sig` and its kin, taken as if they were "dspex". */
  readonly aliases?: readonly string[];
  readonly registry?: {
    /** Put before every tag's name, so that packages of one repository keep theirs apart. */
    readonly prefix?: string;
  };
  /** Warnings count as errors, in `dspexc check` and in the plugins. */
  readonly strict?: boolean;
  /** Keep what was compiled for the next build, under `node_modules/.cache/dspex`. Default: true. */
  readonly cache?: boolean;
  /** What the program never uses, and its bundle need not hold; needed after all, it is an error of code `feature_left_out`. For the plugins. */
  readonly without?: readonly Feature[];
}

/**
 * What can be left out of a bundle: `xml` XMLAdapter; `json` JSONAdapter, which is also asked after a reply that cannot be
 * read; `streams` `.stream()`; `classes` dates, addresses, `dspy.Image` and every other class; `types` every value that is
 * more than text, a well-formed number, a truth value, a choice or a list of texts, and with it the four before; `endpoint` models given by name or address; `ai-sdk` models of the
 * AI SDK; `cache` the option `cache`.
 */
export type Feature = "xml" | "json" | "streams" | "classes" | "types" | "endpoint" | "ai-sdk" | "cache";

/** What a function form is told. */
export interface ConfigContext {
  readonly command: string;
  readonly mode: "development" | "production";
}

export type ConfigExport = DspexConfig | ((context: ConfigContext) => DspexConfig | Promise<DspexConfig>);

/** Gives a configuration its type; returns it as it is. */
export function defineConfig<C extends ConfigExport>(config: C): C {
  return config;
}
