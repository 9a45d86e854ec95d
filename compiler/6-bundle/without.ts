/**
 * What a program says it does not use, left out of its bundle. Much of a call is reached through values (`adapter: "xml"`,
 * a reply that cannot be read), which no bundler sees; so the sources that only such a feature needs are replaced by
 * ones of the same exports that throw (`runtime/left-out.ts`). Nothing else changes: a program that needs none of them
 * behaves as before, and one that does meets an error of code `feature_left_out`.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FEATURES } from "../config/features.ts";
import type { Feature } from "../config.ts";

/** The doors to a feature: what other sources of the core import of it, by source. What stands behind them then has no importer left. */
export const DOORS: Readonly<Record<string, readonly [feature: Feature, ...names: string[]]>> = {
  "native/adapters/xml": ["xml", "xmlKit"],
  "native/stream/xml": ["xml", "XmlReader"],
  "native/adapters/json": ["json", "jsonKit"],
  "native/stream/json": ["json", "JsonReader"],
  "native/response-format": ["json", "responseFormat"],
  "native/stream": ["streams", "stream", "StreamedAnswer"],
  "call/stream": ["streams", "runStream"],
  "lm/sse": ["streams", "dataOf"],
  "native/full": ["types", "format", "parse", "parseOutputs", "responseFormat"],
  // The one that is met: an error on the way from a text to a value would be taken for the text's fault.
  "native/classes/declined": ["classes", "declinedClass"],
  "native/features": ["classes", "adapt"],
  "native/coerce/classes": ["classes", "coerceClass"],
  "native/classes/index": ["classes", "isVariable", "namedClass"],
  "lm/endpoint": ["endpoint", "endpointLM"],
  "lm/ai-sdk": ["ai-sdk", "aiSdkLM"],
  "cache/result": ["cache", "lookUp"],
};

/** These read by types, so they go with them. */
const BY_TYPES: readonly Feature[] = ["xml", "json", "streams", "classes"];

/** Of the package's `dist`: for Node everything lies in a few chunks, from which nothing can be taken; their twins, a module a source, stand in for them. */
export const TWINS: Readonly<Record<string, string>> = { index: "index", internal: "abi", testing: "lm/testing", otel: "telemetry/otel" };

/** All files this can be about, as bundlers name them: where a link is kept as it is, in `node_modules`; by vite's server, with a query. */
export const ownFiles: RegExp = new RegExp(
  `^(?:${escaped(join(packageRoot(), "dist"))}|.*[\\\\/]node_modules[\\\\/]dspex[\\\\/]dist)[\\\\/](${Object.keys(TWINS).join("|")}|modules[\\\\/](?:${Object.keys(DOORS).join("|").replaceAll("/", "[\\\\/]")}))\\.js(?:\\?.*)?$`,
);

/** The text that stands in for one of `ownFiles`; undefined where it stays as it is. */
export function without(features: readonly Feature[], path: string): string | undefined {
  const file = features.length > 0 ? ownFiles.exec(path)?.[1]?.replaceAll("\\", "/") : undefined;
  if (file === undefined) return undefined;
  const twin = TWINS[file];
  if (twin !== undefined) return reexport(dirname(path), `./modules/${twin}.js`);
  const source = file.slice("modules/".length);
  const [feature, ...names] = DOORS[source]!;
  const named = [feature, ...(BY_TYPES.includes(feature) ? (["types"] as const) : [])].find((each) => features.includes(each));
  if (named === undefined) return undefined;
  return [
    `import { leftOut } from "${"../".repeat(source.split("/").length - 1) || "./"}left-out.js";`,
    `const absent = /* @__PURE__ */ leftOut(${JSON.stringify(named)}, ${JSON.stringify(FEATURES[feature])});`,
    `export { ${names.map((name) => `absent as ${name}`).join(", ")} };`,
    "",
  ].join("\n");
}

/** Name by name: behind `export *` webpack takes an import that nobody uses for one that does not exist. */
function reexport(folder: string, twin: string): string {
  const [, names] = /^export \{([^}]*)\};$/m.exec(readFileSync(join(folder, twin), "utf8"))!;
  return `export {${names}} from ${JSON.stringify(twin)};\n`;
}

function escaped(path: string): string {
  return path.replace(/[\\/^$.*+?()[\]{}|-]/g, "\\$&");
}

/** From the nearest package.json upwards: this file runs from the sources and from a chunk of dist. */
function packageRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, "package.json")) && dirname(at) !== at) at = dirname(at);
  return at;
}
