/**
 * The grammar of a signature literal.
 *
 *     signature  = TEXT* parameters "->" parameters
 *     parameter  = NAME (":" expression TEXT*)? ("=" expression)? | variadic | "/" | HOLE
 *
 * The texts in front are the docstring, those behind a type its description. A side is a Python parameter list and a type
 * is a Python expression, because that is how DSPy reads them (dspy-semantics 1.1): `3-check` decides which expressions are types.
 */
import type { IOrAlt, IToken } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { ExpressionNode } from "./ast.ts";
import { buildField, type Parameter } from "./build.ts";
import { PythonExpression, type Rule } from "./python-expression.ts";
import { identifier, spanOfTokens } from "./token-text.ts";
import * as T from "./tokens.ts";

/** The texts in front, and both sides. */
export interface SignatureTree {
  readonly docstring: readonly IToken[];
  readonly inputs: readonly Parameter[];
  readonly outputs: readonly Parameter[];
}

export class SignatureGrammar extends PythonExpression {
  /** Nothing stands between two commas, which the rules let through: to refuse it there would take a second token of look-ahead. */
  #missing = false;

  constructor() {
    super();
    this.performSelfAnalysis();
  }

  /** What a rule makes of the tokens. Where they do not fit: undefined, nothing reported, and `errors` says where. */
  read<Name extends "signature" | "parameter" | "expression">(
    rule: Name,
    tokens: IToken[],
    report: Report,
  ): ReturnType<this[Name]> | undefined {
    const found: Parameters<Report>[] = [];
    this.report = (...finding) => found.push(finding);
    this.input = tokens;
    this.#missing = false;
    const made = this[rule]() as ReturnType<this[Name]>;
    if (this.errors.length > 0 || this.#missing) return undefined;
    for (const finding of found) report(...finding);
    return made;
  }

  readonly signature: Rule<SignatureTree> = this.RULE("signature", () => {
    const docstring: IToken[] = [];
    this.MANY(() => docstring.push(this.CONSUME(T.Text)));
    const inputs = this.SUBRULE(this.parameters);
    this.CONSUME(T.Arrow);
    return { docstring, inputs, outputs: this.SUBRULE2(this.parameters) };
  });

  /** Nothing may stand behind the last comma. */
  readonly parameters: Rule<readonly Parameter[]> = this.RULE("parameters", () => {
    const list: Parameter[] = [];
    let commas = 0;
    this.OPTION(() => {
      list.push(this.SUBRULE(this.parameter));
      this.MANY(() => {
        this.CONSUME(T.Comma);
        if (++commas > list.length) this.#missing = true;
        this.OPTION2(() => list.push(this.SUBRULE2(this.parameter)));
      });
    });
    return list;
  });

  #parameters: IOrAlt<Parameter>[] | undefined;

  readonly parameter: Rule<Parameter> = this.RULE("parameter", () => {
    this.#parameters ??= [
      {
        ALT: () => {
          let type: ExpressionNode | undefined;
          let described: IToken[] | undefined;
          const name = this.CONSUME(T.Name);
          this.OPTION(() => {
            this.CONSUME(T.Colon);
            type = this.SUBRULE(this.expression);
            this.MANY(() => {
              described ??= [];
              described.push(this.CONSUME(T.Text));
            });
          });
          const fallback = this.OPTION2(() => {
            this.CONSUME(T.Equals);
            return this.SUBRULE2(this.expression);
          });
          return this.ACTION(() => buildField(name, type, described, fallback, this.report));
        },
      },
      { ALT: () => this.SUBRULE(this.variadic) },
      {
        ALT: () => {
          const slash = this.CONSUME(T.Slash);
          return { kind: "slash", span: spanOfTokens(slash, slash) };
        },
      },
      {
        ALT: () => {
          const hole = this.CONSUME(T.Hole);
          return { kind: "splice", at: hole.startOffset, span: spanOfTokens(hole, hole) };
        },
      },
    ];
    return this.OR(this.#parameters);
  });

  readonly variadic: Rule<Parameter> = this.RULE("variadic", () => {
    const start = this.LA(1);
    let name: string | undefined;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Star);
          this.OPTION(() => {
            name = identifier(this.CONSUME(T.Name));
            this.OPTION2(() => {
              this.CONSUME(T.Colon);
              this.OPTION3(() => this.CONSUME2(T.Star));
              this.SUBRULE(this.expression);
            });
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.StarStar);
          name = identifier(this.CONSUME2(T.Name));
          this.OPTION4(() => {
            this.CONSUME2(T.Colon);
            this.SUBRULE2(this.expression);
          });
        },
      },
    ]);
    return { kind: "variadic" as const, double: start.tokenType === T.StarStar, name, span: this.spanFrom(start) };
  });
}
