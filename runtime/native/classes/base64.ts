/** `base64.decodebytes`: characters of no alphabet are passed over, padding that closes a group ends the text. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Undefined where a group is left unfinished. */
export function base64(data: Uint8Array, urlSafe: boolean): Uint8Array | undefined {
  const out: number[] = [];
  let [group, held, padding] = [0, 0, 0];
  for (const byte of data) {
    let char = String.fromCharCode(byte);
    if (char === "=") {
      padding++;
      if (group >= 2 && group + padding >= 4) return Uint8Array.from(out);
      continue;
    }
    if (urlSafe) char = char === "-" ? "+" : char === "_" ? "/" : char;
    const bits = ALPHABET.indexOf(char);
    if (bits < 0) continue;
    padding = 0;
    if (group > 0) out.push(((held << (2 * group)) | (bits >> (6 - 2 * group))) & 255);
    held = bits;
    group = (group + 1) % 4;
  }
  return group === 0 ? Uint8Array.from(out) : undefined;
}
