/**
 * `node --import dspex/register app.ts`: literals are compiled as their files load, for scripts and tests. Node strips
 * the types; positions in stack traces stay true, because the replacement carries its source map inline.
 */
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { position } from "../source.ts";
import { plainMessage } from "./messages.ts";
import { openSession } from "./session.ts";

const session = await openSession({ cache: false }, process.cwd());

/** A mistake in a literal, printed as Node prints a syntax error: the place is the user's, and no frame of ours follows. */
class SignatureSyntaxError extends SyntaxError {
  constructor(message: string, place: string) {
    super(message);
    this.stack = `SyntaxError: ${message}\n    at ${place}`;
  }
}

process.setSourceMapsEnabled(true);
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (
      !url.startsWith("file:") ||
      url.includes("/node_modules/") ||
      !/\.[cm]?[jt]sx?(\?|$)/.test(url) ||
      loaded.source === undefined ||
      loaded.source === null
    )
      return loaded;
    const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source as Uint8Array);
    const path = fileURLToPath(url);
    const made = session.compile(path, text);
    if (made === undefined) return loaded;
    const errors = made.diagnostics.filter((found) => found.severity === "error");
    if (errors.length) {
      const { line, column } = position(text, errors[0]!.span.start);
      throw new SignatureSyntaxError(errors.map(plainMessage).join("\n\n"), `${path}:${line}:${column}`);
    }
    for (const found of made.diagnostics) if (found.severity === "warning") process.stderr.write(`${plainMessage(found)}\n`);
    return { ...loaded, source: `${made.code()}//# sourceMappingURL=${made.map().toUrl()}\n` };
  },
});
