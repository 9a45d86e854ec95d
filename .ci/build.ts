/**
 * Builds dist/: one entry for each export of package.json and the command, as ES modules with shared chunks, and the
 * declarations by tsc. Dependencies and the package's own entries stay outside: an entry imports `dspex/internal`, it
 * never carries a second copy. Nothing is done when nothing changed; of two builds at once the second waits and finds
 * the first one's work.
 *
 *   node .ci/build.ts [--force]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  exports: Record<string, string | { types: string; node?: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** `dist/python.js` is made of the source whose declarations it names. */
function entries(): { readonly found: Record<string, string>; readonly missing: readonly string[] } {
  const found: Record<string, string> = {};
  const missing: string[] = [];
  const all = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string"
      ? []
      : [[entry.node ?? entry.default, entry.types.replace("./dist/types/", "").replace(/\.d\.ts$/, ".ts")] as const],
  );
  for (const [output, source] of [...all, ["./dist/dspexc.js", "compiler/cli/main.ts"] as const]) {
    if (existsSync(source)) found[output.replace("./dist/", "").replace(/\.js$/, "")] = source;
    else missing.push(source);
  }
  return { found, missing };
}

/** Everything the output depends on, as one number. */
function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of [...globSync("{runtime,compiler}/**/*.ts").sort(), ".ci/build.ts", "package.json", "tsconfig.json"]) {
    hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/**
 * By rolldown, because it can be told what stands together: everything `import "dspex"` loads at once is one chunk. esbuild
 * cuts a chunk for each set of entries and lazy imports that share a source, 18 files for the core, and a file costs Node
 * half a millisecond. Nothing is minified: shorter text is not parsed faster, and a stack trace shows a line one can read.
 */
async function bundle(found: Record<string, string>, outdir: string): Promise<void> {
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), manifest.name];
  const atOnce = new Set([join(root, found.index!)]);
  const made = await rolldown({
    // Not the folder the build was started from.
    cwd: root,
    input: found,
    platform: "neutral",
    // Node's own modules, the dependencies, and this package's entries, which find each other through package.json.
    external: (id) => id.startsWith("node:") || names.some((name) => id === name || id.startsWith(`${name}/`)),
    tsconfig: false,
    transform: { target: "es2023" },
    plugins: [
      {
        name: "core",
        // Before the chunks are cut, every module is known.
        buildEnd() {
          for (const id of atOnce) for (const imported of this.getModuleInfo(id)?.importedIds ?? []) atOnce.add(imported);
        },
      },
    ],
  });
  const { output } = await made.generate({
    // Told dist and written elsewhere: the paths inside source maps are those of dist.
    dir: join(root, "dist"),
    format: "esm",
    chunkFileNames: "chunks/[name]-[hash].js",
    comments: { legal: false, jsdoc: false, annotation: true },
    sourcemap: true,
    codeSplitting: { groups: [{ name: "core", test: (id) => atOnce.has(id) }] },
  });
  await made.close();
  for (const file of output) {
    const target = join(outdir, file.fileName);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.type === "chunk" ? withoutBareImports(file.code) : file.source);
  }
  const command = join(outdir, "dspexc.js");
  if (!existsSync(command)) return;
  const text = readFileSync(command, "utf8");
  writeFileSync(command, text.startsWith("#!") ? text : `#!/usr/bin/env node\n${text}`);
  chmodSync(command, 0o755);
}

/**
 * Splitting leaves `import "./chunk.js";` where only the order of evaluation was meant. No chunk has an effect of its
 * own (package.json says so), and a user's bundler warns about each such line; an empty line keeps the maps true.
 */
function withoutBareImports(text: string): string {
  return text.replace(/^import "\.[^"]*";$/gm, "");
}

/**
 * What runs everywhere once more, a module a source, for bundlers: they keep or drop a file as a whole when they cut
 * chunks, so from the chunks above a trivial predict would load 20 kB at once instead of 8. Node takes the chunks, where a
 * file more costs half a millisecond (`node` and `default` in package.json's exports).
 */
async function modules(outdir: string): Promise<void> {
  const dist = join(root, "dist");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: globSync("runtime/**/*.ts", { cwd: root }).filter((file) => !/^runtime\/(python\/|lm\/local)/.test(file)),
    outbase: "runtime",
    outdir: join(dist, "modules"),
    write: false,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    legalComments: "none",
    sourcemap: "linked",
    logLevel: "silent",
    plugins: [
      {
        name: "one by one",
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ kind, path }) =>
            kind === "entry-point" ? undefined : { path: path.replace(/^(\..*)\.ts$/, "$1.js"), external: true },
          );
        },
      },
    ],
  });
  const empty = new Set(outputFiles.filter(({ path, text }) => path.endsWith(".js") && !/^(?!\/\/)\S/m.test(text)).map(({ path }) => path));
  for (const { path, contents } of outputFiles) {
    // A file of types alone is nobody's import.
    if (empty.has(path.replace(/\.map$/, ""))) continue;
    const target = join(outdir, relative(dist, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
}

/** tsc writes declarations with the specifiers of the sources; users' resolvers want `.js` there. */
async function declarations(found: Record<string, string>, outdir: string): Promise<void> {
  const project = join(outdir, "tsconfig.json");
  const types = join(outdir, "types");
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: root,
      outDir: types,
      noCheck: true,
      skipLibCheck: true,
      paths: {},
    },
    files: Object.values(found).map((source) => join(root, source)),
    include: [],
  };
  writeFileSync(project, JSON.stringify(config));
  const { code, output } = await run(join(root, "node_modules/.bin/tsc"), ["-p", project]);
  rmSync(project);
  if (!existsSync(types)) throw new Error(`tsc wrote no declarations (exit ${code}):\n${output}`);
  for (const file of globSync(join(types, "**/*.d.ts"))) {
    const text = readFileSync(file, "utf8");
    const rewritten = text.replace(/((?:from|import)\s*\(?\s*["'])(\.{1,2}\/[^"']*)\.ts(["'])/g, "$1$2.js$3");
    // Without @types/node, a user's `lib` knows disposal only from esnext on.
    const named = /Symbol\.(async)?dispose/i.test(rewritten) ? `/// <reference lib="esnext.disposable" />\n${rewritten}` : rewritten;
    if (named !== text) writeFileSync(file, named);
  }
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** One build at a time: whoever comes second waits, and then finds the work done. A lock whose process is gone is taken over. */
async function locked(work: () => Promise<void>): Promise<void> {
  const lock = join(root, ".dspex/building");
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch {
      if (!isRunning(lock)) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isRunning(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(lock, "utf8")) || process.pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** File by file, each whole at once: chunks before the entries that name them, and what is left over last. A program that runs from dist meanwhile finds every file. */
function install(outdir: string): void {
  const files = (folder: string) =>
    (existsSync(folder) ? globSync("**/*", { cwd: folder, withFileTypes: true }) : [])
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const fresh = [...files(outdir), ".build"];
  const entriesLast = (path: string) => (path === ".build" ? 2 : path.includes("/") ? 0 : 1);
  for (const path of fresh.toSorted((a, b) => entriesLast(a) - entriesLast(b))) {
    mkdirSync(dirname(join(root, "dist", path)), { recursive: true });
    renameSync(join(outdir, path), join(root, "dist", path));
  }
  const kept = new Set(fresh);
  for (const path of files(join(root, "dist"))) if (!kept.has(path)) rmSync(join(root, "dist", path), { force: true });
}

const upToDate = (print: string): boolean => existsSync("dist/.build") && readFileSync("dist/.build", "utf8") === print;

async function main(): Promise<void> {
  const started = performance.now();
  const print = fingerprint();
  if (!process.argv.includes("--force") && upToDate(print)) return console.log("dist is up to date");
  await locked(async () => {
    if (!process.argv.includes("--force") && upToDate(print)) return console.log("dist is up to date");
    const { found, missing } = entries();
    const outdir = join(root, `.dspex/build-${process.pid}`);
    // Under the lock, any other such folder is what a build that was killed left behind.
    for (const left of globSync(".dspex/build-*")) rmSync(left, { recursive: true, force: true });
    mkdirSync(outdir, { recursive: true });
    try {
      await Promise.all([bundle(found, outdir), modules(outdir), declarations(found, outdir)]);
      writeFileSync(join(outdir, ".build"), print);
      install(outdir);
    } catch (error) {
      // A source that does not parse: both bundlers say where in their message.
      if (!(error as { errors?: unknown }).errors) throw error;
      console.error((error as Error).message);
      process.exitCode = 1;
      return;
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
    for (const source of missing) console.log(`skipped ${source}: not there yet`);
    console.log(`built ${Object.keys(found).length} entries in ${Math.round(performance.now() - started)} ms`);
  });
}

await main();
