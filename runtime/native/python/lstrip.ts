/** `str.lstrip`, apart from the rest of `whitespace.ts`: bundlers take files whole, and this one stands in the first chunk. */
const LEADING = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

export function lstrip(text: string): string {
  return text.replace(LEADING, "");
}
