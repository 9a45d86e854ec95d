/** What `init` would change in a project, as texts before and after; the writing and asking is `init.ts`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FOLDER, findLayout } from "../6-bundle/project/layout.ts";
import { isFolder, parseTsconfig, programs } from "../6-bundle/project/tsconfig.ts";
import { findConfig } from "../config/find.ts";
import { parseJson } from "../config/json.ts";

export interface Surroundings {
  /** The folder of tsconfig.json, or the working directory. */
  readonly root: string;
  readonly manifest: Manifest | undefined;
  readonly packageManager: "npm" | "pnpm" | "yarn" | "bun";
  readonly bundler: Bundler | undefined;
}
type Bundler = "next" | "vite" | "rspack" | "webpack" | "rollup" | "esbuild";
interface Manifest {
  readonly text: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: readonly string[];
}

export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export function surroundings(cwd: string): Surroundings {
  const { root } = findLayout(cwd);
  const text = read(root, "package.json");
  const parsed = text
    ? (parseJson(join(root, "package.json")) as { scripts?: Record<string, string>; dependencies?: object; devDependencies?: object })
    : undefined;
  const dependencies = Object.keys({ ...parsed?.dependencies, ...parsed?.devDependencies });
  const has = (name: string) => dependencies.includes(name);
  const bundlers: [Bundler, string][] = [
    ["next", "next"],
    ["vite", "vite"],
    ["rspack", "@rspack/core"],
    ["webpack", "webpack"],
    ["rollup", "rollup"],
    ["esbuild", "esbuild"],
  ];
  const lock: [Surroundings["packageManager"], string][] = [
    ["pnpm", "pnpm-lock.yaml"],
    ["yarn", "yarn.lock"],
    ["bun", "bun.lock"],
    ["npm", "package-lock.json"],
  ];
  return {
    root,
    manifest: text && parsed ? { text, scripts: parsed.scripts ?? {}, dependencies } : undefined,
    packageManager: lock.find(([, file]) => existsSync(join(root, file)))?.[0] ?? "npm",
    bundler: bundlers.find(([, dependency]) => has(dependency))?.[0],
  };
}

export function planInit(around: Surroundings, { example }: { readonly example: boolean }): readonly FileChange[] {
  const { root, manifest } = around;
  const changes: FileChange[] = [];
  const change = (path: string, make: (before: string) => string) => {
    const before = read(root, path) ?? "";
    const made = make(before);
    const after = before.includes("\r\n") ? made.replace(/\r?\n/g, "\r\n") : made;
    if (after !== before) changes.push({ path, before, after });
  };
  if (findConfig(root) === undefined) change("dspex.config.ts", () => CONFIG);
  if (manifest && !Object.values(manifest.scripts).some((script) => script.includes("dspexc"))) {
    change("package.json", (before) => withScripts(before, { "dspex:check": "dspexc check && dspexc generate --check", dspex: "dspexc" }));
  }
  change(".gitignore", (before) => withLine(before, ".dspex/"));
  change(".gitattributes", (before) => withLine(before, `${FOLDER}/** linguist-generated`));
  for (const [name, { include }] of programs(root)) if (!include || include.some(isFolder)) change(name, withRegistry);
  if (example && !existsSync(join(root, "src/signatures.ts"))) change("src/signatures.ts", () => EXAMPLE);
  return changes;
}

const CONFIG = `import { defineConfig } from "dspex/config";

export default defineConfig({});
`;

const EXAMPLE = `import { sig } from "dspex";

export const Triage = sig(\`
  """Sort a support message."""
  message: str "what the customer wrote"
  -> label: Literal["bug", "billing", "other"], confidence: float(ge=0, le=1)
\`);
`;

/** Keeps the file's own indentation and final newline; the line ends are kept by whoever changes a file. */
function withScripts(text: string, added: Readonly<Record<string, string>>): string {
  const manifest = JSON.parse(text.replace(/^\uFEFF/, "")) as { scripts?: Record<string, string> };
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  const scripts = { ...manifest.scripts };
  for (const [name, script] of Object.entries(added)) scripts[name] ??= script;
  return JSON.stringify({ ...manifest, scripts }, null, indent) + (text.endsWith("\n") ? "\n" : "");
}

function withLine(text: string, line: string): string {
  if (text.split(/\r?\n/).includes(line)) return text;
  return `${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${line}\n`;
}

/**
 * tsconfig is edited as text: its comments are its author's. Without `include` and `files` everything is in already. The
 * registry alone is taken in: it has all types, and tsc does not read the generated code for them.
 */
function withRegistry(text: string): string {
  const { include, files } = parseTsconfig(text);
  const named = include ?? files;
  if (!named || named.some((pattern) => pattern === "." || pattern.startsWith("**") || pattern.replace("./", "").startsWith(`${FOLDER}/`)))
    return text;
  // In front, where no comment and no comma of a last entry is in the way.
  return text.replace(
    include ? /("include"\s*:\s*\[)(\s*)/ : /("files"\s*:\s*\[)(\s*)/,
    (_, head: string, space: string) => `${head}${space}"${FOLDER}/registry.d.ts"${named.length ? `,${space || " "}` : ""}`,
  );
}

/** The exact commands and lines that come next. */
export function nextSteps({ bundler, packageManager }: Surroundings): readonly string[] {
  const run = packageManager === "npm" ? "npx dspexc" : `${packageManager} dspexc`;
  const plugin: Record<Bundler, string> = {
    vite: 'vite.config.ts: import dspex from "dspex/vite"; plugins: [dspex()]',
    rollup: 'rollup.config.js: import dspex from "dspex/rollup"; plugins: [dspex()]',
    webpack: 'webpack.config.js: import dspex from "dspex/webpack"; plugins: [dspex()]',
    rspack: 'rspack.config.js: import dspex from "dspex/rspack"; plugins: [dspex()]',
    esbuild: 'the build script: import dspex from "dspex/esbuild"; plugins: [dspex()]',
    next: 'next.config.mjs: import dspex from "dspex/webpack"; webpack: (config) => { config.plugins.push(dspex()); return config }',
  };
  return [
    `${run}            writes ${FOLDER}/ (types, and values for unbundled programs)`,
    bundler ? plugin[bundler] : `node --import dspex/register app.ts   runs without a bundler`,
  ];
}

function read(root: string, path: string): string | undefined {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
}
