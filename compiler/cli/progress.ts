/** One line that changes, on a terminal and after 300 ms; elsewhere a plain line every 10 s. */
export interface Progress {
  show(text: string): void;
  end(): void;
}

export function createProgress(silent: boolean, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (silent) return { show() {}, end() {} };
  const started = Date.now();
  let last = 0;
  let shown = "";
  return {
    show(text) {
      const now = Date.now();
      if (stream.isTTY) {
        if (now - started < 300 || now - last < 50) return;
        last = now;
        shown = text.replace(/\s+/g, " ").slice(0, Math.max(20, (stream.columns ?? 80) - 1));
        stream.write(`\r\u001B[K${shown}`);
      } else if (now - last >= 10_000) {
        last = now;
        stream.write(`${text}\n`);
      }
    },
    end() {
      if (shown) stream.write("\r\u001B[K");
      shown = "";
    },
  };
}
