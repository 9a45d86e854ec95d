/** Values that JSON has no word for, to JSON and back: what generated serializers call. */
import { History, Image } from "../values.ts";

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // In pieces: a picture's bytes are more than a call's arguments may be.
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
}

/** Data that has just been read: its fields have been checked, its types not. */
type Json = any;

export function imageOf({ url }: Json): Image {
  return new Image(url);
}

export function historyOf({ messages }: Json): History {
  return new History(messages);
}
