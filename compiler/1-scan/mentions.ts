/**
 * Where a file's text has one of some words: what of its tree has none of them need not be walked. A word inside another
 * word or a comment counts too, which costs a walk and changes no answer.
 */
export type Mentions = (start: number, end: number) => boolean;

export function mentionsOf(text: string, words: Iterable<string>): Mentions {
  // An identifier may be spelt with escapes, which a search does not see.
  if (text.includes("\\u")) return () => true;
  const offsets: number[] = [];
  for (const word of words) for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) offsets.push(at);
  offsets.sort((a, b) => a - b);
  return (start, end) => {
    let low = 0;
    let high = offsets.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return low < offsets.length && offsets[low]! < end;
  };
}
