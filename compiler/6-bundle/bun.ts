/** `dspex/bun`: the plugin for Bun's bundler and runtime. */
import type { PluginOptions } from "./options.ts";
import { unplugin } from "./unplugin.ts";

export type { PluginOptions } from "./options.ts";

/** Bun's own plugin type, in the part that matters: its package is not needed to build ours. */
export interface BunPlugin {
  readonly name: string;
  readonly setup: (build: any) => void | Promise<void>;
}

const plugin = (options?: PluginOptions): BunPlugin => unplugin.bun(options) as unknown as BunPlugin;
export default plugin;
