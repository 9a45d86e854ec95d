/** One scenario in a process of its own: `node run-one.ts FILE FORM`; the row is the last line it says. */
import { Context } from "./harness/context.ts";
import type { Form, Row, Scenario, Verdict } from "./harness/scenario.ts";
import { outcomeOf } from "./harness/settle.ts";

const [file, form] = process.argv.slice(2) as [string, Form];
const scenario = (await import(file)) as Scenario;
const context = new Context(form);
let verdict: Verdict;
try {
  verdict = await scenario.run(context);
} catch (error) {
  verdict = {
    pass: false,
    figure: 0,
    note: `${outcomeOf(error)}${error instanceof Error ? ` ${error.stack?.split("\n").slice(1, 3).join(" ").trim()}` : ""}`,
  };
}
await context.end();
const row: Row = { scenario: scenario.scenario, name: scenario.name, ...verdict };
process.stdout.write(`\n${JSON.stringify(row)}\n`, () => process.exit(0));
