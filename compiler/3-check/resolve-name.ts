/** What a name in a type's place means: given beside the text, known to DSPy, or nothing, and then what was meant. */
import type { AttributeNode, ExpressionNode, NameNode } from "../2-parse/ast.ts";
import { didYouMean } from "../diagnostics/suggest.ts";
import type { TypeContext } from "./type-context.ts";
import { OTHER_NAMES, type TypeName, typeNames } from "./type-names.ts";
import type { Value } from "./value.ts";

/** `object` is asked for where the attribute is not of a plain name. */
export function resolveName(node: NameNode | AttributeNode, context: TypeContext, object: () => Value | undefined): Value | undefined {
  const dotted = dottedName(node);
  if (dotted === undefined) {
    if (object()) context.report("type_not_a_type", node.span, `\`.${node.name}\` of a type is no type.`);
    return undefined;
  }
  const given = context.named(dotted);
  if (given !== undefined) return { kind: "type", type: given };
  const meaning = context.quoted ? quotedName(dotted) : typeNames.get(dotted);
  if (meaning) return { kind: "name", name: dotted, meaning };
  const other = Object.hasOwn(OTHER_NAMES, dotted) ? OTHER_NAMES[dotted] : undefined;
  if (node.kind === "attribute") {
    const base = dotted.slice(0, dotted.lastIndexOf("."));
    if (typeNames.has(base)) context.report("type_not_a_type", node.span, `\`${dotted}\` is no type.`);
    else {
      context.report("type_import", node.span, `\`${dotted}\` could only be found by importing it in Python.`, {
        hint: didYouMean(dotted, typeNames.keys()) ?? "Pass a schema for it instead, `${Schema}`, or a TypeScript type, `${type<T>()}`.",
      });
    }
    return undefined;
  }
  context.report("type_unknown", node.span, `\`${dotted}\` is not a type DSPy knows.`, {
    hint: other
      ? `Write \`${other}\`.`
      : (didYouMean(dotted, simpleNames) ?? `Pass a schema for it, \`\${${dotted}}\`, or a TypeScript type, \`\${type<${dotted}>()}\`.`),
  });
  return undefined;
}

/** What `dspy/signatures/signature.py` holds under a name, which is where pydantic looks for a type in quotes. */
function quotedName(dotted: string): TypeName | undefined {
  if (dotted === "Signature") return typeNames.get("dspy.Signature");
  if (dotted === "BaseModel") return typeNames.get("pydantic.BaseModel");
  if (dotted === "object") return { bare: "object" };
  const held = /^(?:str|int|float|bool|bytes|complex|list|tuple|dict|set|frozenset|Any|typing\..+|types\.NoneType)$/.test(dotted);
  return held ? typeNames.get(dotted) : undefined;
}

const simpleNames: readonly string[] = [...typeNames]
  .filter(([name, { nested }]) => !name.includes(".") && !(typeof nested === "object" && nested.kind === "class"))
  .map(([name]) => name);

function dottedName(node: ExpressionNode): string | undefined {
  const parts: string[] = [];
  let at = node;
  for (; at.kind === "attribute"; at = at.object) parts.push(at.name);
  if (at.kind !== "name") return undefined;
  parts.push(at.name);
  return parts.reverse().join(".");
}
