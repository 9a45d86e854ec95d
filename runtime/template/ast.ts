/** A template as data: the parser makes it, the interpreter walks it, the compiler prints a function from it. */

export interface TemplateSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export type TemplateNode = TextNode | OutputNode | IfNode | ForNode;

export interface TextNode {
  readonly kind: "text";
  readonly text: string;
}
/** `<%= path %>` */
export interface OutputNode {
  readonly kind: "output";
  readonly value: Expression;
}
/** `<% if a %> ... <% else if b %> ... <% else %> ... <% end %>` */
export interface IfNode {
  readonly kind: "if";
  readonly branches: readonly { readonly condition: Expression; readonly body: readonly TemplateNode[] }[];
  readonly otherwise: readonly TemplateNode[];
}
/** `<% for item in list %> ... <% else %> when there is none <% end %>`; `for key, item in ...` also names the key or index. */
export interface ForNode {
  readonly kind: "for";
  readonly key: string | undefined;
  readonly item: string;
  readonly list: Expression;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export type Expression = PathExpression | ConstantExpression | NotExpression | LogicExpression | CompareExpression;

/** `order.items[0].price`: a name and the fields below it. */
export interface PathExpression {
  readonly kind: "path";
  readonly name: string;
  readonly fields: readonly (string | number)[];
  readonly span: TemplateSpan;
}
export interface ConstantExpression {
  readonly kind: "constant";
  readonly value: string | number | boolean | null;
}
export interface NotExpression {
  readonly kind: "not";
  readonly value: Expression;
}
export interface LogicExpression {
  readonly kind: "and" | "or";
  readonly left: Expression;
  readonly right: Expression;
}
export interface CompareExpression {
  readonly kind: "compare";
  readonly operator: "==" | "!=" | "<" | "<=" | ">" | ">=";
  readonly left: Expression;
  readonly right: Expression;
}

export interface TemplateAst {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
  /** The names the context must have: every first name of a path that no loop around it binds. */
  readonly names: readonly { readonly name: string; readonly span: TemplateSpan }[];
}
