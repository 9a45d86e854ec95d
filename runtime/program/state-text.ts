/**
 * A state file's text as data. Python tells 5.0 from 5 and prints what it reads, so a number written with a point or an
 * exponent stays a float (`Float`), and one written without stays an int (a bigint) where a float is declared or a number
 * would round it. Keys like "2" come first in a JavaScript object: their place among others is the one thing lost.
 */
import { ConfigurationError } from "../errors.ts";
import { isObject, kindOf } from "../shape.ts";
import { Float } from "../values.ts";

export function readState(saved: unknown): Readonly<Record<string, unknown>> {
  const data = typeof saved === "string" ? parse(saved) : saved;
  if (isRecord(data)) return data;
  throw invalid("the state", 'an object, as program.save("x.json") writes it', kindOf(data));
}

function parse(text: string): unknown {
  try {
    // The third argument is there from Node 22 on; where it is missing, whole floats read as ints.
    return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
      Number.isInteger(value) && context?.source ? spelled(value as number, context.source) : value,
    );
  } catch (cause) {
    throw invalid("the state", "JSON text", `text that is not JSON (${(cause as Error).message})`, cause);
  }
}

const spelled = (value: number, source: string): unknown =>
  /[.eE]/.test(source) ? new Float(value) : Number.isSafeInteger(value) ? value : BigInt(source);

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !(value instanceof Float);
}

/** `where` is the place in the file, such as `extract.predict.signature.fields`. */
export function invalid(where: string, expected: string, actual: string, cause?: unknown): ConfigurationError {
  return new ConfigurationError("artefact_invalid", `The saved program does not fit: ${where} should be ${expected}, it is ${actual}.`, {
    configKey: where,
    expected,
    actual,
    remedy: "Load it into the module it was saved from, or save it again.",
    cause,
  });
}
