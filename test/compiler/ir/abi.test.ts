import { expect, it } from "vitest";
import { ABI } from "../../../compiler/4-ir/lower.ts";
import { ABI as runtime } from "../../../runtime/abi.ts";

it("is the number the runtime expects", () => {
  expect(ABI).toBe(runtime);
});
