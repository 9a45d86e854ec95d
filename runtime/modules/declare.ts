/** What every module's constructor does: look at its arguments, put its own settings apart from the options, and make the definition. */
import { checkOptions } from "../check-options.ts";
import type { Definition } from "../definition.ts";
import { createModule } from "../module.ts";
import type { Module, Prediction } from "../module-types.ts";
import type { CallOptions, ModuleOptions } from "../options.ts";
import type { Program, ProgramKind } from "../router/engine.ts";
import type { Rules } from "../shape.ts";
import { isSignature, type Signature } from "../signature.ts";
import type { Tool } from "../tool.ts";

interface Declaration {
  readonly kind: ProgramKind;
  readonly signature: Signature;
  /** The signature of what comes out, where it is not `signature`. */
  readonly outputs?: (signature: Signature) => Signature;
  readonly tools?: readonly Tool[];
  /** Settings of this kind, with the rules for their values. */
  readonly own?: Rules;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly module?: Program["module"];
  readonly predictors?: Program["predictors"];
  readonly native?: Program["native"];
  /** Where its predictors stand in a state file, where it is not one over its own signature. */
  readonly layout?: Definition["layout"];
}

export function declare(declaration: Declaration, options: Readonly<Record<string, unknown>> = {}): Module {
  const { kind, signature, outputs, tools = [], own = {}, module, predictors = {}, native, layout } = declaration;
  if (!isSignature(signature))
    throw new TypeError(
      `${kind}() takes a signature, as sig("question -> answer") makes it; it was given ${signature === null ? "null" : typeof signature}.`,
    );
  checkOptions(options, "module", own);
  const settings: Record<string, unknown> = { ...declaration.settings };
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) if (value !== undefined) (Object.hasOwn(own, key) ? settings : rest)[key] = value;
  const program: Program = { kind, signature, predictors, tools, settings, ...(module && { module }), ...(native && { native }) };
  return createModule({
    program,
    outputs: outputs ? outputs(signature) : signature,
    options: rest as ModuleOptions,
    ...(layout && { layout }),
  });
}

/** `predict(S, inputs, options)` runs at once: three arguments, even if the last is `{}`. */
export function makeOrRun(
  make: (signature: Signature, options?: ModuleOptions) => Module,
): (...given: [Signature, unknown?, CallOptions?]) => Module | Promise<Prediction> {
  return (...given) => (given.length > 2 ? make(given[0])(given[1], given[2]) : make(given[0], given[1] as ModuleOptions | undefined));
}
