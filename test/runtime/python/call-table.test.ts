/** Numbers of calls on the wire: found again, and never mistaken for an earlier one's. */
import { expect, test } from "vitest";
import { Call, type CallRequest } from "../../../runtime/python/call.ts";
import { CallTable } from "../../../runtime/python/call-table.ts";

const call = () => new Call({ deadline: Infinity } as CallRequest, () => {});

test("a place is used again under another number", () => {
  const table = new CallTable();
  const seen = new Set<number>();
  const kept = Array.from({ length: 5 }, () => {
    const one = call();
    table.add(one);
    return one;
  });
  for (let i = 0; i < 10_000; i++) {
    const one = call();
    table.add(one);
    expect(seen.has(one.number)).toBe(false);
    seen.add(one.number);
    expect(table.get(one.number)).toBe(one);
    table.delete(one);
    table.delete(one);
    expect(table.get(one.number)).toBeUndefined();
  }
  for (const one of kept) expect(table.get(one.number)).toBe(one);
  expect(table.all()).toEqual(kept);
  expect(table.size).toBe(5);
});

test("numbers fit their field on the wire, however many there have been", () => {
  const table = new CallTable();
  for (let i = 0; i < 70_000; i++) {
    const one = call();
    table.add(one);
    if (one.number < 1 || one.number > 0xffff_ffff) throw new Error(`number ${one.number}`);
    table.delete(one);
  }
  expect(table.get(0)).toBeUndefined();
});
