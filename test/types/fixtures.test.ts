/** What compiles, what must not, and what the ten usual mistakes are told, on every TypeScript a user may have. */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { check, compilers } from "./compilers.ts";

const project = fileURLToPath(new URL("fixtures", import.meta.url));
const golden = `${project}/messages/mistakes.txt`;

describe.each(Object.keys(compilers))("TypeScript %s", (version) => {
  test("the fixtures hold and the mistakes are named", { timeout: 120_000 }, async () => {
    const { errors } = await check(version, project);
    expect(errors.filter((error) => !error.startsWith("messages/"))).toEqual([]);
    const messages = errors.filter((error) => error.startsWith("messages/")).map(normalised);
    if (process.env.UPDATE_GOLDEN && version === "7") writeFileSync(golden, `${messages.join("\n")}\n`);
    expect(messages).toEqual(readFileSync(golden, "utf8").trimEnd().split("\n"));
  });
});

/**
 * The versions differ in the order of a union's members and an object's properties, and in whether a missing property is
 * the message or its explanation.
 */
function normalised(error: string): string {
  const [head = "", detail] = error.split("\n");
  const place = /^messages\/\w+\.ts\((\d+),\d+\): error TS\d+: /.exec(head);
  if (!place) return error;
  const told = detail?.startsWith("  Property ") ? detail.trim() : head.slice(place[0].length);
  const ordered = told
    .replace(/"[^"]*"(?: \| "[^"]*")+/g, (union) => union.split(" | ").sort().join(" | "))
    .replace(/\{ ([^{}]*); \}/g, (_, members: string) => `{ ${members.split("; ").sort().join("; ")}; }`);
  return `${place[1]}: ${ordered}`;
}
