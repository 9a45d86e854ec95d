/** Which calls may wait in a worker, and which of a dead worker's can have begun. */
import { expect, test } from "vitest";
import { begunOf, Durations } from "../../../runtime/python/brief.ts";
import { Call, type CallRequest } from "../../../runtime/python/call.ts";

function call(request: Partial<CallRequest> = {}): Call {
  return new Call({ op: "op", exclusive: true, stream: false, deadline: Infinity, idempotent: false, ...request } as CallRequest, () => {});
}

test("an operation is brief by its last few calls", () => {
  const durations = new Durations();
  expect(durations.expected(call())).toBe(Infinity);
  durations.note("op", 0.2);
  expect(durations.expected(call())).toBeCloseTo(0.2);
  durations.note("op", 50);
  expect(durations.expected(call())).toBe(Infinity);
  for (let i = 0; i < 20; i++) durations.note("op", 0.1);
  expect(durations.expected(call())).toBeLessThan(1);
});

test.each([
  ["streams", { stream: true }],
  ["asks the host", { callback: async () => {} }],
  ["shares its worker", { exclusive: false }],
  ["takes its worker", { onAssign: () => {} }],
] satisfies [string, Partial<CallRequest>][])("a call that %s is no brief one", (_, request) => {
  const durations = new Durations();
  durations.note("op", 0.01);
  expect(durations.expected(call(request))).toBe(Infinity);
});

test.each([
  ["", 0],
  ["n", 1],
  ["nn", 1],
  ["ni", 1],
  ["in", 1],
  ["iin", 2],
  ["iii", 3],
])("of %s can have begun: %i", (calls, begun) => {
  expect(begunOf([...calls].map((kind) => call({ idempotent: kind === "i" })))).toBe(begun);
});
