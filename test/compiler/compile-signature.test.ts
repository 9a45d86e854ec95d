import { describe, expect, it } from "vitest";
import { z } from "zod";
import { check, compileSignature, parse, render, SignatureTextError } from "../../compiler/index.ts";
import { DspexError } from "../../runtime/errors.ts";
import { chainOfThought } from "../../runtime/index.ts";
import { validate } from "../../runtime/validate.ts";

describe("compileSignature", () => {
  it("makes a signature that validates, from text known only at run time", () => {
    const S = compileSignature(`"""Sort it.""" message: str "what was written", limit: int(ge=1) = 3 -> label: Literal["a", "b"]`, {
      name: "Sort",
      metadata: { owner: "me" },
    });
    expect(S).toMatchObject({ name: "Sort", docstring: "Sort it.", metadata: { owner: "me" } });
    expect(S.inputs.map(({ name, type, description, prefix }) => [name, type, description, prefix])).toEqual([
      ["message", "str", "what was written", "Message:"],
      ["limit", "int", "${limit}", "Limit:"],
    ]);
    expect(validate({ message: "x" }, S)).toEqual({ ok: true, value: { message: "x", limit: 3 } });
    expect(validate({ message: "x", limit: 0 }, S)).toMatchObject({ ok: false, issues: [{ path: ["limit"] }] });
    expect(validate({ label: "c" }, S, "outputs")).toMatchObject({ ok: false, issues: [{ path: ["label"] }] });
  });

  it("takes schemas for names in the text, wherever they stand in a type", () => {
    const Invoice = z.object({ total: z.number() });
    const S = compileSignature("scan: str -> invoice: Invoice, all: list[Invoice]", { types: { Invoice } });
    expect(validate({ invoice: { total: 1 }, all: [{ total: 2 }] }, S, "outputs")).toMatchObject({ ok: true });
    expect(validate({ invoice: { total: "1" }, all: [] }, S, "outputs")).toMatchObject({ ok: false });
  });

  it("does not take what every object has for a given type", () => {
    expect(() => compileSignature("a: toString -> b", { types: {} })).toThrow(SignatureTextError);
  });

  it("throws every error at once, with the frame a reader needs", () => {
    const error = (() => {
      try {
        compileSignature("a: strng, class -> b: intt");
      } catch (e) {
        return e as SignatureTextError;
      }
    })();
    expect(error).toBeInstanceOf(SignatureTextError);
    expect(error).toBeInstanceOf(DspexError);
    expect(error!.diagnostics.map((d) => d.code)).toEqual(["type_unknown", "field_name_keyword", "type_unknown"]);
    expect(error!.message).toContain("1 | a: strng, class -> b: intt\n   |    ^^^^^");
  });
});

describe("parse", () => {
  it("gives the table and the findings, and never throws", () => {
    expect(parse("a, *args -> b: int")).toMatchObject({
      ok: true,
      value: { inputs: [{ name: "a", type: "str" }], outputs: [{ name: "b", type: "int" }] },
      diagnostics: [{ code: "parameter_ignored" }],
    });
    expect(parse("a b")).toMatchObject({ ok: false, value: undefined, diagnostics: [{ code: "arrow_missing" }] });
  });
});

it("check finds what is wrong in each file", () => {
  const found = check([
    { path: "a.ts", text: 'import { sig } from "dspex"; sig("a -> b: nope");' },
    { path: "b.ts", text: "export {};" },
  ]);
  expect(found.map((file) => file.diagnostics.map((d) => d.code))).toEqual([["type_unknown"], []]);
});

describe("render", () => {
  it("writes what a call sends, of a signature or of its text", async () => {
    const text = 'question, tags: list[str] -> answer: Literal["yes", "no"]';
    const sent: unknown[] = [];
    const lm = ({ messages }: { messages: unknown }) => {
      sent.push(messages);
      return "[[ ## reasoning ## ]]\nr\n\n[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]";
    };
    const S = compileSignature(text);
    const inputs = { question: "why?", tags: ["a"] };
    const demos = [{ question: "q", tags: [], answer: "no" }];
    await chainOfThought(S, { lm }).withDemos(demos)(inputs);
    expect(await render(text, inputs, { kind: "chainOfThought", demos })).toEqual(sent[0]);
    expect(await render(S, inputs, { kind: "chainOfThought", demos })).toEqual(sent[0]);
    expect((await render(S, inputs, { adapter: "xml" })).at(-1)!.content).toContain("<question>\nwhy?\n</question>");
  });

  it("shows a schema's type to the model as the schema says", async () => {
    const S = compileSignature("text -> item: Item", { types: { Item: z.object({ total: z.number() }) } });
    expect((await render(S, { text: "x" }))[0]!.content).toContain('"total": {"type": "number", "title": "Total"}');
  });

  it("refuses a wrong text", async () => {
    await expect(render("a -> b: intt", {})).rejects.toThrow(SignatureTextError);
  });
});
