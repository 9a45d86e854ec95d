/** The fields of a signature by the name it is declared by: what a template over it may use. */
import type { SignatureIr } from "./ir.ts";

/** Undefined for a name that no signature at the file's top level has. */
export function fieldNames(signatures: readonly SignatureIr[]): (declared: string) => readonly string[] | undefined {
  return (declared) => {
    const ir = signatures.find(({ site }) => site.declaration?.topLevel && site.declaration.name === declared);
    return ir && [...ir.spec.inputs, ...ir.spec.outputs].map(({ name }) => name);
  };
}
