/** The properties of an object type, as the fields of a model or the parameters of a tool. */
import type { ModelField } from "../../../runtime/abi.ts";
import { writtenFor } from "../written.ts";
import type { Reading, TsSymbol, Type } from "./reading.ts";
import { orNone } from "./union.ts";

/** So many are told one by one; an object with more of them is there for what it does. */
const MOST_METHODS = 3;

export function readProperties(reading: Reading, type: Type, absent: "null" | "left out"): ModelField[] | undefined {
  const { checker, at, refuse } = reading;
  const all = checker.getPropertiesOfType(type);
  const methods = all.filter((property) => checker.getTypeOfSymbolAtLocation(property, at).getCallSignatures().length > 0);
  // One sentence for what is no data at all, such as an AbortSignal.
  if (methods.length > MOST_METHODS) return refuse(`an object with ${methods.length} methods`, "Write an interface of its data.");
  const fields = all.map((property) => readProperty(reading, property, absent));
  return fields.every((field) => field !== undefined) ? (fields as ModelField[]) : undefined;
}

function readProperty(reading: Reading, property: TsSymbol, absent: "null" | "left out"): ModelField | undefined {
  const { ts, checker, at, path, read, refuse } = reading;
  path.push(property.name);
  try {
    if (isHidden(reading, property)) return refuse("private", "Write an interface of what is public.");
    const declared = checker.getTypeOfSymbolAtLocation(property, at);
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const present = optional ? checker.getNonNullableType(declared) : declared;
    const int = property.getJsDocTags(checker).some((tag) => tag.name === "int");
    const type = read(present, { name: property.name, int, written: writtenFor(ts, property.valueDeclaration) });
    if (type === undefined) return undefined;
    const desc = ts.displayPartsToString(property.getDocumentationComment(checker)).trim();
    return {
      name: property.name,
      type: absent === "null" && present !== declared ? orNone(type) : type,
      ...(desc ? { desc } : {}),
      ...(optional ? { default: null } : {}),
    };
  } finally {
    path.pop();
  }
}

function isHidden({ ts }: Reading, property: TsSymbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return property.declarations?.some((declaration) => ts.getCombinedModifierFlags(declaration) & hidden) ?? false;
}
