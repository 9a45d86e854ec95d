/** What a dead peer had said and nobody has read. */
import { readSync } from "node:fs";
import type { Socket } from "node:net";

const ROOM = 64 << 10;

/**
 * Right after a failed write: it is when the peer's end is closed, and Node throws the connection away without a look at
 * what is left in it. Undefined where that cannot be known.
 */
export function unreadOf(socket: Socket): Buffer | undefined {
  const fd = (socket as Socket & { readonly _handle?: { readonly fd?: number } | null })._handle?.fd ?? -1;
  if (fd < 0) return undefined;
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.allocUnsafe(ROOM);
    try {
      const size = readSync(fd, part);
      if (size === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, size));
    } catch (error) {
      // Reset: the peer left something unread of ours, and all of its own has come before.
      return (error as NodeJS.ErrnoException).code === "ECONNRESET" ? Buffer.concat(parts) : undefined;
    }
  }
}
