/** A Unix socket in a folder that only this user can enter. */
import { existsSync, mkdirSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { bound } from "./bound.ts";
import { privateFolder } from "./folder.ts";
import type { Listener, Transport } from "./transport.ts";

export const unixTransport: Transport = {
  name: "unix",
  local: true,
  async listen(onSocket: (socket: Socket) => void): Promise<Listener> {
    const { folder, remove } = await privateFolder();
    const path = join(folder, "host");
    const listen = async (): Promise<Server> => {
      const server = createServer(onSocket);
      await bound(server, { path }, remove);
      return server;
    };
    let server = listen();
    await server;
    const again = async (old: Server): Promise<Server> => {
      // Before the new one listens: a closing server removes the path it was given.
      await new Promise((resolve) => setImmediate(resolve, old.close()));
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return listen();
    };
    return {
      address: `unix:${path}`,
      folder,
      async renew() {
        if (!existsSync(path)) server = server.then((old) => (existsSync(path) ? old : again(old)));
        await server;
      },
      async close() {
        (await server.catch(() => undefined))?.close();
        await remove();
      },
    };
  },
};
