/** What pydantic keeps while it validates: how exact the match was, which decides between a union's members. */
import type { ModelType } from "../../spec.ts";

/** The value is not of the type. The message says what was expected and what came. */
export class Invalid extends Error {}

export const LAX = 0;
export const STRICT = 1;
export const EXACT = 2;
export type Exactness = typeof LAX | typeof STRICT | typeof EXACT;

export class State {
  exactness: Exactness = EXACT;
  /** Fields a model found in the value; undefined where no model was met. */
  fieldsSet: number | undefined;
  readonly models: ReadonlyMap<string, ModelType>;
  readonly depth: number;
  constructor(models: ReadonlyMap<string, ModelType> = new Map(), depth = 0) {
    this.models = models;
    this.depth = depth;
  }

  floor(exactness: Exactness): void {
    if (exactness < this.exactness) this.exactness = exactness;
  }

  /** A state for one attempt at a union's member, or for what stands inside a value. */
  attempt(): State {
    if (this.depth > 200) throw new Invalid("nested too deeply");
    return new State(this.models, this.depth + 1);
  }

  within(model: ModelType): State {
    return new State(new Map(this.models).set(model.name, model), this.depth + 1);
  }

  absorb(inner: State): void {
    this.floor(inner.exactness);
    if (inner.fieldsSet !== undefined) this.fieldsSet = (this.fieldsSet ?? 0) + inner.fieldsSet;
  }
}
