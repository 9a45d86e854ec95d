/** Work in turns: in order, with a turn of the event loop between slices, and a failure is its own work's alone. */
import { expect, it } from "vitest";
import { openTurns } from "../../../compiler/6-bundle/turns.ts";

/** Longer than a slice. */
const busy = () => {
  const end = performance.now() + 5;
  while (performance.now() < end);
};

it("lets the event loop turn between slices", async () => {
  const inTurn = openTurns();
  const seen: string[] = [];
  const work = (name: string) =>
    inTurn(() => {
      busy();
      seen.push(name);
    });
  const all = [work("first"), work("second"), work("third")];
  setImmediate(() => seen.push("loop"));
  await Promise.all(all);
  expect(seen.filter((name) => name !== "loop")).toEqual(["first", "second", "third"]);
  expect(seen.indexOf("loop")).toBeLessThan(seen.indexOf("third"));
});

it("goes on behind work that throws", async () => {
  const inTurn = openTurns();
  const failed = inTurn(() => {
    throw new Error("no");
  });
  const next = inTurn(() => 1);
  await expect(failed).rejects.toThrow("no");
  expect(await next).toBe(1);
});
