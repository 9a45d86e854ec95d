/** 1,000 files with 5 signatures each, from a fixed seed: the forms and types of public code in their usual shares. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Corpus {
  readonly folder: string;
  readonly entry: string;
  readonly files: readonly string[];
  remove(): void;
}

/** Most fields are str; the rest follows what public signatures use. */
const TYPES = [
  "",
  "",
  "",
  ": str",
  ": str",
  ": list[str]",
  ": float",
  ": bool",
  ": int",
  ': Literal["low", "medium", "high"]',
  ": Optional[str]",
  ": dict[str, int]",
];
const NAMES =
  "question context answer document summary label score reason query passage title topic intent customer history language sentiment rating".split(
    " ",
  );

export function createCorpus(files = 1000, each = 5): Corpus {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "dspex-corpus-")));
  mkdirSync(join(folder, "src"), { recursive: true });
  const random = seeded(20_241);
  const paths: string[] = [];
  for (let file = 0; file < files; file++) {
    const path = join(folder, "src", `module${file}.ts`);
    writeFileSync(path, moduleText(file, each, random));
    paths.push(path);
  }
  const entry = join(folder, "src", "index.ts");
  writeFileSync(entry, paths.map((_, file) => `export * as m${file} from "./module${file}.ts";`).join("\n"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(
    join(folder, "tsconfig.json"),
    '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "allowImportingTsExtensions": true }, "include": ["src"] }\n',
  );
  return { folder, entry, files: paths, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function moduleText(file: number, each: number, random: () => number): string {
  const lines = ['import { sig } from "dspex";', ""];
  for (let i = 0; i < each; i++) {
    const name = `Task${file}_${i}`;
    const text = signatureText(random);
    lines.push(
      i % 3 === 2
        ? `export const ${name} = sig(\`\n  """Do task ${i} of module ${file}."""\n  ${text}\n\`);`
        : `export const ${name} = sig(${JSON.stringify(text)});`,
    );
    lines.push(
      "",
      `export function use${i}(value: { readonly text: string }): string {`,
      `  return \`\${value.text} of ${name}\`.trim();`,
      "}",
      "",
    );
  }
  return lines.join("\n");
}

function signatureText(random: () => number): string {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const names = new Set<string>();
  while (names.size < 2 + Math.floor(random() * 5)) names.add(pick(NAMES));
  const fields = [...names].map((name) => `${name}${pick(TYPES)}`);
  const split = 1 + Math.floor(random() * (fields.length - 1));
  return `${fields.slice(0, split).join(", ")} -> ${fields.slice(split).join(", ")}`;
}

/** Mulberry32: the same corpus on every machine. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
