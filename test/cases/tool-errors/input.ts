import { tool } from "dspex";

tool((query: string) => query);
tool();
const five = tool(5 as never as number);
const rest = tool((...words: string[]) => words);
const callback = tool((run: () => void) => run);
const untyped = tool((query) => query);
const mapped = tool((entries: Map<string, number>) => entries);
const apart = tool(([first]: [string], more: number) => [first, more]);
function overloaded(a: string): void;
function overloaded(a: number): void;
function overloaded(a: unknown): void {
  String(a);
}
tool(overloaded);
const a = { find: (x: string) => x };
const b = { find: (x: number) => x };
tool(a.find);
tool(b.find);
