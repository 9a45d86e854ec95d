/** What `check --fix` may rewrite: a bare tag, whose literal TypeScript cannot see, becomes a call, whose literal it can. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import MagicString from "magic-string";
import type { Project } from "../6-bundle/project/project.ts";

/** The files rewritten. A bare tag with holes stays: a call cannot carry their values, and which name its tag should have is the author's choice. */
export function fixFiles(project: Project): readonly string[] {
  const fixed: string[] = [];
  for (const { file, signatures } of project.files) {
    const bare = signatures.filter(({ site }) => site.kind === "bareTag" && site.holes.length === 0 && site.literal !== undefined);
    if (bare.length === 0) continue;
    const out = new MagicString(file.text);
    for (const { site } of bare) {
      out.appendLeft(site.literal!.start, "(");
      out.appendRight(site.literal!.end, ")");
    }
    writeFileSync(join(project.layout.root, file.path), out.toString());
    fixed.push(file.path);
  }
  return fixed;
}
