/** `template("...")`: its text, and the names it may use where the second argument says them at build time. */
import type { SourceFile } from "../source.ts";
import { type ESTree, unwrap } from "./estree.ts";
import { fold } from "./fold.ts";
import type { Scope } from "./scope.ts";
import { HOLE, type TemplateSite } from "./site.ts";

/** Undefined where the text or the names are known only at run time: such a call is left as it stands. */
export function templateSite(file: SourceFile, node: ESTree, scope: Scope | undefined): TemplateSite | undefined {
  const [first, second, ...more] = node.arguments as ESTree[];
  if (!first || first.type === "SpreadElement" || more.length > 0) return undefined;
  const folded = fold(first, file.text, scope, HOLE);
  if ("reason" in folded || folded.holes.length > 0) return undefined;
  const known = second && knownNames(unwrap(second));
  if (second && !known) return undefined;
  const { text, offsets, ends } = folded;
  return { kind: "template", source: { file, text, offsets, ends }, span: { start: node.start, end: node.end }, known };
}

function knownNames(node: ESTree): TemplateSite["known"] {
  if (node.type === "Identifier") return { signature: node.name as string };
  if (node.type !== "ArrayExpression") return undefined;
  const items = node.elements as (ESTree | null)[];
  const names = items.map((item) => item && unwrap(item).value);
  return names.every((name) => typeof name === "string") ? (names as string[]) : undefined;
}
