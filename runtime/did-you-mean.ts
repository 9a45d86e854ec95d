/** The known name a misspelt one most likely meant: the nearest by letters, if it is near. */
export function didYouMean(name: string, known: readonly string[]): string | undefined {
  const furthest = Math.min(Math.max(1, Math.floor(name.length / 3)), 4);
  for (let edits = 0; edits <= furthest; edits++) {
    const near = known.find((each) => isWithin(name.toLowerCase(), each.toLowerCase(), edits));
    if (near !== undefined) return near;
  }
  return undefined;
}

/** Whether so many letters changed, added, left out or exchanged with their neighbour make one of the other. Four edits at most: no table is needed. */
function isWithin(a: string, b: string, edits: number): boolean {
  if (a === b || edits === 0 || Math.abs(a.length - b.length) > edits) return a === b;
  if (a[0] === b[0]) return isWithin(a.slice(1), b.slice(1), edits);
  return (
    isWithin(a.slice(1), b.slice(1), edits - 1) ||
    isWithin(a.slice(1), b, edits - 1) ||
    isWithin(a, b.slice(1), edits - 1) ||
    (a[0] === b[1] && a[1] === b[0] && isWithin(a.slice(2), b.slice(2), edits - 1))
  );
}
