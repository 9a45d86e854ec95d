/** `dspex/rspack`: the plugin for rspack. */
import type { PluginOptions } from "./options.ts";
import { unplugin } from "./unplugin.ts";

export type { PluginOptions } from "./options.ts";

const plugin: (options?: PluginOptions) => ReturnType<typeof unplugin.rspack> = unplugin.rspack;
export default plugin;
