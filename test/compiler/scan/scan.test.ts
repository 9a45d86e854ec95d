import { describe, expect, it } from "vitest";
import { scan } from "../../../compiler/1-scan/scan.ts";
import { HOLE } from "../../../compiler/1-scan/site.ts";
import { inFile } from "../../../compiler/source.ts";

const sitesOf = (text: string, path = "src/a.ts", aliases: readonly string[] = []) => scan({ path, text }, { aliases });

describe("scan", () => {
  it("does not parse a file that cannot hold a site", () => {
    // Were it parsed, the missing bracket would be reported.
    expect(sitesOf('import { predict } from "dspex"; f(')).toEqual({
      value: { signatures: [], tools: [], templates: [], imports: new Map() },
      diagnostics: [],
    });
    expect(sitesOf('const sig = "no import"; f(').diagnostics).toEqual([]);
  });

  it("gives spans of the whole expression, the literal, the options and the statement", () => {
    const text = 'import { signature } from "dspex";\nexport const Qa = signature("q -> a", { name: "Named", metadata: {} });\n';
    const [site] = sitesOf(text).value.signatures;
    const at = (span: { start: number; end: number } | undefined) => span && text.slice(span.start, span.end);
    expect(site).toMatchObject({ kind: "signature", name: "Named", declaration: { name: "Qa", exported: "Qa", topLevel: true } });
    expect(at(site!.span)).toBe('signature("q -> a", { name: "Named", metadata: {} })');
    expect(at(site!.literal)).toBe('"q -> a"');
    expect(at(site!.options)).toBe('{ name: "Named", metadata: {} }');
    expect(at(site!.declaration!.statement)).toBe('export const Qa = signature("q -> a", { name: "Named", metadata: {} });');
  });

  it("keeps a hole's place, expression and meaning", () => {
    const text = 'import { sig, type } from "dspex";\nsig.A`a: ${type<Invoice>()}, ${Base.outputs} -> b: ${schema.optional()}`;\n';
    const [site] = sitesOf(text).value.signatures;
    expect(site!.source.text).toBe(`a: ${HOLE}, ${HOLE} -> b: ${HOLE}`);
    expect(site!.holes.map((hole) => [hole.text, hole.reference?.name, hole.reference?.side])).toEqual([
      ["type<Invoice>()", undefined, undefined],
      ["Base.outputs", "Base", "outputs"],
      ["schema.optional()", undefined, undefined],
    ]);
    const [first] = site!.holes;
    expect(text.slice(first!.typeArgument!.start, first!.typeArgument!.end)).toBe("Invoice");
    const place = inFile(site!.source, { start: first!.at, end: first!.at + 1 });
    expect(text.slice(place.start, place.end)).toBe("${type<Invoice>()}");
  });

  it("follows alias modules of the configuration, by specifier and by path", () => {
    const use = 'import { sig } from "@acme/prompts"; export const A = sig("a -> b");';
    expect(sitesOf(use).value.signatures).toEqual([]);
    expect(sitesOf(use, "src/a.ts", ["@acme/prompts"]).value.signatures).toHaveLength(1);
    const relative = 'import { sig } from "../lib/prompts.js"; export const A = sig("a -> b");';
    expect(sitesOf(relative, "src/deep/a.ts", ["./src/lib/prompts.ts"]).value.signatures).toHaveLength(1);
    expect(sitesOf(relative, "src/deep/a.ts", ["./other.ts"]).value.signatures).toEqual([]);
  });

  it("lets an alias module hand dspex's functions on", () => {
    const text = 'import { sig } from "dspex"; export { sig }; export const s = sig;';
    expect(sitesOf(text, "src/lib/prompts.ts").diagnostics.map((d) => d.code)).toEqual(["sig_aliased", "sig_aliased"]);
    expect(sitesOf(text, "src/lib/prompts.ts", ["./src/lib/prompts.ts"]).diagnostics).toEqual([]);
  });

  it("finds sites in JavaScript, JSX, classes and nested functions", () => {
    const text =
      'import { sig } from "dspex";\nclass A { static s = sig("a -> b"); m() { return () => <div title={sig("c -> d").name} />; } }\nconst o = { Triage: sig("e -> f") };';
    expect(sitesOf(text, "src/a.jsx").value.signatures.map((site) => site.source.text)).toEqual(["a -> b", "c -> d", "e -> f"]);
  });

  it("finds sites in decorators, which stand in front of what they decorate, and under names spelt with escapes", () => {
    const text =
      'import { sig, sig as other } from "dspex";\nconst quiet = 1;\n@a(sig("a -> b")) export class A { x = 1; @c(other("c -> d")) m(@e(sig("e -> f")) p) {} }';
    expect(sitesOf(text).value.signatures.map((site) => site.source.text)).toEqual(["a -> b", "c -> d", "e -> f"]);
    expect(sitesOf('import { sig } from "dspex";\n{ s\\u0069g("a -> b"); }').value.signatures.map((site) => site.source.text)).toEqual([
      "a -> b",
    ]);
  });

  it("sees through types and parentheses around the call and its text", () => {
    const text =
      'import { sig } from "dspex";\nconst A = (sig)(("a -> b" as const)) as unknown;\nconst B = sig<"c -> d">("c -> d" satisfies string)!;';
    expect(sitesOf(text).value.signatures.map((site) => [site.name, site.source.text])).toEqual([
      ["A", "a -> b"],
      ["B", "c -> d"],
    ]);
  });

  it("is not fooled by names of its own scope", () => {
    const text =
      'import { sig } from "dspex";\nfunction a() { var sig = x; if (y) { sig("not ours"); } }\nfunction b({ sig }) { sig("not ours"); }\ntry {} catch (sig) { sig("not ours"); }\nconst c = class sig { m() { sig("not ours"); } };\nswitch (1) { case 1: let sig = x; sig("not ours"); }\nsig("a -> b");';
    expect(sitesOf(text).value.signatures.map((site) => site.source.text)).toEqual(["a -> b"]);
    expect(sitesOf(text).diagnostics).toEqual([]);
  });
});
