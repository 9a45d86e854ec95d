/** Runs again when a source file changes; changes that come together make one run. */
import { watch as watchFiles } from "node:fs";
import { relative } from "node:path";
import { findLayout } from "../6-bundle/project/layout.ts";
import type { Settings } from "../load-config.ts";
import type { Call } from "./command.ts";

const QUIET_MS = 50;

export async function watch(call: Call, settings: Settings, work: () => Promise<number>): Promise<number> {
  const { root, output } = findLayout(call.cwd, settings.output);
  const folder = relative(root, output).replaceAll("\\", "/");
  await work();
  call.output.say("watching; Ctrl-C ends");
  return await new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let running: Promise<unknown> = Promise.resolve();
    const watcher = watchFiles(root, { recursive: true }, (_, name) => {
      const path = name?.replaceAll("\\", "/") ?? "";
      if (
        !/\.[cm]?[jt]sx?$|tsconfig.*\.json$/.test(path) ||
        path.startsWith(`${folder}/`) ||
        /(^|\/)(node_modules|dist|\.[^/]+)\//.test(path)
      )
        return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        running = running.then(work).catch((error) => call.output.say(String((error as Error).message)));
      }, QUIET_MS);
    });
    watcher.on("error", reject);
    call.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      watcher.close();
      void running.then(() => resolve(130));
    });
  });
}
