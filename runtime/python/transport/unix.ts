/** A Unix socket in a folder that only this user can enter. */
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { bound } from "./bound.ts";
import { privateFolder } from "./folder.ts";
import type { Listener, Transport } from "./transport.ts";

export const unixTransport: Transport = {
  name: "unix",
  local: true,
  async listen(onSocket: (socket: Socket) => void): Promise<Listener> {
    const { folder, remove } = await privateFolder();
    const server = createServer(onSocket);
    await bound(server, { path: join(folder, "host") }, remove);
    return {
      address: `unix:${join(folder, "host")}`,
      folder,
      async close() {
        server.close();
        await remove();
      },
    };
  },
};
