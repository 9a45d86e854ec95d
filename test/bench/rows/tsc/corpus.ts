/** 1,000 signatures of 2 to 6 fields, 20 a file, in the four ways they can be written; the same on every run. */

const WORDS =
  "message history locale question answer context label topic reply score reason summary title author query docs items city country price".split(
    " ",
  );

interface Type {
  readonly python: string;
  readonly typescript: string;
  readonly ax: string;
  readonly constraint?: string;
}
const STR: Type = { python: "str", typescript: "string", ax: "string" };
/** About as often as in public code: most fields are strings. */
const TYPES: readonly Type[] = [
  STR,
  STR,
  STR,
  STR,
  STR,
  { python: "int", typescript: "number", ax: "number", constraint: "(ge=0, le=10)" },
  { python: "float", typescript: "number", ax: "number", constraint: "(ge=0, le=1)" },
  { python: "bool", typescript: "boolean", ax: "boolean" },
  { python: "list[str]", typescript: "string[]", ax: "string[]", constraint: "(max_length=20)" },
  { python: "dict[str, int]", typescript: "Record<string, number>", ax: "json" },
  { python: "Optional[str]", typescript: "string | null", ax: "string" },
  { python: 'Literal["bug", "billing", "other"]', typescript: '"bug" | "billing" | "other"', ax: 'class "bug, billing, other"' },
];

interface Field {
  readonly name: string;
  readonly type: Type;
  readonly bare: boolean;
  readonly described: boolean;
}
interface Entry {
  readonly number: number;
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
}

/** A small linear congruential generator: the corpus depends on nothing else. */
function entries(): readonly Entry[] {
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: 1000 }, (_, number) => {
    const names = new Set<string>();
    for (const count = 2 + random(5); names.size < count; ) names.add(`${WORDS[random(WORDS.length)]}${number % 7}`);
    const fields = [...names].map((name) => ({
      name,
      type: TYPES[random(TYPES.length)]!,
      bare: random(2) === 0,
      described: random(10) < 6,
    }));
    const split = Math.max(1, fields.length >> 1);
    return { number, inputs: fields.slice(0, split), outputs: fields.slice(split) };
  });
}

export type Form = "explicit" | "plain" | "full" | "ax-explicit" | "ax";

/** The project's files by name: every signature is made, and one output of each result is used. */
export function filesOf(form: Form): ReadonlyMap<string, string> {
  const all = entries();
  const files = new Map<string, string>();
  for (let file = 0; file < all.length / 20; file++) {
    const lines = all
      .slice(file * 20, file * 20 + 20)
      .map((entry, i) => `${statement(form, entry, i)} export const r${i} = run(s${i}).${entry.outputs[0]!.name};`);
    files.set(`src/f${file}.ts`, [...heads[form], ...lines, ""].join("\n"));
  }
  return files;
}

const RUN = "declare function run<I, O>(signature: Signature<I, O>): O;";
const AX_RUN = "declare function run<I extends Record<string, any>, O extends Record<string, any>>(signature: AxSignature<I, O>): O;";
const heads: Readonly<Record<Form, readonly string[]>> = {
  explicit: ['import type { Signature } from "dspex";', "declare function make<I, O>(): Signature<I, O>;", RUN],
  plain: ['import { type Signature, sig } from "dspex";', RUN],
  full: ['import { type Signature, sig } from "dspex";', RUN],
  "ax-explicit": [
    'import type { AxSignature } from "@ax-llm/ax";',
    "declare function make<I extends Record<string, any>, O extends Record<string, any>>(): AxSignature<I, O>;",
    AX_RUN,
  ],
  ax: ['import { type AxSignature, s } from "@ax-llm/ax";', AX_RUN],
};

function statement(form: Form, entry: Entry, i: number): string {
  if (form === "explicit" || form === "ax-explicit")
    return `const s${i} = make<${object(entry.inputs, true)}, ${object(entry.outputs, false)}>();`;
  if (form === "ax")
    return `const s${i} = s(${JSON.stringify(`${entry.inputs.map(axField).join(", ")} -> ${entry.outputs.map(axField).join(", ")}`)});`;
  return `const s${i} = sig(\`${form === "plain" ? plain(entry) : full(entry)}\`);`;
}

function object(fields: readonly Field[], inputs: boolean): string {
  return `{ ${fields.map(({ name, type }) => `${name}${inputs && type.python.startsWith("Optional") ? "?" : ""}: ${type.typescript}`).join("; ")} }`;
}

const axField = ({ name, type }: Field): string => `${name}:${type.ax}`;
const plainField = ({ name, type, bare }: Field): string => (bare && type === STR ? name : `${name}: ${type.python}`);
const plain = ({ inputs, outputs }: Entry): string => `${inputs.map(plainField).join(", ")} -> ${outputs.map(plainField).join(", ")}`;

function full({ number, inputs, outputs }: Entry): string {
  const field = ({ name, type, described }: Field): string =>
    `${name}: ${type.python}${type.constraint ?? ""}${described ? ` "what the ${name} says, in words"` : ""}`;
  const doc = `"""Sort message ${number} and answer it.\n  Be brief, say -> what is asked."""`;
  return `\n  ${doc}\n  ${inputs.map(field).join(",\n  ")}\n  -> ${outputs.map(field).join(",\n     ")}\n`;
}
