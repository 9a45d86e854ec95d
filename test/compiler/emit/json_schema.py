"""Writes json-schema.json: what pydantic makes of the same fields. Run: python3 test/compiler/emit/json_schema.py"""

import datetime
import decimal
import enum
import json
import pathlib
import uuid
from typing import Any, Literal, Optional, Union

import pydantic
from pydantic import Field


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Line(pydantic.BaseModel):
    """One line of an invoice."""

    name: str
    unit_price: float = Field(ge=0, description="in euro")
    count: int = 1
    note: Optional[str] = None


class Node(pydantic.BaseModel):
    label: str
    kids: list["Node"] = []


def generic(of: str, *args: Any) -> dict[str, Any]:
    return {"kind": "generic", "of": of, "args": list(args)}


def union(*members: Any) -> dict[str, Any]:
    return {"kind": "union", "members": list(members)}


def literal(*values: Any) -> dict[str, Any]:
    return {"kind": "literal", "values": list(values)}


def named(name: str) -> dict[str, Any]:
    return {"kind": "class", "name": name}


LINE = {
    "kind": "model",
    "name": "Line",
    "doc": "One line of an invoice.",
    "fields": [
        {"name": "name", "type": "str"},
        {"name": "unit_price", "type": "float", "constraints": {"ge": 0}, "desc": "in euro"},
        {"name": "count", "type": "int", "default": 1},
        {"name": "note", "type": union("str", "none"), "default": None},
    ],
}
NODE = {
    "kind": "model",
    "name": "Node",
    "fields": [
        {"name": "label", "type": "str"},
        {"name": "kids", "type": generic("list", {"kind": "ref", "name": "Node"}), "default": []},
    ],
}
COLOR = {"kind": "enum", "name": "Color", "members": [["RED", "red"], ["BLUE", "blue"]]}

# (name, TypeSpec, Python type, what the field says beside its type)
CASES: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("plain_text", "str", str, {}),
    ("count", "int", int, {"constraints": {"gt": 0, "le": 10}}),
    ("score", "float", float, {"constraints": {"ge": 0, "lt": 1, "multiple_of": 0.5}, "desc": "how sure"}),
    ("flag", "bool", bool, {"default": True}),
    ("anything", "any", Any, {}),
    ("raw", "bytes", bytes, {}),
    ("bare_list", "list", list, {}),
    ("bare_dict", "dict", dict, {}),
    ("bare_set", "set", set, {}),
    ("bare_tuple", "tuple", tuple, {}),
    ("tags", generic("list", "str"), list[str], {"constraints": {"min_length": 1, "max_length": 3}}),
    ("unique", generic("set", "int"), set[int], {}),
    ("pair", generic("tuple", "int", "str"), tuple[int, str], {}),
    ("many", generic("tuple", "int", "ellipsis"), tuple[int, ...], {}),
    ("counts", generic("dict", "str", "int"), dict[str, int], {}),
    ("extra", generic("dict", "str", "any"), dict[str, Any], {"constraints": {"max_length": 4}}),
    ("by_label", generic("dict", literal("a", "b"), "float"), dict[Literal["a", "b"], float], {}),
    ("label", literal("a", "b"), Literal["a", "b"], {}),
    ("only", literal("a"), Literal["a"], {}),
    ("level", literal(1, 2), Literal[1, 2], {}),
    ("mixed", literal("a", 1, None), Literal["a", 1, None], {}),
    ("maybe", union("str", "none"), Optional[str], {"constraints": {"max_length": 5, "pattern": "^a"}}),
    ("either", union("int", generic("list", "str")), Union[int, list[str]], {}),
    ("when", named("datetime.datetime"), datetime.datetime, {}),
    ("day", named("datetime.date"), datetime.date, {}),
    ("hour", named("datetime.time"), datetime.time, {}),
    ("lasting", named("datetime.timedelta"), datetime.timedelta, {}),
    ("ident", named("uuid.UUID"), uuid.UUID, {}),
    ("color", COLOR, Color, {"desc": "its color"}),
    ("line", LINE, Line, {"desc": "the first"}),
    ("lines", generic("list", LINE), list[Line], {}),
    ("tree", NODE, Node, {}),
    ("naïveName2go", "str", str, {}),
    ("HTMLText", "str", str, {}),
]


def main() -> None:
    rows = []
    for name, spec, annotation, more in CASES:
        options = dict(more.get("constraints", {}))
        if "desc" in more:
            options["description"] = more["desc"]
        field = Field(more["default"], **options) if "default" in more else Field(**options)
        model = pydantic.create_model("Inputs", **{name: (annotation, field)})
        rows.append({"field": {"name": name, "type": spec, **more}, "schema": model.model_json_schema()})
    out = pathlib.Path(__file__).with_name("json-schema.json")
    out.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


main()
