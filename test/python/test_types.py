"""Every kind of type the compiler describes, built and named as DSPy names what it read from the same text."""

from __future__ import annotations

from typing import Any

import pytest
from dspy.adapters.utils import get_annotation_name

from dspex_worker.signatures import build_signature
from dspex_worker.types import TypeBuilder


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
