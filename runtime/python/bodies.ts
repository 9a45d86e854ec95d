/**
 * Memory for the bodies of large calls, used again for the next: fresh pages take several times as long as the copy into
 * them. What nobody has asked for in a second goes.
 */

const KEEP = 2;
const IDLE = 1000;

const spare: ArrayBufferLike[] = [];
let timer: NodeJS.Timeout | undefined;

/** Of that size, with anybody's old bytes in it. */
export function takeBody(size: number): Buffer {
  const index = spare.findIndex(({ byteLength }) => byteLength >= size && byteLength <= 2 * size);
  const memory = index < 0 ? Buffer.allocUnsafeSlow(size).buffer : spare.splice(index, 1)[0]!;
  return Buffer.from(memory, 0, size);
}

/** Whose call has been answered: the worker has read all of it. Of a call given up, frames may still wait to be sent. */
export function giveBackBody(body: Buffer): void {
  if (spare.length >= KEEP) return;
  spare.push(body.buffer);
  if (timer) timer.refresh();
  else
    timer = setTimeout(() => {
      timer = undefined;
      spare.length = 0;
    }, IDLE).unref();
}
