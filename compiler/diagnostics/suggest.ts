/** "Did you mean": the nearest known word, by edits (a swap of neighbours counts as one), if it is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  // Beyond this length nothing is a typing mistake, and the table would cost more than the answer is worth.
  if (word.length > 40) return undefined;
  const allowed = word.length <= 2 ? 1 : word.length <= 5 ? 2 : 3;
  let best: string | undefined;
  let distance = allowed + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > allowed) continue;
    const d = candidate.toLowerCase() === word.toLowerCase() ? 0.5 : edits(word.toLowerCase(), candidate.toLowerCase());
    if (d < distance && d < Math.max(candidate.length, word.length)) {
      distance = d;
      best = candidate;
    }
  }
  return best;
}

function edits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      next.push(d);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}

/** `Did you mean \`x\`?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const found = nearest(word, known);
  return found === undefined ? undefined : `Did you mean \`${found}\`?`;
}
