/**
 * The package as users get it: packed, unpacked into a project outside this repository, set up by `dspexc init`, built
 * with esbuild and vite, type-checked by three TypeScripts, and looked over by publint and attw.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environmentPlaces } from "../../runtime/python/env/places.ts";
import { installPackage, root } from "./installed.ts";

let folder: string;
let tarball: string;

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}
function run(command: string, args: readonly string[], cwd = folder, env: Readonly<Record<string, string>> = {}): Ran {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, ...args], {
    cwd,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, CI: "", GITHUB_ACTIONS: "", NO_COLOR: "1", ...env },
  });
  return { stdout, stderr, status };
}
const dspexc = (...args: readonly string[]) => run(join(folder, "node_modules/dspex/dist/dspexc.js"), args);

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "dspex-user-")));
  tarball = installPackage(folder, ["vite", "typescript", "@types/node", "@standard-schema/spec"]);
  write("package.json", '{\n  "name": "user",\n  "type": "module",\n  "devDependencies": { "vite": "*" }\n}\n');
  write("tsconfig.json", TSCONFIG);
  write("src/app.ts", APP);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

const TSCONFIG = `{
  // The strictest a user may have.
  "compilerOptions": {
    "strict": true, "exactOptionalPropertyTypes": true, "noUncheckedIndexedAccess": true, "declaration": true,
    "noUnusedLocals": true, "noUnusedParameters": true, "verbatimModuleSyntax": true, "noPropertyAccessFromIndexSignature": true,
    "module": "nodenext", "target": "es2022", "allowImportingTsExtensions": true, "noEmit": true, "skipLibCheck": false, "types": ["node"],
  },
  "include": ["src"],
}
`;

const APP = `import { type InputOf, type OutputOf, type Prediction, predict, sig } from "dspex";
import { scripted } from "dspex/testing";
import { Triage as Typed } from "../dspex.gen/src/signatures.ts";
import { Triage } from "./signatures.ts";

const QA = sig("question, context: list[str] -> answer: str, confidence: float");
const Sorted = sig.Sorted\`message: str, locale: str = "en" -> label: Literal["bug", "other"]\`;

const input: InputOf<typeof Sorted> = { message: "it crashes" };
const label: OutputOf<typeof Sorted>["label"] = "bug";
// @ts-expect-error: no such label
const wrong: OutputOf<typeof Sorted>["label"] = "nope";
const same: InputOf<typeof Typed> = { message: "x" } satisfies InputOf<typeof Triage>;

const lm = scripted(["[[ ## answer ## ]]\\nParis\\n\\n[[ ## confidence ## ]]\\n0.9\\n\\n[[ ## completed ## ]]"]);
const answer: Prediction<OutputOf<typeof QA>> = await predict(QA, { lm })({ question: "capital of France?", context: [] });
console.log(JSON.stringify({ answer: answer.answer, confidence: answer.confidence, input, label, wrong, same, triage: Triage.outputs.length }));
`;

const PRINTED = {
  answer: "Paris",
  confidence: 0.9,
  input: { message: "it crashes" },
  label: "bug",
  wrong: "nope",
  same: { message: "x" },
  triage: 2,
};

describe("a project that installed the package", () => {
  it("is set up by init, once", () => {
    const first = dspexc("init", "--yes");
    expect(first.stderr).toBe("");
    expect(first.status).toBe(0);
    expect(readFileSync(join(folder, "tsconfig.json"), "utf8")).toContain('"include": ["dspex.gen/registry.d.ts", "src"]');
    expect(readFileSync(join(folder, "tsconfig.json"), "utf8")).toContain("// The strictest a user may have.");
    expect(existsSync(join(folder, "src/signatures.ts"))).toBe(true);
    expect(first.stdout).toContain('import dspex from "dspex/vite"');
    const before = snapshot();
    expect(dspexc("init", "--yes").stdout).toContain("Already set up.");
    expect(snapshot()).toEqual(before);
  });

  it("generates, and finds what it generated fresh", () => {
    const made = dspexc("generate", "--json");
    expect(JSON.parse(made.stdout)).toMatchObject({ schema: 1, ok: true, data: { signatures: 3 }, diagnostics: [] });
    expect(dspexc("generate", "--check").status).toBe(0);
    expect(JSON.parse(dspexc("generate", "--json").stdout).data.changes).toEqual([]);
  });

  it.each(["typescript-5.9", "typescript-6", "typescript"])(
    "type-checks strictly on %s, with nodenext and bundler resolution",
    (version) => {
      const tsc = join(root, "node_modules", version, version === "typescript" ? "bin/tsc" : "lib/tsc.js");
      for (const more of [[], ["--module", "esnext", "--moduleResolution", "bundler"]]) {
        const checked = run(tsc, ["-p", ".", ...more]);
        expect(checked.stdout + checked.stderr).toBe("");
        expect(checked.status).toBe(0);
      }
    },
    120_000,
  );

  // A user's own `export const S = sig(...)` has no written type; whoever publishes declarations imports the generated one.
  it("generates code that isolated declarations accept", () => {
    write(
      "tsconfig.gen.json",
      '{ "extends": "./tsconfig.json", "compilerOptions": { "isolatedDeclarations": true }, "include": ["dspex.gen/**/*"] }\n',
    );
    const checked = run(join(root, "node_modules/typescript/bin/tsc"), ["-p", "tsconfig.gen.json"]);
    expect(checked.stdout + checked.stderr).toBe("");
  }, 60_000);

  it("runs unbundled, with the generated index first", () => {
    write("main.ts", 'import "./dspex.gen/index.ts";\nawait import("./src/app.ts");\n');
    const ran = run(join(folder, "main.ts"), []);
    expect(ran.stderr).toBe("");
    expect(JSON.parse(ran.stdout)).toEqual(PRINTED);
  });

  it("asks DSPy from a bundle that holds dspex/python, and hears why where it holds only half", () => {
    const answer = JSON.stringify("[[ ## answer ## ]]\nblue\n\n[[ ## completed ## ]]");
    write(
      "src/python.ts",
      `import { predict, sig } from "dspex";\nimport { scripted } from "dspex/testing";\nimport "dspex/python";
const out = predict(sig("question -> answer"), { lm: scripted([${answer}]), route: "python" })({ question: "sky?" });
console.log(await out.then(({ answer, meta }) => ({ answer, route: meta.route }), ({ code }) => code));\n`,
    );
    for (const [external, printed] of [
      ["", "{ answer: 'blue', route: 'python' }"],
      ['"dspex/python"', "route_impossible"],
    ]) {
      write(
        "python.mjs",
        `import { build } from "esbuild"; import dspex from "dspex/esbuild";\nawait build({ entryPoints: ["src/python.ts"], outfile: "out/python.mjs", bundle: true, format: "esm", platform: "node", external: [${external}], plugins: [dspex()] });\n`,
      );
      expect(run(join(folder, "python.mjs"), []).stderr).toBe("");
      const ran = run(join(folder, "out/python.mjs"), [], folder, { DSPEX_PYTHON: environmentPlaces(root).interpreter });
      expect(ran.stderr).toBe("");
      expect(ran.stdout.trim()).toBe(printed);
    }
  }, 120_000);

  it("builds with esbuild and with vite, and the bundles run", () => {
    write(
      "esbuild.mjs",
      'import { build } from "esbuild"; import dspex from "dspex/esbuild";\nawait build({ entryPoints: ["src/app.ts"], outfile: "out/esbuild.mjs", bundle: true, format: "esm", platform: "node", packages: "bundle", plugins: [dspex()] });\n',
    );
    write(
      "vite.mjs",
      'import { build } from "vite"; import dspex from "dspex/vite";\nawait build({ logLevel: "error", plugins: [dspex()], ssr: { noExternal: true }, build: { ssr: "src/app.ts", outDir: "out/vite", rollupOptions: { output: { entryFileNames: "app.mjs" } } } });\n',
    );
    for (const [script, bundle] of [
      ["esbuild.mjs", "out/esbuild.mjs"],
      ["vite.mjs", "out/vite/app.mjs"],
    ] as const) {
      const built = run(join(folder, script), []);
      expect(built.stderr).toBe("");
      const ran = run(join(folder, bundle), []);
      expect(ran.stderr).toBe("");
      expect(JSON.parse(ran.stdout)).toEqual(PRINTED);
    }
  }, 120_000);

  it("leaves the engines out of the first chunk", () => {
    write("src/one.ts", 'import { sig, validate } from "dspex";\nconsole.log(JSON.stringify(validate({}, sig("a -> b"))));\n');
    write(
      "one.mjs",
      'import { build } from "esbuild"; import dspex from "dspex/esbuild";\nawait build({ entryPoints: ["src/one.ts"], outdir: "out/one", outExtension: { ".js": ".mjs" }, bundle: true, splitting: true, format: "esm", platform: "node", plugins: [dspex()] });\n',
    );
    expect(run(join(folder, "one.mjs"), []).stderr).toBe("");
    expect(JSON.parse(run(join(folder, "out/one/one.mjs"), []).stdout)).toMatchObject({ ok: false });
    expect(readFileSync(join(folder, "out/one/one.mjs"), "utf8")).not.toContain("[[ ## ");
  });
});

describe("the tarball", () => {
  it("holds what it must and nothing of this machine", () => {
    const files = readdirSync(join(folder, "node_modules/dspex"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + "/node_modules/dspex/".length));
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      exports: Record<string, string | { types: string; default: string }>;
    };
    for (const entry of Object.values(exports)) {
      if (typeof entry === "string") continue;
      expect(files).toContain(entry.types.slice(2));
      expect(files).toContain(entry.default.slice(2));
    }
    for (const file of ["dist/dspexc.js", "python/pyproject.toml", "README.md", "LICENSE"]) expect(files).toContain(file);
    expect(files.filter((file) => /(^|\/)(test|node_modules|\.dspex|__pycache__)\//.test(file))).toEqual([]);
    const text = files
      .filter((file) => /\.(js|ts|json|map|py|md)$/.test(file))
      .map((file) => readFileSync(join(folder, "node_modules/dspex", file), "utf8"))
      .join("\n");
    expect(text).not.toContain(root.replace(/\/$/, ""));
  });

  it("passes publint and attw", () => {
    const linted = run(join(root, "node_modules/publint/src/cli.js"), [join(folder, "node_modules/dspex"), "--strict"], root);
    expect(linted.stdout).toContain("All good!");
    const attw = run(
      join(root, "node_modules/@arethetypeswrong/cli/dist/index.js"),
      [tarball, "--profile", "esm-only", "--no-emoji", "--format", "json"],
      root,
    );
    const { problems, analysis } = JSON.parse(attw.stdout) as { problems?: object; analysis?: { problems: { kind: string }[] } };
    const kinds = analysis ? analysis.problems.map((problem) => problem.kind) : Object.keys(problems ?? {});
    // esm-only: what a CommonJS file's types would say does not apply.
    expect(kinds.filter((kind) => kind !== "CJSResolvesToESM" && kind !== "NoResolution")).toEqual([]);
    expect(attw.status).toBe(0);
  }, 120_000);
});

function snapshot(): Record<string, string> {
  const copy = mkdtempSync(join(tmpdir(), "dspex-snapshot-"));
  try {
    const names = ["package.json", "tsconfig.json", ".gitignore", ".gitattributes", "dspex.config.ts", "src/signatures.ts"];
    for (const name of names) cpSync(join(folder, name), join(copy, name));
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(copy, name), "utf8")]));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
