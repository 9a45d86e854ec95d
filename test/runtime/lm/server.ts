/** A local endpoint that behaves as a test tells it to, down to the bytes. It counts its requests and its open sockets. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Received {
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: any;
}
export type Behaviour = (response: ServerResponse, request: Received, index: number) => void | Promise<void>;

export interface Endpoint extends AsyncDisposable {
  readonly baseURL: string;
  readonly requests: Received[];
  /** Requests that have begun and not ended, on either side. */
  readonly open: () => number;
  readonly sockets: Set<Socket>;
  /** Requests whose client went away before the end. */
  readonly aborted: () => number;
}

export async function serve(...script: Behaviour[]): Promise<Endpoint> {
  const requests: Received[] = [];
  const sockets = new Set<Socket>();
  let open = 0;
  let aborted = 0;
  const server = createServer(async (request, response) => {
    open++;
    response.on("close", () => {
      open--;
      if (!response.writableFinished) aborted++;
    });
    let text = "";
    for await (const chunk of request) text += chunk;
    const received = { url: request.url!, headers: request.headers, body: JSON.parse(text) };
    const index = requests.push(received) - 1;
    await script[Math.min(index, script.length - 1)]!(response, received, index);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    requests,
    sockets,
    open: () => open,
    aborted: () => aborted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function completion(text: string, extra: object = {}): string {
  return JSON.stringify({
    model: "served-model",
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
    ...extra,
  });
}

export const answers =
  (text: string): Behaviour =>
  (response) =>
    void response.writeHead(200, { "content-type": "application/json" }).end(completion(text));

export const status =
  (code: number, body = "", headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(code, headers).end(body);

export const delta = (text: string, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content: text }, finish_reason: finish }] })}\n\n`;

/** Writes the pieces one after another, each in a packet of its own. */
export const pieces =
  (parts: readonly (string | Uint8Array)[], end: "end" | "destroy" | "hang" = "end"): Behaviour =>
  async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const part of parts) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    if (end === "end") response.end();
    if (end === "destroy") response.destroy();
  };
