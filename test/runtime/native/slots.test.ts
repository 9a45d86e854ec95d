import { expect, test } from "vitest";
import { z } from "zod";
import { defineSlotted, slot } from "../../../runtime/abi.ts";
import { predict } from "../../../runtime/modules/predict.ts";
import { scriptedLM } from "./scripted.ts";

const Item = z.object({ name: z.string().describe("as printed"), note: z.string().optional(), price: z.number().nullable() });
const Order = z.object({
  items: z.array(Item),
  extra: z.object({ gift: z.boolean() }).default({ gift: false }),
  currency: z.enum(["EUR", "USD"]).default("EUR"),
});
const signature = defineSlotted(
  [Order],
  {
    abi: 1,
    name: "Read",
    inputs: [{ name: "text", type: "str" }],
    outputs: [{ name: "order", type: { kind: "slot", index: 0, text: "OrderSchema" } }],
    hash: "h",
  },
  {
    validateInputs: ({ text }) => ({ text }),
    validateOutputs: ({ order }, issues, slots) => ({ order: slot(slots[0]!, order, ["order"], issues) }),
  },
);

test("a schema in a hole is shown as pydantic would show it, read, and checked by the schema itself", async () => {
  const lm = scriptedLM([
    '[[ ## order ## ]]\n{"items": [{"name": "Tea", "price": 2}, {"name": "Cup", "note": "blue", "price": null}]}\n\n[[ ## completed ## ]]',
  ]);
  const { order } = (await predict(signature, { lm })({ text: "tea" })) as { order: unknown };
  // `note` is absent, not null, where the model left it out: the schema knows only absence.
  expect(order).toEqual({
    items: [
      { name: "Tea", price: 2 },
      { name: "Cup", note: "blue", price: null },
    ],
    extra: { gift: false },
    currency: "EUR",
  });
  const system = String(lm.requests[0]!.messages[0]!.content);
  expect(system).toContain("1. `order` (Order):");
  expect(system).toContain('"name": {"type": "string", "description": "as printed", "title": "Name"}');
});
