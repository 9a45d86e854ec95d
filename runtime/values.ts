/**
 * Values that plain JSON has no word for: an image, a conversation, a whole number that is meant as a float. They are
 * small frozen classes, so that `instanceof` tells them from data, and they hold data only, so that they clone and ship.
 */

/** dspy.Image: an address or a data URI, as the prompt's image block carries it. */
export class Image {
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    Object.freeze(this);
  }
  toJSON(): { url: string } {
    return { url: this.url };
  }
}

/** dspy.History: earlier turns, each a record of the signature's own field names. */
export class History {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  constructor(messages: readonly Readonly<Record<string, unknown>>[]) {
    this.messages = Object.freeze([...messages]);
    Object.freeze(this);
  }
  toJSON(): { messages: readonly Readonly<Record<string, unknown>>[] } {
    return { messages: this.messages };
  }
}

/** A number that prints as Python's float where nothing declares its type: `5.0`, not `5`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
    Object.freeze(this);
  }
  valueOf(): number {
    return this.value;
  }
  /** `5.0` in JSON text too, where the engine can write a number as it is spelt. */
  toJSON(): unknown {
    const { rawJSON } = JSON as { rawJSON?: (text: string) => unknown };
    const text = Object.is(this.value, -0) ? "-0" : `${this.value}`;
    return rawJSON && /^-?\d+$/.test(text) ? rawJSON(`${text}.0`) : this.value;
  }
}

/**
 * An image for a `dspy.Image` field: an `http(s):` address, a `data:` URI, or the bytes of a picture and their media type.
 * Files are not read here: the core runs where there is no file system.
 */
export function image(source: string | URL | Uint8Array, mime?: string): Image {
  if (typeof source === "string") return new Image(source);
  if (source instanceof URL) return new Image(source.href);
  if (!mime) throw new TypeError('image(bytes, mime) needs the media type, for example image(bytes, "image/png").');
  return new Image(`data:${mime};base64,${base64(source)}`);
}

/** A conversation for a `dspy.History` field. */
export function history(messages: readonly Readonly<Record<string, unknown>>[]): History {
  return new History(messages);
}

/** `float(5)` prints as `5.0` inside Any, dict and list values, where `5` prints as `5`. Declared floats need no mark. */
export function float(value: number): Float {
  return new Float(value);
}

/** In pieces, because a picture's bytes are more than a call's arguments may be. */
function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
