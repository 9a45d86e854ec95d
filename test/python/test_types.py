"""Every kind of type the compiler describes, built and named as DSPy names what it read from the same text."""

from __future__ import annotations

from typing import Any

import pytest
from dspy.adapters.utils import get_annotation_name

from dspex_worker.programs.signatures import build_signature
from dspex_worker.programs.types import TypeBuilder


def generic(of: str, *args: Any) -> dict[str, Any]:
    return {"kind": "generic", "of": of, "args": list(args)}


def literal(*values: Any) -> dict[str, Any]:
    return {"kind": "literal", "values": list(values)}


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({"kind": "union", "members": ["int", "none"]}, "Union[int, NoneType]"),
        (generic("tuple", "int", "ellipsis"), "tuple[int, Ellipsis]"),
        (generic("list", "none"), "list[None]"),
        (generic("list", {"kind": "union", "members": ["none"]}), "list[NoneType]"),
        (generic("list", generic("list")), "list[list[]]"),
        (generic("Callable", "ellipsis", "int"), "Callable[Ellipsis, int]"),
        (generic("list", generic("Callable")), "list[Callable[]]"),
        (generic("type", "int"), "type[int]"),
        (generic("collections.abc.Sequence", "str"), "Sequence[str]"),
        ({"kind": "class", "name": "Self"}, "Self"),
        ({"kind": "union", "members": [{"kind": "class", "name": "ForwardRef('yes')"}, "int"]}, "Union[ForwardRef('yes'), int]"),
        (literal("a", 1, True, None, {"float": "1000.0"}), "Literal['a', 1, True, None, 1000.0]"),
        (
            literal({"repr": "Ellipsis"}, {"repr": "<class 'int'>"}, {"repr": "1j"}, {"repr": "b'x'"}),
            "Literal[Ellipsis, int, 1j, b'x']",
        ),
    ],
)
def test_types(spec: Any, name: str) -> None:
    assert get_annotation_name(TypeBuilder().build(spec)) == name


def test_a_whole_float_bound_prints_as_it_was_written() -> None:
    field = {"name": "a", "type": "float", "constraints": {"ge": {"float": "0.0"}, "le": 1}}
    signature = build_signature({"name": "A", "inputs": [field], "outputs": []})
    extra = signature.input_fields["a"].json_schema_extra
    assert extra["constraints"] == "greater than or equal to: 0.0, less than or equal to: 1"


def _model(*fields: dict[str, Any]) -> Any:
    return TypeBuilder().build({"kind": "model", "name": "M", "fields": list(fields)})


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [
        ("dict", {}, {}),
        ("dict", {"a": 1}, {"a": 1}),
        ("dict", {"float": 1, "int": 2}, {"float": 1, "int": 2}),
        ("dict", {"repr": 5}, {"repr": 5}),
        ("dict", {"dict": [["a", {"float": "1.0"}]]}, {"a": 1.0}),
        ("any", [{"a": [None, True, {"b": "x"}]}], [{"a": [None, True, {"b": "x"}]}]),
        ("float", 1, 1.0),
        ("float", {"float": "1000.0"}, 1000.0),
        (generic("list", "float"), [1, 2.5], [1.0, 2.5]),
        (generic("set", "str"), ["a"], {"a"}),
        ({"kind": "union", "members": ["str", "none"]}, None, None),
    ],
)
def test_a_default_is_plain_json_or_tagged(kind: Any, default: Any, value: Any) -> None:
    made = _model({"name": "a", "type": kind, "default": default})().a
    assert repr(made) == repr(value)


def test_a_default_of_a_model_is_one() -> None:
    inner = {"kind": "model", "name": "Inner", "fields": [{"name": "x", "type": "float"}]}
    made = _model({"name": "inner", "type": inner, "default": {"x": 1}})()
    assert type(made.inner).__name__ == "Inner" and made.model_dump_json() == '{"inner":{"x":1.0}}'


def test_a_default_is_no_ones_to_change() -> None:
    kind = _model({"name": "a", "type": generic("list", "int"), "default": [1]})
    kind().a.append(2)
    assert kind().a == [1]


def test_an_inputs_default_may_be_plain_json() -> None:
    field = {"name": "a", "type": "dict", "default": {"k": {"v": 1}}}
    signature = build_signature({"name": "A", "inputs": [field], "outputs": [{"name": "b", "type": "str"}]})
    assert signature.input_fields["a"].default == {"k": {"v": 1}}
