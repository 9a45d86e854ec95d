/**
 * Python's expressions, as far as a type or a default can be one. Operators are a flat list; nothing but `|` between
 * types has a meaning here, so nothing needs precedence. All nesting goes through brackets, whose depth is limited before
 * the parser starts, so no input can exhaust the stack.
 */
import { type CstNode, CstParser, type ParserMethod } from "chevrotain";
import * as T from "./tokens.ts";

export type Rule = ParserMethod<[], CstNode>;

export class PythonExpression extends CstParser {
  constructor() {
    // Errors are found by reading again, field by field (`segments.ts`), so the parser need not recover from one.
    super(T.vocabulary, { recoveryEnabled: false, maxLookahead: 2, nodeLocationTracking: "none" });
  }

  readonly expression: Rule = this.RULE("expression", () => {
    this.MANY(() => this.SUBRULE(this.prefix));
    this.SUBRULE(this.primary);
    this.MANY2(() => {
      this.SUBRULE(this.operator);
      this.MANY3(() => this.SUBRULE2(this.prefix));
      this.SUBRULE2(this.primary);
    });
  });

  readonly prefix: Rule = this.RULE("prefix", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Minus) },
      { ALT: () => this.CONSUME(T.Plus) },
      { ALT: () => this.CONSUME(T.Tilde) },
      { ALT: () => this.CONSUME(T.Not) },
      { ALT: () => this.CONSUME(T.Await) },
      { ALT: () => this.SUBRULE(this.lambda) },
    ]);
  });

  /** `a if b else c` counts as two operators; whether they pair up is seen when the tree is built. */
  readonly operator: Rule = this.RULE("operator", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Pipe) },
      { ALT: () => this.CONSUME(T.Operator) },
      { ALT: () => this.CONSUME(T.Plus) },
      { ALT: () => this.CONSUME(T.Minus) },
      { ALT: () => this.CONSUME(T.Star) },
      { ALT: () => this.CONSUME(T.StarStar) },
      { ALT: () => this.CONSUME(T.Slash) },
      { ALT: () => this.CONSUME(T.And) },
      { ALT: () => this.CONSUME(T.Or) },
      { ALT: () => this.CONSUME(T.If) },
      { ALT: () => this.CONSUME(T.Else) },
      { ALT: () => this.CONSUME(T.In) },
      {
        ALT: () => {
          this.CONSUME(T.Not);
          this.CONSUME2(T.In);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Is);
          this.OPTION(() => this.CONSUME2(T.Not));
        },
      },
    ]);
  });

  readonly lambda: Rule = this.RULE("lambda", () => {
    this.CONSUME(T.Lambda);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => {
        this.OR([
          {
            ALT: () => {
              this.CONSUME(T.Name);
              this.OPTION(() => {
                this.CONSUME(T.Equals);
                this.SUBRULE(this.expression);
              });
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.Star);
              this.OPTION2(() => this.CONSUME2(T.Name));
            },
          },
          {
            ALT: () => {
              this.CONSUME(T.StarStar);
              this.CONSUME3(T.Name);
            },
          },
          { ALT: () => this.CONSUME(T.Slash) },
        ]);
      },
    });
    this.CONSUME(T.Colon);
  });

  readonly primary: Rule = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.CONSUME(T.Name) },
      { ALT: () => this.AT_LEAST_ONE(() => this.CONSUME(T.Text)) },
      { ALT: () => this.CONSUME(T.Numeral) },
      { ALT: () => this.CONSUME(T.None) },
      { ALT: () => this.CONSUME(T.True) },
      { ALT: () => this.CONSUME(T.False) },
      { ALT: () => this.CONSUME(T.Ellipsis) },
      { ALT: () => this.CONSUME(T.Hole) },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.braces) },
    ]);
    this.MANY(() => this.SUBRULE(this.trailer));
  });

  readonly trailer: Rule = this.RULE("trailer", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.subscript) },
      {
        ALT: () => {
          this.CONSUME(T.Dot);
          this.CONSUME(T.Name);
        },
      },
      { ALT: () => this.SUBRULE(this.call) },
    ]);
  });

  /** An empty slice is let through: `int[]` deserves a better answer than an unexpected bracket. */
  readonly subscript: Rule = this.RULE("subscript", () => {
    this.CONSUME(T.LeftBracket);
    this.MANY_SEP({ SEP: T.Comma, DEF: () => this.SUBRULE(this.slice) });
    this.CONSUME(T.RightBracket);
  });

  readonly slice: Rule = this.RULE("slice", () => {
    this.OPTION(() => this.SUBRULE(this.item));
    this.MANY(() => {
      this.CONSUME(T.Colon);
      this.OPTION2(() => this.SUBRULE(this.expression));
    });
  });

  readonly call: Rule = this.RULE("call", () => {
    this.CONSUME(T.LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.argument);
      this.MANY(() => {
        this.CONSUME(T.Comma);
        this.SUBRULE2(this.argument);
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    this.CONSUME(T.RightParen);
  });

  readonly argument: Rule = this.RULE("argument", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.StarStar);
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.Name);
          this.CONSUME(T.Equals);
          this.SUBRULE2(this.expression);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.item);
          this.MANY(() => this.SUBRULE(this.comprehension));
        },
      },
    ]);
  });

  readonly group: Rule = this.RULE("group", () => {
    this.CONSUME(T.LeftParen);
    this.OPTION(() => this.OR([{ ALT: () => this.SUBRULE(this.yielded) }, { ALT: () => this.SUBRULE(this.items) }]));
    this.CONSUME(T.RightParen);
  });

  readonly yielded: Rule = this.RULE("yielded", () => {
    this.CONSUME(T.Yield);
    this.OPTION(() => this.CONSUME(T.From));
    this.OPTION2(() => this.SUBRULE(this.items));
  });

  readonly list: Rule = this.RULE("list", () => {
    this.CONSUME(T.LeftBracket);
    this.OPTION(() => this.SUBRULE(this.items));
    this.CONSUME(T.RightBracket);
  });

  readonly items: Rule = this.RULE("items", () => {
    this.SUBRULE(this.item);
    this.MANY(() => this.SUBRULE(this.comprehension));
    this.MANY2(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.item);
    });
    this.OPTION(() => this.CONSUME2(T.Comma));
  });

  readonly item: Rule = this.RULE("item", () => {
    this.OPTION(() => this.CONSUME(T.Star));
    this.SUBRULE(this.expression);
    this.OPTION2(() => {
      this.CONSUME(T.Walrus);
      this.SUBRULE2(this.expression);
    });
  });

  /** `for a, b in c if d`: `in` and `if` are operators to the flat expression. */
  readonly comprehension: Rule = this.RULE("comprehension", () => {
    this.OPTION(() => this.CONSUME(T.Async));
    this.CONSUME(T.For);
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.expression);
    });
  });

  readonly braces: Rule = this.RULE("braces", () => {
    this.CONSUME(T.LeftBrace);
    this.OPTION(() => {
      this.SUBRULE(this.entry);
      this.MANY(() => this.SUBRULE(this.comprehension));
      this.MANY2(() => {
        this.CONSUME(T.Comma);
        this.SUBRULE2(this.entry);
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    this.CONSUME(T.RightBrace);
  });

  readonly entry: Rule = this.RULE("entry", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.StarStar);
          this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.item);
          this.OPTION(() => {
            this.CONSUME(T.Colon);
            this.SUBRULE2(this.expression);
          });
        },
      },
    ]);
  });
}
