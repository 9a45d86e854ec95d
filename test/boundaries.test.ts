/**
 * Who may import whom (design, sections 1 and 2): read from the sources, so that a wrong import fails here and not in a
 * user's bundle. Type imports count too: a stage may not know a later one, and the runtime not the compiler.
 */
import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

interface Import {
  readonly from: string;
  /** As written; a relative one as a path from the root. */
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Of what is written, comments and texts left out: the parser tells an import from the word. */
function importsOf(from: string): Import[] {
  const { module } = parseSync(from, readFileSync(join(root, from), "utf8"));
  const resolve = (specifier: string) => (specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier);
  const text = readFileSync(join(root, from), "utf8");
  return [
    ...module.staticImports.map((i) => ({
      from,
      to: resolve(i.moduleRequest.value),
      typeOnly: i.entries.length > 0 && i.entries.every((entry) => entry.isType),
    })),
    ...module.staticExports.flatMap((e) =>
      e.entries.flatMap((entry) => (entry.moduleRequest ? [{ from, to: resolve(entry.moduleRequest.value), typeOnly: entry.isType }] : [])),
    ),
    ...module.dynamicImports.map((i) => ({
      from,
      to: resolve(text.slice(i.moduleRequest.start, i.moduleRequest.end).replace(/^["'`]|["'`]$/g, "")),
      typeOnly: false,
    })),
  ];
}

const sources = globSync("{compiler,runtime}/**/*.ts", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .sort();
const imports = sources.flatMap(importsOf);
const wrong = (test: (i: Import) => boolean) => imports.filter(test).map(({ from, to }) => `${from} -> ${to}`);
const stageOf = (path: string): number | undefined => {
  const stage = /^compiler\/(\d)-/.exec(path);
  return stage ? Number(stage[1]) : undefined;
};

it("reads the imports at all", () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(imports).toContainEqual({ from: "compiler/compile.ts", to: "compiler/2-parse/parse.ts", typeOnly: false });
  expect(imports).toContainEqual({ from: "compiler/compile.ts", to: "runtime/abi.ts", typeOnly: true });
});

describe("the compiler", () => {
  it("goes one way: no stage imports a later one", () => {
    expect(wrong(({ from, to }) => stageOf(from) !== undefined && stageOf(to) !== undefined && stageOf(to)! > stageOf(from)!)).toEqual([]);
  });

  it("leaves the command line and the pipeline above the stages that make the IR", () => {
    expect(
      wrong(({ from, to }) => (stageOf(from) ?? 9) <= 5 && /^compiler\/(?:cli\/|compile\.ts|index\.ts|config\.ts|config\/)/.test(to)),
    ).toEqual([]);
    expect(
      wrong(
        ({ from, to }) =>
          /^compiler\/(?:diagnostics\/|source\.ts)/.test(from) &&
          to.startsWith("compiler/") &&
          !/^compiler\/(?:diagnostics\/|source\.ts)/.test(to),
      ),
    ).toEqual([]);
  });

  it("knows the runtime by the types of its one contract", () => {
    // The one exception: `dspexc python sync` and `doctor` set up what the bridge needs before any program runs.
    const isSetUp = ({ from, to }: Import) => from.startsWith("compiler/cli/") && to.startsWith("runtime/python/env/");
    expect(
      wrong(
        (i) => i.from.startsWith("compiler/") && i.to.startsWith("runtime/") && !(i.to === "runtime/abi.ts" && i.typeOnly) && !isSetUp(i),
      ),
    ).toEqual([]);
  });
});

describe("the runtime", () => {
  it("does not know the compiler", () => {
    expect(wrong(({ from, to }) => from.startsWith("runtime/") && to.startsWith("compiler/"))).toEqual([]);
  });
});

describe("every dependency has one door", () => {
  const doors: Readonly<Record<string, RegExp>> = {
    chevrotain: /^compiler\/2-parse\//,
    "oxc-parser": /^compiler\/1-scan\/estree\.ts$/,
    "ts-morph": /^compiler\/1-scan\//,
    esbuild: /^compiler\/6-bundle\/esbuild\.ts$/,
    unplugin: /^compiler\/6-bundle\/unplugin\.ts$/,
    zod: /^compiler\/config\/check\.ts$/,
    citty: /^compiler\/cli\//,
    execa: /^runtime\/(?:python|lm\/local)\//,
    msgpackr: /^runtime\/python\/wire\/codec\.ts$/,
    undici: /^runtime\/lm\/undici\.ts$/,
  };
  it.each(Object.entries(doors))("%s", (name, door) => {
    const users = imports.filter(({ to }) => to === name || to.startsWith(`${name}/`));
    expect(users.filter(({ from }) => !door.test(from)).map(({ from }) => from)).toEqual([]);
  });

  it("dspy, in the Python folder of programs", () => {
    const files = globSync("python/dspex_worker/**/*.py", { cwd: root }).filter((path) =>
      /^\s*(?:import dspy|from dspy)\b/m.test(readFileSync(join(root, path), "utf8")),
    );
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((path) => !path.startsWith("python/dspex_worker/programs/"))).toEqual([]);
  });
});

it("imports relative files by their own extension", () => {
  expect(wrong(({ to }) => /^(?:compiler|runtime)\//.test(to) && !to.endsWith(".ts"))).toEqual([]);
});
