/**
 * Builds dist/: one entry for each export of package.json and the command, as ES modules with shared chunks, and the
 * declarations by tsc. Dependencies and the package's own entries stay outside: an entry imports `dspex/internal`, it
 * never carries a second copy. Nothing is done when nothing changed; two builds at once do not disturb each other,
 * because each writes a folder of its own and renames it.
 *
 *   node .ci/build.ts [--force]
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

/** `dist/python.js` is made of the source whose declarations it names. */
function entries(): { readonly found: Record<string, string>; readonly missing: readonly string[] } {
  const found: Record<string, string> = {};
  const missing: string[] = [];
  const all = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [[entry.default, entry.types.replace("./dist/types/", "").replace(/\.d\.ts$/, ".ts")] as const],
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

/** Told to write dist and written elsewhere: the paths inside source maps are those of dist. */
async function bundle(found: Record<string, string>, outdir: string): Promise<void> {
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), manifest.name];
  const dist = join(root, "dist");
  const { outputFiles } = await build({
    // Not the folder the build was started from.
    absWorkingDir: root,
    entryPoints: found,
    outdir: dist,
    write: false,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    // Node's own modules, the dependencies, and this package's entries, which find each other through package.json.
    external: ["node:*", ...names.flatMap((name) => [name, `${name}/*`])],
    chunkNames: "chunks/[name]-[hash]",
    legalComments: "none",
    sourcemap: "linked",
    logLevel: "warning",
  });
  for (const { path, contents } of outputFiles) {
    const target = join(outdir, relative(dist, path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, contents);
  }
  withoutBareImports(outdir);
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
function withoutBareImports(outdir: string): void {
  for (const file of globSync(join(outdir, "**/*.js"))) {
    const text = readFileSync(file, "utf8");
    const rewritten = text.replace(/^import "\.[^"]*chunk-[^"]*";$/gm, "");
    // Without @types/node, a user's `lib` knows disposal only from esnext on.
    const named = /Symbol\.(async)?dispose/i.test(rewritten) ? `/// <reference lib="esnext.disposable" />\n${rewritten}` : rewritten;
    if (named !== text) writeFileSync(file, named);
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

const started = performance.now();
const { found, missing } = entries();
const print = fingerprint();
const stamp = "dist/.build";
if (!process.argv.includes("--force") && existsSync(stamp) && readFileSync(stamp, "utf8") === print) {
  console.log("dist is up to date");
} else {
  const outdir = join(root, `.dspex/build-${process.pid}`);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  try {
    await Promise.all([bundle(found, outdir), declarations(found, outdir)]);
    writeFileSync(join(outdir, ".build"), print);
    install(outdir);
  } catch (error) {
    // esbuild and tsc have said what is wrong, with the place.
    if (!(error as { errors?: unknown }).errors) throw error;
    process.exitCode = 1;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
  for (const source of missing) console.log(`skipped ${relative(root, join(root, source))}: not there yet`);
  if (!process.exitCode) console.log(`built ${Object.keys(found).length} entries in ${Math.round(performance.now() - started)} ms`);
}

/** Puts the new folder where dist was. Whoever comes second in a race finds the first one's equal result, and keeps it. */
function install(outdir: string): void {
  const old = join(dirname(outdir), `old-${process.pid}`);
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      if (existsSync("dist")) renameSync("dist", old);
      renameSync(outdir, "dist");
      break;
    } catch (error) {
      if (attempt === 4) throw error;
    }
  }
  rmSync(old, { recursive: true, force: true });
}
