/** The twin of the runtime's ConfigurationError: same code, key, expected and actual. */
export class ConfigError extends Error {
  readonly code: "config_invalid" | "config_unknown_key";
  readonly configKey: string;
  readonly expected: string;
  readonly actual: string;
  constructor(
    code: ConfigError["code"],
    message: string,
    details: { configKey?: string; expected?: string; actual?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "ConfigurationError";
    this.code = code;
    this.configKey = details.configKey ?? "";
    this.expected = details.expected ?? "";
    this.actual = details.actual ?? "";
  }
}
