/** `dspex/webpack`: the plugin for webpack. */
import type { PluginOptions } from "./options.ts";
import { unplugin } from "./unplugin.ts";

export type { PluginOptions } from "./options.ts";

const plugin: (options?: PluginOptions) => ReturnType<typeof unplugin.webpack> = unplugin.webpack;
export default plugin;
