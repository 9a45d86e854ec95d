/** From checked fields to the IR: spans into the file, slots with their expressions, the content hash. */
import type { SignatureSpec } from "../../runtime/abi.ts";
import type { SignatureSite } from "../1-scan/site.ts";
import type { CheckedField, CheckedSignature } from "../3-check/checked.ts";
import { inFile } from "../source.ts";
import { contentHash } from "./hash.ts";
import type { FieldIr, SignatureIr, Slot } from "./ir.ts";

/** The contract of generated code with the runtime; `runtime/abi.ts` guards it, and a test holds the two equal. */
export const ABI = 1;

export function lower(site: SignatureSite, checked: CheckedSignature, slots: readonly Slot[]): SignatureIr {
  const field = ({ spec, span, nameSpan }: CheckedField): FieldIr => ({
    spec,
    span: inFile(site.source, span),
    nameSpan: inFile(site.source, nameSpan),
  });
  const inputs = checked.inputs.map(field);
  const outputs = checked.outputs.map(field);
  const content = {
    ...(checked.docstring === undefined ? {} : { docstring: checked.docstring }),
    inputs: inputs.map((f) => f.spec),
    outputs: outputs.map((f) => f.spec),
  };
  const spec: SignatureSpec = { abi: ABI, name: site.name, ...content, hash: contentHash(content) };
  return { site, spec, inputs, outputs, slots };
}
