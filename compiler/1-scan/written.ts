/**
 * What somebody wrote for a type. TypeScript keeps a union's members by when it first met each, which another file can
 * change; prompts and hashes must not change with it, so members go in the order of writing. Where nothing was written
 * (an inferred type) they go by their text.
 */
import type * as tsMorph from "ts-morph";

type Ts = typeof tsMorph.ts;
type Checker = tsMorph.ts.TypeChecker;
type Type = tsMorph.ts.Type;
type TypeNode = tsMorph.ts.TypeNode;

export function inWrittenOrder(ts: Ts, checker: Checker, types: readonly Type[], written: TypeNode | undefined): Type[] {
  const ranks = new Map<Type, number>();
  const seen = new Set<TypeNode>();
  const text = (type: Type): string => checker.typeToString(type);
  const byText = (a: Type, b: Type): number => (text(a) < text(b) ? -1 : 1);
  const rank = (type: Type): void => {
    if (type.isUnion() || type.flags & ts.TypeFlags.Boolean) [...(type as tsMorph.ts.UnionType).types].sort(byText).forEach(rank);
    else if (!ranks.has(type)) ranks.set(type, ranks.size);
  };
  const walk = (node: TypeNode): void => {
    const meant = unaliased(ts, checker, node);
    if (seen.has(meant)) return;
    seen.add(meant);
    if (ts.isUnionTypeNode(meant)) meant.types.forEach(walk);
    else if (ts.isIndexedAccessTypeNode(meant)) elements(checker.getTypeFromTypeNode(meant.objectType)).forEach(rank);
    else if (ts.isTypeOperatorNode(meant) && meant.operator === ts.SyntaxKind.KeyOfKeyword) keys(checker.getTypeFromTypeNode(meant.type));
    else rank(checker.getTypeFromTypeNode(meant));
  };
  /** `(typeof LABELS)[number]`, of a constant array. */
  const elements = (type: Type): readonly Type[] =>
    checker.isTupleType(type) ? checker.getTypeArguments(type as tsMorph.ts.TypeReference) : [];
  /** `keyof typeof TABLE`: the properties' order. */
  const keys = (type: Type): void => {
    const named = new Map(types.flatMap((key) => (key.isStringLiteral() ? [[key.value, key] as const] : [])));
    for (const { name } of checker.getPropertiesOfType(type)) if (named.has(name)) rank(named.get(name)!);
  };
  if (written) walk(written);
  const rankOf = (type: Type): number => ranks.get(type) ?? Number.MAX_SAFE_INTEGER;
  return [...types].sort((a, b) => rankOf(a) - rankOf(b) || byText(a, b));
}

/** What was written for the `i`th part: of `T[]`, `Set<T>`, `Record<string, T>`, `[A, B]`. */
export function writtenPart(ts: Ts, checker: Checker, written: TypeNode | undefined, i: number): TypeNode | undefined {
  if (!written) return undefined;
  const meant = unaliased(ts, checker, written);
  if (ts.isArrayTypeNode(meant)) return meant.elementType;
  if (ts.isTypeReferenceNode(meant)) return meant.typeArguments?.[i];
  if (!ts.isTupleTypeNode(meant)) return undefined;
  const element = meant.elements[i];
  return element && ts.isNamedTupleMember(element) ? element.type : element;
}

export function writtenFor(ts: Ts, declaration: tsMorph.ts.Declaration | undefined): TypeNode | undefined {
  return declaration && (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration))
    ? declaration.type
    : undefined;
}

/** Without parentheses and `readonly`, and an alias without arguments by what it stands for. */
function unaliased(ts: Ts, checker: Checker, node: TypeNode): TypeNode {
  let at = node;
  for (let steps = 0; steps < 50; steps++) {
    if (ts.isParenthesizedTypeNode(at) || (ts.isTypeOperatorNode(at) && at.operator === ts.SyntaxKind.ReadonlyKeyword)) at = at.type;
    else {
      const aliased = ts.isTypeReferenceNode(at) && !at.typeArguments ? declaredAlias(ts, checker, at.typeName) : undefined;
      if (!aliased) return at;
      at = aliased;
    }
  }
  return at;
}

function declaredAlias(ts: Ts, checker: Checker, name: tsMorph.ts.EntityName): TypeNode | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return target?.declarations?.find(ts.isTypeAliasDeclaration)?.type;
}
