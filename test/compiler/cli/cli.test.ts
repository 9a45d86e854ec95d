/** `dspexc` as a process: what it prints, what it writes, and the exit code. */
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { buildPackage, createProject, type Project, root } from "../bundle/project.ts";

beforeAll(buildPackage, 120_000);
let project: Project;
afterEach(() => project?.remove());

const TSCONFIG =
  '{ "compilerOptions": { "strict": true, "module": "nodenext", "allowImportingTsExtensions": true, "noEmit": true }, "include": ["src", "dspex.gen/**/*"] }';
const GOOD =
  'import { sig } from "dspex";\nexport const QA = sig("question -> answer: int");\nexport const T = sig.Triage`message -> label: Literal["a", "b"]`;\n';
const BAD = 'import { sig } from "dspex";\n\nexport const S = sig("question: sting -> answer: foat");\n';
const read = (path: string): string => readFileSync(join(project.folder, path), "utf8");
const files = (): string[] =>
  readdirSync(join(project.folder, "dspex.gen"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(project.folder.length + 1))
    .sort();

describe("generate", () => {
  it("writes one file a source, a registry and an index, and nothing the second time", () => {
    project = createProject({
      "tsconfig.json": TSCONFIG,
      "src/a.ts": GOOD,
      "src/deep/b.tsx": GOOD.replace("Triage", "Other"),
      "src/none.ts": "export const x = 1;\n",
    });
    expect(project.dspexc().status).toBe(0);
    expect(files()).toEqual(["dspex.gen/index.ts", "dspex.gen/registry.d.ts", "dspex.gen/src/a.ts", "dspex.gen/src/deep/b.tsx.ts"]);
    for (const path of files()) expect(read(path)).toMatch(/^\/\/ @generated dspexc sha256:[0-9a-f]{16}\n/);
    const old = new Date(1_000_000_000_000);
    for (const path of files()) utimesSync(join(project.folder, path), old, old);
    project.dspexc();
    for (const path of files()) expect(statSync(join(project.folder, path)).mtimeMs).toBe(old.getTime());
  });

  it("writes the same bytes wherever the project stands", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    project.dspexc();
    const first = files().map(read);
    project.remove();
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    project.dspexc();
    expect(files().map(read)).toEqual(first);
    expect(first.join("")).not.toContain(project.folder);
  });

  it("deletes what became stale, and never what it did not write", () => {
    project = createProject({
      "tsconfig.json": TSCONFIG,
      "src/a.ts": GOOD,
      "src/b.ts": GOOD.replace("Triage", "B"),
      "dspex.gen/notes.ts": "// mine\n",
    });
    project.dspexc();
    project.write("src/b.ts", "export {};\n");
    project.write("dspex.gen/src/a.ts", "// my own file now\n");
    const ran = project.dspexc();
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("dspex.gen/src/a.ts was not written by dspexc and is left alone");
    expect(files()).toEqual(["dspex.gen/index.ts", "dspex.gen/notes.ts", "dspex.gen/registry.d.ts", "dspex.gen/src/a.ts"]);
    expect(read("dspex.gen/src/a.ts")).toBe("// my own file now\n");
    expect(read("dspex.gen/notes.ts")).toBe("// mine\n");
  });

  it("--check tells a stale folder by a diff and exit 1, and writes nothing", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    project.dspexc();
    expect(project.dspexc("generate", "--check")).toMatchObject({ status: 0, stdout: "" });
    project.write("src/a.ts", GOOD.replace("answer: int", "answer: float"));
    const stale = project.dspexc("generate", "--check");
    expect(stale.status).toBe(1);
    expect(stale.stdout).toContain("--- dspex.gen/src/a.ts");
    expect(stale.stdout).toContain('-  outputs: [{ name: "answer", type: "int" }],');
    expect(stale.stdout).toContain('+  outputs: [{ name: "answer", type: "float" }],');
    expect(read("dspex.gen/src/a.ts")).toContain('type: "int"');
  });

  it("leaves everything as it was when a source has errors", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    project.dspexc();
    const before = files().map(read);
    project.write("src/b.ts", BAD);
    const ran = project.dspexc();
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("src/b.ts:3:33");
    expect(files().map(read)).toEqual(before);
    const one = project.dspexc("generate", "src/a.ts");
    expect(one).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("In files that were not asked for") });
    expect(files().map(read)).toEqual(before);
  });

  it("takes Windows' line ends for its own", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    project.dspexc();
    const windows = (text: string) => text.replaceAll("\n", "\r\n");
    for (const path of files()) project.write(path, windows(read(path)));
    expect(project.dspexc("generate", "--check")).toMatchObject({ status: 0, stdout: "" });
    project.dspexc();
    for (const path of files()) expect(read(path)).toBe(windows(read(path).replaceAll("\r\n", "\n")));
    project.write("dspex.gen/src/a.ts", windows(read("dspex.gen/src/a.ts").replace("int", "float")));
    expect(project.dspexc("generate", "--check").status).toBe(1);
  });

  it("imports with .js where tsconfig does not allow .ts", () => {
    project = createProject({ "tsconfig.json": TSCONFIG.replace('"allowImportingTsExtensions": true, ', ""), "src/a.ts": GOOD });
    project.dspexc();
    expect(read("dspex.gen/index.ts")).toContain('from "./src/a.js"');
  });

  it("says when two tags of one name differ, and where the first stands", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD, "src/b.ts": GOOD.replace('"b"', '"c"') });
    const { diagnostics, ok } = JSON.parse(project.dspexc("check", "--json").stdout);
    expect(ok).toBe(false);
    expect(diagnostics).toMatchObject([{ code: "tag_duplicate", file: "src/b.ts", line: 3, related: [{ file: "src/a.ts", line: 3 }] }]);
  });

  it("says when a tag lacks the package's prefix", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD, "dspex.config.json": '{ "registry": { "prefix": "acme" } }' });
    expect(JSON.parse(project.dspexc("check", "--json").stdout).diagnostics).toMatchObject([
      { code: "tag_prefix", hint: "Call it sig.acmeTriage." },
    ]);
  });

  it("works from a folder below, with paths as seen from there", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD, "src/deep/b.ts": BAD });
    const { diagnostics } = JSON.parse(project.dspexc("check", "--cwd", join(project.folder, "src/deep"), "--json").stdout);
    expect(diagnostics.map((found: { file: string }) => found.file)).toEqual(["b.ts", "b.ts"]);
    expect(project.dspexc("check", "src/nowhere.ts")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("src/nowhere.ts cannot be read (ENOENT)"),
    });
  });

  it("--watch writes again when a file changes, and ends with 130", async () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, [join(project.folder, "node_modules/dspex/dist/dspexc.js"), "generate", "--watch"], {
      cwd: project.folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    let said = "";
    child.stderr.on("data", (data) => (said += data));
    const until = async (done: () => boolean) => {
      for (let i = 0; i < 400 && !done(); i++) await new Promise((resolve) => setTimeout(resolve, 25));
      expect(done(), said).toBe(true);
    };
    await until(() => said.includes("watching"));
    project.write("src/a.ts", GOOD.replace("answer: int", "answer: float"));
    await until(() => read("dspex.gen/src/a.ts").includes('type: "float"'));
    project.write("dspex.config.json", '{ "strict": 5 }');
    await until(() => said.includes("strict"));
    project.write("dspex.config.json", '{ "output": "elsewhere.gen" }');
    await until(() => existsSync(join(project.folder, "elsewhere.gen/index.ts")));
    child.kill("SIGINT");
    expect(await ended).toBe(130);
  });
});

describe("check", () => {
  it("prints every mistake with its line and a caret, exit 1", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/b.ts": BAD });
    const ran = project.dspexc("check");
    expect(ran.status).toBe(1);
    expect(ran.stdout).toContain("src/b.ts:3:33");
    expect(ran.stdout).toContain("src/b.ts:3:50");
    expect(ran.stdout).toContain("Did you mean `float`?");
    expect(ran.stdout + ran.stderr).not.toMatch(/^\s+at /m);
  });

  it("prints JSON whose places count from 1, ends exclusive", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/b.ts": BAD });
    const { schema, ok, diagnostics } = JSON.parse(project.dspexc("check", "--format", "json").stdout);
    expect({ schema, ok }).toEqual({ schema: 1, ok: false });
    expect(
      diagnostics.map(({ line, column, endLine, endColumn, file }: Record<string, unknown>) => [file, line, column, endLine, endColumn]),
    ).toEqual([
      ["src/b.ts", 3, 33, 3, 38],
      ["src/b.ts", 3, 50, 3, 54],
    ]);
  });

  it("annotates for GitHub, by flag or by itself", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/b.ts": BAD });
    const said = project.dspexc("check", "--format", "github").stdout;
    expect(said.split("\n")[0]).toMatch(/^::error file=src\/b\.ts,line=3,endLine=3,col=33,endColumn=37,title=type_unknown::`sting` /);
    project.remove();
    project = createProject({ "tsconfig.json": TSCONFIG, "src/b.ts": BAD }, { GITHUB_ACTIONS: "true" });
    expect(project.dspexc("check").stdout).toBe(said);
  });

  it("--strict counts bare tags, --fix rewrites them", () => {
    const bare = 'import { sig } from "dspex";\nexport const S = sig`a -> b`;\n';
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": bare });
    expect(project.dspexc("check").status).toBe(0);
    expect(project.dspexc("check", "--strict").status).toBe(1);
    expect(project.dspexc("check", "--strict", "--fix").status).toBe(0);
    expect(read("src/a.ts")).toBe('import { sig } from "dspex";\nexport const S = sig(`a -> b`);\n');
  });
});

describe("the rest", () => {
  it("parse reads stdin", () => {
    project = createProject({
      "run.mjs":
        'import { spawnSync } from "node:child_process"; const { stdout, status } = spawnSync(process.execPath, ["node_modules/dspex/dist/dspexc.js", "parse", ...process.argv.slice(3)], { input: process.argv[2] }); process.stdout.write(stdout); process.exit(status);',
    });
    const good = project.node("run.mjs", "question -> answer: list[int]", "--format", "json");
    expect(JSON.parse(good.stdout)).toMatchObject({
      schema: 1,
      ok: true,
      data: {
        inputs: [{ name: "question", type: "str" }],
        outputs: [{ name: "answer", type: { kind: "generic", of: "list", args: ["int"] } }],
      },
      diagnostics: [],
    });
    const bad = project.node("run.mjs", "question - answer", "--format", "json");
    expect(bad.status).toBe(1);
    expect(JSON.parse(bad.stdout)).toMatchObject({ ok: false, data: null, diagnostics: [{ severity: "error", line: 1 }] });
  });

  it.each([
    [["chekc"], 2, "Did you mean `check`?"],
    [["check", "--fromat", "json"], 2, "Did you mean --format?"],
    [["check", "--format", "xml"], 2, "Expected one of"],
    [["python"], 2, "dspexc python needs one of: sync."],
    [["explain", "no_such_code"], 2, "There is no code"],
    [["init"], 2, "Say --yes"],
    [["parse", "a", "b"], 2, "one too many"],
  ])("%j is refused with exit %i and a way out", (args, status, said) => {
    project = createProject({ "tsconfig.json": TSCONFIG });
    const ran = project.dspexc(...args);
    expect(ran.status).toBe(status);
    expect(ran.stderr).toContain(said);
    expect(ran.stderr).not.toMatch(/^\s+at /m);
    expect(
      JSON.parse(
        project
          .dspexc(...args, "--json")
          .stdout.split("\n")
          .at(-2)!,
      ),
    ).toMatchObject({ schema: 1, ok: false });
  });

  it("ends in silence when nobody reads any more", () => {
    project = createProject({ "tsconfig.json": TSCONFIG });
    const piped = project.node(
      "-e",
      'const { spawn } = require("node:child_process"); const child = spawn(process.execPath, ["node_modules/dspex/dist/dspexc.js", "parse"]); let said = ""; child.stderr.on("data", (data) => { said += data; }); child.stdout.destroy(); child.stdin.end("a -> b"); child.on("close", () => process.stdout.write(`[${said}]`));',
    );
    expect(piped.stdout).toBe("[]");
  });

  it("render says that a file is wanted", () => {
    project = createProject({ "tsconfig.json": TSCONFIG, "src/a.ts": GOOD });
    const ran = project.dspexc("render", "src/a.ts:2", "--inputs", '{ "question": "x" }');
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining("--inputs - reads them from stdin") });
  });

  it("configuration: a file, the environment and a flag, each named as the source", () => {
    project = createProject(
      {
        "tsconfig.json": TSCONFIG,
        "dspex.config.ts":
          'import { defineConfig } from "dspex/config";\nexport default defineConfig(({ command }) => ({ strict: true, exclude: [command] }));\n',
      },
      { DSPEX_STRICT: "false" },
    );
    expect(JSON.parse(project.dspexc("config", "--json").stdout).data.values).toMatchObject({
      strict: { value: false, source: "DSPEX_STRICT" },
      exclude: { value: ["config"], source: "dspex.config.ts" },
      output: { value: "dspex.gen", source: "default" },
    });
  });

  it.each([
    ["export default { strickt: true };", "config_unknown_key", 'Did you mean "strict"?'],
    ['export default { include: "src" };', "config_invalid", "include"],
    ["export const x = 1;", "config_invalid", "default export"],
    ['throw new Error("boom");', "config_invalid", "boom"],
    ["enum E { A }\nexport default { strict: 5 };", "config_invalid", "strict"],
  ])("configuration: %s is refused", (text, code, said) => {
    project = createProject({ "tsconfig.json": TSCONFIG, "dspex.config.ts": text });
    const ran = project.dspexc("check", "--json");
    expect(ran.status).toBe(2);
    expect(JSON.parse(ran.stdout).error).toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it.each([
    ["commonjs", '{ "type": "commonjs" }'],
    ["nothing", "{}"],
  ])("configuration: TypeScript's import is read in a package that declares %s, without a warning", (_, manifest) => {
    project = createProject({
      "package.json": manifest,
      "dspex.config.ts": 'import { defineConfig } from "dspex/config";\nexport default defineConfig({ strict: true });\n',
    });
    const { stdout, stderr, status } = project.dspexc("config", "--json");
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    expect(JSON.parse(stdout).data.values.strict).toMatchObject({ value: true, source: "dspex.config.ts" });
  });

  it("configuration: JSON names the key, what was expected and what stands there", () => {
    project = createProject({ "dspex.config.json": '{ "cache": "yes" }' });
    expect(JSON.parse(project.dspexc("config", "--json").stdout).error).toMatchObject({
      code: "config_invalid",
      configKey: "cache",
      expected: expect.stringContaining("boolean"),
      actual: expect.any(String),
    });
  });

  it("a tsconfig of references alone stands for those beside it", () => {
    project = createProject({
      "package.json": '{\r\n  "type": "module"\r\n}\r\n',
      "tsconfig.json": '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tsconfig.node.json" }] }',
      "tsconfig.app.json": '{\n  "compilerOptions": { "strict": true, },\n  "include": [\n    "src", // all ]\n  ], /* end */\n}\n',
      "tsconfig.node.json": '{ "include": ["vite.config.ts"] }\n',
      "src/a.ts": GOOD,
    });
    expect(project.dspexc("init", "--yes", "--no-example").status).toBe(0);
    expect(read("tsconfig.app.json")).toContain('"include": [\n    "dspex.gen/registry.d.ts",\n    "src", // all ]\n');
    expect(read("tsconfig.node.json")).toBe('{ "include": ["vite.config.ts"] }\n');
    expect(read("package.json").replaceAll("\r\n", "")).not.toContain("\n");
    expect(project.dspexc().status).toBe(0);
    expect(files()).toContain("dspex.gen/src/a.ts");
    const { data } = JSON.parse(project.dspexc("doctor", "--json").stdout) as { data: { name: string; status: string }[] };
    expect(data.find(({ name }) => name === "tsconfig")).toMatchObject({ status: "ok" });
    expect(project.dspexc("init", "--yes", "--no-example").stdout).toContain("Already set up.");
  });

  it.each([
    ["references one that has the options", '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }'],
    ["has them itself", '{ "compilerOptions": { "strict": true, "paths": { "@/*": ["./src/*"] } }, "include": ["src"] }'],
  ])("TypeScript's types are found where tsconfig.json %s", (_, tsconfig) => {
    project = createProject({
      "tsconfig.json": tsconfig,
      "tsconfig.app.json":
        '{ "compilerOptions": { "strict": true, "module": "esnext", "moduleResolution": "bundler", "paths": { "@/*": ["./src/*"] } }, "include": ["src"] }',
      "src/invoice.ts": "export interface Invoice { total: number }\n",
      "src/a.ts":
        'import { sig, type } from "dspex";\nimport type { Invoice } from "@/invoice";\nexport const Read = sig.Read`page -> invoice: ${type<Invoice>()}`;\n',
    });
    expect(project.dspexc("check")).toMatchObject({ status: 0, stdout: "" });
    project.write("tsconfig.json", '{ "compilerOptions": ');
    const broken = project.dspexc("check", "src/a.ts");
    expect(broken.status).toBe(1);
    expect(broken.stdout).toContain("a type that TypeScript cannot find");
  });

  it("doctor names what is wrong with a remedy", () => {
    project = createProject({
      "tsconfig.json": TSCONFIG.replace(', "dspex.gen/**/*"', ', "dspex.gen"'),
      "src/a.ts": GOOD,
      "vite.config.ts": "export default {};\n",
    });
    project.dspexc();
    project.write("src/a.ts", GOOD.replace("int", "float"));
    const { data } = JSON.parse(project.dspexc("doctor", "--json").stdout) as { data: { name: string; status: string; fix?: string }[] };
    const by = (name: string) => data.find((check) => check.name === name);
    expect(by("tsconfig")).toMatchObject({ status: "fail", fix: 'Add "dspex.gen/registry.d.ts" to "include".' });
    expect(by("dspex.gen")).toMatchObject({ status: "fail", fix: "dspexc generate" });
    expect(by("bundler plugin")).toMatchObject({ status: "warn" });
    expect(by("node")).toMatchObject({ status: "ok" });
  });

  it("completions: a script for each shell, and answers to it", () => {
    project = createProject({});
    for (const shell of ["bash", "zsh", "fish", "powershell"])
      expect(project.dspexc("completions", shell).stdout).toMatch(/complete '?--'?/);
    expect(project.dspexc("complete", "--", "che").stdout).toContain("check\t");
    expect(project.dspexc("complete", "--", "check", "--").stdout).toContain("--strict");
    expect(project.dspexc("complete", "--", "explain", "").stdout).toContain("type_unknown");
  });

  it("--help answers within 80 ms and loads no command", () => {
    // Processor time, not the clock's: other work on the machine does not count.
    const meter = "data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();console.error(user+system)})";
    project = createProject({ "nothing.mjs": "" });
    const used = (...args: readonly string[]) =>
      Math.min(...Array.from({ length: 5 }, () => Number(project.node("--import", meter, ...args).stderr) / 1000));
    const help = join(root, "dist/dspexc.js");
    expect(project.node(help, "--help").stdout).toContain("Exit codes");
    expect(used(help, "--help") - used("nothing.mjs")).toBeLessThan(80);
  });

  it("--version says what it is equal to", () => {
    project = createProject({});
    expect(project.dspexc("--version").stdout).toMatch(/^dspex \d+\.\d+\.\d+ \(DSPy 3\.4\.1, abi \d+, node [\d.]+\)\n$/);
    expect(existsSync(join(project.folder, "dspex.gen"))).toBe(false);
  });
});
