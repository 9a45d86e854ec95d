/** The last lines a Python process wrote, for error messages; the stream is always read, so that nobody blocks on it. */
import type { Readable } from "node:stream";

const KEEP = 8 << 10;

export class StderrTail {
  #text = "";
  /** Bytes seen in all; floods are counted, not kept. */
  bytes = 0;
  readonly ended: Promise<void>;

  constructor(stream: Readable) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      this.bytes += text.length;
      this.#text = (this.#text + text).slice(-KEEP);
    });
    this.ended = new Promise((resolve) => {
      stream.once("close", resolve);
      stream.once("error", () => resolve());
    });
  }

  /** The last lines, the first of them whole. */
  text(lines = 20): string {
    return this.#text.trimEnd().split("\n").slice(-lines).join("\n");
  }
}
