/** A tool's specification: its function's parameters and TSDoc. */
import type * as tsMorph from "ts-morph";
import type { Report } from "../diagnostics/report.ts";
import type { At } from "./asked-node.ts";
import { typeReading } from "./read-type/read-type.ts";
import type { ToolSite } from "./site.ts";
import type { ToolParameterSpec, ToolSpec } from "./tool-spec.ts";
import { writtenFor } from "./written.ts";

type Symbol = tsMorph.ts.Symbol;

export function readTool(found: At, site: ToolSite, report: Report): ToolSpec | undefined {
  const { ts, checker, source, node } = found;
  const type = checker.getTypeAtLocation(node);
  const signatures = type.getCallSignatures();
  const refuse = (message: string, hint: string | undefined, at: tsMorph.ts.Node = node): undefined => {
    const here = at.getSourceFile() === source ? at : node;
    report("tool_parameter", { start: here.getStart(source), end: here.end }, message, { hint });
    return undefined;
  };
  if (signatures.length === 0) {
    report("tool_not_function", site.argument, `\`${node.getText(source).slice(0, 40)}\` is not a function.`, {
      hint: "Pass a function, or an object `{ name, description, input, run }`.",
    });
    return undefined;
  }
  if (signatures.length > 1)
    return refuse("An overloaded function is several tools.", "Wrap the form you mean: `tool(function search(query: string) { ... })`.");
  const signature = signatures[0]!;
  const doc = readDoc(found, signature, site);
  const { description } = doc;
  const parameters = signature.getParameters();
  const object = parameters.length === 1 ? objectParameter(found, parameters[0]!) : undefined;
  if (object) {
    const reading = typeReading(ts, checker, node, (message, hint) => refuse(message, hint, object.declaration));
    const fields = reading.properties(object.type, "left out");
    if (!fields) return undefined;
    const owner = parameters[0]!.name;
    return {
      name: site.name,
      description,
      call: "object",
      parameters: fields.map(({ name, type: fieldType, desc, default: fallback }) => ({
        name,
        type: fieldType,
        ...describe(desc ?? doc.parameters.get(`${owner}.${name}`) ?? doc.parameters.get(name)),
        required: fallback === undefined,
      })),
    };
  }
  const read = parameters.map((parameter) => readParameter(found, parameter, doc, refuse));
  return read.every((p) => p !== undefined)
    ? { name: site.name, description, call: "named", parameters: read as ToolParameterSpec[] }
    : undefined;
}

type Refuse = (message: string, hint: string | undefined, at?: tsMorph.ts.Node) => undefined;

function readParameter({ ts, checker, node }: At, parameter: Symbol, doc: Doc, refuse: Refuse): ToolParameterSpec | undefined {
  const declaration = parameter.valueDeclaration as tsMorph.ts.ParameterDeclaration | undefined;
  const at = declaration ?? node;
  if (declaration?.dotDotDotToken) return refuse("A model cannot fill a rest parameter.", "Write an array parameter.", at);
  if (declaration && !ts.isIdentifier(declaration.name))
    return refuse("A parameter taken apart has no name a model could use.", "Give it a name, or make it the only parameter.", at);
  const declared = checker.getTypeOfSymbolAtLocation(parameter, node);
  const optional = declaration !== undefined && (declaration.questionToken !== undefined || declaration.initializer !== undefined);
  const untyped = declaration && !declaration.type && !declaration.initializer && (declared.flags & ts.TypeFlags.Any) !== 0;
  if (untyped) return refuse(`The parameter \`${parameter.name}\` has no type.`, `Write \`${parameter.name}: string\`.`, at);
  const reading = typeReading(ts, checker, node, (message, hint) =>
    refuse(message.replace(/^This type/, `The parameter \`${parameter.name}\``), hint, at),
  );
  const type = reading.read(optional ? withoutUndefined(ts, checker, declared, declaration.type !== undefined) : declared, {
    name: parameter.name,
    written: writtenFor(ts, declaration),
  });
  return type === undefined
    ? undefined
    : { name: parameter.name, type, ...describe(doc.parameters.get(parameter.name)), required: !optional };
}

/**
 * An optional parameter is left out, never given as undefined; null stays where it was written. What is only known from a
 * default, `limit = 10`, is of that value's type.
 */
function withoutUndefined(ts: At["ts"], checker: tsMorph.ts.TypeChecker, type: tsMorph.ts.Type, written: boolean): tsMorph.ts.Type {
  if (!type.isUnion()) return written ? type : checker.getBaseTypeOfLiteralType(type);
  return type.types.some((t) => t.flags & ts.TypeFlags.Null) ? type : checker.getNonNullableType(type);
}

const describe = (desc: string | undefined): { readonly desc?: string } => (desc ? { desc } : {});

/** One parameter that is an object with fixed keys: its properties are what the model fills. */
function objectParameter(
  { ts, checker, node }: At,
  parameter: Symbol,
): { readonly type: tsMorph.ts.Type; readonly declaration: tsMorph.ts.Node } | undefined {
  const declaration = parameter.valueDeclaration as tsMorph.ts.ParameterDeclaration | undefined;
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(parameter, node));
  if (!declaration || declaration.dotDotDotToken || !(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) return undefined;
  const isCollection =
    checker.isArrayType(type) ||
    checker.isTupleType(type) ||
    /^(?:Date|Set|ReadonlySet|Map|Uint8Array|Buffer|URL|RegExp|Promise|Image|History)$/.test(type.symbol?.name ?? "");
  if (isCollection || type.getCallSignatures().length || checker.getIndexInfoOfType(type, ts.IndexKind.String)) return undefined;
  return { type, declaration };
}

interface Doc {
  readonly description: string | null;
  readonly parameters: ReadonlyMap<string, string>;
}

/** The function's TSDoc, or that of the declaration the tool stands in: `const search = tool((query: string) => ...)`. */
function readDoc({ ts, checker, source, node }: At, signature: tsMorph.ts.Signature, site: ToolSite): Doc {
  const own = ts.displayPartsToString(signature.getDocumentationComment(checker)).trim();
  const parameters = new Map<string, string>();
  for (const tag of signature.getJsDocTags()) {
    if (tag.name !== "param") continue;
    const name = tag.text?.find((part) => part.kind === "parameterName")?.text;
    const text = ts.displayPartsToString(tag.text?.filter((part) => part.kind !== "parameterName")).trim();
    if (name) parameters.set(name, text.replace(/^-\s*/, ""));
  }
  if (own || parameters.size || !site.declaration) return { description: own || null, parameters };
  let at: tsMorph.ts.Node | undefined = node;
  while (at && !ts.isVariableStatement(at)) at = at.parent;
  const comment = at && ts.getJSDocCommentsAndTags(at).find(ts.isJSDoc);
  for (const tag of comment?.tags ?? []) {
    if (ts.isJSDocParameterTag(tag))
      parameters.set(tag.name.getText(source), (ts.getTextOfJSDocComment(tag.comment) ?? "").trim().replace(/^-\s*/, ""));
  }
  return { description: ts.getTextOfJSDocComment(comment?.comment)?.trim() || null, parameters };
}
