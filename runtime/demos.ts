/**
 * Demos are typed data: what stands in one is validated as inputs and outputs are. A field may be missing (DSPy prints
 * such a demo as an incomplete example); keys that are no fields, `augmented` and the like, are kept as DSPy keeps them.
 */

import { type Definition, withPredictor } from "./definition.ts";
import { type Issue, SignatureError } from "./errors.ts";
import type { Demo, Program } from "./router/engine.ts";
import { isObject } from "./shape.ts";
import { codeOf, type Field, type Signature, type SignatureCode } from "./signature.ts";
import { issueAt, report } from "./validate/issue.ts";

export function withDemos({ program, outputs, structure }: Definition, demos: readonly Demo[]): Program {
  return withPredictor(program, structure.main, { demos: checkDemos(outputs, demos) });
}

function checkDemos(signature: Signature, demos: readonly Demo[]): readonly Demo[] {
  const { name, inputs, outputs } = signature;
  const { validateInputs, validateOutputs } = codeOf(signature);
  const issues: Issue[] = [];
  if (!Array.isArray(demos)) report(issues, ["demos"], "a list of examples", demos);
  else
    for (const [at, demo] of demos.entries()) {
      if (!isObject(demo)) report(issues, ["demos", at], "an object of fields", demo);
      else {
        if (![...inputs, ...outputs].some((field) => demo[field.name] !== undefined))
          issues.push(issueAt(["demos", at], "at least one field of the signature", "none"));
        for (const issue of [...present(inputs, validateInputs, demo), ...present(outputs, validateOutputs, demo)])
          issues.push({ ...issue, path: ["demos", at, ...issue.path], message: `demos[${at}].${issue.message}` });
      }
    }
  if (issues.length === 0) return demos.map((demo) => ({ ...demo }));
  const named = issues.slice(0, 5).map(({ message }) => message);
  throw new SignatureError("input_invalid", `${name}: the demos do not fit the signature. ${named.join(" ")}`, { signature: name, issues });
}

/** The issues of the side's fields that are there. A null output is how DSPy's state files write one that is missing. */
function present(side: readonly Field[], validate: SignatureCode["validateInputs"], fields: Demo): readonly Issue[] {
  const checked = validate(fields);
  return checked.ok ? [] : checked.issues.filter(({ path }) => side.some(({ name }) => name === path[0] && fields[name] != null));
}
