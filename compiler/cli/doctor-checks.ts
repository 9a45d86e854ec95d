/** The doctor's checks: each one question about the project or the machine, answered without changing anything. */
import { existsSync, globSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, matchesGlob, relative } from "node:path";
import { asGlob } from "../6-bundle/project/files.ts";
import { generateProject } from "../6-bundle/project/generate.ts";
import { FOLDER, type Layout } from "../6-bundle/project/layout.ts";
import { compileProject, failing } from "../6-bundle/project/project.ts";
import { isFolder, programs } from "../6-bundle/project/tsconfig.ts";
import { changes } from "../6-bundle/project/write.ts";
import { loadConfig, type Settings } from "../config/load.ts";

export interface Check {
  readonly name: string;
  readonly status: "ok" | "warn" | "fail";
  /** What a failure is about; it decides the exit code. */
  readonly kind: "code" | "configuration" | "environment";
  readonly detail: string;
  readonly fix?: string;
}

export async function checks(cwd: string): Promise<readonly Check[]> {
  const config = await configuration(cwd);
  const settings = config.settings;
  const project = settings ? await projectChecks(cwd, settings) : [];
  return [node(), typescript(cwd), config.check, ...project, ...copies(cwd), plugins(cwd), await python(cwd)];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const fine = major > 22 || (major === 22 && minor >= 15);
  return {
    name: "node",
    kind: "environment",
    status: fine ? "ok" : "fail",
    detail: process.versions.node,
    ...(fine ? {} : { fix: "Install Node 22.15 or newer." }),
  };
}

function typescript(cwd: string): Check {
  const common = { name: "typescript", kind: "environment" } as const;
  const version = packageVersion(cwd, "typescript");
  if (version === undefined) return { ...common, status: "warn", detail: "not installed here", fix: "npm install --save-dev typescript" };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fine = major > 5 || (major === 5 && minor >= 9);
  return { ...common, status: fine ? "ok" : "warn", detail: version, ...(fine ? {} : { fix: "TypeScript 5.9, 6 and 7 are tested." }) };
}

async function configuration(cwd: string): Promise<{ check: Check; settings: Settings | undefined }> {
  const common = { name: "configuration", kind: "configuration" } as const;
  try {
    const { settings, file } = await loadConfig({ cwd, command: "doctor" });
    return { settings, check: { ...common, status: "ok", detail: file === undefined ? "none (defaults)" : relative(cwd, file) } };
  } catch (error) {
    return { settings: undefined, check: { ...common, status: "fail", detail: (error as Error).message } };
  }
}

async function projectChecks(cwd: string, settings: Settings): Promise<Check[]> {
  const project = await compileProject({ cwd, settings });
  const count = project.files.reduce((sum, file) => sum + file.signatures.length, 0);
  const errors = failing(project.diagnostics, settings.strict);
  const signatures: Check = {
    name: "signatures",
    kind: "code",
    status: errors ? "fail" : "ok",
    detail: `${count} in ${project.files.length} files`,
    ...(errors ? { fix: "dspexc check" } : {}),
  };
  return [signatures, tsconfig(project.layout), generated(project, errors)];
}

/** Types reach the editor only when tsconfig takes the registry in. */
function tsconfig(layout: Layout): Check {
  const common = { name: "tsconfig", kind: "configuration" } as const;
  if (!existsSync(join(layout.root, "tsconfig.json")))
    return { ...common, status: "warn", detail: "none found", fix: "Add a tsconfig.json; dspex.gen stands beside it." };
  if (!existsSync(layout.output)) return { ...common, status: "ok", detail: "found" };
  const folder = relative(layout.root, layout.output).replaceAll("\\", "/");
  // A bare "dspex.gen" has a dot, so TypeScript takes it for a file; only a pattern below it counts.
  const registry = `${folder}/registry.d.ts`;
  const configs = [...programs(layout.root)];
  const taken = configs.some(([, { include, files }]) =>
    include ? include.some((pattern) => matchesGlob(registry, asGlob(pattern))) : files === undefined || files.includes(registry),
  );
  if (taken) return { ...common, status: "ok", detail: `takes ${folder} in` };
  const [name, config] = configs.find(([, { include }]) => include?.some(isFolder)) ?? configs[0] ?? ["tsconfig.json", {}];
  return {
    ...common,
    status: "fail",
    detail: `${name} does not include ${folder}`,
    fix: `Add "${registry}" to "${config.files && !config.include ? "files" : "include"}".`,
  };
}

function generated(project: Awaited<ReturnType<typeof compileProject>>, errors: boolean): Check {
  const common = { name: FOLDER, kind: "code" } as const;
  if (!existsSync(project.layout.output)) return { ...common, status: "warn", detail: "not written yet", fix: "dspexc generate" };
  if (errors) return { ...common, status: "warn", detail: "not compared: the sources have errors" };
  const found = changes(project.layout, generateProject(project.layout, project.files));
  return found.length
    ? { ...common, status: "fail", detail: `stale: ${found.map(({ path }) => path).join(", ")}`, fix: "dspexc generate" }
    : { ...common, status: "ok", detail: "fresh" };
}

/** Two copies of dspex have two registries; two of zod, schemas that do not know each other. */
function copies(cwd: string): Check[] {
  return ["dspex", "zod"].flatMap((name): Check[] => {
    const paths = globSync(
      [
        `node_modules/${name}/package.json`,
        `node_modules/*/node_modules/${name}/package.json`,
        `node_modules/@*/*/node_modules/${name}/package.json`,
      ],
      { cwd },
    );
    const real = [...new Set(paths.map((path) => realpathSync(join(cwd, path))))];
    if (real.length < 2) return [];
    const versions = real.map((path) => (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version);
    return [
      {
        name: `copies of ${name}`,
        kind: "environment",
        status: name === "dspex" ? "fail" : "warn",
        detail: `${real.length}: ${versions.join(", ")}`,
        fix: `npm dedupe, or one version of ${name} in package.json`,
      },
    ];
  });
}

/** Plugins run in order; one that compiles TypeScript before ours hides the literals' places, and may fold them away. */
function plugins(cwd: string): Check {
  const common = { name: "bundler plugin", kind: "configuration" } as const;
  const configs = globSync("{vite,rollup,webpack,rspack,next,rolldown}.config.{js,ts,mjs,mts,cjs}", { cwd });
  const used = configs.filter((file) => /from\s+["']dspex\/|require\(["']dspex\//.test(readFileSync(join(cwd, file), "utf8")));
  if (configs.length === 0) return { ...common, status: "ok", detail: "no bundler configuration here" };
  if (used.length === 0)
    return {
      ...common,
      status: "warn",
      detail: `${configs.join(", ")} does not use dspex`,
      fix: "Add the plugin, or import dspex.gen/index first.",
    };
  const late = used.filter((file) =>
    /plugins\s*:\s*\[\s*(?!dspex\()[\w$]*(?:typescript|babel|swc|esbuild)[\w$]*\(/i.test(readFileSync(join(cwd, file), "utf8")),
  );
  return late.length
    ? { ...common, status: "warn", detail: `${late.join(", ")}: a compiler stands before dspex()`, fix: "Put dspex() first in plugins." }
    : { ...common, status: "ok", detail: used.join(", ") };
}

async function python(cwd: string): Promise<Check> {
  const common = { name: "python", kind: "environment" } as const;
  try {
    const { findPython } = await import("../../runtime/python/env/find.ts");
    const { projectDir } = await import("../../runtime/python/env/places.ts");
    const { version, dspy, source } = await findPython({ projectDir: projectDir(cwd) });
    return { ...common, status: "ok", detail: `${version}, dspy ${dspy} (${source})` };
  } catch (error) {
    // The native route works without it.
    const { message, remedy } = error as { message: string; remedy?: string };
    return {
      ...common,
      status: "warn",
      detail: remedy ? message.replace(remedy, "").trim() : message,
      fix: remedy ?? "dspexc python sync",
    };
  }
}

function packageVersion(cwd: string, name: string): string | undefined {
  try {
    return (createRequire(join(cwd, "package.json"))(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}
