/** The package in a project outside this repository: packed, unpacked where npm would put it, and beside it what npm would install with it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

/** Returns the tarball. `beside` are packages of this repository the project has as well; all are linked, so this needs no network. */
export function installPackage(folder: string, beside: readonly string[] = []): string {
  execFileSync(process.execPath, [join(root, ".ci/build.ts")], { stdio: "pipe" });
  const tarball = pack(folder);
  mkdirSync(join(folder, "node_modules/dspex"), { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", join(folder, "node_modules/dspex"), "--strip-components=1"]);
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { dependencies: Record<string, string> };
  for (const name of [...Object.keys(dependencies), ...beside]) {
    const place = join(folder, "node_modules", name);
    // A package the project has for itself stays.
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(root, "node_modules", name), place, "dir");
  }
  return tarball;
}

/** What the tarball holds: package.json's `files`, copied out of a clone-like folder so that `npm pack` runs no script of ours. */
function pack(into: string): string {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", into], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as [{ filename: string }];
  return join(into, packed.filename);
}
