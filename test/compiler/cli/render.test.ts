/** `dspexc render` as a process: the messages are those a call sends. */
import { afterEach, beforeAll, expect, it } from "vitest";
import { buildPackage, createProject, type Project } from "../bundle/project.ts";

beforeAll(buildPackage, 120_000);
let project: Project;
afterEach(() => project?.remove());

const SOURCE = `import { sig } from "dspex";
import { z } from "zod";
export const QA = sig(\`
  question, ratio: float -> answer: int
\`);
const Item = z.object({ name: z.string() });
export const Read = sig.Read\`text -> item: \${Item}\`;
`;
const make = (): Project =>
  createProject({ "tsconfig.json": '{ "include": ["src"] }', "src/a.ts": SOURCE, "inputs.json": '{ "question": "why?", "ratio": 5 }' });

it("prints what the adapters write, any line of the literal naming it", () => {
  project = make();
  const { status, stdout } = project.dspexc("render", "src/a.ts:4", "--inputs", "inputs.json", "--adapter", "json", "--json");
  expect(status).toBe(0);
  const { data } = JSON.parse(stdout);
  expect(data).toMatchObject({ signature: "QA", adapter: "json" });
  expect(data.messages[1]).toEqual({
    role: "user",
    content:
      "[[ ## question ## ]]\nwhy?\n\n[[ ## ratio ## ]]\n5.0\n\nRespond with a JSON object in the following order of fields: `answer` (must be formatted as a valid Python int).",
  });
  const text = project.dspexc("render", "src/a.ts:3", "--kind", "chainOfThought").stdout;
  expect(text).toMatch(/^--- system\nYour input fields are:\n1\. `question` \(str\): \n/);
  expect(text).toContain("1. `reasoning` (str): \n2. `answer` (int):");
});

it("keeps the spelling of numbers, which Python tells apart", () => {
  project = createProject({
    "tsconfig.json": '{ "include": ["src"] }',
    "src/a.ts": 'import { sig } from "dspex";\nexport const A = sig("any: Any, n: int -> b");\n',
    "inputs.json": '{ "any": [5, 5.0, 1e3, 123456789012345678901], "n": 98765432109876543210 }',
  });
  const { stdout } = project.dspexc("render", "src/a.ts:2", "--inputs", "inputs.json");
  expect(stdout).toContain("[[ ## any ## ]]\n[5, 5.0, 1000.0, 123456789012345678901]\n\n[[ ## n ## ]]\n98765432109876543210\n");
});

it("says which signatures there are, what a place looks like, and what only a run can show", () => {
  project = make();
  const said = (...words: string[]) => {
    const { status, stderr } = project.dspexc("render", ...words);
    return `${status} ${stderr}`;
  };
  expect(said("src/a.ts:1")).toMatch(/^2 .*No signature stands at src\/a\.ts:1\. There are QA at 3, Read at 7\./s);
  expect(said("src/a.ts")).toMatch(/^2 .*Write FILE:LINE/s);
  expect(said("src/a.ts:7")).toMatch(/^2 .*Read has a hole that holds a schema \(Item\)/s);
  expect(said("src/a.ts:3", "--inputs", "src/a.ts")).toMatch(/^2 .*The inputs are not JSON/s);
});
