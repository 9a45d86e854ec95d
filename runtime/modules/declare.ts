/** What every module's constructor does: look at its arguments, put its own settings apart from the options, and make the definition. */
import { checkOptions } from "../check-options.ts";
import type { Structure } from "../definition.ts";
import { createModule } from "../module.ts";
import type { Module, Prediction } from "../module-types.ts";
import type { CallOptions, ModuleOptions } from "../options.ts";
import type { Program } from "../router/engine.ts";
import type { Rules } from "../shape.ts";
import { isSignature, type Signature } from "../signature.ts";

/** What a kind may leave out of its program. */
type Optional = "tools" | "predictors" | "settings";

interface Declaration extends Omit<Program, Optional>, Partial<Pick<Program, Optional>> {
  readonly structure: Structure;
  /** The signature of what comes out, where it is not `signature`. */
  readonly outputs?: (signature: Signature) => Signature;
  /** The rules for settings of this kind. */
  readonly own?: Rules;
}

export function declare(declaration: Declaration, options: Readonly<Record<string, unknown>> = {}): Module {
  const { structure, outputs, own = {}, ...made } = declaration;
  const { kind, signature } = made;
  if (!isSignature(signature))
    throw new TypeError(
      `${kind}() takes a signature, as sig("question -> answer") makes it; it was given ${signature === null ? "null" : typeof signature}.`,
    );
  checkOptions(options, own);
  const settings: Record<string, unknown> = { ...made.settings };
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(options)) if (value !== undefined) (Object.hasOwn(own, key) ? settings : rest)[key] = value;
  return createModule({
    program: { tools: [], predictors: {}, ...made, settings },
    outputs: outputs ? outputs(signature) : signature,
    options: rest,
    structure,
  });
}

/** `predict(S, inputs, options)` runs at once: three arguments, even if the last is `{}`. */
export function makeOrRun(
  make: (signature: Signature, options?: ModuleOptions) => Module,
): (...given: [Signature, unknown?, CallOptions?]) => Module | Promise<Prediction> {
  return (...given) => (given.length > 2 ? make(given[0])(given[1], given[2]) : make(given[0], given[1] as ModuleOptions | undefined));
}
