/** A Unix socket in a folder that only this user can enter. */
import { mkdtemp, rm } from "node:fs/promises";
import { rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "../exit.ts";
import type { Listener, Transport } from "./transport.ts";

export const unixTransport: Transport = {
  name: "unix",
  local: true,
  async listen(onSocket: (socket: Socket) => void): Promise<Listener> {
    // mkdtemp makes the folder 0700. A path for a socket holds 107 bytes at most, so a deep TMPDIR gives way to /tmp.
    const base = tmpdir().length > 70 ? "/tmp" : tmpdir();
    const folder = await mkdtemp(join(base, "dspex-"));
    const server = createServer(onSocket);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(join(folder, "host"), resolve);
    });
    server.unref();
    const forget = atExit(() => rmSync(folder, { recursive: true, force: true }));
    return {
      address: `unix:${join(folder, "host")}`,
      async close() {
        forget();
        server.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
