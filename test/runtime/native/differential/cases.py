"""Random types, values and texts, and how rows write them. Every generator takes a seed, so that a difference can be made again."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import math
import random
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Optional, Union

import dspy
import pydantic
from pydantic import BaseModel, Field

Row = dict[str, Any]


class Person(BaseModel):
    name: str
    age: int


class Address(BaseModel):
    street: str
    zip_code: Optional[str] = None


class Company(BaseModel):
    """A company and its people."""

    title: str = Field(description="official name")
    staff: list[Person]
    address: Optional[Address] = None
    score: float = Field(default=0.5, ge=0, le=1)


class Node(BaseModel):
    value: int
    children: list[Node] = Field(default_factory=list)


class Color(enum.Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "Blue Sky"


class Priority(enum.Enum):
    LOW = 1
    HIGH = 10


ROW_TYPES: Row = {
    "Person": {"kind": "model", "fields": [{"name": "name", "type": "str"}, {"name": "age", "type": "int"}]},
    "Address": {
        "kind": "model",
        "fields": [{"name": "street", "type": "str"}, {"name": "zip_code", "type": "Optional[str]", "default": None}],
    },
    "Company": {
        "kind": "model",
        "doc": "A company and its people.",
        "fields": [
            {"name": "title", "type": "str", "desc": "official name"},
            {"name": "staff", "type": "list[Person]"},
            {"name": "address", "type": "Optional[Address]", "default": None},
            {"name": "score", "type": "float", "constraints": {"ge": 0, "le": 1}, "default": 0.5},
        ],
    },
    "Node": {
        "kind": "model",
        "fields": [{"name": "value", "type": "int"}, {"name": "children", "type": "list[Node]", "default": []}],
    },
    "Color": {"kind": "enum", "members": [[member.name, member.value] for member in Color]},
    "Priority": {"kind": "enum", "members": [[member.name, member.value] for member in Priority]},
}
NAMES = {
    **{model.__name__: model for model in (Person, Address, Company, Node, Color, Priority)},
    **{"Any": Any, "Literal": Literal, "Optional": Optional, "Union": Union, "Sequence": Sequence, "Mapping": Mapping},
    **{"dspy": dspy, "datetime": datetime, "decimal": decimal, "uuid": uuid},
}
ADAPTERS = {"ChatAdapter": dspy.ChatAdapter(), "JSONAdapter": dspy.JSONAdapter(), "XMLAdapter": dspy.XMLAdapter()}

SIMPLE = [
    "str",
    "int",
    "float",
    "bool",
    "Any",
    "Person",
    "Color",
    "Priority",
    "datetime.date",
    "datetime.datetime",
    "decimal.Decimal",
    "uuid.UUID",
    "bytes",
    "Literal['a','b']",
    "Literal[1,2]",
]
ATOMS = [
    *SIMPLE,
    *[
        "complex",
        "datetime.time",
        "datetime.timedelta",
        "Company",
        "Node",
        "Address",
        "list",
        "dict",
        "tuple",
        "set",
        "frozenset",
        "object",
    ],
    *["dspy.Code", "dspy.Reasoning", "dspy.Image", "dspy.History", "dspy.ToolCalls", "dspy.Audio", "dspy.File"],
    *("Literal['yes', 'no', 'maybe so']", "Literal[True, 'auto', None]", "Literal['1', '2']", "Literal['a', 1, None]"),
]
KEYS = ["str", "int", "float", "bool", "Color", "Literal['a','b']", "datetime.date", "Any"]
TEXTS = [
    "",
    "a",
    "yes",
    "no",
    "1",
    "2",
    "5",
    "5.0",
    "-3",
    "+4",
    "1e3",
    "1_000",
    "0x10",
    "true",
    "True",
    "FALSE",
    "on",
    "off",
    "null",
    "None",
    "red",
    "RED",
    "Blue Sky",
    "hello world",
    "2024-01-02",
    "2024-01-02T03:04:05",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05.123+02:00",
    "2024-01-02T00:00:00",
    "2024-13-01",
    "03:04:05",
    "03:04",
    "P1DT2H",
    "PT1M30S",
    "1 day, 02:03:04",
    "00:01:30",
    "1.10",
    "1e2",
    "1E-10",
    "NaN",
    "inf",
    "-Infinity",
    "12345678901234567890",
    "123.456",
    "550e8400-e29b-41d4-a716-446655440000",
    "550E8400E29B41D4A716446655440000",
    "http://x.y/z.png",
    "data:image/png;base64,AAAA",
    "data:audio/wav;base64,AA",
    "(1+2j)",
    "3j",
    "```python\nx=1\n```",
    "é",
    "日本",
    "maybe so",
    " 5 ",
    "5 ",
    "t",
    "y",
    "1704164645",
    "00",
    "007",
    "1.",
    ".5",
    "5.",
]
NUMBERS = [0, 1, 2, 3, 5, 10, -7, 12345678901234567890, 1.0, 2.0, 5.5, 0.1, 1e20, 1704164645, True, False, None]


def evaluate(annotation: str) -> Any:
    return eval(annotation, NAMES)


def random_type(rnd: random.Random, depth: int) -> str:
    kind = rnd.random()

    def inner() -> str:
        return random_type(rnd, depth - 1)

    if depth <= 0 or kind < 0.45:
        return rnd.choice(ATOMS if depth >= 1 else SIMPLE)
    if kind < 0.6:
        return f"list[{inner()}]"
    if kind < 0.68:
        return f"dict[{rnd.choice(KEYS)}, {inner()}]"
    if kind < 0.78:
        return f"Optional[{inner()}]"
    if kind < 0.9:
        return f"Union[{', '.join(inner() for _ in range(rnd.randint(2, 3)))}]"
    item = random_type(rnd, 0)
    return rnd.choice(
        [
            f"tuple[{item}, {random_type(rnd, 0)}]",
            f"tuple[{item}, ...]",
            f"set[{item}]",
            f"Sequence[{item}]",
            f"Mapping[str, {item}]",
        ]
    )


def random_json(rnd: random.Random, depth: int) -> Any:
    kind = rnd.random()
    if depth <= 0 or kind < 0.5:
        return rnd.choice([rnd.choice(TEXTS), rnd.choice(TEXTS), rnd.choice(NUMBERS)])
    if kind < 0.65:
        return [random_json(rnd, depth - 1) for _ in range(rnd.randint(0, 3))]
    if kind < 0.75:
        return {"name": random_json(rnd, 0), "age": random_json(rnd, 0)}
    if kind < 0.9:
        person = {"name": "A", "age": rnd.choice([3, "3", 3.0, 3.5, "x"])}
        return rnd.choice(
            [
                {"title": "T", "staff": [person], "score": rnd.choice([0.5, 1, 2, "0.3"])},
                {"value": rnd.choice([1, "1", 1.5]), "children": [{"value": 2}]},
                {"code": "x=1"},
                {"url": rnd.choice(["http://a/b", "nope"])},
                {"tool_calls": [{"name": "f", "args": {"a": random_json(rnd, 0)}}]},
                {"name": "f", "args": {}},
            ]
        )
    return {rnd.choice(["a", "b", "1", "2.5", "red", "true", "k"]): random_json(rnd, depth - 1) for _ in range(rnd.randint(0, 3))}


def marked(value: Any) -> Any:
    """A parsed value as the corpus writes it."""
    if isinstance(value, enum.Enum):
        return {"$enum": type(value).__name__, "name": value.name, "value": value.value}
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"$int": str(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, BaseModel):
        return {
            "$model": type(value).__qualname__,
            "value": {name: marked(getattr(value, name)) for name in type(value).model_fields},
        }
    if isinstance(value, list):
        return [marked(item) for item in value]
    if isinstance(value, tuple):
        return {"$tuple": [marked(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        return {"$set": sorted((marked(item) for item in value), key=str)}
    if isinstance(value, dict):
        return {str(key.value if isinstance(key, enum.Enum) else key): marked(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return {"$bytes": value.decode()}
    if isinstance(value, datetime.datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    return {"$repr": repr(value)}


def plain(value: Any) -> Any:
    """An input as a row writes it; ValueError where rows have no word for it."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, dspy.History):
        return {"$history": plain(value.messages)}
    if isinstance(value, dspy.Image):
        return {"$image": value.url}
    if isinstance(value, dspy.Code):
        return value.code
    if isinstance(value, dspy.Reasoning):
        return value.content
    if isinstance(value, BaseModel) and type(value).__name__ in ROW_TYPES:
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: plain(item) for key, item in value.items()}
    raise ValueError(f"no row for {value!r}")


def of_type(rnd: random.Random, annotation: str) -> Any:
    """A value pydantic makes of random JSON, or a text where none fits."""
    adapter = pydantic.TypeAdapter(evaluate(annotation))
    for _ in range(6):
        try:
            return adapter.validate_python(random_json(rnd, 2))
        except Exception:  # noqa: S112
            continue
    return rnd.choice(TEXTS)


def emit(row: Row) -> None:
    try:
        print(json.dumps(row))
    except (TypeError, ValueError):
        return
