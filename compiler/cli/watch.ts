/**
 * Runs again when a source file changes; changes that come together make one run. Only folders that hold sources are
 * watched, one by one: a recursive watch would walk node_modules and whatever is linked there.
 */
import { type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectFiles } from "../6-bundle/project/files.ts";
import { findLayout, type Layout } from "../6-bundle/project/layout.ts";
import type { Settings } from "../config/load.ts";
import type { Call } from "./command.ts";

const QUIET_MS = 50;

/** The configuration is loaded for every run: it may be what changed. */
export async function watch(call: Call, load: () => Promise<Settings>, work: (settings: Settings) => Promise<number>): Promise<number> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running
        .then(load)
        .then(run)
        .catch((error) => call.output.say(String((error as Error).message)));
    }, QUIET_MS);
  };
  const run = async (settings: Settings) => {
    const layout = findLayout(call.cwd, settings.output);
    // First, so that what changes while the sources are read is seen.
    const wanted = await folders(layout, settings);
    for (const [folder, watcher] of watchers) if (!wanted.has(folder) && watchers.delete(folder)) watcher.close();
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, (_, name) => {
        if (matters(layout, folder, name)) again();
      });
      // A folder that goes away is no error; the next run finds what is left.
      watcher.on("error", () => again());
      watchers.set(folder, watcher);
    }
    await work(settings);
  };

  await run(await load());
  call.output.say("watching; Ctrl-C ends");
  return await new Promise((resolve) => {
    call.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      void running.then(() => resolve(130));
    });
  });
}

/** The folders of the sources and those above them, up to the root. */
async function folders(layout: Layout, settings: Settings): Promise<ReadonlySet<string>> {
  const found = new Set([layout.root]);
  for (const path of await projectFiles(layout, settings)) {
    for (let folder = dirname(path); !found.has(folder) && folder.startsWith(layout.root); folder = dirname(folder)) found.add(folder);
  }
  return found;
}

/** A script, tsconfig, the configuration, or a name without an extension: a folder that came or went. */
function matters(layout: Layout, folder: string, name: string | null): boolean {
  if (name === null) return true;
  const path = relative(layout.root, join(folder, name)).replaceAll("\\", "/");
  const ours = relative(layout.root, layout.output).replaceAll("\\", "/");
  if (path === ours || path.startsWith(`${ours}/`) || /(^|\/)(node_modules|dist|\.[^/]+)(\/|$)/.test(path)) return false;
  return /\.[cm]?[jt]sx?$|(^|\/)(?:tsconfig[^/]*|dspex\.config)\.json$|(^|\/)[^./]+$/.test(path);
}
