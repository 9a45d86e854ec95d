/** The expression a literal becomes: the field table as data, and the validators as code. */
import type { SignatureSpec } from "../../runtime/abi.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import { literal } from "./literal.ts";
import { fieldsMethod, type Language } from "./validator.ts";

export interface ExpressionOptions {
  readonly language: Language;
  /** The call's second argument as written; it is passed on. */
  readonly options?: string | undefined;
  /** What fills the slots, as expressions; absent where the caller passes them at run time (`slots`). */
  readonly slots?: readonly string[] | undefined;
}

/** `abi.defineSignature({ ... }, { ... })`, several lines, the first unindented. */
export function signatureExpression(spec: SignatureSpec, { language, options, slots = [] }: ExpressionOptions): string {
  const more = slots.length ? [`[${slots.join(", ")}]`] : [];
  if (options !== undefined) more.push(options);
  return [
    `/* @__PURE__ */ abi.${slots.length ? "defineSlotted" : "defineSignature"}(`,
    `  ${literal(table(spec), "  ")},`,
    "  {",
    fieldsMethod("validateInputs", spec.inputs, "    ", language),
    fieldsMethod("validateOutputs", spec.outputs, "    ", language),
    "  },",
    ...more.map((argument) => `  ${argument},`),
    ")",
  ].join("\n");
}

/** Key order is the order of printing. */
function table({ abi, name, docstring, inputs, outputs, hash }: SignatureSpec): object {
  return { abi, name, docstring, inputs, outputs, hash };
}

/** A slot's expression where the literal stands; one that came by a splice is asked from the spliced signature. */
export function slotExpressions(ir: SignatureIr): readonly string[] {
  return ir.slots.map((slot) => (slot.from ? `abi.slotOf(${slot.from.expression}, ${slot.from.index})` : slot.expression));
}
