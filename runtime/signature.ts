/**
 * A signature as a value: what `sig(...)` becomes after compilation. Generated code calls `defineSignature` with the
 * field table and the validators made for it; users see a frozen object; engines read `spec`, `codeOf` gives the code.
 */
import type { Issue } from "./errors.ts";
import { inferPrefix } from "./prefix.ts";
import type { Constant, Constraints, FieldSpec, SignatureSpec, TypeSpec } from "./spec.ts";

/** One field, as users read it. `type` is Python's spelling (`list[str]`); `spec` is the same as data. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly spec: TypeSpec;
  /** DSPy's default is `${name}`. */
  readonly description: string;
  readonly constraints: Constraints;
  readonly prefix: string;
  readonly default: Constant | undefined;
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] };
type Values = Record<string, unknown>;

/** The code made for one signature: straight-line in generated modules, interpreted for text known only at run time. */
export interface SignatureCode {
  /** Fills defaults; every issue is reported, not the first. Never mutates its argument. */
  readonly validateInputs: (value: unknown) => Checked<Values>;
  readonly validateOutputs: (value: unknown) => Checked<Values>;
  /** To the wire's values and back; absent where they are the values themselves. */
  readonly encode?: (values: Values, side: "inputs" | "outputs") => Values;
  readonly decode?: (values: Values, side: "inputs" | "outputs") => Values;
  /** How `Field.type` spells its types; absent where all are plain and spell themselves. */
  readonly typeText?: (type: TypeSpec) => string;
}

export interface Signature<I = any, O = any> {
  readonly name: string;
  /** The effective instructions: the docstring, or DSPy's default sentence. */
  readonly docstring: string;
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly hash: string;
  /** Standard Schema v1, over the inputs. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: "dspex";
    readonly validate: (
      value: unknown,
    ) => { readonly value: I } | { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };
    readonly types?: { readonly input: I; readonly output: I };
  };
  /** Types only; never present at run time. */
  readonly "~fields"?: { readonly inputs: I; readonly outputs: O };
}

export type InputOf<S> = S extends Signature<infer I, any> ? I : never;
export type OutputOf<S> = S extends Signature<any, infer O> ? O : never;

const insides = new WeakMap<object, { readonly spec: SignatureSpec; readonly code: SignatureCode }>();

/** The compiled description of a signature value. */
export function specOf(signature: Signature): SignatureSpec {
  return insides.get(signature)!.spec;
}

export function isSignature(value: unknown): value is Signature {
  return insides.has(value as object);
}

export function codeOf(signature: Signature): SignatureCode {
  return insides.get(signature)!.code;
}

/** ``Given the fields `a`, `b`, produce the fields `c`.`` (dspy-semantics 1.3) */
export function defaultInstructions(inputs: readonly { name: string }[], outputs: readonly { name: string }[]): string {
  const names = (fields: readonly { name: string }[]) => fields.map((f) => `\`${f.name}\``).join(", ");
  return `Given the fields ${names(inputs)}, produce the fields ${names(outputs)}.`;
}

function field(spec: FieldSpec, { typeText }: SignatureCode): Field {
  return Object.freeze({
    name: spec.name,
    type: typeText ? typeText(spec.type) : (spec.type as string),
    spec: spec.type,
    description: spec.desc ?? `\${${spec.name}}`,
    constraints: spec.constraints ?? {},
    prefix: inferPrefix(spec.name),
    default: spec.default,
  });
}

export function defineSignature<I = any, O = any>(
  spec: SignatureSpec,
  code: SignatureCode,
  metadata: Readonly<Record<string, unknown>> = {},
): Signature<I, O> {
  const signature: Signature<I, O> = Object.freeze({
    name: spec.name,
    docstring: spec.docstring ?? defaultInstructions(spec.inputs, spec.outputs),
    inputs: Object.freeze(spec.inputs.map((each) => field(each, code))),
    outputs: Object.freeze(spec.outputs.map((each) => field(each, code))),
    metadata: Object.freeze({ ...metadata }),
    hash: spec.hash,
    "~standard": {
      version: 1 as const,
      vendor: "dspex" as const,
      validate(value: unknown) {
        const checked = code.validateInputs(value);
        return checked.ok ? { value: checked.value as I } : { issues: checked.issues };
      },
    },
  });
  insides.set(signature, { spec, code });
  return signature;
}

/** The same with other instructions. The hash says the content; here there is no time for SHA-256, so it holds the text itself. */
export function withDocstring(signature: Signature, docstring: string): Signature {
  const { spec, code } = insides.get(signature)!;
  return defineSignature({ ...spec, docstring, hash: `${spec.hash} ${docstring}` }, code, signature.metadata);
}
