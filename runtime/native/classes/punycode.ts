/** RFC 3492: the characters an `xn--` label stands for. */
const [BASE, LOWEST, HIGHEST, SKEW, DAMP] = [36, 1, 26, 38, 700];

/** `label` without its `xn--`; undefined where it stands for nothing. */
export function punycode(label: string): string | undefined {
  // A label has 63 characters; decoding a long one costs its square.
  if (label.length > 1000) return undefined;
  const dash = label.lastIndexOf("-");
  const out = dash > 0 ? [...label.slice(0, dash)] : [];
  let [code, bias, index] = [128, 72, 0];
  for (let at = dash > 0 ? dash + 1 : 0; at < label.length; ) {
    const before = index;
    for (let weight = 1, k = BASE; ; k += BASE) {
      const digit = "abcdefghijklmnopqrstuvwxyz0123456789".indexOf(label[at++] ?? "-");
      if (digit < 0) return undefined;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, LOWEST), HIGHEST);
      if (digit < threshold) break;
      weight *= BASE - threshold;
      if (weight > 2 ** 40) return undefined;
    }
    const count = out.length + 1;
    let delta = before === 0 ? Math.floor((index - before) / DAMP) : Math.floor((index - before) / 2);
    delta += Math.floor(delta / count);
    let k = 0;
    for (; delta > ((BASE - LOWEST) * HIGHEST) / 2; k += BASE) delta = Math.floor(delta / (BASE - LOWEST));
    bias = k + Math.floor(((BASE - LOWEST + 1) * delta) / (delta + SKEW));
    code += Math.floor(index / count);
    if (code > 0x10ffff) return undefined;
    index %= count;
    out.splice(index++, 0, String.fromCodePoint(code));
  }
  return out.some((char) => char > "\x7f") ? out.join("") : undefined;
}
