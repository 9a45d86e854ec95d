import type { Source } from "../source.ts";

/**
 * JavaScript's string and template literals: what their text is, and where each unit of it stands in the file. Inside
 * an escape a unit stands at the escape's start; `\r\n` in a template is one line feed, at the `\r`.
 */
export class CookedText {
  text = "";
  readonly #runs: Run[] = [];

  /** Text that stands in the file as something else, `file[at, end)`: an escape, a constant's name. */
  add(text: string, at: number, end: number): void {
    this.#runs.push({ length: text.length, start: at, end, verbatim: false });
    this.text += text;
  }

  /** Text that stands in the file as it is. */
  addVerbatim(file: string, start: number, end: number): void {
    this.#runs.push({ length: end - start, start, end, verbatim: true });
    this.text += file.slice(start, end);
  }

  /** Where each unit stands, and at last where the text ends, as `Source` has it. Nearly every text is one run: it needs no ends. */
  places(close: number): Pick<Source, "offsets" | "ends"> {
    const { length } = this.text;
    const offsets = new Array<number>(length + 1);
    const [first] = this.#runs;
    const isOneRun = this.#runs.length === 1 && first!.verbatim && first!.end === close;
    const ends = isOneRun ? undefined : new Array<number>(length);
    let i = 0;
    for (const run of this.#runs) {
      for (let unit = 0; unit < run.length; unit++, i++) {
        offsets[i] = run.verbatim ? run.start + unit : run.start;
        if (ends) ends[i] = run.verbatim ? run.start + unit + 1 : run.end;
      }
    }
    offsets[length] = close;
    return ends ? { offsets, ends } : { offsets };
  }
}

/** Units that come from one place of the file. */
interface Run {
  readonly length: number;
  readonly start: number;
  readonly end: number;
  /** One unit of the file each; else all of them stand for all of it. */
  readonly verbatim: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v" };
const ESCAPE =
  /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|(\r\n|[\n\r\u2028\u2029])|([\s\S]))/y;

/** Cooks `file[start, end)`, the text between the quotes. Returns the offset of an escape JavaScript cannot read in a template. */
export function cook(file: string, start: number, end: number, template: boolean, into: CookedText): number | undefined {
  let plain = start;
  const flush = (to: number) => {
    if (to > plain) into.addVerbatim(file, plain, to);
  };
  for (let i = start; i < end; i++) {
    const c = file.charCodeAt(i);
    if (c === 13 && template) {
      flush(i);
      const width = file.charCodeAt(i + 1) === 10 && i + 1 < end ? 2 : 1;
      into.add("\n", i, i + width);
      i += width - 1;
      plain = i + 1;
    } else if (c === 92) {
      flush(i);
      ESCAPE.lastIndex = i;
      const match = ESCAPE.exec(file)!;
      const [whole, braced, four, two, octal, line, other] = match;
      const digits = braced ?? four ?? two;
      if (digits !== undefined) {
        const point = Number.parseInt(digits, 16);
        if (point > 0x10ffff) return i;
        into.add(String.fromCodePoint(point), i, i + whole.length);
      } else if (octal !== undefined) {
        if (template && (octal !== "0" || /[0-9]/.test(file[i + 2] ?? ""))) return i;
        into.add(String.fromCharCode(Number.parseInt(octal, 8)), i, i + whole.length);
      } else if (line === undefined) {
        if (template && /[ux1-9]/.test(other!)) return i;
        into.add(SIMPLE[other!] ?? other!, i, i + whole.length);
      }
      i += whole.length - 1;
      plain = i + 1;
    }
  }
  flush(end);
  return undefined;
}
