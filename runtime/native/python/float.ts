/**
 * `repr(float)`. Python and JavaScript both print the shortest digits that read back as the same number; they differ
 * in when the exponent form starts (Python: below 1e-4 and from 1e16 on) and in how the exponent is written.
 */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) {
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/** `repr(complex)`: parts without `.0`, in brackets unless the real part is zero. */
export function complexRepr(real: number, imaginary: number): string {
  const [head, tail] = [real, imaginary].map((part) => floatRepr(part).replace(/\.0$/, "")) as [string, string];
  return Object.is(real, 0) ? `${tail}j` : `(${head}${tail.startsWith("-") ? "" : "+"}${tail}j)`;
}
