/** Whether a specifier, seen from a file, names one of the configured alias modules. */
export function isAliasModule(specifier: string, importer: string, aliases: readonly string[]): boolean {
  if (aliases.includes(specifier)) return true;
  const path = specifier.startsWith(".") ? join(importer.slice(0, importer.lastIndexOf("/") + 1), specifier) : specifier;
  return aliases.some((alias) => (alias.startsWith(".") || alias.includes("/")) && bare(join("", alias)) === bare(path));
}

/** Without extension, and without the `/index` an import may leave out. */
const bare = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");

function join(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${folder}${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}
