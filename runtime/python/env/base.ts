/** The Python an environment is made from: any supported version that has `venv`, or that uv can use without. */
import { ConfigurationError } from "../../errors.ts";
import { PATH_NAMES } from "./find.ts";
import { chooseInstaller } from "./install.ts";
import { PYTHON_RANGE, type PythonFacts, probePython, versionProblem } from "./probe.ts";

export async function findBasePython(
  options: { readonly interpreter?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<PythonFacts> {
  const env = options.env ?? process.env;
  const named = options.interpreter ?? env.DSPEX_PYTHON;
  const withUv = (await chooseInstaller(env)).name === "uv";
  const looked: string[] = [];
  for (const command of named ? [named] : PATH_NAMES) {
    const facts = await probePython(command, env);
    const problem =
      typeof facts === "string" ? facts : (versionProblem(facts.version) ?? (facts.venv || withUv ? undefined : "without the venv module"));
    if (typeof facts !== "string" && problem === undefined) return facts;
    looked.push(`${command} (${problem})`);
  }
  throw new ConfigurationError("python_missing", `No Python ${PYTHON_RANGE} with venv was found. Looked for: ${looked.join(", ")}.`, {
    configKey: named && !options.interpreter ? "DSPEX_PYTHON" : "interpreter",
    expected: `Python ${PYTHON_RANGE} with venv`,
    actual: looked.join(", "),
    remedy: `Install Python ${PYTHON_RANGE} (on Debian also python3-venv), or name one in DSPEX_PYTHON, then run \`npx dspexc python sync\`.`,
  });
}
