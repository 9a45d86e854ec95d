/** What the compiler adds to a bundle for one plain signature of five fields, minified; all of it is used for predict. */
import { transform } from "esbuild";
import { signatureExpression } from "../../../compiler/5-emit/signature.ts";
import { compileText } from "../../../compiler/compile.ts";
import { type Benchmark, peer, row } from "../harness.ts";

const GOAL = 1000;
const SIGNATURE = "question: str, context: list[str] -> answer: str, confidence: float, tags: list[str]";

/** As each writes the same shape in its own source; the library itself is not counted on any side. */
const AX = `import { ax } from "@ax-llm/ax"; export const qa = ax('question:string, context:string[] -> answer:string, confidence:number, tags:string[]');`;
const ZOD = `import { z } from "zod"; export const inputs = z.strictObject({ question: z.string(), context: z.array(z.string()) }); export const outputs = z.strictObject({ answer: z.string(), confidence: z.number(), tags: z.array(z.string()) });`;

const bytes = async (code: string): Promise<number> => Buffer.byteLength((await transform(code, { minify: true, format: "esm" })).code);

const benchmark: Benchmark = {
  name: "emitted-bytes",
  goal: `<= ${GOAL} bytes minified`,
  async run() {
    const { value } = compileText(SIGNATURE, "QA");
    const ours = await bytes(
      `import * as abi from "dspex/internal"; export const qa = ${signatureExpression(value!.spec, { language: "js" })};`,
    );
    const ax = (await peer("@ax-llm/ax")) ? await bytes(AX) : null;
    return row(benchmark, {
      ours,
      peers: { ax, zod: await bytes(ZOD) },
      ratio: ours / GOAL,
      kept: ours <= GOAL,
      unit: "bytes",
      note: "peers parse or build theirs at run time, with their library in the bundle; ours is the parsed table and both validators",
    });
  },
};
export default benchmark;
