/** Sockets and processes are unref'ed: this timer is what keeps a script running while it waits for an answer. */
export class KeepAlive {
  #holds = 0;
  #timer: NodeJS.Timeout | undefined;

  hold(): void {
    if (this.#holds++ === 0) {
      this.#timer ??= setInterval(() => {}, 0x7fff_ffff);
      this.#timer.ref();
    }
  }

  letGo(): void {
    if (--this.#holds === 0) this.#timer?.unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
