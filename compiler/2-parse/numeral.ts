/** Python's number literals, to Python's own spelling of their values (`1_000` is `1000`, `1e3` is `1000.0`). */
export interface NumeralValue {
  readonly type: "int" | "float" | "complex";
  readonly text: string;
}

const DIGITS = "[0-9](?:_?[0-9])*";
const INT = /^(?:0(?:_?0)*|[1-9](?:_?[0-9])*|0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)$/;
const FLOAT = new RegExp(`^(?:${DIGITS})?(?:\\.(?:${DIGITS})?)?(?:[eE][+-]?${DIGITS})?$`);

export function readNumeral(image: string): NumeralValue | { readonly problem: string } {
  const plain = image.replaceAll("_", "");
  if (INT.test(image)) return { type: "int", text: BigInt(plain).toString() };
  const imaginary = /[jJ]$/.test(image);
  const real = imaginary ? image.slice(0, -1) : image;
  if (/[0-9]/.test(real) && FLOAT.test(real) && (imaginary || /[.eE]/.test(real))) {
    const value = Number(plain.replace(/[jJ]$/, ""));
    if (!imaginary) return { type: "float", text: floatRepr(value) };
    return { type: "complex", text: `${floatRepr(value).replace(/\.0$/, "")}j` };
  }
  if (/^0[0-9_]+$/.test(image)) return { problem: "a whole number has no leading zeros (Python writes octal numbers as `0o17`)" };
  return { problem: "this is not a number Python can read" };
}

/** Python's `repr(float)`: an exponent from 1e16 on and below 1e-4, of at least two digits (dspy-semantics 0.3). */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  const text = String(value);
  if (/e/.test(text)) return value.toFixed(Math.max(0, mantissa.replace(/^-?\d\.?/, "").length - power));
  return text.includes(".") ? text : `${text}.0`;
}
