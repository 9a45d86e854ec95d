/** "Did you mean": the nearest known word, by edits (a swap of neighbours counts as one), if it is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  // Beyond this length nothing is a typing mistake, and the table would cost more than the answer is worth.
  if (word.length > LONGEST) return undefined;
  const allowed = word.length <= 4 ? 1 : word.length === 5 ? 2 : 3;
  const lower = word.toLowerCase();
  const rows = [0, 1, 2].map(() => new Uint8Array(LONGEST + 4)) as Rows;
  let best: string | undefined;
  let distance = allowed + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const other = candidate.toLowerCase();
    const d = other === lower ? 0.5 : edits(lower, other, rows);
    if (d < distance && d < Math.max(candidate.length, word.length)) {
      distance = d;
      best = candidate;
    }
  }
  return best;
}

const LONGEST = 40;
type Rows = [Uint8Array, Uint8Array, Uint8Array];

/** Damerau's distance (adjacent swaps), row by row. */
function edits(a: string, b: string, rows: Rows): number {
  let [before, row, next] = rows;
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let d = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1))
        d = Math.min(d, before[j - 2]! + 1);
      next[j] = d;
    }
    [before, row, next] = [row, next, before];
  }
  return row[b.length]!;
}

/** `Did you mean \`x\`?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const found = nearest(word, known);
  return found === undefined ? undefined : `Did you mean \`${found}\`?`;
}
