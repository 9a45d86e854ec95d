/** `dspex/rollup`: the plugin for rollup and rolldown. */
import type { PluginOptions } from "./options.ts";
import { unplugin } from "./unplugin.ts";

export type { PluginOptions } from "./options.ts";

const plugin: (options?: PluginOptions) => ReturnType<typeof unplugin.rollup> = unplugin.rollup;
export default plugin;
