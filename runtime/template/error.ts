/** One way to say what is wrong with a template: the place in words, the span for tools. */
import { TemplateError } from "../errors.ts";
import type { TemplateSpan } from "./ast.ts";

export function templateError(
  code: "template_syntax" | "template_unknown_name",
  text: string,
  span: TemplateSpan,
  what: string,
  remedy: string,
): TemplateError {
  const before = text.slice(0, span.start);
  const line = before.split("\n").length;
  const column = span.start - before.lastIndexOf("\n");
  return new TemplateError(code, `Template, line ${line}, column ${column}: ${what}`, {
    span: { start: span.start, end: span.end },
    remedy,
  });
}
