import { ConfigurationError } from "../errors.ts";
import type { Module } from "../module-types.ts";
import type { ModuleOptions } from "../options.ts";
import { pythonPredictors } from "../program/python-layout.ts";
import { defineSignature, type Signature } from "../signature.ts";
import { declare } from "./declare.ts";
import { several } from "./several.ts";

export interface PythonOptions<I, O> extends ModuleOptions {
  /** What goes in and comes out; without it both are taken as they are. */
  readonly signature?: Signature<I, O>;
}

/**
 * A Python class by its dotted name: a `dspy.Module`, or a class with `run(**inputs)` or `stream(**inputs)`. `config` is
 * what its constructor takes.
 */
export function python<I = Record<string, unknown>, O = Record<string, unknown>>(
  path: string,
  config: Readonly<Record<string, unknown>> = {},
  { signature, ...options }: PythonOptions<I, O> = {},
): Module<I, O> {
  if (typeof path !== "string" || !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$/.test(path))
    throw new ConfigurationError("config_invalid", `python() takes a class by its dotted name; it was given ${JSON.stringify(path)}.`, {
      configKey: "path",
      expected: '"package.module.Class"',
      actual: String(path),
      remedy: 'Write python("facts.Extract", { k: 3 }).',
    });
  return declare(
    { kind: "module", signature: signature ?? unsigned(path), structure: several("self", pythonPredictors), module: { path, config } },
    { ...options },
  );
}

/** The signature of a module that gave none: any record goes in, any record comes out. */
function unsigned(path: string): Signature {
  const record = (what: string) => (value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? ({ ok: true, value: { ...value } } as const)
      : ({
          ok: false,
          issues: [{ path: [], expected: "an object", received: typeof value, message: `The ${what} must be an object.` }],
        } as const);
  const name = path.slice(path.lastIndexOf(".") + 1);
  return defineSignature(
    { abi: 1, name, docstring: "", inputs: [], outputs: [], hash: `unsigned:${path}` },
    { validateInputs: record("inputs"), validateOutputs: record("outputs") },
  );
}
