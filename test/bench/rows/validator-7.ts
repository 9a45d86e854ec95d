/**
 * The generated validator of seven fields, beside one written by hand for the same contract and the well-known libraries.
 * A call needs a value of its own, since its caller may change the argument while the model answers: sides that hand
 * back the argument itself (ajv, arktype) copy it, as a caller of theirs would have to.
 */
import { signatureExpression } from "../../../compiler/5-emit/signature.ts";
import { compileText } from "../../../compiler/compile.ts";
import * as abi from "../../../runtime/abi.ts";
import { codeOf } from "../../../runtime/signature.ts";
import { type Benchmark, peer, perCall, row } from "../harness.ts";
import { arktypeSchema, handWritten, JSON_SCHEMA, SIGNATURE, VALUE, zodSchema } from "./compiler/seven.ts";

const GOAL = 1.3;
const benchmark: Benchmark = {
  name: "validator-7",
  goal: `<= ${GOAL}x hand-written, ahead of the others`,
  async run() {
    const { value } = compileText(SIGNATURE);
    const { validateInputs } = codeOf(new Function("abi", `return ${signatureExpression(value!.spec, { language: "js" })};`)(abi));
    const ajv = await peer<{ default: new (options: object) => { compile(schema: object): (value: unknown) => boolean } }>(
      "ajv/dist/2020.js",
    );
    const ajvCheck = ajv && new ajv.default({ allErrors: true, allowUnionTypes: true }).compile(JSON_SCHEMA);
    if (
      !validateInputs(VALUE).ok ||
      !handWritten(VALUE).ok ||
      ajvCheck?.(VALUE) === false ||
      !(zodSchema as { safeParse: (v: unknown) => { success: boolean } }).safeParse(VALUE).success
    )
      throw new Error("a side refuses the value");
    const sides = {
      ours: () => validateInputs(VALUE),
      hand: () => handWritten(VALUE),
      arktype: () => ({ ...(arktypeSchema(VALUE) as object) }),
      zod: () => zodSchema.safeParse(VALUE),
      ajv: () => ajvCheck?.(VALUE) && { ...VALUE },
    };
    const taken = await perCall(sides);
    const ratio = taken.ratio("ours", "hand");
    const peers = { ajv: ajvCheck ? taken.median("ajv") : null, arktype: taken.median("arktype"), zod: taken.median("zod") };
    // Of one round each: a busy machine slows both sides of a round alike.
    const ahead = (["ajv", "arktype", "zod"] as const).every((name) => taken.ratio("ours", name) < 1);
    return row(benchmark, {
      ours: taken.median("ours"),
      limit: taken.median("hand"),
      peers,
      ratio,
      kept: ratio <= GOAL && ahead,
      unit: "us",
    });
  },
};
export default benchmark;
