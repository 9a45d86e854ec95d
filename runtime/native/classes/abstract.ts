/** What no text of a model is an instance of, or any is: enum's bases, callables, classes, hashable values, names nobody declares. */
import { coerceAtom, refuse } from "../coerce/atoms.ts";
import { Bytes, PySet, type PyValue } from "../python/value.ts";
import type { NamedClass, NamedClasses } from "./named.ts";

/** Without members: a value of one is nothing JSON or a literal can say. */
const enumBase = (title: string, description: string): NamedClass => ({
  schema: { description, enum: [], title },
  read: (value) => refuse(`an instance of ${title}`, value),
});

const COLLECTION = `Create a collection of name/value pairs.

Example enumeration:

>>> class Color(Enum):
...     RED = 1
...     BLUE = 2
...     GREEN = 3

Access them by:

- attribute access::

>>> Color.RED
<Color.RED: 1>

- value lookup:

>>> Color(1)
<Color.RED: 1>

- name lookup:

>>> Color['RED']
<Color.RED: 1>

Enumerations can be iterated over, and know how many members they have:

>>> len(Color)
3

>>> list(Color)
[<Color.RED: 1>, <Color.BLUE: 2>, <Color.GREEN: 3>]

Methods can be added to enumerations, and members can have their own
attributes -- see the documentation for details.`;

/** By class, as Python's `isinstance` asks: a tuple with a list inside counts. */
const isHashable = (value: PyValue): boolean =>
  !(Array.isArray(value) || value instanceof Map || (value instanceof PySet && !value.frozen) || (value instanceof Bytes && value.mutable));

const HASHABLE: NamedClass = { schema: {}, read: (value) => (isHashable(value) ? value : refuse("a hashable value", value)) };
const CALLABLE: NamedClass = { read: (value) => refuse("a callable", value) };

export const ABSTRACT: NamedClasses = {
  "enum.Enum": enumBase("Enum", COLLECTION),
  "enum.Flag": enumBase("Flag", "Support for flags"),
  "enum.IntEnum": enumBase("IntEnum", "Enum where members are also (and must be) ints"),
  "enum.IntFlag": enumBase("IntFlag", "Support for integer-based Flags"),
  "enum.StrEnum": enumBase("StrEnum", "Enum where members are also (and must be) strings"),
  "collections.abc.Hashable": HASHABLE,
  "collections.abc.Callable": CALLABLE,
  Hashable: HASHABLE,
  Callable: CALLABLE,
  type: { schema: {}, read: (value) => refuse("a class", value) },
  CT_co: { read: (value) => refuse("a class", value) },
  AnyStr: {
    schema: { anyOf: [{ type: "string", format: "binary" }, { type: "string" }] },
    read: (value) => (typeof value === "string" || (value instanceof Bytes && !value.mutable) ? value : refuse("text or bytes", value)),
  },
  Self: { read: (value) => refuse("an instance of the signature, which Python cannot know", value) },
  forward: { read: (value) => refuse("an instance of a class that nothing declares", value) },
};

/** A type variable stands for anything. */
export const VARIABLE: NamedClass = { schema: {}, read: (value, state) => coerceAtom("any", value, state) };
