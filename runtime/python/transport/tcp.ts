/** TCP on loopback, or on an address given: for workers in a container beside the host. The token admits them. */
import { type AddressInfo, createServer, type Socket } from "node:net";
import { bound } from "./bound.ts";
import { privateFolder } from "./folder.ts";
import type { Listener, Transport } from "./transport.ts";

export function tcpTransport(host = "127.0.0.1", port = 0): Transport {
  return {
    name: "tcp",
    local: false,
    async listen(onSocket: (socket: Socket) => void): Promise<Listener> {
      const { folder, remove } = await privateFolder();
      const server = createServer({ noDelay: true }, onSocket);
      await bound(server, { host, port }, remove);
      const at = server.address() as AddressInfo;
      return {
        address: `tcp:${at.address}:${at.port}`,
        folder,
        async close() {
          server.close();
          await remove();
        },
      };
    },
  };
}
