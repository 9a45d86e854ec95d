/** The native plugin: esbuild's own messages, exact to the byte; rebuilds; directives; CI. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, context, type Message } from "esbuild";
import { afterEach, describe, expect, it, vi } from "vitest";
import dspex from "../../../compiler/6-bundle/esbuild.ts";
import { createProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => {
  project?.remove();
  vi.unstubAllEnvs();
});

const options = (entry: string, more: BuildOptions = {}): BuildOptions => ({
  absWorkingDir: project.folder,
  entryPoints: [entry],
  bundle: true,
  format: "esm",
  write: false,
  external: ["dspex", "dspex/*"],
  logLevel: "silent",
  plugins: [dspex({ ci: false })],
  ...more,
});
const failure = async (entry: string, more?: BuildOptions): Promise<{ errors: Message[]; warnings: Message[] }> => {
  const error = await build(options(entry, more)).then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toBeDefined();
  return error;
};
const bundled = async (entry: string, more?: BuildOptions): Promise<string> => (await build(options(entry, more))).outputFiles![0]!.text;

describe("messages", () => {
  it("carry the line, the column and length in bytes, and notes", async () => {
    project = createProject({
      "src/a.ts": 'import { sig } from "dspex";\n\n/* ümläut */ export const S = sig("größe -> answer: foat, x: list[flaot]");\n',
    });
    const { errors } = await failure("src/a.ts");
    expect(
      errors.map(({ detail, pluginName, location, notes }) => ({ ...detail, pluginName, location, notes: notes.map((note) => note.text) })),
    ).toEqual([
      {
        code: "type_unknown",
        pluginName: "dspex",
        location: expect.objectContaining({
          file: "src/a.ts",
          namespace: "file",
          line: 3,
          column: 56,
          length: 4,
          lineText: '/* ümläut */ export const S = sig("größe -> answer: foat, x: list[flaot]");',
        }),
        notes: ["Did you mean `float`?"],
      },
      {
        code: "type_unknown",
        pluginName: "dspex",
        location: expect.objectContaining({ line: 3, column: 70, length: 5 }),
        notes: ["Did you mean `float`?"],
      },
    ]);
    const { column, length, lineText } = errors[0]!.location!;
    expect(
      Buffer.from(lineText)
        .subarray(column, column + length)
        .toString(),
    ).toBe("foat");
  });

  it("stand at the character inside a backtick literal, after escapes and over lines", async () => {
    project = createProject({
      "src/a.ts":
        'import { sig } from "dspex";\nexport const S = sig(`\n  """Doc with \\u{1F600} and \\` in it."""\r\n\tquestion -> answer: foat\n`);\n',
    });
    const { errors } = await failure("src/a.ts");
    expect(errors[0]!.location).toMatchObject({ line: 4, column: 21, length: 4, lineText: "\tquestion -> answer: foat" });
  });

  it("of every file come at once", async () => {
    const bad = 'import { sig } from "dspex"; export const S = sig("a -> b: foat");\n';
    project = createProject({ "src/a.ts": bad, "src/b.ts": bad });
    expect(
      (await failure("src/a.ts", { entryPoints: ["src/a.ts", "src/b.ts"], outdir: "out" })).errors
        .map((error) => error.location!.file)
        .sort(),
    ).toEqual(["src/a.ts", "src/b.ts"]);
  });

  it("are warnings where they are warnings, and errors under strict", async () => {
    project = createProject({ "src/a.ts": 'import { sig } from "dspex"; export const S = sig("a, a -> b");\n' });
    expect((await build(options("src/a.ts"))).warnings.map((warning) => warning.detail.code)).toEqual(["field_duplicate"]);
    expect((await failure("src/a.ts", { plugins: [dspex({ strict: true, ci: false })] })).errors).toHaveLength(1);
  });

  it("name a configuration that cannot be read", async () => {
    project = createProject({
      "src/a.ts": 'import { sig } from "dspex"; export const S = sig("a -> b");\n',
      "dspex.config.json": '{ "strickt": true }',
    });
    expect((await failure("src/a.ts")).errors[0]!.text).toContain('Did you mean "strict"?');
  });
});

describe("what it makes", () => {
  it("keeps directives first and a clashing name apart", async () => {
    project = createProject({
      "src/a.ts":
        '"use client";\nimport { sig } from "dspex";\nconst abi = 1;\nexport const S = sig("abi -> abi$: str = \'x\'".replace("$", "x") as never);\nexport const T = sig("a -> b");\nexport { abi };\n',
    });
    project.write(
      "src/a.ts",
      '"use client";\nimport { sig } from "dspex";\nconst abi = 1;\nexport const T = sig("abi -> b");\nexport { abi };\n',
    );
    const text = await bundled("src/a.ts");
    expect(text).toMatch(/^"use client";/);
    expect(text).toContain("var abi = 1;");
    expect(text).toContain("abi$.definePlain(");
  });

  it("passes the second argument on", async () => {
    project = createProject({
      "src/a.ts":
        'import { signature } from "dspex";\nconst owner = "me";\nexport const S = signature("a -> b", { name: "Named", metadata: { owner } });\n',
    });
    expect(await bundled("src/a.ts", { minifySyntax: false })).toContain('{ name: "Named", metadata: { owner } }');
  });

  it("is dropped when nobody uses it", async () => {
    project = createProject({
      "src/a.ts": 'import { B } from "./b.ts"; console.log(B.name);\n',
      "src/b.ts": 'import { sig } from "dspex";\nexport const A = sig("unused -> a");\nexport const B = sig("used -> b");\n',
    });
    const text = await bundled("src/a.ts");
    expect(text).toContain('"used"');
    expect(text).not.toContain('"unused"');
  });

  it("leaves packages and files without signatures alone", async () => {
    project = createProject({
      "src/a.js": 'import "lib"; export const dspex = "sig";\n',
      "node_modules/lib/package.json": '{ "name": "lib", "main": "index.js" }',
      "node_modules/lib/index.js": 'import { sig } from "dspex"; console.log(sig("a -> b: foat"));\n',
    });
    expect(await bundled("src/a.js")).toContain('sig("a -> b: foat")');
  });

  it("handles tsx, mts, cts and jsx as esbuild does", async () => {
    for (const extension of ["tsx", "mts", "jsx", "js"]) {
      const view = extension.endsWith("x") ? 'export const V = () => <b title="x">{S.name}</b>;' : "";
      project = createProject({ [`src/a.${extension}`]: `import { sig } from "dspex";\nexport const S = sig("a -> b");\n${view}\n` });
      expect(await bundled(`src/a.${extension}`, { jsx: "preserve" })).toContain("definePlain");
      project.remove();
    }
  });
});

describe("rebuilds", () => {
  it("see a change, and a mistake, and its correction", async () => {
    project = createProject({ "src/a.ts": 'import { sig } from "dspex"; export const S = sig("a -> b: int");\n' });
    const made = await context(options("src/a.ts"));
    try {
      expect((await made.rebuild()).outputFiles![0]!.text).toContain('"int"');
      project.write("src/a.ts", 'import { sig } from "dspex"; export const S = sig("a -> b: foat");\n');
      await expect(made.rebuild()).rejects.toMatchObject({ errors: [{ detail: { code: "type_unknown" } }] });
      await expect(made.rebuild()).rejects.toMatchObject({ errors: [{ detail: { code: "type_unknown" } }] });
      project.write("src/a.ts", 'import { sig } from "dspex"; export const S = sig("a -> b: float");\n');
      expect((await made.rebuild()).outputFiles![0]!.text).toContain('"float"');
    } finally {
      await made.dispose();
    }
  });

  it("see a change in a signature that another file splices", async () => {
    project = createProject({
      "src/a.ts": 'import { sig } from "dspex";\nimport { Base } from "./base.ts";\nexport const S = sig.S`${Base}, extra -> more`;\n',
      "src/base.ts": 'import { sig } from "dspex";\nexport const Base = sig("first -> b");\n',
    });
    const made = await context(options("src/a.ts"));
    try {
      expect((await made.rebuild()).outputFiles![0]!.text).toMatch(/name: "S"[\s\S]*"first"[\s\S]*"extra"/);
      project.write("src/base.ts", 'import { sig } from "dspex";\nexport const Base = sig("second -> b");\n');
      const text = (await made.rebuild()).outputFiles![0]!.text;
      expect(text.slice(text.indexOf('name: "S"'))).toContain('"second"');
    } finally {
      await made.dispose();
    }
  });
});

describe("in CI", () => {
  const source = 'import { sig } from "dspex";\nexport const S = sig("a -> b: int");\n';
  it("a stale dspex.gen fails the build, a fresh one and none do not", async () => {
    project = createProject({ "tsconfig.json": "{}", "src/a.ts": source });
    const ci = { plugins: [dspex({ ci: true })] };
    await build(options("src/a.ts", ci));
    expect(project.dspexc().status).toBe(0);
    await build(options("src/a.ts", ci));
    project.write("src/a.ts", source.replace("int", "float"));
    expect((await failure("src/a.ts", ci)).errors[0]).toMatchObject({
      detail: { code: "generated_stale" },
      notes: [{ text: "Run dspexc generate and commit what it writes." }],
    });
    await build(options("src/a.ts"));
    rmSync(join(project.folder, "dspex.gen"), { recursive: true });
    await build(options("src/a.ts", ci));
  });

  it("is known by the environment", async () => {
    project = createProject({ "tsconfig.json": "{}", "src/a.ts": source });
    project.dspexc();
    project.write("src/a.ts", source.replace("int", "float"));
    vi.stubEnv("CI", "true");
    expect((await failure("src/a.ts", { plugins: [dspex()] })).errors[0]!.detail.code).toBe("generated_stale");
    expect(readFileSync(join(project.folder, "dspex.gen/src/a.ts"), "utf8")).toContain('"int"');
  });
});
