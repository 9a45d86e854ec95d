/**
 * `pattern`: the regular expressions that JavaScript (which enforces them) and Rust's `regex` (pydantic's engine) read
 * alike: no look-around, no back-references, and only escapes both know. Returns what is wrong with a pattern.
 */
export interface PatternProblem {
  readonly code: "pattern_unsupported" | "pattern_invalid";
  readonly message: string;
  /** In the pattern's text. */
  readonly at: number;
  readonly length: number;
}

const ESCAPES = new Set([..."dDwWsSbBnrtfv0", ..."\\^$.*+?()[]{}|/-"]);

export function patternProblem(pattern: string): PatternProblem | undefined {
  const unsupported = (message: string, at: number, length: number): PatternProblem => ({
    code: "pattern_unsupported",
    message,
    at,
    length,
  });
  let inClass = false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i]!;
    if (c === "\\") {
      const next = pattern[i + 1] ?? "";
      if (/[1-9]/.test(next) && !inClass) return unsupported("Back-references are not in the common subset.", i, 2);
      if (next === "k" && !inClass) return unsupported("Named back-references are not in the common subset.", i, 2);
      const long = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[pP]\{\w+(?:=\w+)?\})/.exec(pattern.slice(i, i + 40));
      if (long) i += long[0].length - 1;
      else if (next !== "" && !ESCAPES.has(next)) return unsupported(`The escape \`\\${next}\` is not in the common subset.`, i, 2);
      else i++;
    } else if (inClass) {
      if (c === "]") inClass = false;
      // Rust reads `[a&&b]`, `[a--b]`, `[a~~b]` and a nested `[` as set operations, JavaScript as characters.
      else if (c === "[" || /^(?:&&|--|~~)/.test(pattern.slice(i, i + 2)))
        return unsupported("Set operations inside `[...]` are not in the common subset.", i, 1);
    } else if (c === "[") {
      inClass = true;
      if (pattern[i + 1] === "^") i++;
      if (pattern[i + 1] === "]") return unsupported("An empty `[]` is read differently by the two engines.", i, 2);
    } else if (c === "(" && pattern[i + 1] === "?") {
      const group = /^\(\?(?::|<[A-Za-z_]\w*>)/.exec(pattern.slice(i, i + 60));
      if (group) i += group[0].length - 1;
      else if (/^\(\?<?[=!]/.test(pattern.slice(i, i + 4)))
        return unsupported("Look-around is not in the common subset.", i, pattern[i + 2] === "<" ? 4 : 3);
      else return unsupported("This kind of group is not in the common subset.", i, 3);
    }
  }
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return { code: "pattern_invalid", message: `JavaScript cannot read this pattern: ${reason(error)}.`, at: 0, length: pattern.length };
  }
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(text.lastIndexOf(": ") + 2).toLowerCase();
}
