/** One walk over a file's tree: every use of dspex's `sig`, `signature` and `tool`, followed to the name it was imported by. */
import type { Report } from "../diagnostics/report.ts";
import type { SourceFile, Span } from "../source.ts";
import { declarationOf, exportedNames } from "./declaration.ts";
import { childKeys, type ESTree, unwrap } from "./estree.ts";
import { type Folded, fold, type OpenHole } from "./fold.ts";
import { FOLLOWED, isNoValue, type Modules, onHandedOn, onOpened, onOpenedParameter, openedBy } from "./handed-on.ts";
import { mentionsOf } from "./mentions.ts";
import { RESERVED_TAGS } from "./names.ts";
import { lookUp, nameOf, type Scope, scopeOf } from "./scope.ts";
import { type Declaration, HOLE, type Hole, type Scan, type SignatureSite, type TemplateSite, type ToolSite } from "./site.ts";
import { templateSite } from "./template.ts";
import { toolSite } from "./tool.ts";

const HANDS_ON: ReadonlySet<string> = new Set(["ExportNamedDeclaration", "ExportAllDeclaration", "VariableDeclarator"]);

export function findSites(file: SourceFile, program: ESTree, modules: Modules, report: Report): Scan {
  const signatures: SignatureSite[] = [];
  const tools: ToolSite[] = [];
  const templates: TemplateSite[] = [];
  const exported = exportedNames(program);
  const span = (node: ESTree): Span => ({ start: node.start, end: node.end });

  /** The name dspex exports what this expression means, if it means something of dspex. */
  const dspexName = (node: ESTree, scope: Scope | undefined): string | undefined => {
    if (node.type === "Identifier") {
      const declared = lookUp(scope, node.name as string);
      return declared?.kind === "import" && modules.isDspex(declared.specifier) ? declared.imported : undefined;
    }
    if (node.type === "MemberExpression" && !node.computed) {
      return dspexName(unwrap(node.object as ESTree), scope) === "*" ? ((node.property as ESTree).name as string) : undefined;
    }
    return undefined;
  };

  /** `sig.Triage`, `sig["Triage"]`: the property. */
  const tagOf = (node: ESTree, scope: Scope | undefined): ESTree | undefined => {
    if (node.type !== "MemberExpression" || dspexName(unwrap(node.object as ESTree), scope) !== "sig") return undefined;
    const property = node.property as ESTree;
    return !node.computed || typeof property.value === "string" ? property : undefined;
  };

  const addSignature = (
    kind: SignatureSite["kind"],
    node: ESTree,
    text: ESTree,
    tag: ESTree | undefined,
    options: ESTree | undefined,
    scope: Scope | undefined,
    path: readonly ESTree[],
  ): void => {
    const folded = fold(text, file.text, scope, HOLE);
    if ("reason" in folded) {
      if (folded.badEscape)
        report("literal_escape", span(folded.node), "JavaScript cannot read this escape in a template literal.", {
          hint: "Write the backslash twice.",
        });
      else {
        report("literal_not_constant", span(folded.node), `The text of a signature must be known at build time, and ${folded.reason}.`, {
          hint: "Write it as a literal or a `const` of this file; for text known only at run time there is `compileSignature(text)` from dspex/compiler.",
        });
      }
      return;
    }
    if (tag && RESERVED_TAGS.has(nameOf(tag))) {
      report("tag_reserved", span(tag), `Every function has a property \`${nameOf(tag)}\`, so it cannot name a tag.`, {
        hint: "Choose another name.",
      });
      return;
    }
    const declaration = declarationOf(path, exported);
    const name = tag
      ? nameOf(tag)
      : (optionName(options, scope) ?? (declaration?.name === "default" ? undefined : declaration?.name) ?? "Signature");
    signatures.push(site(kind, name, node, folded, options, declaration, scope));
  };

  const site = (
    kind: SignatureSite["kind"],
    name: string,
    node: ESTree,
    folded: Folded,
    options: ESTree | undefined,
    declaration: Declaration | undefined,
    scope: Scope | undefined,
  ): SignatureSite => ({
    kind,
    name,
    source: { file, text: folded.text, offsets: folded.offsets, ends: folded.ends },
    span: span(node),
    literal: folded.literal,
    holes: folded.holes.map((hole, index) => closeHole(hole, index, scope)),
    options: options && span(options),
    declaration,
  });

  const closeHole = ({ at, span: whole, expression }: OpenHole, index: number, scope: Scope | undefined): Hole => {
    const inner = unwrap(expression);
    const isType = inner.type === "CallExpression" && dspexName(unwrap(inner.callee as ESTree), scope) === "type";
    const first = isType ? (inner.typeArguments as { readonly params: readonly ESTree[] } | null)?.params[0] : undefined;
    if (isType && !first)
      report("type_hole_unsupported", span(expression), "`type` names no type here.", { hint: "Write `type<Invoice>()`." });
    return {
      index,
      at,
      span: whole,
      expression: span(expression),
      text: file.text.slice(expression.start, expression.end),
      typeArgument: first ? span(first) : undefined,
      reference: referenceOf(inner),
    };
  };

  const onCall = (node: ESTree, scope: Scope | undefined, path: readonly ESTree[]): boolean => {
    const callee = unwrap(node.callee as ESTree);
    const [first, second] = node.arguments as ESTree[];
    const name = dspexName(callee, scope);
    if (name === "sig" || name === "signature") {
      if (!first || first.type === "SpreadElement")
        report("literal_not_constant", span(node), `\`${name}\` needs the text of a signature.`, {
          hint: `Write \`${name}("question -> answer")\`.`,
        });
      else addSignature(name === "sig" ? "call" : "signature", node, first, undefined, second, scope, path);
      return true;
    }
    if (name === "tool") {
      const found = toolSite(node, path, exported, scope, report);
      if (found) tools.push(found);
      return true;
    }
    if (name === "template") {
      const found = templateSite(file, node, scope);
      if (found) templates.push(found);
      return false;
    }
    const tag = tagOf(callee, scope);
    if (tag && !RESERVED_TAGS.has(nameOf(tag))) {
      report("tag_called", span(node), `\`sig.${nameOf(tag)}\` is a tag: it stands in front of a backtick literal.`, {
        hint: `Write sig.${nameOf(tag)}\`question -> answer\`.`,
      });
    }
    return tag !== undefined;
  };

  const onTagged = (node: ESTree, scope: Scope | undefined, path: readonly ESTree[]): boolean => {
    const tagNode = unwrap(node.tag as ESTree);
    const tag = tagOf(tagNode, scope);
    if (tag) addSignature("tag", node, node.quasi as ESTree, tag, undefined, scope, path);
    else if (dspexName(tagNode, scope) === "sig" || dspexName(tagNode, scope) === "signature")
      addSignature("bareTag", node, node.quasi as ESTree, undefined, undefined, scope, path);
    else return false;
    return true;
  };

  /** A followed function used other than by calling it: what it is called there cannot be followed. */
  const onOther = (node: ESTree, scope: Scope | undefined, parent: ESTree | undefined): void => {
    if (modules.isAlias || (parent && isNoValue(node, parent))) return;
    const name = dspexName(node, scope);
    if (name === undefined) onOpened(node, scope, modules, report);
    if (name === undefined || !FOLLOWED.has(name)) return;
    report("sig_aliased", span(node), `\`${name}\` is handed on here, and literals written with its other name are not compiled.`, {
      hint: `Call \`${name}\` by the name it is imported by, or list this module in \`aliases\` in dspex.config.ts.`,
    });
  };

  const onSite = (node: ESTree, scope: Scope | undefined, path: readonly ESTree[]): readonly ESTree[] | undefined => {
    if (node.type === "CallExpression" && onCall(node, scope, path)) return node.arguments as ESTree[];
    if (node.type === "TaggedTemplateExpression" && onTagged(node, scope, path)) return (node.quasi as ESTree).expressions as ESTree[];
    return undefined;
  };
  const onUse = (node: ESTree, scope: Scope | undefined, parent: ESTree | undefined): void => {
    if (HANDS_ON.has(node.type)) onHandedOn(node, scope, modules, report);
    else if (node.type === "Identifier" || node.type === "MemberExpression") onOther(node, scope, parent);
  };

  /** Functions that are handed dspex by `import("dspex").then`. */
  const thens = new Set<ESTree>();

  const visit = (node: ESTree, outer: Scope | undefined, path: ESTree[]): void => {
    if (node.type === "ImportDeclaration") return;
    const scope = scopeOf(node, outer);
    const then = node.type === "CallExpression" ? openedBy(node, modules) : undefined;
    if (then) thens.add(then);
    if (thens.has(node)) onOpenedParameter((node.params as ESTree[])[0], scope!, modules, report);
    // What a site consists of is read by the site; only what is inside its holes and arguments can hold others.
    const inner = onSite(node, scope, path);
    if (!inner) onUse(node, scope, path[path.length - 1]);
    visitInside(node, inner, scope, path);
  };
  const visitInside = (node: ESTree, inner: readonly ESTree[] | undefined, scope: Scope | undefined, path: ESTree[]): void => {
    path.push(node);
    if (inner) visitAll(inner, scope, path);
    else {
      for (const key of childKeys(node.type)) {
        const child = node[key] as ESTree | readonly (ESTree | null)[] | null | undefined;
        if (Array.isArray(child)) visitAll(child, scope, path);
        else if (child) visit(child as ESTree, scope, path);
      }
    }
    path.pop();
  };
  const visitAll = (nodes: readonly (ESTree | null)[], scope: Scope | undefined, path: ESTree[]): void => {
    // Decorators may stand in front of the node they belong to, but not in front of the one before it.
    let from = path[path.length - 1]!.start;
    for (const node of nodes) {
      if (!node) continue;
      if (mentions(Math.min(from, node.start), node.end)) visit(node, scope, path);
      from = node.end;
    }
  };

  const top = scopeOf(program, undefined)!;
  const imports = new Map<string, { specifier: string; imported: string }>();
  for (const [local, declared] of top.names) if (declared.kind === "import") imports.set(local, declared);
  const ours = [...imports].filter(([, { specifier }]) => modules.isDspex(specifier)).map(([local]) => local);
  // What is opened at run time has names that are not known yet; what is used of it has.
  const opens = /\b(?:import|require)\s*\(/.test(file.text) ? FOLLOWED : [];
  const mentions = mentionsOf(file.text, [...ours, ...modules.words, ...opens]);
  visitInside(program, undefined, top, []);

  return {
    signatures: signatures.sort((a, b) => a.span.start - b.span.start),
    tools: tools.sort((a, b) => a.span.start - b.span.start),
    templates: templates.sort((a, b) => a.span.start - b.span.start),
    imports,
  };
}

/** `{ name: "Triage" }`. */
function optionName(options: ESTree | undefined, scope: Scope | undefined): string | undefined {
  const object = options && unwrap(options);
  if (object?.type !== "ObjectExpression") return undefined;
  for (const property of object.properties as ESTree[]) {
    if (property.type !== "Property" || property.computed || nameOf(property.key as ESTree) !== "name") continue;
    const folded = fold(property.value as ESTree, "", scope, HOLE);
    const value = unwrap(property.value as ESTree);
    return typeof value.value === "string"
      ? value.value
      : "text" in folded && folded.holes.length === 0 && value.type === "Identifier"
        ? folded.text
        : undefined;
  }
  return undefined;
}

/** `Other`, `Other.inputs`. */
function referenceOf(node: ESTree): Hole["reference"] {
  if (node.type === "Identifier") return { name: node.name as string, side: undefined };
  if (node.type !== "MemberExpression" || node.computed || (node.object as ESTree).type !== "Identifier") return undefined;
  const side = (node.property as ESTree).name as string;
  return side === "inputs" || side === "outputs" ? { name: (node.object as ESTree).name as string, side } : undefined;
}
