/** `dspex({ without: [...] })`: what is left out is gone from the bundle, an error where it is needed, and nothing else changes. */
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import fc from "fast-check";
import { createServer, resolveConfig, type ViteDevServer } from "vite";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import dspex from "../../../compiler/6-bundle/esbuild.ts";
import { isPlain } from "../../../compiler/6-bundle/needed-types.ts";
import vite from "../../../compiler/6-bundle/vite.ts";
import { DOORS, TWINS } from "../../../compiler/6-bundle/without.ts";
import { FEATURES } from "../../../compiler/config/features.ts";
import type { Feature } from "../../../compiler/config.ts";
import { simpleCodec } from "../../../runtime/native/codecs/simple.ts";
import type { TypeSpec } from "../../../runtime/spec.ts";
import { buildPackage, createProject, type Project, root } from "./project.ts";

beforeAll(buildPackage, 120_000);
let project: Project;
afterEach(() => project?.remove());

const ALL = Object.keys(FEATURES) as Feature[];

/** One call for each way a feature is reached; each answers with its prediction, or with the error's code and the feature it names. */
const APP = `import { predict, sig } from "dspex";
import { defineSignature } from "dspex/internal";
// By hand, because a build without classes refuses it as a literal.
const code = { validateInputs: (fields) => ({ ...fields }), validateOutputs: (fields) => ({ ...fields }) };
const Day = defineSignature({ abi: 1, name: "Day", inputs: [{ name: "question", type: "str" }], outputs: [{ name: "answer", type: { kind: "class", name: "datetime.date" } }], hash: "1" }, code);
const Text = sig("question -> answer"), Count = sig("question -> answer: int");
const chat = (text) => () => "[[ ## answer ## ]]\\n" + text + "\\n\\n[[ ## completed ## ]]";
const told = async (run) => { try { return await run(); } catch (error) { return [error.name, error.code, error.actual, error.cause?.completion].filter(Boolean).join(" "); } };
const asked = (S, options) => told(() => predict(S, options)({ question: "?" }));
console.log(JSON.stringify({
  text: await asked(Text, { lm: chat("Paris") }),
  number: await asked(Count, { lm: chat("5") }),
  twice: await told(() => predict(Text, { lm: chat("Paris") }).with({ retries: 1 }).batch([{ question: "?" }, { question: "!" }])),
  xml: await asked(Text, { lm: () => "<answer>Paris</answer>", adapter: "xml" }),
  xmlAgain: await asked(Text, { lm: () => "<answer>Paris</answer>", adapter: "xml" }),
  json: await asked(Text, { lm: () => '{"answer": "Paris"}', adapter: "json" }),
  fallback: await asked(Text, { lm: ({ messages }) => JSON.stringify(messages).includes("JSON object") ? '{"answer": "Paris"}' : "Paris." }),
  malformed: await asked(Count, { lm: chat(" 5.0 ") }),
  day: await asked(Day, { lm: chat("2024-01-02") }),
  stream: await told(async () => { let last; for await (const event of predict(Text, { lm: chat("Paris") }).stream({ question: "?" })) last = event; return last.prediction; }),
  streamAgain: await told(async () => { let last; for await (const event of predict(Text, { lm: ({ messages }) => JSON.stringify(messages).includes("JSON object") ? '{"answer": "Paris"}' : "Paris." }).stream({ question: "?" })) last = event; return last.prediction; }),
  name: await asked(Text, { lm: "openai/gpt-5-mini", retries: 0, timeout: 1 }),
  address: await asked(Text, { lm: { model: "m", baseURL: "http://127.0.0.1:1/v1" }, retries: 0 }),
  sdk: await asked(Text, { lm: { specificationVersion: "v2", provider: "p", modelId: "m", doGenerate: async () => ({ content: [{ type: "text", text: chat("Paris")() }], finishReason: "stop", usage: {} }) } }),
  cache: await asked(Text, { lm: chat("Paris"), cache: {} }),
}));
`;
const paris = { answer: "Paris" };
const WHOLE: Readonly<Record<string, unknown>> = {
  text: paris,
  number: { answer: 5 },
  twice: [
    { status: "fulfilled", value: paris },
    { status: "fulfilled", value: paris },
  ],
  xml: paris,
  xmlAgain: paris,
  json: paris,
  fallback: paris,
  malformed: { answer: 5 },
  day: { answer: "2024-01-02" },
  stream: paris,
  streamAgain: paris,
  name: expect.stringContaining("Error"),
  address: "LMError transport",
  sdk: paris,
  cache: paris,
};
/** Which ways lead to a feature; `types` is what several of them need. */
const WAYS: Readonly<Record<string, readonly Feature[]>> = {
  xml: ["xml", "types"],
  xmlAgain: ["xml", "types"],
  json: ["json", "types"],
  fallback: ["json", "types"],
  malformed: ["types"],
  day: ["classes", "types"],
  stream: ["streams", "types"],
  streamAgain: ["json", "streams", "types"],
  name: ["endpoint"],
  address: ["endpoint"],
  sdk: ["ai-sdk"],
  cache: ["cache"],
};
function expected(without: readonly Feature[]): object {
  return Object.fromEntries(
    Object.entries(WHOLE).map(([way, value]) => {
      const missing = WAYS[way]?.filter((feature) => without.includes(feature)) ?? [];
      if (missing.length === 0) return [way, value];
      return [
        way,
        expect.stringMatching(
          new RegExp(`^ConfigurationError feature_left_out dspex\\(\\{ without: \\["(?:${missing.join("|")})"\\] \\}\\)`),
        ),
      ];
    }),
  );
}

async function bundle(without: readonly Feature[], platform: "node" | "browser" = "browser") {
  const { metafile } = await build({
    absWorkingDir: project.folder,
    entryPoints: ["src/app.js"],
    bundle: true,
    format: "esm",
    platform,
    outfile: "out/app.mjs",
    metafile: true,
    logLevel: "silent",
    plugins: [dspex({ without, ci: false })],
  });
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput ? [path] : [])),
  );
}
const ran = (): unknown => {
  const { stdout, stderr } = project.node("out/app.mjs");
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};

describe("a bundle", () => {
  it.each<[string, readonly Feature[]]>([
    ["nothing", []],
    ["everything", ALL],
    ...ALL.map((feature): [string, Feature[]] => [feature, [feature]]),
  ])(
    "without %s does all else as before, and says what is missing",
    async (_, without) => {
      project = createProject({ "src/app.js": APP });
      await bundle(without);
      expect(ran()).toEqual(expected(without));
    },
    60_000,
  );

  it("tells the reply that JSONAdapter would have been asked after", async () => {
    project = createProject({ "src/app.js": APP });
    await bundle(["json"]);
    const told = 'ConfigurationError feature_left_out dspex({ without: ["json"] }) Paris.';
    expect(ran()).toMatchObject({ fallback: told, streamAgain: told });
  });

  it("for Node leaves the same out, though the package has other files for Node", async () => {
    project = createProject({ "src/app.js": APP });
    const inputs = await bundle(ALL, "node");
    expect(ran()).toEqual(expected(ALL));
    expect(inputs.filter((path) => /json-repair|coerce|xml-document|exchange|memory/.test(path))).toEqual([]);
    expect(inputs.some((path) => path.endsWith("dist/modules/left-out.js"))).toBe(true);
  });
});

describe("the names", () => {
  it("may stand in the configuration; the plugin's own come before", async () => {
    project = createProject({ "src/app.js": APP, "dspex.config.json": '{ "without": ["xml"] }' });
    const files = await build({
      absWorkingDir: project.folder,
      entryPoints: ["src/app.js"],
      bundle: true,
      format: "esm",
      outfile: "out/app.mjs",
      logLevel: "silent",
      plugins: [dspex({ ci: false })],
    });
    expect(files.errors).toEqual([]);
    expect(ran()).toEqual(expected(["xml"]));
    await bundle(["cache"]);
    expect(ran()).toEqual(expected(["cache"]));
  }, 60_000);

  it("are told apart from misspelt ones", async () => {
    project = createProject({ "src/app.js": APP });
    await expect(bundle(["stream" as Feature])).rejects.toThrow(
      'dspex({ without }): there is no feature "stream". Did you mean "streams"?',
    );
    project.write("dspex.config.json", '{ "without": ["everything"] }');
    await expect(bundle(undefined as never)).rejects.toThrow(
      `dspex.config.json: without: there is no feature "everything". Known names: ${ALL.join(", ")}.`,
    );
  });

  it("are each a door that the core has", async () => {
    for (const [source, [feature, ...names]] of Object.entries(DOORS)) {
      expect(ALL).toContain(feature);
      expect(existsSync(join(root, "dist/modules", `${source}.js`))).toBe(true);
      expect(Object.keys(await import(join(root, "dist/modules", `${source}.js`))).sort()).toEqual(names.toSorted());
    }
  });
});

it("the files that stand in for those of Node export the same", async () => {
  for (const [file, twin] of Object.entries(TWINS)) {
    const [own, other] = [`${file}.js`, `modules/${twin}.js`].map((path) => import(join(root, "dist", path)));
    expect(Object.keys(await other!)).toEqual(Object.keys(await own!));
  }
});

it("without classes, a field that holds one fails the build", async () => {
  project = createProject({
    "src/app.js": 'import { sig } from "dspex";\nexport const S = sig("a: list[int] -> b: list[datetime.date]");\n',
  });
  await expect(bundle(["classes"])).rejects.toMatchObject({
    errors: [{ detail: { code: "feature_left_out" }, location: { line: 2, lineText: expect.any(String) } }],
  });
});

describe("without types", () => {
  it("a field of such a type fails the build, from the cache too", async () => {
    project = createProject({
      "src/app.js": 'import { sig } from "dspex";\nexport const S = sig("a: list[str] -> b: Literal[\'x\'], c: list[int]");\n',
    });
    await bundle([]);
    for (const _ of ["", "again"])
      await expect(bundle(["types"])).rejects.toMatchObject({
        errors: [
          {
            detail: { code: "feature_left_out" },
            location: { file: "src/app.js", line: 2 },
            notes: [{ text: 'Take "types" out of `without`.' }],
          },
        ],
      });
  });

  it("the types that remain are those of the short way", () => {
    const { type } = fc.letrec<{ type: TypeSpec }>((tie) => ({
      type: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom<TypeSpec>("str", "int", "float", "bool", "none", "any", "bytes", "list", "dict"),
        fc.record({
          kind: fc.constant("literal" as const),
          values: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1 }),
        }),
        fc.record({
          kind: fc.constant("generic" as const),
          of: fc.constantFrom("list", "set", "dict"),
          args: fc.array(tie("type"), { minLength: 1, maxLength: 2 }),
        }),
        fc.record({ kind: fc.constant("union" as const), members: fc.array(tie("type"), { minLength: 1, maxLength: 3 }) }),
        fc.record({ kind: fc.constant("class" as const), name: fc.constantFrom("dspy.Image", "datetime.date") }),
      ),
    }));
    fc.assert(fc.property(type, (each) => isPlain(each) === (simpleCodec(each) !== undefined)));
  });
});

/** As in bundlers.test.ts; rollup alone takes no packages into a bundle. */
const scripts: Readonly<Record<string, string>> = {
  vite: `import { build } from "vite"; import dspex from "dspex/vite";
    await build({ logLevel: "silent", plugins: [dspex({ without })], build: { ssr: "src/app.js", outDir: "out", rollupOptions: { output: { entryFileNames: "app.mjs" } } }, ssr: { noExternal: true } });`,
  rolldown: `import { rolldown } from "rolldown"; import dspex from "dspex/rollup";
    await (await rolldown({ input: "src/app.js", platform: "node", plugins: [dspex({ without })] })).write({ dir: "out", entryFileNames: "app.mjs", format: "es" });`,
  webpack: `import webpack from "webpack"; import dspex from "dspex/webpack";
    await new Promise((resolve, reject) => webpack({ mode: "none", target: "node22", entry: "./src/app.js", experiments: { outputModule: true }, output: { path: process.cwd() + "/out", filename: "app.mjs", module: true }, plugins: [dspex({ without })] }, (error, stats) => error ? reject(error) : stats.hasErrors() ? reject(new Error(stats.toString())) : resolve()));`,
  rspack: `import { rspack } from "@rspack/core"; import dspex from "dspex/rspack";
    await new Promise((resolve, reject) => rspack({ mode: "none", target: "node22", entry: "./src/app.js", experiments: { outputModule: true }, output: { path: process.cwd() + "/out", filename: "app.mjs", module: true }, plugins: [dspex({ without })] }, (error, stats) => error ? reject(error) : stats.hasErrors() ? reject(new Error(stats.toString())) : resolve()));`,
};

it.each(Object.keys(scripts))(
  "%s leaves out what esbuild leaves out",
  (name) => {
    const script = scripts[name]!.replace(
      /from "(vite|rolldown|webpack|@rspack\/core)"/,
      (_, module) => `from ${JSON.stringify(import.meta.resolve(module))}`,
    );
    project = createProject({ "src/app.js": APP, "build.mjs": `const without = ${JSON.stringify(ALL)};\n${script}\nprocess.exit(0);\n` });
    const built = project.node("build.mjs");
    expect(built.stdout + built.stderr).toBe("");
    expect(ran()).toEqual(expected(ALL));
    expect(readFileSync(join(project.folder, "out/app.mjs"), "utf8")).not.toContain("xml.sax");
  },
  60_000,
);

describe("vite's server", () => {
  let server: ViteDevServer | undefined;
  afterEach(() => server?.close());

  it("leaves the same out: it takes dspex file by file, because what it prepares passes no plugin", async () => {
    project = createProject({ "index.html": '<script type="module" src="/src/app.js"></script>', "src/app.js": APP });
    // As npm installs it: not a link out of the project, which vite would take for the project's own source.
    rmSync(join(project.folder, "node_modules/dspex"));
    for (const part of ["dist", "package.json"])
      cpSync(join(root, part), join(project.folder, "node_modules/dspex", part), { recursive: true });
    symlinkSync(join(root, "node_modules/eventsource-parser"), join(project.folder, "node_modules/eventsource-parser"), "dir");
    server = await createServer({
      root: project.folder,
      configFile: false,
      logLevel: "silent",
      server: { host: "127.0.0.1", port: 0 },
      plugins: [vite({ without: ["xml"] })],
    });
    await server.listen();
    const seen = new Map<string, string>();
    const walk = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      const { code = "" } = (await server!.transformRequest(url)) ?? {};
      seen.set(url, code);
      for (const [, next] of code.matchAll(/(?:from |import\(?)"(\/[^"]+)"/g)) await walk(next!);
    };
    await walk("/src/app.js");
    const codeOf = (path: string) => [...seen].filter(([url]) => url.includes(path)).map(([, code]) => code);
    expect(codeOf("/native/adapters/xml.js")).toEqual([expect.stringContaining('leftOut("xml"')]);
    expect(codeOf("/native/adapters/json.js")).toEqual([expect.not.stringContaining("leftOut")]);
    expect(codeOf("/xml-document.js")).toEqual([]);
  }, 60_000);

  it("prepares dspex as ever where nothing is left out", async () => {
    const { optimizeDeps } = await resolveConfig({ configFile: false, plugins: [vite()] }, "serve");
    expect(optimizeDeps).toMatchObject({ include: ["dspex", "dspex/internal"] });
  });
});
