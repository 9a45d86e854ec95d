/**
 * Python's expressions, as far as a type or a default can be one. Operators are a flat list; nothing but `|` between
 * types has a meaning here, so nothing needs precedence. All nesting goes through brackets, whose depth is limited before
 * the parser starts, so no input can exhaust the stack. Rules return nodes of `ast.ts`, which `build-expression.ts` makes.
 */
import { EmbeddedActionsParser, type IOrAlt, type IToken, type ParserMethod } from "chevrotain";
import type { Report } from "../diagnostics/report.ts";
import type { Span } from "../source.ts";
import type { ExpressionNode } from "./ast.ts";
import * as build from "./build-expression.ts";
import { spanOfTokens } from "./token-text.ts";
import * as T from "./tokens.ts";

export type Rule<R, A extends unknown[] = []> = ParserMethod<A, R>;

export class PythonExpression extends EmbeddedActionsParser {
  /** Hears what is wrong with tokens that fit the grammar. */
  protected report: Report = () => {};

  constructor() {
    // Errors are found by reading again, field by field (`segments.ts`), so the parser need not recover from one.
    super(T.vocabulary, { recoveryEnabled: false, maxLookahead: 2 });
  }

  /** From a token to the last one that was read. */
  protected spanFrom(first: IToken): Span {
    return spanOfTokens(first, this.LA(0));
  }

  readonly expression: Rule<ExpressionNode, [inComprehension?: boolean]> = this.RULE("expression", (inComprehension = false) => {
    const start = this.LA(1);
    let operation = undefined as build.Operation | undefined;
    this.MANY(() => {
      operation ??= { prefixes: [], operators: [], operands: [] };
      operation.prefixes.push(this.SUBRULE(this.prefix));
    });
    const first = this.SUBRULE(this.primary);
    operation?.operands.push(first);
    this.MANY2(() => {
      operation ??= { prefixes: [], operators: [], operands: [first] };
      operation.operators.push(this.SUBRULE(this.operator));
      this.MANY3(() => operation!.prefixes.push(this.SUBRULE2(this.prefix)));
      operation.operands.push(this.SUBRULE2(this.primary));
    });
    if (!operation) return first;
    return this.ACTION(() => build.buildOperation(operation!, this.spanFrom(start), inComprehension, this.report));
  });

  readonly prefix: Rule<string> = this.RULE("prefix", () =>
    this.OR([
      { ALT: () => this.CONSUME(T.Minus).image },
      { ALT: () => this.CONSUME(T.Plus).image },
      { ALT: () => this.CONSUME(T.Tilde).image },
      { ALT: () => this.CONSUME(T.Not).image },
      { ALT: () => this.CONSUME(T.Await).image },
      { ALT: () => this.SUBRULE(this.lambda) },
    ]),
  );

  /** `a if b else c` counts as two operators; whether they pair up is seen when the node is made. */
  readonly operator: Rule<string> = this.RULE("operator", () =>
    this.OR([
      { ALT: () => this.CONSUME(T.Pipe).image },
      { ALT: () => this.CONSUME(T.Operator).image },
      { ALT: () => this.CONSUME(T.Plus).image },
      { ALT: () => this.CONSUME(T.Minus).image },
      { ALT: () => this.CONSUME(T.Star).image },
      { ALT: () => this.CONSUME(T.StarStar).image },
      { ALT: () => this.CONSUME(T.Slash).image },
      { ALT: () => this.CONSUME(T.And).image },
      { ALT: () => this.CONSUME(T.Or).image },
      { ALT: () => this.CONSUME(T.If).image },
      { ALT: () => this.CONSUME(T.Else).image },
      { ALT: () => this.CONSUME(T.In).image },
      { ALT: () => `${this.CONSUME(T.Not).image} ${this.CONSUME2(T.In).image}` },
      {
        ALT: () => {
          const is = this.CONSUME(T.Is).image;
          return this.OPTION(() => `${is} ${this.CONSUME2(T.Not).image}`) ?? is;
        },
      },
    ]),
  );

  readonly lambda: Rule<string> = this.RULE("lambda", () => {
    const { image } = this.CONSUME(T.Lambda);
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
    return image;
  });

  /** Made once: this is the rule that is asked most. */
  #atoms: IOrAlt<ExpressionNode>[] | undefined;

  readonly primary: Rule<ExpressionNode> = this.RULE("primary", () => {
    this.#atoms ??= [
      { ALT: () => build.buildName(this.CONSUME(T.Name)) },
      {
        ALT: () => {
          const parts: IToken[] = [];
          this.AT_LEAST_ONE(() => parts.push(this.CONSUME(T.Text)));
          return this.ACTION(() => build.buildText(parts, this.report));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(T.Numeral);
          return this.ACTION(() => build.buildNumber(token, this.report));
        },
      },
      { ALT: () => build.buildKeyword(this.CONSUME(T.None), null) },
      { ALT: () => build.buildKeyword(this.CONSUME(T.True), true) },
      { ALT: () => build.buildKeyword(this.CONSUME(T.False), false) },
      {
        ALT: () => {
          const token = this.CONSUME(T.Ellipsis);
          return { kind: "ellipsis", span: spanOfTokens(token, token) };
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(T.Hole);
          return { kind: "hole", at: token.startOffset, span: spanOfTokens(token, token) };
        },
      },
      { ALT: () => this.SUBRULE(this.group) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.braces) },
    ];
    let node: ExpressionNode = this.OR(this.#atoms);
    this.MANY(() => {
      node = this.OR2([
        { ALT: () => this.SUBRULE(this.subscript, { ARGS: [node] }) },
        {
          ALT: () => {
            this.CONSUME(T.Dot);
            const name = this.CONSUME2(T.Name);
            return this.ACTION(() => build.buildAttribute(node, name));
          },
        },
        { ALT: () => this.SUBRULE(this.call, { ARGS: [node] }) },
      ]);
    });
    return node;
  });

  /** An empty slice is let through: `int[]` deserves a better answer than an unexpected bracket. */
  readonly subscript: Rule<ExpressionNode, [ExpressionNode]> = this.RULE("subscript", (object) => {
    const slices: build.Slice[] = [];
    const open = this.CONSUME(T.LeftBracket);
    this.MANY_SEP({
      SEP: T.Comma,
      DEF: () => {
        const start = this.LA(1);
        let slice: build.Slice = { kind: "missing", before: start };
        this.OPTION(() => {
          slice = this.SUBRULE(this.item);
        });
        this.MANY(() => {
          this.CONSUME(T.Colon);
          this.OPTION2(() => this.SUBRULE(this.expression));
          slice = build.other("a slice", this.spanFrom(start));
        });
        slices.push(slice);
      },
    });
    const close = this.CONSUME(T.RightBracket);
    return this.ACTION(() => build.buildSubscript(object, open, slices, close, this.report));
  });

  readonly call: Rule<ExpressionNode, [ExpressionNode]> = this.RULE("call", (callee) => {
    const all: build.Arguments = { list: [], named: false, unpacked: false, generator: undefined };
    this.CONSUME(T.LeftParen);
    this.OPTION(() => {
      this.SUBRULE(this.argument, { ARGS: [all] });
      this.MANY(() => {
        this.CONSUME(T.Comma);
        this.SUBRULE2(this.argument, { ARGS: [all] });
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    const close = this.CONSUME(T.RightParen);
    return this.ACTION(() => build.buildCall(callee, all, close, this.report));
  });

  readonly argument: Rule<void, [build.Arguments]> = this.RULE("argument", (all) => {
    const start = this.LA(1);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.StarStar);
          const value = this.SUBRULE(this.expression);
          this.ACTION(() => build.addUnpacked(all, value, this.spanFrom(start)));
        },
      },
      {
        ALT: () => {
          const name = this.CONSUME(T.Name);
          this.CONSUME(T.Equals);
          const value = this.SUBRULE2(this.expression);
          this.ACTION(() => build.addNamed(all, name, value, this.spanFrom(start)));
        },
      },
      {
        ALT: () => {
          let generator = false;
          const item = this.SUBRULE(this.item);
          this.MANY(() => {
            this.SUBRULE(this.comprehension);
            generator = true;
          });
          this.ACTION(() => build.addPlain(all, item, generator, this.spanFrom(start), this.report));
        },
      },
    ]);
  });

  readonly group: Rule<ExpressionNode> = this.RULE("group", () => {
    let items: build.Items | "yield" | undefined;
    const open = this.CONSUME(T.LeftParen);
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            this.SUBRULE(this.yielded);
            items = "yield";
          },
        },
        {
          ALT: () => {
            items = this.SUBRULE(this.items);
          },
        },
      ]);
    });
    this.CONSUME(T.RightParen);
    return this.ACTION(() => build.buildGroup(items, this.spanFrom(open), this.report));
  });

  readonly yielded: Rule<void> = this.RULE("yielded", () => {
    this.CONSUME(T.Yield);
    this.OPTION(() => this.CONSUME(T.From));
    this.OPTION2(() => this.SUBRULE(this.items));
  });

  readonly list: Rule<ExpressionNode> = this.RULE("list", () => {
    const open = this.CONSUME(T.LeftBracket);
    const items = this.OPTION(() => this.SUBRULE(this.items));
    this.CONSUME(T.RightBracket);
    return this.ACTION(() => build.buildList(items, this.spanFrom(open)));
  });

  readonly items: Rule<build.Items> = this.RULE("items", () => {
    const items: build.Items = { list: [this.SUBRULE(this.item)], comma: false, comprehension: false };
    this.MANY(() => {
      this.SUBRULE(this.comprehension);
      items.comprehension = true;
    });
    this.MANY2(() => {
      this.CONSUME(T.Comma);
      items.list.push(this.SUBRULE2(this.item));
    });
    this.OPTION(() => {
      this.CONSUME2(T.Comma);
      items.comma = true;
    });
    return items;
  });

  readonly item: Rule<ExpressionNode> = this.RULE("item", () => {
    const start = this.LA(1);
    const starred = this.OPTION(() => this.CONSUME(T.Star)) !== undefined;
    const value = this.SUBRULE(this.expression);
    const assigned = this.OPTION2(() => {
      this.CONSUME(T.Walrus);
      return this.SUBRULE2(this.expression);
    });
    return starred || assigned ? build.buildItem(value, starred, assigned !== undefined, this.spanFrom(start)) : value;
  });

  /** `for a, b in c if d`: `in` and `if` are operators to the flat expression. */
  readonly comprehension: Rule<void> = this.RULE("comprehension", () => {
    this.OPTION(() => this.CONSUME(T.Async));
    this.CONSUME(T.For);
    this.SUBRULE(this.expression, { ARGS: [true] });
    this.MANY(() => {
      this.CONSUME(T.Comma);
      this.SUBRULE2(this.expression, { ARGS: [true] });
    });
  });

  readonly braces: Rule<ExpressionNode> = this.RULE("braces", () => {
    const entries: build.BraceEntry[] = [];
    let comprehension = false;
    const open = this.CONSUME(T.LeftBrace);
    this.OPTION(() => {
      entries.push(this.SUBRULE(this.entry));
      this.MANY(() => {
        this.SUBRULE(this.comprehension);
        comprehension = true;
      });
      this.MANY2(() => {
        this.CONSUME(T.Comma);
        entries.push(this.SUBRULE2(this.entry));
      });
      this.OPTION2(() => this.CONSUME2(T.Comma));
    });
    this.CONSUME(T.RightBrace);
    return this.ACTION(() => build.buildBraces(entries, comprehension, this.spanFrom(open), this.report));
  });

  readonly entry: Rule<build.BraceEntry> = this.RULE("entry", () =>
    this.OR([
      {
        ALT: (): build.BraceEntry => {
          this.CONSUME(T.StarStar);
          return { key: undefined, value: this.SUBRULE(this.expression) };
        },
      },
      {
        ALT: (): build.BraceEntry => {
          const key = this.SUBRULE(this.item);
          const value = this.OPTION(() => {
            this.CONSUME(T.Colon);
            return this.SUBRULE2(this.expression);
          });
          return { key, value };
        },
      },
    ]),
  );
}
