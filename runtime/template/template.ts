/** A template as its callers see it. */

/** A compiled template: a function from its context to text. A context may hold more than the names the text uses. */
export interface Template<Names extends string = string> {
  <C extends string extends Names ? object : Readonly<Record<Names, unknown>>>(context: C): string;
  /** The names its context must have. */
  readonly names: readonly string[];
}

/** The names a template's text uses, as far as its type shows: the first of each path that no loop binds. */
export type NamesIn<S extends string> = string extends S ? string : Exclude<Tagged<S, "<%= "> | Tagged<S, "<% if "> | Looped<S>, Bound<S>>;
type Tagged<S extends string, Opening extends string> = S extends `${string}${Opening}${infer Path} %>${infer Rest}`
  ? First<Path> | Tagged<Rest, Opening>
  : never;
type Looped<S extends string> = S extends `${string}<% for ${string} in ${infer Path} %>${infer Rest}` ? First<Path> | Looped<Rest> : never;
/** What is more than a path says nothing here. */
type First<S extends string> = S extends `${string}${" " | "(" | '"' | "'"}${string}`
  ? never
  : S extends `${infer Name}${"." | "["}${string}`
    ? First<Name>
    : S;
type Bound<S extends string> = S extends `${string}<% for ${infer Names} in ${string} %>${infer Rest}`
  ? Listed<Names> | Bound<Rest>
  : never;
type Listed<S extends string> = S extends `${infer Key}, ${infer Item}` ? Key | Item : S;
