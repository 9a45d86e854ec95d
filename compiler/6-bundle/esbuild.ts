/**
 * The plugin for esbuild: `plugins: [dspex()]`. It reads and compiles files itself, one pass a file, and remembers what
 * it made of a file until the file changes. Findings are esbuild's own messages; an error fails the build.
 */
import { readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import type { Loader, OnLoadResult, PartialMessage, Plugin } from "esbuild";
import { esbuildMessage } from "./messages.ts";
import type { PluginOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";

export type { PluginOptions } from "./options.ts";

interface Remembered {
  readonly stamp: string;
  readonly result: OnLoadResult | undefined;
}

export default function dspex(options: PluginOptions = {}): Plugin {
  return {
    name: "dspex",
    setup(build) {
      const { absWorkingDir = process.cwd(), loader: loaders = {}, sourcemap } = build.initialOptions;
      const memory = new Map<string, Remembered>();
      const session = openSession(options, absWorkingDir);
      let ended = false;
      const save = () => session.then((open) => open.save()).catch(() => {});
      // The first build is written when it is done, a watch's rebuilds when it is over: they wait for no disk.
      build.onEnd(async () => {
        if (!ended) await save();
        ended = true;
      });
      build.onDispose(() => void save());
      // A configuration that cannot be read is reported by the first file, not as an unhandled rejection.
      session.catch(() => {});

      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        if (path.includes("node_modules")) return undefined;
        const known = memory.get(path);
        // Taken before the file is read: a change in between is seen the next time.
        const own = stampOf([path]);
        if (known?.stamp === own + stampOf(known?.result?.watchFiles ?? [])) return known.result;
        // At once: four trips through the thread pool would cost more than the file's own compilation.
        const result = load(await session, path, readFileSync(path));
        memory.set(path, { stamp: own + stampOf(result?.watchFiles ?? []), result });
        return result;
      });

      function load({ compile }: Session, path: string, text: Buffer): OnLoadResult | undefined {
        const made = compile(path, text);
        if (!made) return undefined;
        const extension = extname(path);
        const loader = loaders[extension] ?? loaderOf(extension);
        const messages = (severity: string): PartialMessage[] =>
          made.diagnostics.filter((found) => found.severity === severity).map(esbuildMessage);
        const errors = messages("error");
        const warnings = messages("warning");
        const watched = made.dependencies.length ? { watchFiles: [...made.dependencies] } : {};
        if (errors.length) return { contents: text, loader, errors, warnings, ...watched };
        return {
          // From the cache it is bytes already, which is what esbuild is sent.
          contents: sourcemap ? `${made.code()}//# sourceMappingURL=${made.map().toUrl()}\n` : (made.bytes ?? made.code()),
          loader,
          warnings,
          ...watched,
        };
      }
    },
  };
}

/** Whether files are as they were: a look at each, and no reading. A file that is gone has a stamp too. */
function stampOf(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const found = statSync(path, { throwIfNoEntry: false });
      return found ? `${found.mtimeMs}:${found.ctimeMs}:${found.size}` : "gone";
    })
    .join();
}

function loaderOf(extension: string): Loader {
  if (extension.endsWith("tsx")) return "tsx";
  if (extension.endsWith("jsx")) return "jsx";
  return extension.endsWith("ts") ? "ts" : "js";
}

/** One module and what it imports of its own project, as one file: how a configuration is read where Node cannot. */
export async function bundleModule(entry: string, outfile: string): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    packages: "external",
    logLevel: "silent",
  });
}
