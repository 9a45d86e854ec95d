/** Whole generated modules: as goldens people read, and laid out as ts-morph would. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SignatureIr } from "../../../compiler/4-ir/ir.ts";
import type { ModuleDeclaration } from "../../../compiler/5-emit/declaration.ts";
import { fileEntries } from "../../../compiler/5-emit/entries.ts";
import { fileModule, generatedText } from "../../../compiler/5-emit/module.ts";
import { printModule } from "../../../compiler/5-emit/print.ts";
import { indexModule, registryModule } from "../../../compiler/5-emit/registry.ts";
import { compileFile } from "../../../compiler/compile.ts";
import { createPrinter } from "./print-ts-morph.ts";
import { fields, specOf } from "./specs.ts";

const print = createPrinter();

function generate(source: string, path = "src/app.ts") {
  const file = { path, text: source };
  const { signatures, tools, diagnostics } = compileFile(file);
  expect(diagnostics.filter((found) => found.severity === "error")).toEqual([]);
  const made = fileModule(path, signatures, tools);
  const project = [{ specifier: `./${path}`, entries: fileEntries(made, source) }];
  return { module: made.module, index: indexModule(project), registry: registryModule(project) };
}

function printed(module: ModuleDeclaration): string {
  expect(print("module.ts", module)).toBe(printModule(module));
  return generatedText(module);
}

const sources: Readonly<Record<string, string>> = {
  plain:
    'import { sig } from "dspex";\nexport const QA = sig("question, context: list[str] -> answer: str, confidence: float, tags: list[str]");\n',
  full: `import { sig } from "dspex";
export const Triage = sig.Triage\`
  """Sort a support message."""
  message: str "what the customer wrote",
  history: list[str](max_length=20),
  note: str | None,
  locale: str = "en"
  -> label: Literal["bug", "billing", "other"],
  confidence: float(ge=0, le=1),
  code: str(pattern="^[A-Z]{2}$", min_length=2),
  scores: dict[str, list[int]]
\`;
`,
  types:
    'import { sig } from "dspex";\nsig("page: dspy.Image, when: datetime.datetime, day: datetime.date, seen: set[int], pair: tuple[int, str], many: tuple[float, ...], any: Any, raw: bytes, either: int | list[str] | None, past: dspy.History -> a: Optional[Literal[\'x\']], default, class_: bool");\n',
  reserved:
    'import { sig } from "dspex";\nexport const A = sig.for`a -> b: dspy.Image`;\nexport const Image = sig("c -> d");\nexport const Date = sig("e -> f: datetime.datetime");\n',
  empty: 'import { sig } from "dspex";\nexport const Nothing = sig("-> answer");\n',
  holes:
    'import { sig } from "dspex";\nimport { Invoice } from "./schemas.ts";\nconst FIELD = "question";\nexport const Read = sig.Read`${FIELD}, page: str -> invoice: ${Invoice}, other: list[${Invoice}]`;\n',
};

describe.each(Object.entries(sources))("%s", (name, source) => {
  it("prints as it is read", async () => {
    const { module, index, registry } = generate(source);
    await expect(printed(module)).toMatchFileSnapshot(`fixtures/${name}.module.ts.txt`);
    await expect(printed(index)).toMatchFileSnapshot(`fixtures/${name}.index.ts.txt`);
    await expect(printed(registry)).toMatchFileSnapshot(`fixtures/${name}.registry.d.ts.txt`);
  });
});

it("prints what ts-morph prints, whatever the fields", () => {
  const docs = fc.option(
    fc.constantFrom(
      "one line",
      "two\nlines",
      "ends a comment */ here",
      "",
      "  ",
      "\n\nlate",
      "early\n\n",
      "a\n\nb",
      "@tag",
      "  indented",
      "a\r\nb",
      "with `ticks` and ${holes}",
    ),
    { nil: undefined },
  );
  fc.assert(
    fc.property(fields, fields, docs, (inputs, outputs, doc) => {
      const described = inputs.map((field) => (doc === undefined ? field : { ...field, desc: doc }));
      const spec = { ...specOf(described, outputs), ...(doc ? { docstring: doc } : {}) };
      const site = {
        kind: "call",
        name: "Subject",
        source: { file: { path: "a.ts", text: "" }, text: "a -> b", offsets: [] },
        span: { start: 0, end: 0 },
        literal: undefined,
        holes: [],
        options: undefined,
        declaration: undefined,
      } as const;
      const ir: SignatureIr = { site, spec, inputs: [], outputs: [], slots: [] };
      const made = fileModule("a.ts", [ir], []);
      printed(made.module);
      printed(registryModule([{ specifier: "./a.ts", entries: fileEntries(made, "") }]));
    }),
    { numRuns: 60 },
  );
});
