/** Every row of json-schema.json was written by pydantic (json_schema.py beside it). The key order counts. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { jsonSchema } from "../../../compiler/5-emit/json-schema.ts";
import type { FieldSpec } from "../../../runtime/spec.ts";
import { specOf } from "./specs.ts";

const rows = JSON.parse(readFileSync(new URL("json-schema.json", import.meta.url), "utf8")) as { field: FieldSpec; schema: unknown }[];

it.each(rows.map((row) => [row.field.name, row] as const))("%s", (_, { field, schema }) => {
  expect(JSON.stringify(jsonSchema(specOf([field]), "inputs", "Inputs"), null, 1)).toBe(JSON.stringify(schema, null, 1));
});

it("says nothing of what only Python or a schema knows", () => {
  expect(jsonSchema(specOf([{ name: "x", type: { kind: "class", name: "dspy.Tool" } }]), "inputs", "Inputs")).toBeUndefined();
  expect(jsonSchema(specOf([{ name: "x", type: { kind: "slot", index: 0, text: "Invoice" } }]), "inputs", "Inputs")).toBeUndefined();
});
