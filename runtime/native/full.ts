/** Everything the short way leaves out, as one chunk: other adapters, every type, repair of JSON, response formats. */
import type { AdapterName } from "../router/engine.ts";
import { parse, parseLenient } from "./adapters/full.ts";
import type { Layout } from "./layout.ts";
import { toHost } from "./values/host.ts";

export { format, parse } from "./adapters/full.ts";
export { responseFormat } from "./response-format.ts";

/** The outputs in TypeScript's forms. Throws `ParseError`, or `int_unsafe`. */
export function parseOutputs(
  adapter: AdapterName,
  layout: Layout,
  completion: string,
  signature: string,
  lenient = false,
): Record<string, unknown> {
  return toHost(lenient && adapter === "chat" ? parseLenient(layout, completion) : parse(adapter, layout, completion), signature);
}
