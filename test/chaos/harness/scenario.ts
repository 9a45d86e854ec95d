/** What a scenario is: a fault, a bounded run, a verdict with its figure. */
import type { Context } from "./context.ts";

/** `short` belongs to `npm test`, `ci` is `npm run chaos`, `long` is `npm run chaos -- --long`. */
export type Form = "short" | "ci" | "long";

export interface Verdict {
  readonly pass: boolean;
  /** The one number that says how well; `unit` names it. */
  readonly figure: number;
  readonly unit?: string;
  /** What was seen, where it does not pass; what the figure counts, where it does. */
  readonly note?: string;
  /** Why it was not run: a kernel feature that is missing. A skipped row does not pass. */
  readonly skipped?: string;
}

export interface Scenario {
  readonly scenario: number;
  readonly name: string;
  /** Seconds after which the whole run is ended and counts as failed; 60 unless said. */
  readonly limit?: Readonly<Record<Form, number>>;
  run(context: Context): Promise<Verdict>;
}

/** A row of `npm run chaos -- --json`; relied on by programs outside. */
export interface Row extends Verdict {
  readonly scenario: number;
  readonly name: string;
}

/** `npm test` runs a scenario beside another test file on two cores, so its short form allows a duration that many times. */
const SHORT_FORM_SLACK = 4;

/** Collects what went wrong, so that one run reports everything it saw. */
export class Findings {
  readonly faults: string[] = [];
  readonly #slack: number;

  constructor(form: Form) {
    this.#slack = form === "short" ? SHORT_FORM_SLACK : 1;
  }

  expect(condition: boolean, fault: string): void {
    if (!condition) this.faults.push(fault);
  }

  /** A duration under its bound, both in milliseconds; exact in every form but the short one. */
  within(ms: number, bound: number, what: string): void {
    const allowed = bound * this.#slack;
    this.expect(ms < allowed, `${what}: ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms, allowed are ${allowed}`);
  }

  verdict(figure: number, unit: string, note?: string): Verdict {
    const text = this.faults.length > 0 ? [...new Set(this.faults)].slice(0, 8).join("; ") : note;
    return { pass: this.faults.length === 0, figure, unit, ...(text ? { note: text } : {}) };
  }
}

export function skipped(reason: string): Verdict {
  return { pass: false, figure: 0, skipped: reason };
}
