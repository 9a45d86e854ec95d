/** Removes secrets from recorded data: the values of variables that are named like one, and what is written like one. */
const SECRET_NAME = /(KEY|TOKEN|SECRET|PASSWORD|CREDENTIALS?)$/i;
const SECRET_FORMS = [
  /\b(?:sk|pk|rk|ghp|gho|xoxb|xoxp|hf|gsk|xai)[-_][\w-]{16,}/g,
  /\bBearer\s+[\w.~+/=-]{16,}/gi,
  /\bAIza[\w-]{30,}/g,
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
];

export function scrub(value: unknown, redact?: (text: string) => string): unknown {
  const secrets = secretValues();
  const clean = (text: string): string => {
    for (const secret of secrets) text = text.replaceAll(secret, "***");
    for (const form of SECRET_FORMS) text = text.replace(form, "***");
    return redact ? redact(text) : text;
  };
  const walk = (each: unknown): unknown => {
    if (typeof each === "string") return clean(each);
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each === "object" && each !== null) return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item)]));
    return each;
  };
  return walk(value);
}

/** Short values are words that happen to stand in a variable; removing them would spoil texts and hide nothing. */
function secretValues(): readonly string[] {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
  return Object.entries(environment).flatMap(([name, value]) => (value && value.length >= 12 && SECRET_NAME.test(name) ? [value] : []));
}
