/** What `3-check` hands on: fields whose names and types are right. Spans are offsets into the literal's text. */
import type { FieldSpec } from "../../runtime/abi.ts";
import type { Span } from "../source.ts";

export interface CheckedSignature {
  readonly docstring: string | undefined;
  readonly inputs: readonly CheckedField[];
  readonly outputs: readonly CheckedField[];
}

export interface CheckedField {
  readonly spec: FieldSpec;
  readonly span: Span;
  readonly nameSpan: Span;
}
