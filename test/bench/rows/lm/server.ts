/** An endpoint that answers every request the same, at once: in a process of its own, so that the clients are what is measured. Prints its port. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const content = "[[ ## answer ## ]]\nParis\n\n[[ ## confidence ## ]]\n0.9\n\n[[ ## completed ## ]]";
const answer = Buffer.from(
  JSON.stringify({
    id: "1",
    object: "chat.completion",
    created: 1,
    model: "bench",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 },
  }),
);
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.writeHead(200, { "content-type": "application/json", "content-length": answer.length }).end(answer));
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
process.stdin.resume().on("end", () => process.exit());
