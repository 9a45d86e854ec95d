/** Whether a file can hold a site at all: two searches of its text, so that most files of a project are never parsed. */
export function mayHoldSites(text: string, modules: ReadonlySet<string>): boolean {
  if (!/\b(?:sig|signature|tool|template)\b|\bexport\s*\*/.test(text)) return false;
  for (const module of modules) if (text.includes(lastPart(module))) return true;
  return false;
}

/** `@acme/prompts`, `./prompts.ts`: a specifier may be spelled with or without folders and extension; what of it stands in every spelling. */
export const lastPart = (module: string): string =>
  /^\.{0,2}\//.test(module) ? module.slice(module.lastIndexOf("/") + 1).replace(/\.[cm]?[jt]sx?$/, "") : module;
