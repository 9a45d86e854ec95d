/**
 * Which Python runs the workers. A setting that is made and wrong is an error, never passed over in silence:
 * DSPEX_PYTHON, the configured interpreter, the project's environment, then a Python on PATH that already has dspy.
 */
import { ConfigurationError } from "../../errors.ts";
import { readMarker } from "./marker.ts";
import { environmentPlaces, packagePython, projectDir } from "./places.ts";
import { DSPY_VERSION, PYTHON_RANGE, type PythonFacts, probePython, versionProblem } from "./probe.ts";

export interface FindOptions {
  /** Default: the nearest folder with `.dspex/python`, else with a package.json, from the working directory up. */
  readonly projectDir?: string;
  /** A pool's `interpreter`. */
  readonly interpreter?: string;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export type PythonSource = "DSPEX_PYTHON" | "interpreter" | "project" | "PATH";

export interface FoundPython {
  /** Absolute path of the interpreter, inside its environment where it has one. */
  readonly executable: string;
  /** `3.11.7`. */
  readonly version: string;
  readonly dspy: string;
  readonly source: PythonSource;
  /** The folder that holds `dspex_worker`: goes onto the worker's `sys.path`. */
  readonly workerPath: string;
  readonly projectDir: string;
}

const SYNC = "Run `npx dspexc python sync`.";
/** The user's own default first; the newest last, whose wheels are the scarcest. */
export const PATH_NAMES: readonly string[] = ["python3", "python3.13", "python3.12", "python3.11", "python3.14", "python"];

/** Throws `python_missing` or `dspy_unsupported`, naming every place looked at and the command that mends it. */
export async function findPython(options: FindOptions = {}): Promise<FoundPython> {
  const env = options.env ?? process.env;
  const project = options.projectDir ?? projectDir();
  const common = { workerPath: packagePython(), projectDir: project };

  if (options.interpreter) return { ...found(await chosen("interpreter", options.interpreter, env)), source: "interpreter", ...common };
  const marker = readMarker(project);
  if (env.DSPEX_PYTHON) {
    const facts = await chosen("DSPEX_PYTHON", env.DSPEX_PYTHON, env, marker !== undefined);
    if (facts.packages.dspy) return { ...found(facts), source: "DSPEX_PYTHON", ...common };
  }
  if (marker) return { executable: marker.executable, version: marker.version, dspy: marker.dspy, source: "project", ...common };

  const looked: string[] = ["DSPEX_PYTHON (not set)", `${environmentPlaces(project).folder} (not there, or not finished)`];
  let usable: PythonFacts | undefined;
  for (const name of PATH_NAMES) {
    const facts = await probePython(name, env);
    const problem = typeof facts === "string" ? facts : versionProblem(facts.version);
    if (typeof facts === "string" || problem !== undefined) {
      looked.push(`${name} (${problem})`);
      continue;
    }
    if (facts.packages.dspy === DSPY_VERSION && facts.packages.msgspec) return { ...found(facts), source: "PATH", ...common };
    usable ??= facts;
    looked.push(`${name} (${facts.version}, ${facts.packages.dspy ? `dspy ${facts.packages.dspy}` : "without dspy"})`);
  }
  throw new ConfigurationError(
    "python_missing",
    usable
      ? `Python ${usable.version} is there, but this project has no Python environment yet. Looked for: ${looked.join(", ")}.`
      : `No Python ${PYTHON_RANGE} was found. Looked for: ${looked.join(", ")}.`,
    {
      configKey: "interpreter",
      expected: `Python ${PYTHON_RANGE} with dspy ${DSPY_VERSION}`,
      actual: looked.join(", "),
      remedy: usable ? SYNC : `Install Python ${PYTHON_RANGE}, or name one in DSPEX_PYTHON, then run \`npx dspexc python sync\`.`,
    },
  );
}

function found(facts: PythonFacts): Pick<FoundPython, "executable" | "version" | "dspy"> {
  return { executable: facts.executable, version: facts.version, dspy: facts.packages.dspy! };
}

/** An interpreter that was named. With `asBase`, one without any dspy passes: it is what the project's environment is made from. */
async function chosen(source: PythonSource, command: string, env: NonNullable<FindOptions["env"]>, asBase = false): Promise<PythonFacts> {
  const facts = await probePython(command, env);
  const expected = `Python ${PYTHON_RANGE} with dspy ${DSPY_VERSION}`;
  const problem = typeof facts === "string" ? facts : versionProblem(facts.version);
  if (typeof facts === "string" || problem !== undefined) {
    throw new ConfigurationError("python_missing", `${source} names ${command}, which cannot be used: ${problem}.`, {
      configKey: source,
      expected,
      actual: problem ?? "",
      remedy: `Name a Python ${PYTHON_RANGE} in ${source}, or unset it, then run \`npx dspexc python sync\`.`,
    });
  }
  const { dspy, msgspec } = facts.packages;
  if ((dspy === DSPY_VERSION && msgspec) || (asBase && !dspy)) return facts;
  const actual = dspy === DSPY_VERSION ? "no msgspec" : dspy ? `dspy ${dspy}` : "no dspy";
  throw new ConfigurationError(
    "dspy_unsupported",
    `${source} names ${command} (Python ${facts.version}), which has ${actual}; dspy ${DSPY_VERSION} with msgspec is needed.`,
    {
      configKey: source,
      expected,
      actual,
      remedy:
        source === "DSPEX_PYTHON" && !dspy
          ? "Run `npx dspexc python sync`, which makes an environment from it."
          : `Run \`${command} -m pip install dspy==${DSPY_VERSION} msgspec\`, or unset ${source} and run \`npx dspexc python sync\`.`,
    },
  );
}
