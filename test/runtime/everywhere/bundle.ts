/** A trivial predict as a bundler makes it for a browser: what is loaded at once, what everything together weighs, and what is in it. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Metafile } from "esbuild";
import dspex from "../../../compiler/6-bundle/esbuild.ts";
import type { Feature } from "../../../compiler/config.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** As compiled: the literal is a table and two checks, everything else is `dspex`. */
export const trivial = `
  import { configure, predict } from "dspex";
  import { definePlain, report } from "dspex/internal";
  const QA = definePlain(
    { abi: 1, name: "QA", inputs: [{ name: "question", type: "str" }], outputs: [{ name: "answer", type: "str" }], hash: "0123456789abcdef" },
    {
      validateInputs(fields, issues) {
        const { question } = fields;
        if (typeof question !== "string") report(issues, ["question"], "str", question);
        return { question };
      },
      validateOutputs(fields, issues) {
        const { answer } = fields;
        if (typeof answer !== "string") report(issues, ["answer"], "str", answer);
        return { answer };
      },
    },
  );
  configure({ lm: globalThis.model });
  globalThis.answer = predict(QA)({ question: "What is the capital of France?" });
`;

/** What the program above does not use, so that a build may leave it out. */
const unused: readonly Feature[] = ["types", "endpoint", "ai-sdk", "cache"];

/** The same as one file, from the package as it is published, without what it does not use. */
export function trimmed(source: string, options: BuildOptions = {}): Promise<Bundle> {
  execFileSync(process.execPath, [`${root}.ci/build.ts`], { stdio: "pipe" });
  // Not by the paths of this repository's tsconfig, which name sources.
  const published = { alias: {}, tsconfigRaw: {}, plugins: [dspex({ without: unused, ci: false, cache: false })] };
  return bundled(source, { splitting: false, ...published, ...options });
}

export interface Bundle {
  /** The entry with everything it imports at once. */
  readonly first: Size;
  /** The entry's own text. */
  readonly entry: string;
  readonly files: ReadonlyMap<string, string>;
  readonly inputs: readonly string[];
  readonly firstInputs: readonly string[];
}
export interface Size {
  readonly bytes: number;
  readonly gzip: number;
}

export async function bundled(source: string, options: BuildOptions = {}): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: source, resolveDir: root, loader: "ts", sourcefile: "app.ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    splitting: true,
    outdir: "out",
    write: false,
    metafile: true,
    logLevel: "silent",
    alias: { dspex: `${root}runtime/index.ts`, "dspex/internal": `${root}runtime/abi.ts` },
    ...options,
  } as BuildOptions & { metafile: true; write: false });
  const files = new Map(outputFiles!.map(({ path, text }) => [path.slice(path.lastIndexOf("/") + 1), text]));
  const atOnce = closure(metafile!);
  const text = atOnce.map((name) => files.get(name.slice(name.lastIndexOf("/") + 1))!).join("");
  return {
    files,
    entry: files.get(atOnce[0]!.slice(atOnce[0]!.lastIndexOf("/") + 1))!,
    first: { bytes: Buffer.byteLength(text), gzip: gzipSync(text, { level: 9 }).length },
    inputs: Object.keys(metafile!.inputs),
    firstInputs: atOnce.flatMap((name) =>
      Object.entries(metafile!.outputs[name]!.inputs).flatMap(([input, { bytesInOutput }]) => (bytesInOutput ? [input] : [])),
    ),
  };
}

function closure({ outputs }: Metafile): readonly string[] {
  // Lazily loaded chunks are entry points too.
  const entry = Object.keys(outputs).find((name) => outputs[name]!.entryPoint?.endsWith("app.ts"))!;
  const found = new Set([entry]);
  for (const name of found) for (const { path, kind } of outputs[name]!.imports) if (kind === "import-statement") found.add(path);
  return [...found];
}
