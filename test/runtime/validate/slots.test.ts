/** `${schema}` holes at run time, for the libraries people use; and what is no schema. */
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as abi from "../../../runtime/abi.ts";
import { codeOf, type Signature, specOf } from "../../../runtime/signature.ts";
import type { TypeSpec } from "../../../runtime/spec.ts";
import { interpretedCode } from "../../../runtime/validate/interpret.ts";
import { typeOfSchema } from "../../../runtime/validate/schema-type.ts";

const slotSpec = (extra: TypeSpec = { kind: "slot", index: 0, text: "InvoiceSchema" }) => ({
  abi: abi.ABI,
  name: "Read",
  inputs: [{ name: "page", type: "str" as const }],
  outputs: [{ name: "invoice", type: extra }],
  hash: "0000000000000000",
});
const define = (schema: unknown, extra?: TypeSpec): Signature =>
  abi.defineSlotted([schema], slotSpec(extra), interpretedCode(slotSpec(extra)));

const MODEL: TypeSpec = {
  kind: "model",
  name: "Invoice",
  fields: [
    { name: "number", type: "str" },
    {
      name: "lines",
      type: {
        kind: "generic",
        of: "list",
        args: [{ kind: "model", name: "Lines", fields: [{ name: "price", type: "float", constraints: { ge: 0 } }] }],
      },
    },
  ],
};
const zodInvoice = z.object({ number: z.string(), lines: z.array(z.object({ price: z.number().min(0) })) });
const arkInvoice = type({ number: "string", lines: type({ price: "number >= 0" }).array() });
const valibotInvoice = v.object({ number: v.string(), lines: v.array(v.object({ price: v.pipe(v.number(), v.minValue(0)) })) });
/** What `toStandardJsonSchema` of @valibot/to-json-schema returns: the schema, and a description beside it. */
const valibotDescribed = {
  ...valibotInvoice,
  "~standard": { ...valibotInvoice["~standard"], jsonSchema: zodInvoice["~standard"].jsonSchema },
};

describe.each([
  ["zod", zodInvoice],
  ["arktype", arkInvoice],
  ["valibot", valibotDescribed],
])("%s", (_, schema) => {
  it("becomes a model in the table, and checks the values itself", () => {
    const signature = define(schema);
    const fields = (specOf(signature).outputs[0]!.type as Extract<TypeSpec, { kind: "model" }>).fields;
    expect([...fields].sort((a, b) => (a.name < b.name ? 1 : -1))).toEqual((MODEL as { fields: unknown }).fields);
    const { validateOutputs } = codeOf(signature);
    expect(validateOutputs({ invoice: { number: "1", lines: [{ price: 2 }] } })).toEqual({
      ok: true,
      value: { invoice: { number: "1", lines: [{ price: 2 }] } },
    });
    const refused = validateOutputs({ invoice: { number: 5, lines: [{ price: -1 }] } });
    expect(refused.ok ? [] : refused.issues.map((issue) => issue.path).sort()).toEqual([
      ["invoice", "lines", 0, "price"],
      ["invoice", "number"],
    ]);
  });
});

it("a slot stands inside other types, and a schema may transform", () => {
  const signature = define(
    z.string().transform((text) => text.length),
    { kind: "generic", of: "list", args: [{ kind: "slot", index: 0, text: "Length" }] },
  );
  expect(codeOf(signature).validateOutputs({ invoice: ["ab", "c"] })).toEqual({ ok: true, value: { invoice: [2, 1] } });
});

it("the content hash tells schemas apart, and not names of variables", () => {
  const hash = (schema: unknown) => define(schema).hash;
  expect(hash(zodInvoice)).toBe(hash(z.object({ number: z.string(), lines: z.array(z.object({ price: z.number().min(0) })) })));
  expect(hash(zodInvoice)).not.toBe(hash(z.object({ number: z.string() })));
  expect(hash(zodInvoice)).toMatch(/^[0-9a-f]{16}$/);
});

it("a spliced slot is asked from the signature it came from", () => {
  expect(abi.slotOf(define(zodInvoice), 0)).toBe(zodInvoice);
  expect(() => abi.slotOf(define(zodInvoice), 3)).toThrow(expect.objectContaining({ code: "literal_not_compiled" }));
});

it.each([
  [undefined, "is its module still loading"],
  [5, "number"],
  [{ "~standard": { version: 1, vendor: "valibot", validate: () => ({ value: 1 }) } }, "toStandardJsonSchema"],
  [valibotInvoice, "toStandardJsonSchema"],
])("%s is refused with what to do", (schema, said) => {
  try {
    define(schema);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ name: "ConfigurationError", code: "config_invalid" });
    expect(JSON.stringify({ ...(error as object), message: (error as Error).message })).toContain(said);
  }
});

it("an asynchronous schema is an issue, not a promise in a value", () => {
  const checked = codeOf(define(z.string().refine(async () => true))).validateOutputs({ invoice: "x" });
  expect(checked).toMatchObject({ ok: false, issues: [{ path: ["invoice"], received: "a promise" }] });
});

it("reads recursive, optional, union, tuple and record schemas", () => {
  const Node = z.object({
    label: z.string().describe("its name"),
    get kids() {
      return z.array(Node);
    },
  });
  expect(typeOfSchema(Node, "Node")).toMatchObject({
    kind: "model",
    name: "Node",
    fields: [
      { name: "label", desc: "its name" },
      { name: "kids", type: { kind: "generic", of: "list", args: [{ kind: "ref", name: "Node" }] } },
    ],
  });
  const all = z.object({
    a: z.string().optional(),
    b: z.union([z.int(), z.string()]),
    c: z.tuple([z.string(), z.number()]),
    d: z.record(z.string(), z.boolean()),
    e: z.enum(["x", "y"]),
    f: z.literal(3),
    g: z.null(),
    h: z.unknown(),
    i: z.string().default("z"),
    j: z.array(z.string()).max(2),
  });
  expect((typeOfSchema(all, "all") as { fields: unknown }).fields).toEqual([
    { name: "a", type: { kind: "union", members: ["str", "none"] }, default: null },
    { name: "b", type: { kind: "union", members: ["int", "str"] } },
    { name: "c", type: { kind: "generic", of: "tuple", args: ["str", "float"] } },
    { name: "d", type: { kind: "generic", of: "dict", args: ["str", "bool"] } },
    { name: "e", type: { kind: "literal", values: ["x", "y"] } },
    { name: "f", type: { kind: "literal", values: [3] } },
    { name: "g", type: "none" },
    { name: "h", type: "any" },
    { name: "i", type: "str", default: "z" },
    { name: "j", type: { kind: "generic", of: "list", args: ["str"] }, constraints: { max_length: 2 } },
  ]);
});

it("another abi is one clear error that names both", () => {
  for (const [number, word] of [
    [0, "older"],
    [99, "newer"],
  ] as const) {
    expect(() => abi.defineSignature({ ...slotSpec("str"), abi: number }, interpretedCode(slotSpec("str")))).toThrow(
      expect.objectContaining({
        code: "abi_mismatch",
        message: expect.stringMatching(new RegExp(`${word} dspex \\(abi ${number}\\); this runtime has abi ${abi.ABI}\\.`)),
      }),
    );
  }
});
