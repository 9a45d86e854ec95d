/** The core as it is published: built from the sources as `.ci/build.ts` builds it, without waiting for the declarations. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** Writes `index.js` and `internal.js` with their chunks into `folder`; the result is the entry's path. */
export async function builtPackage(folder: string): Promise<string> {
  await build({
    absWorkingDir: root,
    entryPoints: { index: "./runtime/index.ts", internal: "./runtime/abi.ts" },
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    packages: "external",
    chunkNames: "chunks/[name]-[hash]",
    logLevel: "error",
  });
  // As the package says of itself: without it Node would parse every file twice to find out.
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  return join(folder, "dist", "index.js");
}
