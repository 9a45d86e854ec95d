/** What TypeScript's checker is asked, and how often. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openTypeReader } from "../../../compiler/1-scan/checker.ts";
import type { TypeReader } from "../../../compiler/1-scan/types.ts";
import { compileFile } from "../../../compiler/compile.ts";
import type { ModelType } from "../../../runtime/spec.ts";

const root = join(import.meta.dirname, "../../cases");
const types = openTypeReader({ root, tsconfig: "tsconfig.json" });
const compile = (text: string, options: { readonly types?: TypeReader; readonly typedSlots?: boolean } = {}) =>
  compileFile({ path: "checked.ts", text }, { types, typedSlots: true, ...options });

describe("schemas", () => {
  it.each([
    [
      "zod",
      'import { z } from "zod";\nconst S = z.object({ id: z.string(), n: z.coerce.number(), tags: z.array(z.enum(["a", "b"])).optional(), at: z.date().nullable() });',
      '{ id: string; n: unknown; tags?: ("a" | "b")[]; at: Date | null }',
      '{ id: string; n: number; tags?: ("a" | "b")[]; at: Date | null }',
    ],
    [
      "valibot",
      'import * as v from "valibot";\nconst S = v.object({ id: v.string(), n: v.pipe(v.string(), v.transform(Number)), tags: v.optional(v.array(v.picklist(["a", "b"]))) });',
      '{ id: string; n: string; tags?: ("a" | "b")[] }',
      '{ id: string; n: number; tags?: ("a" | "b")[] }',
    ],
    [
      "arktype",
      'import { type } from "arktype";\nconst S = type({ id: "string", "tags?": "(\'a\' | \'b\')[]" });',
      '{ id: string; tags?: ("a" | "b")[] }',
      '{ id: string; tags?: ("a" | "b")[] }',
    ],
  ])("%s: the types it takes and gives, written out", (_, declared, input, output) => {
    const { signatures, diagnostics } = compile(`import { sig } from "dspex";\n${declared}\nexport const X = sig.X\`a -> b: \${S}\`;\n`);
    expect(diagnostics).toEqual([]);
    const [slot] = signatures[0]!.slots;
    // The order of properties is the library's; it is no part of a type.
    const sorted = (text: string | undefined) => text?.slice(2, -2).split("; ").sort();
    expect(sorted(slot!.typescript?.input)).toEqual(sorted(input));
    expect(sorted(slot!.typescript?.output)).toEqual(sorted(output));
  });

  it("a value that is no schema has no types, which registration will say", () => {
    const { signatures } = compile('import { sig } from "dspex";\nconst S = { parse: 1 };\nexport const X = sig.X`a -> b: ${S}`;\n');
    expect(signatures[0]!.slots[0]!.typescript).toBeUndefined();
  });
});

describe("type<T>()", () => {
  const read = (declared: string, type: string) =>
    compile(`import { sig, type } from "dspex";\n${declared}\nexport const X = sig.X\`a -> b: \${type<${type}>()}\`;\n`);
  const typeOf = (declared: string, type: string) => read(declared, type).signatures[0]?.spec.outputs[0]?.type;

  it.each([
    ["string", "str"],
    ["number", "float"],
    ["boolean", "bool"],
    ["bigint", "int"],
    ["unknown", "any"],
    ["null", "none"],
    ["Date", { kind: "class", name: "datetime.datetime" }],
    ["string[]", { kind: "generic", of: "list", args: ["str"] }],
    ["readonly [string, number]", { kind: "generic", of: "tuple", args: ["str", "float"] }],
    ["Set<boolean>", { kind: "generic", of: "set", args: ["bool"] }],
    ["Record<string, number>", { kind: "generic", of: "dict", args: ["str", "float"] }],
    ['"a" | "b" | 1 | true', { kind: "literal", values: ["a", "b", 1, true] }],
    ["string | null", { kind: "union", members: ["str", "none"] }],
    ["boolean | null", { kind: "union", members: ["bool", "none"] }],
    ['"a" | null', { kind: "union", members: [{ kind: "literal", values: ["a"] }, "none"] }],
    ["`id-${string}`", "str"],
    ["string & { readonly brand: 1 }", "str"],
    ["object", "dict"],
  ])("%s", (type, spec) => {
    expect(typeOf("", type)).toEqual(spec);
  });

  it.each([
    ["type J = string | J[] | { [key: string]: J };", "J", "nested without end"],
    ["interface Grows<T> { a: Grows<[T]>; b: Grows<T[]> }", "Grows<string>", "nested without end"],
    [
      `type D0 = { x: string }; ${Array.from({ length: 20 }, (_, i) => `type D${i + 1} = { a: D${i}; b: D${i} };`).join(" ")}`,
      "D20",
      "of more than 10000 parts",
    ],
    ["", "Missing", "a type that TypeScript cannot find"],
    ["", "{ a: Missing }", "`a` is a type that TypeScript cannot find"],
    ["", "AbortSignal", "an object with"],
    ["class C { private x = 1; y = 2 }", "C", "`x` is private"],
  ])("%s %s ends in one sentence", (declared, type, said) => {
    const { diagnostics } = read(declared, type);
    expect(diagnostics.map(({ code }) => code)).toEqual(["type_hole_unsupported"]);
    expect(diagnostics[0]!.message).toContain(said);
  });

  it("needs an argument", () => {
    const { diagnostics } = compile('import { sig, type } from "dspex";\nsig.X`a -> b: ${type()}`;\n');
    expect(diagnostics[0]).toMatchObject({ code: "type_hole_unsupported", hint: "Write `type<Invoice>()`." });
  });

  it("names a type of any script, and one of a namespace by its own name", () => {
    expect(typeOf("interface 注文 { 品名: string }", "注文")).toMatchObject({ name: "注文" });
    expect(typeOf("namespace N { export type Inner = { a: string } }", "N.Inner")).toMatchObject({ name: "Inner" });
  });

  it("names models by their declaration, generic arguments included, and refers to one inside itself", () => {
    expect(typeOf("interface Page<T> { items: T[]; next?: Page<T> }\ninterface Item { id: string }", "Page<Item>")).toEqual({
      kind: "model",
      name: "PageItem",
      fields: [
        {
          name: "items",
          type: { kind: "generic", of: "list", args: [{ kind: "model", name: "Item", fields: [{ name: "id", type: "str" }] }] },
        },
        { name: "next", type: { kind: "union", members: [{ kind: "ref", name: "PageItem" }, "none"] }, default: null },
      ],
    });
  });

  it("keeps the order of writing, through aliases, arrays and properties, whatever TypeScript met before", () => {
    const before = 'type Before = "z" | "y" | "x"; const used: Before = "x"; type Alias = "y" | "z" | "x";';
    const wanted = { kind: "literal", values: ["y", "z", "x"] };
    expect(typeOf(before, "Alias")).toEqual(wanted);
    expect(typeOf(before, '"y" | "z" | "x"')).toEqual(wanted);
    expect(typeOf(before, "readonly Alias[]")).toEqual({ kind: "generic", of: "list", args: [wanted] });
    expect(typeOf(before, "Record<string, Alias>")).toEqual({ kind: "generic", of: "dict", args: ["str", wanted] });
    expect(typeOf(before, '[("y" | "z" | "x"), number]')).toEqual({ kind: "generic", of: "tuple", args: [wanted, "float"] });
    expect(typeOf(before, '{ p: "y" | "z" | "x" | null }')).toMatchObject({
      fields: [{ name: "p", type: { kind: "union", members: [wanted, "none"] } }],
    });
    expect(typeOf(`${before} const LABELS = ["y", "z", "x"] as const; type Label = (typeof LABELS)[number];`, "Label")).toEqual(wanted);
    expect(typeOf(`${before} const TABLE = { y: 1, z: 2, x: 3 };`, "keyof typeof TABLE")).toEqual(wanted);
    expect(typeOf(`${before} function f() { return (Math.random() > 1 ? "y" : "x") as "y" | "x"; }`, "ReturnType<typeof f>")).toEqual({
      kind: "literal",
      values: ["x", "y"],
    });
  });

  it("keeps whole enums, and takes a part of one by its values", () => {
    const declared = 'enum Color { Red = "red", Green = "green" }';
    expect(typeOf(declared, "Color")).toEqual({
      kind: "enum",
      name: "Color",
      members: [
        ["Red", "red"],
        ["Green", "green"],
      ],
    });
    expect(typeOf(declared, "Color.Red")).toEqual({ kind: "literal", values: ["red"] });
    expect(typeOf(declared, "Color | undefined")).toEqual({
      kind: "union",
      members: [
        {
          kind: "enum",
          name: "Color",
          members: [
            ["Red", "red"],
            ["Green", "green"],
          ],
        },
        "none",
      ],
    });
  });

  it("reads property names a prototype has too", () => {
    expect(typeOf("", "{ constructor: string; toString: number }")).toMatchObject({
      fields: [
        { name: "constructor", type: "str" },
        { name: "toString", type: "float" },
      ],
    });
  });

  it("says the path to everything that has no place in a signature", () => {
    const { diagnostics } = read(
      "interface A { b: { run(): void; list: (symbol | string)[] }; c: Promise<string>; d: [string, ...number[]] }",
      "A",
    );
    expect(diagnostics.map((d) => d.message)).toEqual([
      expect.stringContaining("`b.run` is a function"),
      expect.stringContaining("`b.list.[]` is a symbol"),
      expect.stringContaining("`c` is a Promise"),
      expect.stringContaining("`d` is a tuple of varying length"),
    ]);
  });

  it("ends on a type that grows for ever", () => {
    const { diagnostics } = read("interface Grow<T> { deeper: Grow<T[]> }", "Grow<string>");
    expect(diagnostics.map((d) => d.code)).toEqual(["type_hole_unsupported"]);
  });
});

describe("the checker", () => {
  it("is not asked for files that need no types", () => {
    const refuse = () => {
      throw new Error("asked");
    };
    const strict: TypeReader = { typeArgument: refuse, tool: refuse, schema: refuse };
    const text =
      'import { sig } from "dspex";\nimport { z } from "zod";\nexport const A = sig("a -> b"); export const B = sig.B`a -> b: ${z.string()}`;';
    expect(compile(text, { types: strict, typedSlots: false }).signatures).toHaveLength(2);
    expect(() => compile(text, { types: strict })).toThrow("asked");
  });

  it("sees the text it is given, not the one on the disk, and sees it change", () => {
    const path = "tools/input.ts";
    const text = readFileSync(join(root, path), "utf8");
    const lonOf = (source: string) => {
      const place = compileFile({ path, text: source }, { types }).tools.find((tool) => tool.name === "locate")!.spec!.parameters[0]!.type;
      return (place as { readonly fields: readonly { readonly name: string; readonly type: unknown }[] }).fields.find(
        (field) => field.name === "lon",
      )!.type;
    };
    expect(lonOf(text)).toBe("float");
    expect(lonOf(text.replace("lon: number", "lon: string"))).toBe("str");
    expect(lonOf(text)).toBe("float");
  });

  it("sees a change on the disk in a file that a checked file imports", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dspex-checker-"));
    try {
      const reader = openTypeReader({ root: folder });
      writeFileSync(join(folder, "other.ts"), "export interface Other { a: string }\n");
      const text =
        'import { sig, type } from "dspex";\nimport type { Other } from "./other.ts";\nexport const X = sig.X`a -> b: ${type<Other>()}`;\n';
      const names = () =>
        (compileFile({ path: "a.ts", text }, { types: reader }).signatures[0]!.spec.outputs[0]!.type as ModelType).fields.map(
          (field) => field.name,
        );
      expect(names()).toEqual(["a"]);
      await new Promise((resolve) => setTimeout(resolve, 60));
      writeFileSync(join(folder, "other.ts"), "export interface Other { a: string; b: number }\n");
      expect(names()).toEqual(["a", "b"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
