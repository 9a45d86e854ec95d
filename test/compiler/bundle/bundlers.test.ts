/** One program, every bundler: it builds, it runs, and a stack trace names the line and column of the source. */
import { readFileSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ANSWER, APP, buildPackage, createProject, type Project, root } from "./project.ts";

beforeAll(buildPackage, 120_000);
let project: Project;
afterEach(() => project?.remove());

/** The build script of each, as a user writes it. `BAD` builds a file with a mistake and prints what the bundler says. */
const scripts: Readonly<Record<string, string>> = {
  esbuild: `
    import { build } from "esbuild"; import dspex from "dspex/esbuild";
    export default (entry) => build({ entryPoints: [entry], outfile: "out/app.js", bundle: true, format: "esm", platform: "node", sourcemap: true, plugins: [dspex()], logLevel: "silent" });`,
  vite: `
    import { build } from "vite"; import dspex from "dspex/vite";
    export default (entry) => build({ logLevel: "silent", plugins: [dspex()], build: { ssr: entry, outDir: "out", sourcemap: true, minify: false, rollupOptions: { output: { entryFileNames: "app.js" } } }, ssr: { noExternal: true } });`,
  rollup: `
    import { rollup } from "rollup"; import dspex from "dspex/rollup";
    export default async (entry) => (await rollup({ input: entry, external: /^dspex/, plugins: [dspex()], onwarn() {} })).write({ dir: "out", entryFileNames: "app.js", format: "es", sourcemap: true });`,
  rolldown: `
    import { rolldown } from "rolldown"; import dspex from "dspex/rollup";
    export default async (entry) => (await rolldown({ input: entry, platform: "node", plugins: [dspex()] })).write({ dir: "out", entryFileNames: "app.js", format: "es", sourcemap: true });`,
  webpack: `
    import webpack from "webpack"; import dspex from "dspex/webpack";
    export default (entry) => new Promise((resolve, reject) => webpack({ mode: "none", target: "node22", entry: "./" + entry, devtool: "source-map", experiments: { outputModule: true }, output: { path: process.cwd() + "/out", filename: "app.js", module: true, devtoolModuleFilenameTemplate: "[absolute-resource-path]" }, plugins: [dspex()] }, (error, stats) => error ? reject(error) : stats.hasErrors() ? reject(new Error(stats.toString({ colors: false, all: false, errors: true }))) : resolve()));`,
  rspack: `
    import { rspack } from "@rspack/core"; import dspex from "dspex/rspack";
    export default (entry) => new Promise((resolve, reject) => rspack({ mode: "none", target: "node22", entry: "./" + entry, devtool: "source-map", experiments: { outputModule: true }, output: { path: process.cwd() + "/out", filename: "app.js", module: true, devtoolModuleFilenameTemplate: "[absolute-resource-path]" }, plugins: [dspex()] }, (error, stats) => error ? reject(error) : stats.hasErrors() ? reject(new Error(stats.toString({ colors: false, all: false, errors: true }))) : resolve()));`,
};

const DRIVER = `
  import build from "./build.mjs";
  try { await build(process.argv[2]); } catch (error) { console.log(error.message); process.exit(1); }
  process.exit(0);`;

function setUp(name: string): Project {
  // The bundlers are the repository's own; a user has them beside dspex.
  const script = scripts[name]!.replace(
    /from "(esbuild|vite|rollup|rolldown|webpack|@rspack\/core)"/g,
    (_, module) => `from ${JSON.stringify(entryOf(module))}`,
  );
  return createProject({
    "src/app.js": APP,
    "src/bad.js": 'import { sig } from "dspex";\n\nexport const S = sig("question -> answer: foat");\n',
    "build.mjs": script,
    "driver.mjs": DRIVER,
  });
}

const entryOf = (module: string): string => import.meta.resolve(module);

describe.each(Object.keys(scripts))("%s", (name) => {
  it("builds a program that runs, and keeps places true", () => {
    project = setUp(name);
    const built = project.node("driver.mjs", "src/app.js");
    expect(built.stdout + built.stderr).toBe("");
    const ran = project.node("out/app.js");
    expect(ran.stderr).toContain("from line 12");
    expect(JSON.parse(ran.stdout)).toEqual(ANSWER);
    expect(ran.stderr).toMatch(new RegExp(`boom.*${project.folder}/src/app\\.js:12:37`));
  }, 60_000);

  it("builds the same once more from what the first build left, map and all", () => {
    project = setUp(name);
    const written = () => ["app.js", "app.js.map"].map((file) => readFileSync(join(project.folder, "out", file), "utf8"));
    project.node("driver.mjs", "src/app.js");
    const cold = written();
    const cache = join(project.folder, "node_modules/.cache/dspex/builds.cache");
    const { mtimeMs } = statSync(cache);
    rmSync(join(project.folder, "out"), { recursive: true });
    project.node("driver.mjs", "src/app.js");
    expect(written()).toEqual(cold);
    // Nothing was compiled, so nothing was written.
    expect(statSync(cache).mtimeMs).toBe(mtimeMs);
  }, 60_000);

  // esbuild counts columns from 0, the others print ours, from 1.
  it("fails on a mistake, at its line and column", () => {
    project = setUp(name);
    const built = project.node("driver.mjs", "src/bad.js");
    expect(built.status).toBe(1);
    expect(built.stdout).toContain("`foat` is not a type");
    expect(built.stdout).toMatch(/bad\.js:3:4[23]/);
  }, 60_000);
});

it("the loader runs TypeScript without a bundler", () => {
  project = createProject({
    "src/app.ts": APP.replace("export function boom()", "export function boom(): never"),
    "src/bad.ts": 'import { sig } from "dspex";\n\nsig("question -> answer: foat");\n',
  });
  const ran = project.node("--import", "dspex/register", "src/app.ts");
  expect(ran.stderr).toMatch(new RegExp(`boom.*${project.folder}/src/app\\.ts:12:37`));
  expect(JSON.parse(ran.stdout)).toEqual(ANSWER);
  const bad = project.node("--import", "dspex/register", "src/bad.ts");
  expect(bad.status).toBe(1);
  expect(bad.stderr).toContain("SyntaxError: src/bad.ts:3:26: `foat` is not a type");
  expect(bad.stderr).not.toMatch(/at .*(dist|compiler)\//);
});

// Bun's package is 100 MB; its side of the conversation is played here as Bun 1.4.5 speaks it.
it("bun's plugin answers bun's calls, and keeps every line's number, because bun reads no maps", async () => {
  project = createProject({ "src/app.js": APP });
  vi.stubGlobal("Bun", {
    version: "1.4.5",
    semver: { satisfies: () => true },
    file: (path: string) => ({ text: () => readFile(path, "utf8") }),
  });
  const { default: bun } = await import(join(root, "dist/bun.js"));
  const loaders: { filter: RegExp; load: (args: { path: string; loader: string }) => Promise<{ contents: string } | undefined> }[] = [];
  await bun().setup({
    onStart: (run: () => void) => run(),
    onEnd() {},
    onResolve() {},
    onLoad: ({ filter }: { filter: RegExp }, load: never) => loaders.push({ filter, load }),
    config: {},
  });
  const path = join(project.folder, "src/app.js");
  const made = await loaders.find(({ filter }) => filter.test(path))!.load({ path, loader: "js" });
  project.write("out.mjs", made!.contents);
  const ran = project.node("out.mjs");
  expect(JSON.parse(ran.stdout)).toEqual(ANSWER);
  expect(ran.stderr).toMatch(/boom.*out\.mjs:12:/);
});
