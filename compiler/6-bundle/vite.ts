/** `dspex/vite`: the plugin for vite. */
import type { PluginOptions } from "./options.ts";
import { unplugin } from "./unplugin.ts";

export type { PluginOptions } from "./options.ts";

const plugin: (options?: PluginOptions) => ReturnType<typeof unplugin.vite> = unplugin.vite;
export default plugin;
