/** Names: which a field may have, and which it may share with no other. */
import type { FieldNode } from "../2-parse/ast.ts";
import type { Report } from "../diagnostics/report.ts";

/** Members of DSPy's Signature class and pydantic's protected names: `dspy.Signature` fails on them (dspy-semantics 1.1). */
const RESERVED: ReadonlySet<string> = new Set([
  "fields",
  "input_fields",
  "output_fields",
  "instructions",
  "signature",
  "model_config",
  "model_dump",
  "model_dump_json",
  "model_validate",
  "model_validate_json",
  "model_validate_strings",
]);
/** `Predict` takes these arguments for itself before it looks at the inputs. */
const PRIVILEGED: ReadonlySet<string> = new Set(["demos", "config", "lm"]);

export type Side = "inputs" | "outputs";

export function checkName(field: FieldNode, side: Side, report: Report): boolean {
  const { name, nameSpan } = field;
  if (name.startsWith("_")) {
    report("field_name_underscore", nameSpan, "A field's name cannot start with an underscore.", {
      hint: `Write \`${name.replace(/^_+/, "") || "my_field"}\`.`,
    });
    return false;
  }
  if (RESERVED.has(name)) {
    report("field_name_reserved", nameSpan, `\`${name}\` is a name DSPy's signatures need for themselves.`, {
      hint: `Write \`${name}_\`, or a word that says more.`,
    });
    return false;
  }
  if (side === "inputs" && PRIVILEGED.has(name)) {
    report(
      "field_name_privileged",
      nameSpan,
      `DSPy's Predict takes the argument \`${name}\` for itself, so an input of this name never arrives in Python.`,
      {
        hint: `Write \`${name}_\`, or a word that says more.`,
      },
    );
  }
  return true;
}

interface Named {
  readonly name: string;
  readonly nameSpan: FieldNode["span"];
}

/** Same side: DSPy keeps the first place and the last type, in silence. Both sides: it refuses. */
export function checkRepeats(inputs: readonly Named[], outputs: readonly Named[], report: Report): void {
  for (const side of [inputs, outputs]) {
    const first = new Map<string, Named>();
    for (const field of side) {
      const earlier = first.get(field.name);
      if (!earlier) first.set(field.name, field);
      else {
        report("field_duplicate", field.nameSpan, `\`${field.name}\` stands twice on this side; the first place and the last type count.`, {
          hint: "Remove one.",
          related: [{ message: "First declared here.", span: earlier.nameSpan }],
        });
      }
    }
  }
  const names = new Map(inputs.map((field) => [field.name, field]));
  const told = new Set<string>();
  for (const field of outputs) {
    const input = names.get(field.name);
    if (!input || told.has(field.name)) continue;
    told.add(field.name);
    report("field_both_sides", field.nameSpan, `\`${field.name}\` is an input and an output.`, {
      hint: "Give the output a name of its own.",
      related: [{ message: "It is an input here.", span: input.nameSpan }],
    });
  }
}
