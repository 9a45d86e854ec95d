/** Removes secrets from recorded data: the values of variables and settings that are named like one, and what is written like one. */
const SECRET_NAME = /(KEY|TOKEN|SECRET|PASS|PASSWD|PASSWORD|PASSPHRASE|CREDENTIALS?|_PAT)(_?\d+)?$/i;
/** Of a setting, whose other names end like these too: `prompt_cache_key`, `max_tokens`. */
const SECRET_SETTING =
  /(?:api|access|private|secret|signing)[-_]?key$|(?:^|[-_])(?:authorization|password|secret|credentials?)$|(?:access|api|auth|bearer|id|refresh|session)[-_]?token$/i;
const SECRET_FORMS = [
  /\b(?:sk|pk|rk|gh[opsur]|github_pat|glpat|xox[abeprs]|hf|gsk|xai|r8|pplx|npm|dop_v1)[-_][\w-]{16,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bya29\.[\w-]{16,}/g,
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
    if (typeof each === "object" && each !== null) return Object.fromEntries(Object.entries(each).map(property));
    return each;
  };
  const property = ([key, item]: [string, unknown]): [string, unknown] => [
    clean(key),
    SECRET_SETTING.test(key) && typeof item === "string" ? "***" : walk(item),
  ];
  return walk(value);
}

/** Longest first, for one may begin another. Short values are words that happen to stand in a variable; removing them would spoil texts and hide nothing. */
function secretValues(): readonly string[] {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env ?? {};
  return Object.entries(environment)
    .flatMap(([name, value]) => (value && value.length >= 12 && SECRET_NAME.test(name) ? [value] : []))
    .sort((a, b) => b.length - a.length);
}
