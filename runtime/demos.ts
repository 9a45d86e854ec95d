/**
 * Demos are typed data: what stands in one is validated as inputs and outputs are. A field may be missing (DSPy prints
 * such a demo as an incomplete example); keys that are no fields, `augmented` and the like, are kept as DSPy keeps them.
 */

import type { Definition } from "./definition.ts";
import { type Issue, SignatureError } from "./errors.ts";
import { mainPredictor } from "./modules/predictors.ts";
import type { Demo, Program } from "./router/engine.ts";
import { codeOf, type Field, type Signature, type SignatureCode } from "./signature.ts";

export function withDemos({ program, outputs }: Definition, demos: readonly Demo[]): Program {
  const checked = checkDemos(outputs, demos);
  const path = mainPredictor(program.kind);
  return { ...program, predictors: { ...program.predictors, [path]: { ...program.predictors[path], demos: checked } } };
}

function checkDemos(signature: Signature, demos: readonly Demo[]): readonly Demo[] {
  const issues: Issue[] = [];
  const refuse = (path: Issue["path"], expected: string, received: string) =>
    issues.push({ path, expected, received, message: `${path.join(".")}: expected ${expected}, received ${received}.` });
  const { validateInputs, validateOutputs } = codeOf(signature);
  const checked: Demo[] = [];
  if (!Array.isArray(demos)) refuse(["demos"], "a list of examples", typeof demos);
  else
    for (const [at, demo] of (demos as readonly unknown[]).entries()) {
      if (typeof demo !== "object" || demo === null || Array.isArray(demo)) {
        refuse(["demos", at], "an object of fields", demo === null ? "null" : typeof demo);
        continue;
      }
      const fields = { ...(demo as Demo) };
      if (![...signature.inputs, ...signature.outputs].some(({ name }) => fields[name] !== undefined))
        refuse(["demos", at], "at least one field of the signature", "none");
      const found = [...present(signature.inputs, validateInputs, fields), ...present(signature.outputs, validateOutputs, fields)];
      issues.push(...found.map((issue) => ({ ...issue, path: ["demos", at, ...issue.path], message: `demos.${at}.${issue.message}` })));
      checked.push(Object.freeze(fields));
    }
  if (issues.length)
    throw new SignatureError(
      "input_invalid",
      `${signature.name}: the demos do not fit the signature. ${issues
        .slice(0, 5)
        .map(({ message }) => message)
        .join(" ")}`,
      {
        signature: signature.name,
        issues,
      },
    );
  return Object.freeze(checked);
}

/** The issues of the fields that are there. A null output is how DSPy's state files write one that is missing. */
function present(
  side: readonly Field[],
  validate: SignatureCode["validateInputs"],
  fields: Readonly<Record<string, unknown>>,
): readonly Issue[] {
  const given = side.filter(({ name }) => fields[name] !== undefined && fields[name] !== null);
  const checked = validate(Object.fromEntries(given.map(({ name }) => [name, fields[name]])));
  return checked.ok ? [] : checked.issues.filter(({ path }) => given.some(({ name }) => name === path[0]));
}
