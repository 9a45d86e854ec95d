/** The file a relative import names, for `${Other}` declared in another file. Packages are not followed. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { SourceFile } from "../source.ts";

/** TypeScript's own order: a `.js` in an import may stand for a `.ts` on disk. */
const EXTENSIONS = ["", ".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", "/index.ts", "/index.tsx", "/index.js"];

/** Paths of source files are relative to `root`, with forward slashes. */
export function openLoader(root: string): (specifier: string, importer: SourceFile) => SourceFile | undefined {
  return (specifier, importer) => {
    if (!/^\.{1,2}\//.test(specifier)) return undefined;
    const path = posix.join(posix.dirname(importer.path), specifier);
    const bases = [path, path.replace(/\.([cm]?)jsx?$/, ".$1ts"), path.replace(/\.jsx?$/, ".tsx")];
    for (const candidate of new Set(
      bases.flatMap((base) => (/\.[cm]?[jt]sx?$/.test(base) ? [base] : EXTENSIONS.map((extension) => base + extension))),
    )) {
      try {
        return { path: candidate, text: readFileSync(join(root, candidate), "utf8") };
      } catch {
        // The next spelling.
      }
    }
    return undefined;
  };
}
