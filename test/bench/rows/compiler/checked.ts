/** A module that TypeScript's checker must be asked about, and dspex as its project has it installed. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
export const TSC: string = join(root, "node_modules/typescript/bin/tsc");

/** What the compiled module holds when the checker answered for this `edit`: the enum of the tool's parameter. */
export const channelOf = (edit: number): string => `channel-${edit}`;

/** `type<T>()` and `tool(fn)`; another `edit` is another type, so that no answer of before fits. */
export const checkedText = (edit: number): string => `import { sig, tool, type } from "dspex";

/** A request of a customer. */
export interface Ticket {
  readonly id: string;
  /** From 1, the most urgent. */
  readonly priority: number;
  readonly tags: readonly ("billing" | "crash" | "other")[];
  readonly parent?: Ticket;
}

export const Read = sig.Read\`message -> ticket: \${type<Ticket>()}\`;

/**
 * Finds the customer's earlier requests.
 * @param text What to look for.
 * @param limit The most that are returned.
 */
async function search(text: string, channel: "mail" | "${channelOf(edit)}", limit = 5): Promise<Ticket[]> {
  return [{ id: text, priority: limit, tags: channel === "mail" ? ["other"] : [] }];
}

export const searchTool = tool(search);
`;

/** Brings `dist/` up to date, which is a moment where it is, and links it and esbuild where `folder` finds them. */
export async function install(folder: string): Promise<void> {
  await execa(process.execPath, [join(root, ".ci/build.ts")], { cwd: root });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules", "dspex"));
  symlinkSync(join(root, "node_modules/esbuild"), join(folder, "node_modules", "esbuild"));
}
