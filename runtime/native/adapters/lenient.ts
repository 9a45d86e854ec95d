/**
 * Headers as models write them rather than as DSPy reads them: in the middle of a line, indented, in bold, with other
 * blanks. Only names of the signature's own outputs count there, so that text about other headers stays text. Opt-in.
 */
import { strip } from "../python/whitespace.ts";

const HEADER = /(\*{1,2}|`)?\[\[[ \t]*##[ \t]*([\p{L}\p{N}_]+)[ \t]*##[ \t]*\]\]\1?/gu;

export function lenientSections(completion: string, names: ReadonlySet<string>): [name: string, text: string][] {
  const found: [string, string][] = [];
  let name: string | undefined;
  let start = 0;
  const end = (at: number): void => {
    if (name !== undefined) found.push([name, strip(completion.slice(start, at))]);
  };
  for (const match of completion.matchAll(HEADER)) {
    const header = match[2]!;
    if (!names.has(header) && header !== "completed") continue;
    end(match.index);
    name = header;
    start = match.index + match[0].length;
  }
  end(completion.length);
  return found;
}
