/** The expression a literal becomes: the field table as data, and the validators as code. */
import type { SignatureSpec } from "../../runtime/abi.ts";
import type { SignatureIr } from "../4-ir/ir.ts";
import { literal } from "./literal.ts";
import type { Language } from "./validator/scope.ts";
import { fieldsMethod } from "./validator.ts";

export interface ExpressionOptions {
  readonly language: Language;
  /** The call's second argument as written; it is passed on. */
  readonly options?: string | undefined;
  /** What the module calls the runtime's namespace; `abi` unless the file has another use for the word. */
  readonly abi?: string;
  /** What fills the slots, as expressions. */
  readonly slots?: readonly string[] | undefined;
}

/** `abi.defineSignature({ ... }, { ... })`, or with what fills the slots first: `abi.defineSlotted([InvoiceSchema], { ... }, { ... })`. */
export function signatureExpression(spec: SignatureSpec, { language, abi = "abi", options, slots }: ExpressionOptions): string {
  const head = slots?.length
    ? `${abi}.defineSlotted([${slots.join(", ")}], `
    : `${abi}.${isPlain(spec) ? "definePlain" : "defineSignature"}(`;
  return [
    `/* @__PURE__ */ ${head}${literal(table(spec), "", true)}, {`,
    fieldsMethod("validateInputs", spec.inputs, "  ", language, abi),
    fieldsMethod("validateOutputs", spec.outputs, "  ", language, abi),
    `}${options === undefined ? "" : `, ${options}`})`,
  ].join("\n");
}

const PLAIN: readonly unknown[] = ["str", "int", "float", "bool"];

/** A bundle of such signatures alone holds nothing that other types need. */
function isPlain({ inputs, outputs }: SignatureSpec): boolean {
  return [...inputs, ...outputs].every(({ type }) => PLAIN.includes(type));
}

/** Key order is the order of printing. */
function table({ abi, name, docstring, inputs, outputs, hash }: SignatureSpec): object {
  return { abi, name, docstring, inputs, outputs, hash };
}

/** A slot's expression where the literal stands; one that came by a splice is asked from the spliced signature. */
export function slotExpressions(ir: SignatureIr, abi = "abi"): readonly string[] {
  return ir.slots.map((slot) => (slot.from ? `${abi}.slotOf(${slot.from.expression}, ${slot.from.index})` : slot.expression));
}
