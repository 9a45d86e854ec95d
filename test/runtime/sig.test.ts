/** Literals at run time: looked up where they are registered, a typed error that says the ways where they are not. */
import { beforeAll, describe, expect, test } from "vitest";
import { compileSignature as compile } from "../../compiler/index.ts";
import { compileSignature, type Signature, SignatureError, sig, signature, type, validate } from "../../runtime/index.ts";
import { registerSignature, registerTag } from "../../runtime/registry.ts";

function refusal(run: () => unknown): SignatureError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(SignatureError);
    return error as SignatureError;
  }
  throw new Error("nothing was refused");
}

const QA = compile("question -> answer", { name: "QA" });
beforeAll(() => {
  registerSignature("question -> answer", QA);
  registerSignature("a: ${} -> b", (hole) => (hole as { signature: Signature }).signature);
  registerTag("QA", QA, "question -> answer");
  registerTag("Loose", QA);
});

describe("registered", () => {
  test("every form finds its signature", () => {
    expect(sig("question -> answer")).toBe(QA);
    expect(sig`question -> answer`).toBe(QA);
    expect(sig.QA`question -> answer`).toBe(QA);
    expect(sig.Loose`any text: the tag was registered without one`).toBe(QA);
    expect(sig.Unregistered`question -> answer`).toBe(QA);
    expect(signature("question -> answer")).toBe(QA);
  });

  test("a template's holes go to whoever registered it", () => {
    expect(sig`a: ${{ signature: QA }} -> b`).toBe(QA);
  });

  test("signature() gives a name and metadata of its own, and leaves the other as it is", () => {
    const named = signature("question -> answer", { name: "Support", metadata: { owner: "desk" } });
    expect(named).toMatchObject({ name: "Support", metadata: { owner: "desk" }, hash: QA.hash });
    expect(Object.isFrozen(named.metadata)).toBe(true);
    expect(QA.name).toBe("QA");
    expect(validate({ question: 5 }, named)).toMatchObject({ ok: false, issues: [{ path: ["question"] }] });
    expect(validate({ answer: "x" }, named, "outputs")).toEqual({ ok: true, value: { answer: "x" } });
    // @ts-expect-error: a side that is none
    expect(() => validate({}, named, "in")).toThrow(expect.objectContaining({ code: "config_invalid", configKey: "side" }));
  });

  test("sig keeps what a function has, and is no promise", () => {
    expect(typeof sig).toBe("function");
    expect(sig.call(undefined, "question -> answer" as never)).toBe(QA);
    expect((sig as unknown as { then: unknown }).then).toBeUndefined();
    expect(String(Symbol.iterator in sig)).toBe("false");
  });
});

describe("not compiled", () => {
  test.each([
    ["a call", () => sig("x -> y"), "unregistered"],
    ["a bare tag", () => sig`x -> y`, "unregistered"],
    ["a named tag", () => sig.Nobody`x -> y`, "unregistered"],
    ["a tag whose text has changed since", () => sig.QA`question, context -> answer`, "stale"],
    ["a hole in the call form", () => sig(`a: ${{} as unknown as string} -> b`), "hole"],
    ["a type in the call form", () => sig(`a: ${type<{ n: number }>() as unknown as string} -> b`), "hole"],
  ])("%s", (_, run, reason) => {
    const error = refusal(run);
    expect(error).toMatchObject({ code: "literal_not_compiled", reason });
    expect(error.message).toContain("dspex/register");
    expect(error.message).toContain("dspex.gen/index");
  });

  test("the message shows the text on one line, shortened", () => {
    const error = refusal(() => sig.Long`${"x".repeat(200)} -> y`);
    expect(error.message.split("\n")).toHaveLength(1);
    expect(refusal(() => sig(`a${"b".repeat(200)} -> y`)).message).toContain("...");
    expect(error.signature).toBe("Long");
  });
});

test("text known only at run time is compiled when it is asked for", async () => {
  const made = await compileSignature("message: str -> label: Literal['a', 'b']", { name: "Late" });
  expect(made.name).toBe("Late");
  expect(made.outputs[0]).toMatchObject({ name: "label", type: "Literal['a', 'b']" });
  await expect(compileSignature("message -> ")).resolves.toBeDefined();
  await expect(compileSignature("message: foat -> label")).rejects.toThrow(/foat/);
});
