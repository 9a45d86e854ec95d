/**
 * Every code a diagnostic can have: its severity, and the paragraph `dspexc explain CODE` prints. A code never changes
 * its meaning and is never used again once retired. A test holds that each has a case under test/cases.
 */
export const codes = {
  // Templates
  template_syntax: {
    severity: "error",
    explanation:
      "A template holds text, `<%= name %>`, and blocks: `<% if %>`, `<% for item in items %>`, `<% else %>`, `<% end %>`. There are no calls, no filters and no code.",
  },
  template_unknown_name: {
    severity: "error",
    explanation:
      "The second argument of `template` says which names its text may use, as a list or as a signature whose fields are meant, and this name is not among them.",
  },
  // The text
  arrow_missing: {
    severity: "error",
    explanation: "A signature is `inputs -> outputs`. The text has no `->`; `=>`, `→` and `- >` are not read as one.",
  },
  arrow_extra: {
    severity: "error",
    explanation:
      "DSPy splits a signature at its only `->` and refuses a text with more than one. Intermediate results are outputs, or belong to a second signature.",
  },
  arrow_in_text: {
    severity: "error",
    explanation:
      "DSPy counts every `->` in the text, those inside quotes too, and refuses a signature with two. Docstrings and descriptions may hold one; members of a Literal and defaults may not.",
  },
  literal_too_large: {
    severity: "error",
    explanation: "A signature literal holds at most 64 KiB. Long material belongs into the inputs of a call.",
  },
  too_many_fields: {
    severity: "error",
    explanation: "A signature has at most 256 fields. Fields that belong together make one field whose type is a schema.",
  },
  too_many_errors: { severity: "error", explanation: "After fifty errors in one literal the rest is not shown." },
  syntax_unexpected: {
    severity: "error",
    explanation:
      "Each side of a signature is a Python parameter list: `name: type`, separated by commas. Something else stands at this place.",
  },
  character_unexpected: {
    severity: "error",
    explanation:
      "The character has no meaning in a signature outside quotes. Invisible characters, such as U+200B or U+00A0, often come in by copying.",
  },
  bracket_unclosed: { severity: "error", explanation: "A bracket is opened and never closed on its side of the arrow." },
  bracket_unmatched: { severity: "error", explanation: "A closing bracket has no opening one of its kind on its side of the arrow." },
  string_unterminated: { severity: "error", explanation: "A text in quotes is never closed. Texts over several lines take three quotes." },
  string_escape: {
    severity: "error",
    explanation: "A backslash starts an escape that Python cannot read, or one that needs Unicode's table of character names.",
  },
  number_invalid: {
    severity: "error",
    explanation: "Python cannot read this number: leading zeros, a letter in it, or an underscore out of place.",
  },
  comment_unterminated: {
    severity: "error",
    explanation:
      "DSPy puts each side between parentheses of its own, so a comment must end with its line before the side ends; else it swallows the closing parenthesis.",
  },
  text_after_parameters: {
    severity: "warning",
    explanation:
      "The side's parameter list is closed early, and what follows reads as Python code. DSPy takes the parameters before it and ignores the rest.",
  },
  docstring_quotes: {
    severity: "error",
    explanation:
      "Instructions stand in triple quotes in front of the first field. DSPy has no such place in its strings, so single quotes there stay an error.",
  },
  description_without_type: {
    severity: "error",
    explanation: 'A description is a text after a field\'s type: `question: str "what the user asks"`.',
  },
  description_not_text: { severity: "error", explanation: "A description is plain text: no bytes and no f-string." },
  parameter_order: {
    severity: "error",
    explanation:
      "Python orders the entries of a parameter list: fields without a default before those with one, `/` after at least one field, `*` once, `**` last.",
  },
  parameter_ignored: {
    severity: "warning",
    explanation:
      "DSPy reads only the plain parameters of a side: it drops `*args`, `**kwargs`, what stands before `/` and what stands after `*`.",
  },
  // Names
  field_name_keyword: { severity: "error", explanation: "Python keywords cannot name a field." },
  field_name_invalid: {
    severity: "error",
    explanation: "A field's name is a Python identifier: letters, digits and underscores, and no digit first.",
  },
  field_name_underscore: {
    severity: "error",
    explanation: "pydantic, which DSPy's signatures are made of, refuses names that start with an underscore.",
  },
  field_name_reserved: {
    severity: "error",
    explanation: "DSPy's Signature class or pydantic needs this name for itself, and building the signature in Python fails.",
  },
  field_name_privileged: {
    severity: "warning",
    explanation: "`dspy.Predict` takes the keyword arguments `demos`, `config` and `lm` for itself before it looks at the inputs.",
  },
  field_duplicate: {
    severity: "warning",
    explanation: "A name stands twice on one side. DSPy keeps the place of the first and the type of the last.",
  },
  field_both_sides: { severity: "error", explanation: "A name is an input and an output. DSPy refuses such a signature." },
  // Types
  type_unknown: {
    severity: "error",
    explanation:
      "The name is no type of DSPy's strings: Python's builtins, what `typing` has, and dotted names such as `datetime.date` or `dspy.Image`. Types of one's own come in as schemas, `${Schema}`, or as TypeScript types, `${type<T>()}`.",
  },
  type_import: {
    severity: "error",
    explanation: "Python could only know this name by importing a module, and nothing is imported at build time. Pass a schema instead.",
  },
  type_not_a_type: {
    severity: "error",
    explanation: "A value, several types in parentheses, or something that belongs to a type stands where a type is expected.",
  },
  type_expression: {
    severity: "error",
    explanation:
      "DSPy reads names, attributes, subscripts, `|`, tuples and constants in a type, and refuses every other Python expression.",
  },
  type_arguments: { severity: "error", explanation: "The type has too many arguments, too few, or arguments of a wrong kind." },
  type_too_deep: { severity: "error", explanation: "Types are nested more than 64 deep, or brackets more than 200." },
  type_none: { severity: "warning", explanation: "DSPy takes the annotation `None` for a missing one, which is `str`." },
  type_classvar: {
    severity: "warning",
    explanation: "pydantic treats `ClassVar` as an attribute of the class, so DSPy's signature has no such field.",
  },
  type_forward: {
    severity: "warning",
    explanation:
      "A text inside a union or a list is a forward reference to a class of that name. Here nothing has that name; fixed values are written `Literal[...]`.",
  },
  literal_member: {
    severity: "warning",
    explanation: "A class or a union inside `Literal[...]` is taken as that very object. Values are written in quotes or as numbers.",
  },
  annotation_ignored: {
    severity: "warning",
    explanation: "DSPy reads `Annotated[int, ...]` as `int`: what is annotated stands in no prompt and is not enforced.",
  },
  // Constraints and defaults
  constraint_unknown: {
    severity: "error",
    explanation: "The constraints are pydantic's: gt, ge, lt, le, multiple_of, min_length, max_length, pattern, allow_inf_nan.",
  },
  constraint_value: {
    severity: "error",
    explanation: "Bounds are numbers, lengths are whole numbers, a pattern is a text, allow_inf_nan is True or False.",
  },
  constraint_type: {
    severity: "error",
    explanation:
      "The constraint does not apply to the field's type: bounds are for numbers, lengths for texts and collections, a pattern for texts.",
  },
  constraint_empty: { severity: "error", explanation: "The parentheses behind the type hold no constraint. DSPy refuses such a call." },
  constraint_positional: { severity: "error", explanation: "A constraint is written with its name: `int(ge=3)`." },
  constraint_duplicate: { severity: "error", explanation: "The same constraint stands twice." },
  constraint_conflict: { severity: "error", explanation: "The constraints exclude each other: no value satisfies all of them." },
  constraint_place: { severity: "error", explanation: "Constraints belong to a whole field: they stand behind the whole type." },
  pattern_invalid: { severity: "error", explanation: "JavaScript, which enforces the pattern, cannot read it." },
  pattern_unsupported: {
    severity: "error",
    explanation:
      "A pattern is enforced here by JavaScript and elsewhere by Rust's regex engine. Only what both read alike is accepted: no look-around, no back-references.",
  },
  default_ignored: {
    severity: "warning",
    explanation: "Only inputs have defaults, and only constants. DSPy drops every default of a signature string.",
  },
  default_mismatch: { severity: "warning", explanation: "The default is not a value of the field's type, so it is left out." },
  // The file around the literal
  source_syntax: { severity: "error", explanation: "The file itself cannot be parsed as TypeScript, so its literals cannot be found." },
  source_too_deep: {
    severity: "error",
    explanation:
      "The file nests its code deeper than a recursive parser can follow without exhausting the stack. Nothing people write does; split what generates it.",
  },
  literal_not_constant: {
    severity: "error",
    explanation:
      "The text of a signature must stand in the source: a literal, a backtick literal, constants of the same file, and `+` between them. Text that is known only at run time goes through `compileSignature(text)` from `dspex/compiler`.",
  },
  literal_escape: {
    severity: "error",
    explanation: "A backtick literal behind a tag holds an escape that JavaScript cannot read, so it has no text.",
  },
  sig_aliased: {
    severity: "error",
    explanation:
      'The compiler follows `sig`, `signature` and `tool` from their import from "dspex", under another name or a namespace too. Assigned, required, re-exported or passed on they are lost to it. A module that re-exports them can be listed in `aliases` in dspex.config.ts.',
  },
  tag_reserved: {
    severity: "error",
    explanation: "`sig` is a function, and every function has properties of its own, so these names can never be tags.",
  },
  tag_called: {
    severity: "error",
    explanation: "A named tag stands in front of a backtick literal; called with a string it has no meaning.",
  },
  tag_duplicate: {
    severity: "error",
    explanation: "Two named tags of one name have different texts. Tag names are one registry a tsconfig.",
  },
  tag_prefix: {
    severity: "error",
    explanation:
      "The configuration's `registry.prefix` keeps the packages of one repository apart: every tag of this package begins with it.",
  },
  tag_bare: {
    severity: "info",
    explanation:
      "TypeScript hands a tag's function an array of texts, not their literal types, so sig`...` is loosely typed. A call, sig(`...`), and a named tag, sig.Name`...`, are typed. `dspexc check --strict` warns, `--fix` rewrites.",
  },
  tool_duplicate: {
    severity: "error",
    explanation: "Two functions are tools of one name. A model calls tools by name, and unbundled programs find them by it.",
  },
  generated_stale: {
    severity: "error",
    explanation:
      "dspex.gen was generated from another version of the file. `dspexc generate` writes it anew; in CI a build refuses a stale one.",
  },
  feature_left_out: {
    severity: "error",
    explanation:
      "The bundler plugin's `without` says that the program does not use a feature, and here it does. Without `types` there are fields of `str`, `int`, `float`, `bool`, `list[str]` and `Literal` of texts, without `classes` none of a class, such as a date. Take the name out of `without`, or the type out of the signature.",
  },
  tool_anonymous: {
    severity: "error",
    explanation: "A tool's name is the function's name or the name it is declared by. Models call tools by name, so there must be one.",
  },
  tool_not_function: { severity: "error", explanation: "`tool` takes a function, or an object `{ name, description, input, run }`." },
  tool_parameter: {
    severity: "error",
    explanation:
      "A model fills a tool's parameters with JSON, so each has a name and a type with a JSON form: no rest parameter, no function, no Map, no overloads.",
  },
  // Holes
  type_hole_unsupported: {
    severity: "error",
    explanation:
      "`${type<T>()}` takes TypeScript types with a JSON form: strings, numbers, booleans, null, literals, enums, arrays, tuples, Set, Record, Date, Uint8Array, unions and objects of these. The message names the path to what has none.",
  },
  hole_not_type: { severity: "error", explanation: "This value cannot be a field's type: a Standard Schema can, and `${type<T>()}`." },
  hole_unexpected: {
    severity: "error",
    explanation: "A hole stands where a field or a type could not: inside quotes, in a default, in a constraint.",
  },
  hole_unresolved: {
    severity: "error",
    explanation:
      "A hole in a field's place splices the fields of another signature, which must be declared by a `const` the compiler can find.",
  },
  splice_cycle: { severity: "error", explanation: "Signatures splice each other in a circle." },
} as const;

export type Code = keyof typeof codes;
