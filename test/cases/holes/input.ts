import { z } from "zod";
import { sig, type } from "dspex";
import { Base } from "./base.js";

/** One line of an invoice. */
interface Line {
  /** What was bought. */
  item: string;
  /**
   * How many.
   * @int
   */
  count: number;
  kind: "good" | "service";
  parent?: Line;
}
const Invoice = z.object({ total: z.number(), lines: z.array(z.string()).optional(), state: z.enum(["open", "paid"]) });

export const Common = sig("message: str, locale: str = 'en' -> language: str");
export const Schema = sig.Schema`scan: dspy.Image -> invoice: ${Invoice}, others: list[${Invoice}]`;
export const Typed = sig.Typed`text -> lines: list[${type<Line>()}], mood: ${type<"good" | "bad" | null>()}`;
export const Spliced = sig.Spliced`${Common}, question -> ${Common}, answer: ${Invoice}`;
export const Sides = sig.Sides`${Common.outputs}, ${Base} -> ${Schema}`;
