/**
 * The whole path, driven once: Python made ready, the program built in both ways, every message answered by both routes.
 *
 *   npm run demo                          progress, a table, a summary
 *   npm run demo -- --limit 5             fewer messages
 *   npm run --silent demo -- --json       one JSON object on stdout, nothing else
 *
 * DSPEX_MODEL, DSPEX_BASE_URL and DSPEX_API_KEY put any OpenAI-compatible endpoint in the embedded model's place.
 */
import { parseArgs } from "node:util";
import { bar } from "./demo/bar.ts";
import { buildDspex, buildTwice, syncPython } from "./demo/prepare.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false }, limit: { type: "string" } } });
const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : Number(values.limit);
if (!(limit >= 1)) {
  console.error(`--limit takes a number of messages from 1 up, not ${values.limit}`);
  process.exit(2);
}
const say = (text: string): void => void (values.json || console.error(text));

try {
  await buildDspex();
  await syncPython(values.json);
  const builds = await buildTwice(import.meta.dirname);
  say(`built twice: ${builds.bundle.name} (esbuild plugin), ${builds.generated.name} (dspexc)`);

  // Loaded only now: these import "dspex", which the lines above may just have built.
  const { readCases } = await import("./demo/cases.ts");
  const { chooseModel } = await import("./demo/model.ts");
  const { runRoute } = await import("./demo/run.ts");
  const { compare } = await import("./demo/compare.ts");
  const { buildsAgree } = await import("./demo/builds.ts");
  const { figures, table, summary } = await import("./demo/report.ts");
  const { close } = await import("dspex");
  const { pools } = await import("dspex/python");

  const { cases, examples } = await readCases(limit);
  const model = chooseModel();
  say(`model: ${model.name}; ${cases.length} messages, ${examples.length} examples\n`);
  try {
    const modules = builds.bundle.program.modules(examples);
    const native = await runRoute("native", modules, cases, model, bar("native", values.json));
    const python = await runRoute("python", modules, cases, model, bar("python", values.json));
    const compared = compare(native, python);
    if (values.json) console.log(JSON.stringify(figures(cases, native, python, compared)));
    else {
      const agreed = await buildsAgree(builds, examples, cases, native);
      console.log(table(cases, native, python));
      console.log(summary(cases, native, python, compared, agreed, pools.general.stats()));
    }
    if (native.answered === 0 && python.answered === 0) process.exitCode = 1;
  } finally {
    await close();
  }
} catch (error) {
  // A DspexError's message says what to do, and esbuild has printed its findings; a stack would hide either.
  const { name, code, message, errors } = error as Error & { code?: string; errors?: unknown };
  if (!errors) console.error(code === undefined ? error : `${name} ${code}: ${message}`);
  process.exitCode = 1;
}
