/**
 * The grammar of a signature literal.
 *
 *     signature  = docstring? parameters "->" parameters
 *     parameter  = NAME (":" annotation)? ("=" expression)?
 *     annotation = expression description?
 *
 * A side is a Python parameter list and a type is a Python expression, because that is how DSPy reads them
 * (dspy-semantics 1.1): `3-check` decides which expressions are types.
 */
import { PythonExpression, type Rule } from "./python-expression.ts";
import * as T from "./tokens.ts";

export class SignatureGrammar extends PythonExpression {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  readonly signature: Rule = this.RULE("signature", () => {
    this.OPTION(() => this.SUBRULE(this.docstring));
    this.SUBRULE(this.parameters, { LABEL: "inputs" });
    this.CONSUME(T.Arrow);
    this.SUBRULE2(this.parameters, { LABEL: "outputs" });
  });

  readonly docstring: Rule = this.RULE("docstring", () => {
    this.AT_LEAST_ONE(() => this.CONSUME(T.Text));
  });

  /** Nothing may stand behind the last comma; that nothing stands between two is seen where the tree is read. */
  readonly parameters: Rule = this.RULE("parameters", () => {
    this.OPTION(() => {
      this.SUBRULE(this.parameter);
      this.MANY(() => {
        this.CONSUME(T.Comma);
        this.OPTION2(() => this.SUBRULE2(this.parameter));
      });
    });
  });

  readonly parameter: Rule = this.RULE("parameter", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Name);
          this.OPTION(() => {
            this.CONSUME(T.Colon);
            this.SUBRULE(this.annotation);
          });
          this.OPTION2(() => {
            this.CONSUME(T.Equals);
            this.SUBRULE(this.expression, { LABEL: "default" });
          });
        },
      },
      { ALT: () => this.SUBRULE(this.variadic) },
      { ALT: () => this.CONSUME(T.Slash) },
      { ALT: () => this.CONSUME(T.Hole) },
    ]);
  });

  readonly annotation: Rule = this.RULE("annotation", () => {
    this.SUBRULE(this.expression);
    this.MANY(() => this.CONSUME(T.Text, { LABEL: "description" }));
  });

  readonly variadic: Rule = this.RULE("variadic", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(T.Star);
          this.OPTION(() => {
            this.CONSUME(T.Name);
            this.OPTION2(() => {
              this.CONSUME(T.Colon);
              this.OPTION3(() => this.CONSUME2(T.Star, { LABEL: "Unpacked" }));
              this.SUBRULE(this.expression);
            });
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(T.StarStar);
          this.CONSUME2(T.Name);
          this.OPTION4(() => {
            this.CONSUME2(T.Colon);
            this.SUBRULE2(this.expression);
          });
        },
      },
    ]);
  });
}
