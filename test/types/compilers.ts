/** The TypeScript compilers a user may have, run as a user runs them: as a process, on a project. */
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const root: string = fileURLToPath(new URL("../..", import.meta.url));

export const compilers: Readonly<Record<string, string>> = {
  "5.9": `${root}node_modules/typescript-5.9/bin/tsc`,
  "6": `${root}node_modules/typescript-6/bin/tsc`,
  "7": `${root}node_modules/typescript/bin/tsc`,
};

export interface Checked {
  /** `file(line,column): error TSnnnn: message`, file relative to the project, further lines of a message indented. */
  readonly errors: readonly string[];
  readonly instantiations: number;
}

let built: Promise<unknown> | undefined;

/** Checks a project against the built declarations, which are what users have; nothing is built when nothing changed. */
export async function check(version: string, project: string): Promise<Checked> {
  built ??= execa(process.execPath, [`${root}.ci/build.ts`], { cwd: root });
  await built;
  const compiler = compilers[version];
  if (!compiler) throw new Error(`no TypeScript ${version}`);
  // TypeScript 7 checks in several threads, each of which instantiates for itself: counts are of one.
  const { stdout } = await execa(
    process.execPath,
    [compiler, "-p", ".", "--pretty", "false", "--extendedDiagnostics", ...(version === "7" ? ["--singleThreaded"] : [])],
    {
      cwd: project,
      reject: false,
    },
  );
  const lines = stdout.split("\n");
  const errors: string[] = [];
  for (const line of lines) {
    if (/^\S+\(\d+,\d+\): error /.test(line) || /^error TS/.test(line)) errors.push(line);
    else if (line.startsWith("  ") && errors.length > 0) errors.push(`${errors.pop()}\n${line}`);
  }
  const counted = lines.find((line) => line.startsWith("Instantiations:"));
  if (!counted) throw new Error(`TypeScript ${version} did not finish:\n${stdout.slice(0, 2000)}`);
  return { errors, instantiations: Number(counted.split(":")[1]) };
}
