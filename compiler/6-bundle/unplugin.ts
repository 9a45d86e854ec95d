/**
 * The plugin for every other bundler: one unplugin over the same session. Findings become each bundler's own errors and
 * warnings; a file with errors is never bundled half compiled.
 */
import { createUnplugin, type UnpluginInstance } from "unplugin";
import { position } from "../source.ts";
import { plainMessage } from "./messages.ts";
import type { PluginOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";
import { ownFiles } from "./without.ts";

export const unplugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin(
  (options: PluginOptions | undefined = {}, { framework }) => {
    let session: Promise<Session> | undefined;
    const opened = () => (session ??= openSession(options, process.cwd(), { keepLines: framework === "bun" }));
    return {
      name: "dspex",
      // Before anything that compiles TypeScript away: places are those of the user's file.
      enforce: "pre",
      // The import that a rewritten file gains is known before vite's dependency scan has seen it.
      // What is prepared there passes no plugin, so where something is to be left out the server takes file by file.
      vite: {
        async config() {
          const trims = await opened().then(
            (session) => session.trims,
            () => false,
          );
          return { optimizeDeps: { [trims ? "exclude" : "include"]: ["dspex", "dspex/internal"] } };
        },
      },
      buildStart() {
        // A new build reads the configuration anew; a watch's rebuild is one.
        session = undefined;
      },
      async buildEnd() {
        // A configuration that cannot be read was reported by the first file.
        (await session?.catch(() => undefined))?.save();
      },
      load: {
        filter: { id: ownFiles },
        async handler(id) {
          return (await opened()).replaced(id);
        },
      },
      transform: {
        filter: { id: { include: /\.[cm]?[jt]sx?(\?|$)/, exclude: /[\\/]node_modules[\\/]/ } },
        async handler(code, id) {
          const [path = id, query] = id.split("?");
          // vite's `?raw` and `?url` are no modules of the file's code.
          if (query && /(^|&)(raw|url|worker|inline)\b/.test(query)) return undefined;
          const made = (await opened()).compile(path, code);
          if (made === undefined) return undefined;
          for (const dependency of made.dependencies) this.addWatchFile(dependency);
          const errors = made.diagnostics.filter((found) => found.severity === "error");
          for (const found of made.diagnostics) if (found.severity === "warning") this.warn(plainMessage(found));
          if (errors.length) {
            const [first] = errors;
            const { line, column } = position(first!.file.text, first!.span.start);
            this.error(
              Object.assign(new Error(errors.map(plainMessage).join("\n\n")), {
                stack: "",
                id: path,
                loc: { file: path, line, column: column - 1 },
              }),
            );
          }
          return { code: made.code(), map: made.map() };
        },
      },
    };
  },
);
