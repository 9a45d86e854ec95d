/** Where `types` is left out of a bundle: the fields that would meet its absence at run time, found while it is built. */
import type { TypeSpec } from "../../runtime/abi.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceFile } from "../source.ts";

export function beyondPlain(signatures: readonly SignatureIr[], file: SourceFile): readonly Diagnostic[] {
  return signatures
    .flatMap(({ inputs, outputs }) => [...inputs, ...outputs])
    .filter(({ spec }) => !isPlain(spec.type))
    .map(({ spec, span }) => ({
      code: "feature_left_out",
      severity: "error",
      message: `\`${spec.name}\` has a type that this build leaves out with \`types\`.`,
      file,
      span,
      hint: 'Take "types" out of `without`.',
    }));
}

/** What the runtime's short way knows (`native/codecs/simple.ts`); a test holds the two equal. What fills a slot is seen at run time. */
export function isPlain(type: TypeSpec): boolean {
  if (typeof type === "string") return ["str", "int", "float", "bool"].includes(type);
  if (type.kind === "generic") return type.of === "list" && type.args.length === 1 && type.args[0] === "str";
  return type.kind === "slot" || (type.kind === "literal" && type.values.every((value) => typeof value === "string"));
}
