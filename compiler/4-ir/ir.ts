/**
 * A signature after lowering: the data the runtime receives (`spec`) and what only the compiler needs beside it:
 * where each field stands, and which expression fills each slot.
 */
import type { FieldSpec, SignatureSpec } from "../../runtime/abi.ts";
import type { SignatureSite } from "../1-scan/site.ts";
import type { Span } from "../source.ts";

export interface SignatureIr {
  readonly site: SignatureSite;
  readonly spec: SignatureSpec;
  /** In the order of `spec.inputs`, `spec.outputs`. */
  readonly inputs: readonly FieldIr[];
  readonly outputs: readonly FieldIr[];
  /** `${schema}` holes, by the index their `SlotType` names. */
  readonly slots: readonly Slot[];
}

export interface FieldIr {
  readonly spec: FieldSpec;
  /** Spans in the file. A spliced field stands where its hole stands. */
  readonly span: Span;
  readonly nameSpan: Span;
}

/** A value the emitted code takes as a parameter: a Standard Schema whose JSON Schema is computed at first use. */
export interface Slot {
  readonly index: number;
  /** The expression as written, `InvoiceSchema`; evaluated where the literal stands. */
  readonly expression: string;
  readonly span: Span;
  /** Set when the slot came in by a splice: the spliced signature's expression, and the slot's index there. */
  readonly from: { readonly expression: string; readonly index: number } | undefined;
  /** TypeScript types of the schema's input and output, printed by the checker; absent when types were not asked for. */
  readonly typescript: { readonly input: string; readonly output: string } | undefined;
}
