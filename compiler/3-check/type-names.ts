/**
 * The names a type may use, as DSPy 3.4.1 resolves them (dspy-semantics 1.2): `typing`'s names and `NoneType`, a dozen
 * builtins, and dotted names of modules Python would import. Importing is what a build cannot do, so the modules that
 * signatures name in practice are listed here; every row was answered by DSPy itself. All others are `type_import`.
 */
import type { TypeSpec } from "../../runtime/abi.ts";

export type Form = "union" | "optional" | "literal" | "annotated" | "callable" | "classvar" | "final";

export interface GenericRule {
  readonly of: string;
  readonly min: number;
  readonly max: number;
  readonly or0: boolean;
  /** One of `typing`'s own, which turn the constant None among their arguments into its class. */
  readonly typing?: boolean;
}

export interface TypeName {
  /** What the name means on its own; absent when it means nothing without arguments. */
  readonly bare?: TypeSpec;
  /** `list` of `list[...]`, with how many arguments it takes (`or0`: none at all is accepted too). */
  readonly generic?: GenericRule;
  /** What the name means inside another type, where that differs: `list[List]`, `list[pydantic.PositiveInt]`. */
  readonly nested?: TypeSpec;
  readonly form?: Form;
}

const ANY = Number.POSITIVE_INFINITY;
const table = new Map<string, TypeName>();

for (const atom of ["str", "int", "float", "bool", "bytes", "complex"] as const) table.set(atom, { bare: atom });
for (const name of ["list", "tuple", "set", "frozenset"] as const)
  table.set(name, { bare: name, generic: { of: name, min: 1, max: ANY, or0: true } });
table.set("dict", { bare: "dict", generic: { of: "dict", min: 2, max: ANY, or0: true } });
table.set("NoneType", { bare: "none" });

/** `typing`: name, what it is a generic of, number of arguments. */
const ALIASES: readonly (readonly [string, string, number, number])[] = [
  ["List", "list", 1, 1],
  ["Dict", "dict", 2, 2],
  ["Set", "set", 1, 1],
  ["FrozenSet", "frozenset", 1, 1],
  ["Tuple", "tuple", 0, ANY],
  ["Type", "type", 1, 1],
  ["AbstractSet", "collections.abc.Set", 1, 1],
  ["Counter", "collections.Counter", 1, 1],
  ["Deque", "collections.deque", 1, 1],
  ["Generator", "collections.abc.Generator", 3, 3],
  ["Iterable", "collections.abc.Iterable", 1, 1],
  ["Mapping", "collections.abc.Mapping", 2, 2],
  ["MutableMapping", "collections.abc.MutableMapping", 2, 2],
  ["MutableSequence", "collections.abc.MutableSequence", 1, 1],
  ["MutableSet", "collections.abc.MutableSet", 1, 1],
  ["OrderedDict", "collections.OrderedDict", 2, 2],
  ["Sequence", "collections.abc.Sequence", 1, 1],
];
const FORMS: readonly (readonly [string, Form])[] = [
  ["Union", "union"],
  ["Optional", "optional"],
  ["Literal", "literal"],
  ["Annotated", "annotated"],
  ["Callable", "callable"],
  ["ClassVar", "classvar"],
  ["Final", "final"],
];
const typing = new Map<string, TypeName>([
  ["Any", { bare: "any" }],
  ["Text", { bare: "str" }],
  ["Self", { bare: { kind: "class", name: "Self" } }],
  ...ALIASES.map(
    ([name, of, min, max]) =>
      [name, { generic: { of, min, max, or0: false, typing: true }, nested: { kind: "generic", of, args: [] } }] as const,
  ),
  // As a field's type it is none; inside another it takes every value with a hash.
  ["Hashable", { nested: { kind: "generic", of: "Hashable", args: [] } }],
  // The variables `typing` declares its own generics with: anything may stand for one.
  ...["T", "KT", "VT", "T_co", "V_co", "VT_co", "T_contra", "CT_co", "AnyStr"].map(
    (name) => [name, { nested: { kind: "class", name } }] as const,
  ),
  // Without arguments pydantic has no default for its values, wherever it stands.
  ["DefaultDict", { generic: { of: "collections.defaultdict", min: 2, max: 2, or0: false, typing: true } }],
  ...FORMS.map(
    ([name, form]) =>
      [name, form === "callable" ? { form, nested: { kind: "generic", of: "Callable", args: [] } as const } : { form }] as const,
  ),
]);
for (const [name, meaning] of typing) {
  table.set(name, meaning);
  table.set(`typing.${name}`, meaning);
}

/** Classes, by the module that Python reports for them. */
const CLASSES: Readonly<Record<string, string>> = {
  datetime: "date datetime time timedelta",
  decimal: "Decimal",
  fractions: "Fraction",
  uuid: "UUID",
  ipaddress: "IPv4Address IPv4Interface IPv4Network IPv6Address IPv6Interface IPv6Network",
  pathlib: "Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath",
  os: "PathLike",
  enum: "Enum Flag IntEnum IntFlag StrEnum",
  "collections.abc": "Hashable",
  dspy: "Audio Code File History Image Reasoning Signature Tool ToolCallResults ToolCalls Type",
};
for (const [module, names] of Object.entries(CLASSES)) {
  for (const name of names.split(" ")) table.set(`${module}.${name}`, { bare: { kind: "class", name: `${module}.${name}` } });
}
for (const name of "Audio Code File History Image Reasoning Tool ToolCallResults ToolCalls Type".split(" ")) {
  table.set(`dspy.adapters.${name}`, { bare: { kind: "class", name: `dspy.${name}` } });
}
/** `dspy.Code["python"]`: the arguments are the language, not types. */
export const PARAMETRISED: ReadonlySet<string> = new Set(["dspy.Code"]);

const COLLECTIONS: readonly (readonly [string, number])[] = [
  ["collections.Counter", 1],
  ["collections.OrderedDict", 2],
  ["collections.deque", 1],
  ["collections.abc.Generator", 1],
  ["collections.abc.Iterable", 1],
  ["collections.abc.Mapping", 2],
  ["collections.abc.MutableMapping", 2],
  ["collections.abc.MutableSequence", 1],
  ["collections.abc.MutableSet", 1],
  ["collections.abc.Sequence", 1],
  ["collections.abc.Set", 1],
];
for (const [of, min] of COLLECTIONS) table.set(of, { bare: { kind: "class", name: of }, generic: { of, min, max: ANY, or0: true } });
for (const name of ["defaultdict", "typing.defaultdict", "collections.defaultdict"])
  table.set(name, { generic: { of: "collections.defaultdict", min: 2, max: ANY, or0: false } });
table.set("collections.abc.Callable", { bare: { kind: "class", name: "collections.abc.Callable" }, form: "callable" });
table.set("types.NoneType", { bare: "none" });

/** pydantic re-exports its classes; those whose annotation is another type are `Annotated`, which DSPy drops of a whole field and keeps inside a type. */
const PYDANTIC: Readonly<Record<string, string>> = {
  "pydantic.main": "BaseModel",
  "pydantic.root_model": "RootModel",
  "pydantic.types":
    "AwareDatetime ByteSize FutureDate FutureDatetime Json NaiveDatetime PastDate PastDatetime PaymentCardNumber SecretBytes SecretStr",
  "pydantic.networks":
    "AmqpDsn AnyHttpUrl AnyUrl AnyWebsocketUrl ClickHouseDsn CockroachDsn FileUrl FtpUrl HttpUrl IPvAnyAddress IPvAnyInterface IPvAnyNetwork KafkaDsn MariaDBDsn MongoDsn MySQLDsn NatsDsn PostgresDsn RedisDsn SnowflakeDsn WebsocketUrl",
};
for (const [module, names] of Object.entries(PYDANTIC)) {
  for (const name of names.split(" ")) table.set(`pydantic.${name}`, { bare: { kind: "class", name: `${module}.${name}` } });
}
const ANNOTATED: readonly (readonly [TypeSpec, string])[] = [
  ["int", "NegativeInt NonNegativeInt NonPositiveInt PositiveInt StrictInt"],
  ["float", "FiniteFloat NegativeFloat NonNegativeFloat NonPositiveFloat PositiveFloat StrictFloat"],
  ["str", "Base64Str Base64UrlStr StrictStr"],
  ["bytes", "Base64Bytes Base64UrlBytes StrictBytes"],
  ["bool", "StrictBool"],
  [{ kind: "class", name: "pathlib.Path" }, "DirectoryPath FilePath NewPath SocketPath"],
  [{ kind: "class", name: "uuid.UUID" }, "UUID1 UUID3 UUID4 UUID5 UUID6 UUID7 UUID8"],
];
for (const [bare, names] of ANNOTATED)
  for (const name of names.split(" ")) table.set(`pydantic.${name}`, { bare, nested: { kind: "class", name: `pydantic.${name}` } });

export const typeNames: ReadonlyMap<string, TypeName> = table;

/** What people write for a type that DSPy calls otherwise. */
export const OTHER_NAMES: Readonly<Record<string, string>> = {
  string: "str",
  String: "str",
  text: "str",
  char: "str",
  varchar: "str",
  number: "float",
  Number: "float",
  double: "float",
  decimal: "decimal.Decimal",
  Decimal: "decimal.Decimal",
  integer: "int",
  Integer: "int",
  long: "int",
  bigint: "int",
  boolean: "bool",
  Boolean: "bool",
  any: "Any",
  unknown: "Any",
  object: "dict",
  Object: "dict",
  record: "dict",
  Record: "dict",
  map: "dict",
  json: "dict",
  JSON: "dict",
  array: "list",
  Array: "list",
  vector: "list",
  null: "None",
  undefined: "None",
  void: "None",
  date: "datetime.date",
  Date: "datetime.date",
  datetime: "datetime.datetime",
  DateTime: "datetime.datetime",
  time: "datetime.time",
  timedelta: "datetime.timedelta",
  uuid: "uuid.UUID",
  UUID: "uuid.UUID",
  Path: "pathlib.Path",
  url: "pydantic.HttpUrl",
  URL: "pydantic.HttpUrl",
  enum: "Literal",
  Enum: "Literal",
  literal: "Literal",
  oneof: "Literal",
  image: "dspy.Image",
  Image: "dspy.Image",
  audio: "dspy.Audio",
  Audio: "dspy.Audio",
  file: "dspy.File",
  File: "dspy.File",
  History: "dspy.History",
  history: "dspy.History",
  Tool: "dspy.Tool",
  ToolCalls: "dspy.ToolCalls",
  Code: "dspy.Code",
  Reasoning: "dspy.Reasoning",
  BaseModel: "pydantic.BaseModel",
};
