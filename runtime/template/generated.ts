/** What a template's compiled function calls: the same reading, printing and comparing as the interpreter's. */
import type { CompareExpression, PathExpression } from "./ast.ts";
import { compare } from "./compare.ts";
import type { Template } from "./template.ts";
import { type Context, entriesOf, print, readPath, type Scope, truth } from "./value.ts";

type Fields = readonly (string | number)[];

/** `start` and `end` are the path's place in the template: errors say it, whoever renders. */
export interface TemplateReader {
  /** `<%= path %>` */
  text(scope: Scope, start: number, end: number, name: string, ...fields: Fields): string;
  /** A path in a condition: null where there is no such field. */
  peek(scope: Scope, start: number, end: number, name: string, ...fields: Fields): unknown;
  /** A loop: `body` for each entry, `otherwise` where there is none. */
  each(
    scope: Scope,
    place: readonly [start: number, end: number, ...path: [string, ...Fields]],
    bind: readonly [key: string | null, item: string],
    body: (scope: Scope) => string,
    otherwise: () => string,
  ): string;
  truth(value: unknown): boolean;
  compare(operator: CompareExpression["operator"], left: unknown, right: unknown): boolean;
}

/** What `template("...")` becomes: no parser in the bundle, and nothing parsed when the program starts. */
export function compiledTemplate(text: string, names: readonly string[], body: (read: TemplateReader, scope: Scope) => string): Template {
  const read = readerOf(text);
  const render = (context: Context): string => body(read, { own: context, outer: undefined });
  return Object.assign(render, { names: Object.freeze([...names]) }) as Template;
}

function readerOf(text: string): TemplateReader {
  const pathOf = (start: number, end: number, name: string, fields: Fields): PathExpression => ({
    kind: "path",
    name,
    fields,
    span: { start, end },
  });
  return {
    text(scope, start, end, name, ...fields) {
      const path = pathOf(start, end, name, fields);
      return print(text, path, readPath(text, path, scope, false));
    },
    peek: (scope, start, end, name, ...fields) => readPath(text, pathOf(start, end, name, fields), scope, true),
    each(scope, [start, end, name, ...fields], [key, item], body, otherwise) {
      const path = pathOf(start, end, name, fields);
      const entries = entriesOf(text, path, readPath(text, path, scope, false));
      if (entries.length === 0) return otherwise();
      return entries
        .map(([at, value]) => body({ own: key === null ? { [item]: value } : { [key]: at, [item]: value }, outer: scope }))
        .join("");
    },
    truth,
    compare,
  };
}
