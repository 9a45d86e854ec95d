"""Random models and enums, and texts near what their types take: the types of one case, as rows write them and as Python has them."""

from __future__ import annotations

import enum
import json
import random
from typing import Any

import pydantic
from cases import NAMES, NUMBERS, TEXTS, Row, random_json
from pydantic import BaseModel, Field

WORDS = ["name", "age", "title", "score", "items", "kind", "a", "b", "URL", "itemCount", "x1", "type", "value", "note_text", "Zip"]
DOCS = [None, None, None, "A thing.", "Two lines.\n    The second.", "  lead", "Braces {x} and \"quotes\"", "é 日本"]
DESCS = ["what it is", "with {braces}", "line\nbreak", "a \"quoted\" 'word'", "ünï", "<b>&</b>", "", " sp "]
ATOMS = [
    *("str", "str", "str", "int", "int", "float", "bool", "Any", "list[str]", "list[int]", "dict[str, int]", "dict[str, Any]"),
    *("Optional[str]", "Optional[int]", "Union[int, str]", "Union[str, int, None]", "Union[float, int]", "Union[bool, int, str]"),
    *("Literal['a', 'b']", "Literal[1, 2]", "Literal['x', 1, None, True]", "Literal[\"it's\", 'say \"x\"']", "Literal['only']"),
    *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "decimal.Decimal", "uuid.UUID", "bytes"),
    *("tuple[int, str]", "tuple[float, ...]", "set[str]", "set[int]", "frozenset[int]", "list[list[int]]", "dict[int, str]"),
    *("dict[str, list[str]]", "list[dict[str, Any]]", "Optional[list[str]]", "Optional[dict[str, int]]", "list", "dict", "complex"),
    *("dict[float, str]", "dict[bool, int]", "list[Optional[int]]", "list[Union[int, str]]", "Optional[float]", "Optional[bool]"),
    *("Union[list[str], str]", "Union[dict[str, int], list[int]]", "Union[str, list[str], None]", "list[bool]", "list[tuple[int, str]]"),
    *("dspy.Code", "dspy.Reasoning", "tuple", "set", "object", "list[datetime.date]", "Optional[datetime.date]"),
]
NUMERIC = ("int", "float", "Optional[int]", "Optional[float]")
SIZED = ("str", "list[str]", "list[int]", "Optional[str]", "Optional[list[str]]", "dict[str, int]", "set[int]")


class World:
    """`names` is what `eval` needs; `types` is what a row carries."""

    def __init__(self, rnd: random.Random) -> None:
        self.rnd = rnd
        self.names: dict[str, Any] = dict(NAMES)
        self.types: Row = {}
        self.enums: list[str] = []
        self.models: list[str] = []
        for number in range(rnd.choice([0, 1, 1, 2])):
            self.enum(rnd.choice(["Kind", "Level", "Mode"]) + str(number))
        for number in range(rnd.choice([0, 1, 1, 2, 3])):
            self.model(rnd.choice(["Item", "Part", "Report", "Note"]) + str(number))

    def evaluate(self, annotation: str) -> Any:
        return eval(annotation, self.names)

    def enum(self, name: str) -> None:
        pool: list[list[Any]] = [
            ["red", "GREEN", "Blue Sky", "it's", "1", ""],
            [1, 2, 10, 0, -1],
            [0.5, 1.5, 2.25],
            ["LOW", "HIGH", "B", "A"],
            ["a", 1, 2.5],
        ]
        values = self.rnd.choice(pool)
        names = self.rnd.sample(["A", "B", "LOW", "HIGH", "red", "Mid_1"], self.rnd.randint(1, 4))
        members = dict(zip(names, self.rnd.sample(values, min(len(values), len(names))), strict=False))
        self.names[name] = enum.Enum(name, members)
        self.types[name] = {"kind": "enum", "members": [[key, value] for key, value in members.items()]}
        self.enums.append(name)

    def annotation(self, depth: int = 1, own: str | None = None) -> str:
        rnd = self.rnd
        if self.models and rnd.random() < 0.25:
            one = rnd.choice(self.models)
            return rnd.choice([one, one, f"list[{one}]", f"Optional[{one}]", f"dict[str, {one}]", f"Optional[list[{one}]]", f"Union[{one}, str]", f"Union[{rnd.choice(self.models)}, {one}]", f"tuple[{one}, int]"])
        if self.enums and rnd.random() < 0.2:
            one = rnd.choice(self.enums)
            return rnd.choice([one, one, f"list[{one}]", f"Optional[{one}]", f"dict[{one}, int]", f"set[{one}]", f"Union[{one}, int]", f"Union[{one}, str]", f"Optional[list[{one}]]"])
        if own and rnd.random() < 0.12:
            return rnd.choice([f"list[{own}]", f"Optional[{own}]", f"dict[str, {own}]", f"Union[{own}, str]"])
        if depth > 0 and rnd.random() < 0.15:
            inner = self.annotation(depth - 1, own)
            return rnd.choice([f"list[{inner}]", f"Optional[{inner}]", f"Union[{inner}, {self.annotation(0)}]", f"dict[str, {inner}]"])
        return rnd.choice(ATOMS)

    def model(self, name: str) -> None:
        rnd, rows, table = self.rnd, [], {}
        for own in rnd.sample(WORDS, rnd.choice([0, 1, 2, 2, 3, 3, 4, 5])):
            annotation = self.annotation(1, name)
            row: Row = {"name": own, "type": annotation}
            given: dict[str, Any] = {}
            if rnd.random() < 0.25:
                row["desc"] = given["description"] = rnd.choice(DESCS)
            if rnd.random() < 0.12:
                row["alias"] = given["alias"] = rnd.choice(["alias_of", "Other Name", "theName", "x-y"]) + own
            if rnd.random() < 0.2 and annotation in NUMERIC:
                row["constraints"] = rnd.choice([{"ge": 0}, {"gt": 0, "lt": 10}, {"le": 1}, {"multiple_of": 2}, {"ge": 0.5, "le": 3}])
            elif rnd.random() < 0.2 and annotation in SIZED:
                row["constraints"] = rnd.choice([{"min_length": 1}, {"max_length": 3}, {"min_length": 2, "max_length": 5}])
            given |= row.get("constraints", {})
            if rnd.random() < 0.3:
                default = self.default(annotation)
                if default is not None or "Optional" in annotation or "None" in annotation:
                    row["default"] = default
                    if isinstance(default, (list, dict)):
                        given["default_factory"] = lambda default=default: json.loads(json.dumps(default))
                    else:
                        given["default"] = default
            rows.append(row)
            table[own] = (annotation, given)
        doc = rnd.choice(DOCS)
        space: dict[str, Any] = {"__annotations__": {own: annotation for own, (annotation, _) in table.items()}, "__module__": "worlds"}
        space |= {own: Field(**given) for own, (_, given) in table.items() if given}
        if doc is not None:
            space["__doc__"] = doc
        try:
            made = type(name, (BaseModel,), space)
            made.model_rebuild(_types_namespace={**self.names, name: made})
            pydantic.TypeAdapter(made).json_schema()
        except Exception:
            return
        self.names[name] = made
        self.types[name] = {"kind": "model", "fields": rows} | ({"doc": made.__doc__} if doc is not None else {})
        self.models.append(name)

    def default(self, annotation: str) -> Any:
        values = {"str": "d", "int": 3, "float": 0.5, "bool": True, "list[str]": ["x"], "list[int]": [], "dict[str, int]": {"k": 1}, "Optional[str]": "o", "Any": 1, "Literal['a', 'b']": "b", "dict[str, Any]": {}, "list": []}
        if annotation.startswith("Optional") and self.rnd.random() < 0.7:
            return None
        return values.get(annotation)

    def near(self, annotation: Any, depth: int = 3) -> Any:
        """JSON that a type may take: mostly right, sometimes a little off."""
        rnd = self.rnd
        kind = rnd.random()
        if kind < 0.025:
            return random_json(rnd, 1)
        if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
            member = rnd.choice(list(annotation))
            return rnd.choice([member.value, member.value, member.value, member.name, str(member.value), str(member.value).upper(), f"{annotation.__name__}.{member.name}"])
        if isinstance(annotation, type) and issubclass(annotation, BaseModel) and not annotation.__module__.startswith("dspy"):
            made = {}
            for own, info in annotation.model_fields.items():
                if rnd.random() < (0.05 if info.is_required() else 0.4) or depth <= 0 and not info.is_required():
                    continue
                made[info.alias if info.alias and rnd.random() < 0.85 else own] = self.near(info.annotation, depth - 1)
            if rnd.random() < 0.1:
                made["extra"] = random_json(rnd, 0)
            items = list(made.items())
            if rnd.random() < 0.2:
                rnd.shuffle(items)
            return dict(items)
        origin, args = getattr(annotation, "__origin__", None), getattr(annotation, "__args__", ())
        name = str(annotation)
        if "Union" in name[:14] or "Optional" in name[:16]:
            return self.near(rnd.choice(args), depth)
        if annotation is type(None):
            return rnd.choice([None, None, None, "None", "null", ""])
        if name.startswith("typing.Literal"):
            member = rnd.choice(args)
            return rnd.choice([member, member, str(member), f"'{member}'", f"{member} ", f"Literal[{member}]", str(member).upper(), repr(member)])
        count = rnd.choice([0, 1, 2, 2, 3]) if depth > 0 else 0
        if origin in (list, set, frozenset):
            return [self.near(args[0], depth - 1) for _ in range(count)]
        if origin is tuple:
            return [self.near(args[0], depth - 1) for _ in range(count)] if args[-1] is ... else [self.near(arg, depth - 1) for arg in args]
        if origin is dict:
            return {str(self.near(args[0], 0)): self.near(args[1], depth - 1) for _ in range(count)}
        if annotation is str:
            return rnd.choice([*TEXTS, "text", "two words", "it's", 'say "hi"', "a\nb", "<b>x</b> & y", "{x}", "[1] «a»", "\\n", "\u2028", "tab\t", 5, 1.0, True])
        if annotation is int:
            return rnd.choice([0, 1, 5, -3, 5.0, "5", "5.0", " 7 ", "1_000", "1,000", True, "true", 1e3, "1e3", 2**53, 2**63, 2**70, -0.0, "٣", "0x1F", "+1", "--1", "", "five", 5.5, "5.5", "1e400", "００７"])
        if annotation is float:
            return rnd.choice([0, 1, 5.0, 0.1, -0.0, 1e16, 1e-7, 1e22, "5", "5.", ".5", "1e5", "1E400", "inf", "nan", "-inf", "1_0.5", True, "50%", "$5", 2**70, 1.7976931348623157e308, 5e-324, "Infinity", "１.５"])
        if annotation is bool:
            return rnd.choice([True, False, "true", "True", "yes", "no", "on", "0", 1, 0, 2, "T", "f", 1.0, 0.0, "1.0", " true ", "TRUE", "maybe", "y", "oN"])
        stamps = ["2024-01-02", "2024-01-02T03:04:05", "2024-01-02T03:04:05.678901Z", "2024-01-02 03:04", "03:04:05", "23:59:59.5+05:30", "PT1H", "P1D", "-P1DT1S", "1 day, 01:02:03", "01:02:03", 1704164645, 86400, 1.5, "1704164645", "2024-02-30", "24:00:00", "1e3", "PT1.5S", "1704164645000", "2024-01-02T03:04:05+0530", "2024-W01-1", "20240102", "0001-01-01", "9999-12-31T23:59:59", "2024-1-2", "P1Y", "P1W", "-1:00:00", "3 days 04:05:06", "00:00"]
        if name.startswith("<class 'datetime"):
            return rnd.choice(stamps)
        if name.startswith("<class 'decimal"):
            return rnd.choice(["1.10", 1.1, 5, "1e2", "NaN", "Infinity", "-0", "0.000001", "1E-10", "x", "1_000.5", " 2 ", True, 2**70, "1e1000", 0.1, 1e22, "-sNaN", "00.50"])
        if name.startswith("<class 'uuid"):
            return rnd.choice(["550e8400-e29b-41d4-a716-446655440000", "{550e8400-e29b-41d4-a716-446655440000}", "urn:uuid:550e8400-e29b-41d4-a716-446655440000", "550E8400E29B41D4A716446655440000", "x", 5, "550e8400-e29b-41d4-a716-44665544000"])
        if annotation is bytes:
            return rnd.choice(["abc", "é", "", "b'abc'", 5, "a\nb", "YWJj"])
        if annotation is complex:
            return rnd.choice(["1+2j", "(1+2j)", 3, 1.5, "j", "x", "1 + 2j", "nan+infj", "-0j", True])
        return rnd.choice([random_json(rnd, 2), rnd.choice(TEXTS), rnd.choice(NUMBERS)])
