/** What the environment says, unchecked: DSPEX_* under the names of the file's keys. */
export function environment(env: Readonly<Record<string, string | undefined>>): unknown {
  const list = (text: string | undefined) =>
    text
      ?.split(",")
      .map((item) => item.trim())
      .filter(Boolean);
  const found: Record<string, unknown> = {
    include: list(env.DSPEX_INCLUDE),
    exclude: list(env.DSPEX_EXCLUDE),
    output: env.DSPEX_OUTPUT,
    aliases: list(env.DSPEX_ALIASES),
    without: list(env.DSPEX_WITHOUT),
  };
  const flag = (text: string | undefined) =>
    text === undefined ? undefined : ({ 1: true, true: true, 0: false, false: false }[text] ?? text);
  found.strict = flag(env.DSPEX_STRICT);
  found.cache = flag(env.DSPEX_CACHE);
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
