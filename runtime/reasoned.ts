/**
 * ChainOfThought's signature: `reasoning: str` stands before the outputs (dspy-semantics 4.3). An output of that name
 * moves to the front and keeps its own type and description; an input of that name becomes the output. The instructions
 * stay those of the signature as written, default sentence included.
 */
import type { Issue } from "./errors.ts";
import { type Checked, codeOf, defineSignature, type Signature, type SignatureCode, specOf } from "./signature.ts";
import type { FieldSpec } from "./spec.ts";

type Values = Record<string, unknown>;
const REASONING: FieldSpec = { name: "reasoning", type: "str" };
const made = new WeakMap<Signature, Signature>();

export function reasoned(signature: Signature): Signature {
  const found = made.get(signature) ?? prepend(signature);
  made.set(signature, found);
  return found;
}

function prepend(signature: Signature): Signature {
  const spec = specOf(signature);
  const code = codeOf(signature);
  const own = spec.outputs.find(({ name }) => name === "reasoning");
  const outputs = [own ?? REASONING, ...spec.outputs.filter((field) => field !== own)];
  const inputs = spec.inputs.filter(({ name }) => name !== "reasoning");
  return defineSignature(
    { ...spec, docstring: signature.docstring, inputs, outputs, hash: `${spec.hash}+reasoning` },
    {
      ...code,
      ...(inputs.length !== spec.inputs.length && { validateInputs: withoutReasoning(spec.inputs, code) }),
      validateOutputs: own ? reasoningFirst(code) : withReasoning(code),
      ...(code.encode && { encode: bypass(code.encode, own !== undefined) }),
      ...(code.decode && { decode: bypass(code.decode, own !== undefined) }),
    },
    signature.metadata,
  );
}

const front = (values: Values): Values => ({ reasoning: values.reasoning, ...values });

function reasoningFirst(code: SignatureCode) {
  return (value: unknown): Checked<Values> => {
    const checked = code.validateOutputs(value);
    return checked.ok ? { ok: true, value: front(checked.value) } : checked;
  };
}

function withReasoning(code: SignatureCode) {
  return (value: unknown): Checked<Values> => {
    const { reasoning, ...rest } = (value ?? {}) as Values;
    const checked = code.validateOutputs(rest);
    if (typeof reasoning === "string") return checked.ok ? { ok: true, value: { reasoning, ...checked.value } } : checked;
    const received = reasoning === undefined ? "nothing" : typeof reasoning;
    const issue: Issue = { path: ["reasoning"], expected: "str", received, message: `reasoning: expected str, received ${received}.` };
    return { ok: false, issues: [issue, ...(checked.ok ? [] : checked.issues)] };
  };
}

/** The compiled validator knows `reasoning` as an input; what it says of it does not count any more. */
function withoutReasoning(fields: readonly FieldSpec[], code: SignatureCode) {
  return (value: unknown): Checked<Values> => {
    const checked = code.validateInputs(value);
    if (checked.ok || checked.issues.every(({ path }) => path[0] === "reasoning")) {
      const source = (checked.ok ? checked.value : value) as Values;
      const kept = fields
        .filter(({ name }) => name !== "reasoning")
        .map(({ name, default: otherwise }) => [name, source[name] ?? otherwise]);
      return { ok: true, value: Object.fromEntries(kept) };
    }
    return { ok: false, issues: checked.issues.filter(({ path }) => path[0] !== "reasoning") };
  };
}

/** The compiled codec does not know the field; a string is the same on the wire. */
function bypass(codec: NonNullable<SignatureCode["encode"]>, known: boolean): NonNullable<SignatureCode["encode"]> {
  if (known) return (values, side) => (side === "outputs" ? front(codec(values, side)) : codec(values, side));
  return (values, side) => {
    if (side === "inputs") return codec(values, side);
    const { reasoning, ...rest } = values;
    return { reasoning, ...codec(rest, side) };
  };
}
