/**
 * What one predictor shows the model: instructions and two lists of fields. A signature gives one; so do the variations
 * DSPy derives from it (ChainOfThought's `reasoning`, ReAct's `next_thought`, a history left out).
 */
import type { Constant, Constraints, TypeSpec } from "../spec.ts";

export interface LayoutField {
  readonly name: string;
  readonly type: TypeSpec;
  /** Absent, or `${name}`, prints as empty. */
  readonly desc?: string;
  readonly constraints?: Constraints;
  /** Outputs only: what a completion without the field gives. */
  readonly default?: Constant;
}

export interface Layout {
  readonly instructions: string;
  readonly inputs: readonly LayoutField[];
  readonly outputs: readonly LayoutField[];
}

/** A missing output is not an error when its type allows None. */
export function allowsNone(type: TypeSpec): boolean {
  return type === "none" || (typeof type === "object" && type.kind === "union" && type.members.some(allowsNone));
}
