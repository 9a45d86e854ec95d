"""Bodies: msgpack, with the words plain msgpack or one of the two languages lacks. ``codec.ts`` is the twin.

    0x60 float     a whole number that is a float (a JavaScript number 5 alone says int)
    0x61 int       beyond 64 bits, as decimal digits
    0x62 text      with lone surrogates, as UTF-16LE (UTF-8 cannot say them)
    0x63 datetime  without a zone, in ISO form (with one it is msgpack's own timestamp)
    0x64 pairs     a map with a key that is not a string, or with the key ``__proto__``
    0x65 set
    0x66 object    [class, data]: dspy.Image, dspy.History
    0x67 bytes     [segment, size]: in shared memory, where both ends are on one machine

A value goes through unchanged or ``Unserialisable`` says which part of it cannot.
"""

from __future__ import annotations

import datetime as dt
import decimal
import enum
import struct
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")

_FLOAT, _INT, _TEXT, _DATETIME, _PAIRS, _SET, _OBJECT = range(0x60, 0x67)
_DEPTH: Final = 200
# Modules whose values are, in TypeScript, the text Python prints.
_TEXTS: Final = frozenset(["fractions", "ipaddress", "pathlib", "pydantic.networks"])
_LARGE: Final = 256 << 10
_UINT64: Final = 1 << 64
_INT64: Final = -(1 << 63)

# What becomes of an [class, data] object; programs/prediction.py, which knows dspy, puts its builders in.
builders: dict[str, Callable[[Any], Any]] = {}
# The other way: a class of dspy's to [name, data].
describers: dict[type, Callable[[Any], tuple[str, Any]]] = {}


# Large buffers of one machine; segments.py puts its own in.
share: Callable[[bytes | bytearray | memoryview], Any] = lambda _: None  # noqa: E731
shared: Callable[[str, int], Any] | None = None


class Unserialisable(Exception):
    """A value that has no exact form on the other side; ``path`` leads to it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.path: list[str] = []

    def under(self, step: str) -> None:
        """On its way back up it learns where it was."""
        if len(self.path) < 16:
            self.path.insert(0, step)

    def __str__(self) -> str:
        where = "".join(self.path)
        return f"{self.args[0]} (at value{where})" if where else str(self.args[0])


def _ext_hook(code: int, data: memoryview) -> Any:
    match code:
        case 0x60:
            return struct.unpack(">d", data)[0]
        case 0x61:
            return _int(bytes(data).decode())
        case 0x62:
            return bytes(data).decode("utf-16-le", "surrogatepass")
        case 0x63:
            return dt.datetime.fromisoformat(bytes(data).decode())
        case 0x64:
            return dict(_decoder.decode(data))
        case 0x65:
            return set(_decoder.decode(data))
        case 0x66:
            name, value = _decoder.decode(data)
            return builders[name](value)
        case 0x67 if shared is not None:
            name, size = _decoder.decode(data)
            return shared(name, size)
    raise msgspec.DecodeError(f"unknown extension {code:#x}")


_decoder: Final = msgspec.msgpack.Decoder(ext_hook=_ext_hook)
_encoder: Final = msgspec.msgpack.Encoder()


def decode(body: bytes | memoryview) -> Any:
    return _decoder.decode(body)


def decoder_for(kind: type[T]) -> Callable[[bytes | memoryview], T]:
    """A decoder that checks the body's shape as it reads it."""
    return msgspec.msgpack.Decoder(kind, ext_hook=_ext_hook).decode


#: A body of our own making: plain data, or what ``to_wire`` returned.
encode: Final[Callable[[Any], bytes]] = _encoder.encode


def to_wire(value: Any, depth: int = 0) -> Any:
    """A value of anybody's making, brought to what ``encode`` says exactly."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() or well_formed(value) else _ext(_TEXT, value.encode("utf-16-le", "surrogatepass"))
    if kind is float or kind is bool or value is None:
        return value
    if kind is bytes:
        return value if len(value) < _LARGE else share(value) or value
    if kind is int:
        return value if _INT64 <= value < _UINT64 else _ext(_INT, _digits(value))
    if depth > _DEPTH:
        raise Unserialisable(f"nested deeper than {_DEPTH}, or circular")
    if kind is list or kind is tuple:
        return _list(value, depth)
    if kind is dict:
        return _mapping(value, depth)
    return _other(value, depth)


def _list(value: Iterable[Any], depth: int) -> list[Any]:
    out: list[Any] = []
    for item in value:
        try:
            out.append(to_wire(item, depth + 1))
        except Unserialisable as refusal:
            refusal.under(f"[{len(out)}]")
            raise
    return out


def _mapping(value: Mapping[Any, Any], depth: int) -> Any:
    # All keys before the first item: what an item shares is shared once.
    for key in value:
        if type(key) is not str or key == "__proto__" or not (key.isascii() or well_formed(key)):
            return _pairs(value, depth)
    out: dict[str, Any] = {}
    for key, item in value.items():
        try:
            out[key] = to_wire(item, depth + 1)
        except Unserialisable as refusal:
            refusal.under(f".{key}")
            raise
    return out


def _pairs(value: Mapping[Any, Any], depth: int) -> Any:
    pairs = [[to_wire(key, depth + 1), _within(f"[{key!r}]", item, depth)] for key, item in value.items()]
    return _ext(_PAIRS, _encoder.encode(pairs))


def _within(step: str, item: Any, depth: int) -> Any:
    try:
        return to_wire(item, depth + 1)
    except Unserialisable as refusal:
        refusal.under(step)
        raise


def _other(value: Any, depth: int) -> Any:
    describe = describers.get(type(value))
    if describe is not None:
        name, data = describe(value)
        return _ext(_OBJECT, _encoder.encode([name, to_wire(data, depth + 1)]))
    if isinstance(value, enum.Enum):
        return to_wire(value.value, depth)
    if isinstance(value, dt.datetime):
        return _datetime(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, dt.timedelta):
        from pydantic_core import to_jsonable_python

        return to_jsonable_python(value)
    if type(value).__module__ in _TEXTS:
        return str(value)
    secret = getattr(value, "get_secret_value", None)
    if secret is not None:
        return to_wire(secret(), depth)
    if isinstance(value, bytearray | memoryview):
        return to_wire(bytes(value), depth)
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    if isinstance(value, AbstractSet):
        members = [_within("{}", item, depth) for item in value]
        return _ext(_SET, _encoder.encode(members))
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return to_wire(dump(mode="python"), depth + 1)
    return _scalar_or_refuse(value, depth)


def _scalar_or_refuse(value: Any, depth: int) -> Any:
    # Subclasses (numpy's float64 is one of float) carry the base's value.
    bases: tuple[Callable[[Any], Any], ...] = (bool, int, float, str, bytes)
    for base in bases:
        if isinstance(value, base):  # type: ignore[arg-type]
            return to_wire(base(value), depth)
    if is_dataclass(value) and not isinstance(value, type):
        return _mapping({field.name: getattr(value, field.name) for field in fields(value)}, depth)
    if isinstance(value, Sequence):
        return _list(value, depth)
    to_dict = getattr(value, "toDict", None)  # dspy.Prediction, dspy.Example
    if callable(to_dict):
        return to_wire(to_dict(), depth + 1)
    kind = type(value)
    raise Unserialisable(f"a value of type {kind.__module__}.{kind.__qualname__} has no form on the wire")


def _datetime(value: dt.datetime) -> Any:
    if value.microsecond % 1000:
        raise Unserialisable(f"{value.isoformat()} has microseconds, which a JavaScript Date cannot hold")
    return value if value.tzinfo is not None else _ext(_DATETIME, value.isoformat().encode())


def _digits(value: int) -> bytes:
    # Python refuses to print or to read more than 4300 digits, except as a Decimal.
    return format(decimal.Decimal(value), "f").encode()


def _int(digits: str) -> int:
    return int(decimal.Decimal(digits))


def _ext(code: int, data: bytes) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(code, data)


def well_formed(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def plain_lines(lines: Iterable[str]) -> str:
    """Text for a log or a traceback: whatever cannot be said in UTF-8 is shown escaped."""
    return "".join(lines).encode("utf-8", "backslashreplace").decode()
