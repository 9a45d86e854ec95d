/** What one build leaves behind for the next: the same bytes, cold and warm, and nothing that another file has a say in. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as modules from "../../../compiler/5-emit/module.ts";
import { openStore } from "../../../compiler/6-bundle/cache/store.ts";
import dspex, { type PluginOptions } from "../../../compiler/6-bundle/esbuild.ts";
import { generateProject } from "../../../compiler/6-bundle/project/generate.ts";
import { compileProject } from "../../../compiler/6-bundle/project/project.ts";
import * as pipeline from "../../../compiler/6-bundle/transform.ts";
import { createProject, type Project } from "./project.ts";

vi.mock("../../../compiler/6-bundle/transform.ts", { spy: true });
vi.mock("../../../compiler/5-emit/module.ts", { spy: true });
const compiled = () => vi.mocked(pipeline.transform).mock.calls.map(([file]) => file.path);

let project: Project;
afterEach(() => {
  project.remove();
  vi.unstubAllEnvs();
});

const folder = () => join(project.folder, "node_modules/.cache/dspex");
const stored = () => join(folder(), "builds.cache");
async function built(options: PluginOptions = {}, more: BuildOptions = {}) {
  vi.mocked(pipeline.transform).mockClear();
  const { outputFiles, warnings } = await build({
    absWorkingDir: project.folder,
    entryPoints: ["src/index.ts"],
    outdir: "out",
    bundle: true,
    format: "esm",
    write: false,
    external: ["dspex", "dspex/*"],
    logLevel: "silent",
    plugins: [dspex({ ci: false, ...options })],
    ...more,
  });
  return { texts: outputFiles!.map(({ text }) => text), warnings: warnings.map(({ text, location }) => ({ text, location })) };
}

const FILES = {
  "src/index.ts": 'export * from "./a.ts";\nexport * from "./b.ts";\nexport * from "./plain.ts";\n',
  "src/a.ts":
    'import { sig } from "dspex";\n/* ümläut 😀 */ export const A = sig("größe, größe -> antwort: int"); export const B = sig`a -> b`;\n',
  "src/b.ts": 'import { sig, template } from "dspex";\nexport const C = sig(`\n  """Lines."""\n  a: list[str] -> b\n`);\n',
  "src/plain.ts": 'import { meta } from "dspex";\nexport const sig = meta;\n',
};

describe("a build from the cache", () => {
  it("has the bytes, the maps and the warnings of the first, and compiles nothing", async () => {
    project = createProject(FILES);
    for (const more of [{}, { sourcemap: "external" }, { minify: true }] as BuildOptions[]) {
      const without = await built({ cache: false }, more);
      rmSync(folder(), { recursive: true, force: true });
      const cold = await built({}, more);
      expect(compiled()).toContain("src/a.ts");
      const warm = await built({}, more);
      expect(compiled()).toEqual([]);
      expect(warm).toEqual(cold);
      expect(cold).toEqual(without);
      expect(cold.warnings.length).toBeGreaterThan(0);
    }
  });

  it("compiles the one file that changed", async () => {
    project = createProject(FILES);
    await built();
    project.write("src/b.ts", 'import { sig } from "dspex";\nexport const C = sig("question -> reply");\n');
    const { texts } = await built();
    expect(compiled()).toEqual(["src/b.ts"]);
    expect(texts.join()).toContain('"reply"');
  });

  it("is told apart by what changes the output", async () => {
    project = createProject({
      ...FILES,
      "src/b.ts": 'import { sig } from "./own.ts";\nexport const C = sig("a -> b");\n',
      "src/own.ts": "",
    });
    await built();
    const { texts } = await built({ aliases: ["./src/own.ts"] });
    expect(compiled()).toContain("src/b.ts");
    expect(texts).toEqual((await built({ cache: false, aliases: ["./src/own.ts"] })).texts);
    await expect(built({ strict: true })).rejects.toThrow();
  });
});

describe("what is never kept", () => {
  it("a file with errors", async () => {
    project = createProject({ ...FILES, "src/b.ts": 'import { sig } from "dspex";\nexport const C = sig("a -> b: foat");\n' });
    await expect(built()).rejects.toThrow("foat");
    await expect(built()).rejects.toThrow("foat");
    expect(compiled()).toEqual(["src/b.ts"]);
  });

  it("a file that splices another one's signature", async () => {
    project = createProject({
      ...FILES,
      "src/a.ts": 'import { sig } from "dspex";\nexport const Base = sig("one -> two");\n',
      "src/b.ts": 'import { sig } from "dspex";\nimport { Base } from "./a.ts";\nexport const C = sig(`${Base}, three -> four`);\n',
    });
    await built();
    project.write("src/a.ts", 'import { sig } from "dspex";\nexport const Base = sig("uno -> due");\n');
    const { texts } = await built();
    expect(compiled().toSorted()).toEqual(["src/a.ts", "src/b.ts"]);
    expect(texts.join()).not.toContain('"one"');
  });

  it("a file whose types another one declares", async () => {
    project = createProject({
      ...FILES,
      "tsconfig.json": "{}",
      "src/types.ts": "export interface Item { name: string }\n",
      "src/b.ts":
        'import { sig, type } from "dspex";\nimport type { Item } from "./types.ts";\nexport const C = sig(`a -> b: ${type<Item>()}`);\n',
    });
    await built();
    project.write("src/types.ts", "export interface Item { label: string }\n");
    const { texts } = await built();
    expect(compiled()).toEqual(["src/b.ts"]);
    expect(texts.join()).toContain("label");
  });

  it("anything, where the user wants none", async () => {
    project = createProject(FILES);
    await built({ cache: false });
    vi.stubEnv("DSPEX_CACHE", "0");
    await built();
    expect(existsSync(folder())).toBe(false);
  });
});

describe("dspexc", () => {
  const settings = {
    include: undefined,
    exclude: [],
    output: "dspex.gen",
    aliases: [],
    registry: { prefix: "" },
    strict: false,
    cache: true,
    without: [],
  };
  const generated = async (cache = true) => {
    const made = await compileProject({ cwd: project.folder, settings: { ...settings, cache } });
    // A record's key is there only with a cache.
    const compiledFiles = made.files.map(({ key: _, ...file }) => file);
    return { files: generateProject(made.layout, made.files), diagnostics: made.diagnostics, made: { ...made, files: compiledFiles } };
  };

  it("makes the same of a project from the cache, the findings with it", async () => {
    project = createProject({
      ...FILES,
      "tsconfig.json": '{ "include": ["src"] }',
      "src/c.ts":
        'import { sig, tool } from "dspex";\nimport { z } from "zod";\nconst S = z.object({ a: z.string() });\nexport const D = sig(`a: float = -0.0 -> b: ${S}`);\nexport const T = tool(function twice(n: number) { return n; });\n',
    });
    const without = await generated(false);
    const cold = await generated();
    const warm = await generated();
    expect(warm.files).toEqual(without.files);
    expect(warm.diagnostics).toEqual(without.diagnostics);
    expect(cold).toEqual(without);
    expect(warm.diagnostics.length).toBeGreaterThan(0);
    expect(warm.made.files.map(({ signatures }) => signatures.length)).toEqual(
      without.made.files.map(({ signatures }) => signatures.length),
    );
    expect(existsSync(join(folder(), "project.cache"))).toBe(true);
  });

  it("keeps each file's generated module, and makes the same registry and index of what it kept", async () => {
    project = createProject({
      ...FILES,
      "tsconfig.json": '{ "include": ["src"] }',
      "src/c.ts":
        'import { sig, tool } from "dspex";\nexport const C = sig.C`"""Doc."""\n  page: dspy.Image -> b: list[int]`;\nexport const T = tool(function twice(n: number) { return n; });\n',
    });
    const { layout, files } = await compileProject({ cwd: project.folder, settings });
    const path = join(project.folder, "generated.cache");
    const without = generateProject(layout, files);
    const cold = openStore(path, "compiler");
    expect(generateProject(layout, files, cold)).toEqual(without);
    cold.save();
    vi.mocked(modules.fileModule).mockClear();
    expect(generateProject(layout, files, openStore(path, "compiler"))).toEqual(without);
    // Its text alone does not decide what a tool is.
    expect(vi.mocked(modules.fileModule).mock.calls.map(([from]) => from)).toEqual(["src/c.ts"]);
  });
});
describe("the file", () => {
  it("is ignored and written anew when it is damaged, cut, empty or another compiler's", async () => {
    project = createProject(FILES);
    const { texts } = await built();
    const whole = readFileSync(stored());
    const flipped = Buffer.from(whole);
    flipped[whole.length - 5]! ^= 1;
    const other = Buffer.from(whole.toString("latin1").replace(/^(dspex 1 )\w/, "$1x"), "latin1");
    for (const damaged of [flipped, whole.subarray(0, whole.length >> 1), Buffer.alloc(0), Buffer.from("{}\n"), other]) {
      writeFileSync(stored(), damaged);
      expect((await built()).texts).toEqual(texts);
      expect(compiled()).toContain("src/a.ts");
      await built();
      expect(compiled()).toEqual([]);
    }
  });

  it("survives builds at the same time, whole", async () => {
    project = createProject(FILES);
    const all = await Promise.all(Array.from({ length: 6 }, () => built()));
    for (const { texts } of all) expect(texts).toEqual(all[0]!.texts);
    expect(readdirSync(folder())).toEqual(["builds.cache"]);
    await built();
    expect(compiled()).toEqual([]);
  });

  it("lies in .dspex/cache where there is no node_modules, and nowhere where nothing can be written", async () => {
    project = createProject(FILES);
    rmSync(join(project.folder, "node_modules"), { recursive: true });
    await built();
    expect(existsSync(join(project.folder, ".dspex/cache/builds.cache"))).toBe(true);
    rmSync(join(project.folder, ".dspex"), { recursive: true });
    project.write(".dspex", "a file");
    expect((await built()).texts.join()).toContain("definePlain");
  });

  it("keeps what was used last, within its limit", () => {
    project = createProject();
    const path = join(project.folder, "some.cache");
    const first = openStore(path, "f", 250);
    for (const key of ["a", "b", "c"]) first.set(key, { meta: key, body: Buffer.alloc(100, key) });
    expect(first.get("a")).toBeDefined();
    first.save();
    const second = openStore(path, "f", 250);
    expect(["a", "b", "c"].map((key) => second.get(key)?.meta)).toEqual(["a", undefined, "c"]);
    expect(Buffer.from(second.get("a")!.body).toString()).toBe("a".repeat(100));
    expect(openStore(path, "g").get("a")).toBeUndefined();
  });
});
