/** `bytes.decode()`: UTF-8 to the letter, a byte order mark kept. */
export function decoded(data: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return undefined;
  }
}
