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
import { openTurns } from "./turns.ts";
import { ownFiles } from "./without.ts";

export type { PluginOptions } from "./options.ts";

interface Remembered {
  /** Of the file, and of those whose signatures it splices. */
  readonly stamps: readonly Stamp[];
  readonly result: OnLoadResult | undefined;
}

export default function dspex(options: PluginOptions = {}): Plugin {
  return {
    name: "dspex",
    setup(build) {
      const { absWorkingDir = process.cwd(), loader: loaders = {}, sourcemap } = build.initialOptions;
      const memory = new Map<string, Remembered>();
      const session = openSession(options, absWorkingDir);
      const inTurn = openTurns();
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

      build.onLoad({ filter: ownFiles, namespace: "file" }, async ({ path }) => {
        const contents = (await session).replaced(path);
        return contents === undefined ? undefined : { contents, loader: "js" };
      });
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: "file" }, async ({ path }) => {
        if (path.includes("node_modules")) return undefined;
        const known = memory.get(path);
        if (known?.stamps.every(holds)) return known.result;
        const open = await session;
        return inTurn(() => {
          // Taken before the file is read: a change in between is seen the next time.
          const own = stampOf(path);
          // At once: four trips through the thread pool would cost more than the file's own compilation.
          const result = load(open, path, readFileSync(path));
          memory.set(path, { stamps: [own, ...(result?.watchFiles ?? []).map(stampOf)], result });
          return result;
        });
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
          // Bytes, which is what esbuild is sent: a rebuild sends them again as they are.
          contents: sourcemap ? `${made.code()}//# sourceMappingURL=${made.map().toUrl()}\n` : made.bytes,
          loader,
          warnings,
          ...watched,
        };
      }
    },
  };
}

/** What a file's content is known by without reading it: a rebuild looks at every file. All zero for a file that is gone. */
interface Stamp {
  readonly path: string;
  readonly modified: number;
  readonly changed: number;
  readonly size: number;
}

function stampOf(path: string): Stamp {
  const { mtimeMs: modified = 0, ctimeMs: changed = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return { path, modified, changed, size };
}

function holds({ path, modified, changed, size }: Stamp): boolean {
  const now = stampOf(path);
  return now.modified === modified && now.changed === changed && now.size === size;
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
