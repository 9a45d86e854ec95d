"""Python types from the compiler's description (``runtime/spec.ts``, ``TypeSpec``). No string is evaluated.

A class is found by its dotted name among the standard library, dspy and pydantic; anything else is the user's own
and comes as an enum or a model, built here.
"""

from __future__ import annotations

import ast
import collections.abc
import enum
import importlib
import sys
import typing
from typing import Any, Final, ForwardRef, Literal, Optional, Union

import pydantic

Spec = Any

_ATOMS: Final[dict[str, Any]] = {
    "str": str, "int": int, "float": float, "bool": bool, "bytes": bytes, "bytearray": bytearray, "complex": complex,
    "object": object, "any": Any, "none": type(None), "list": list, "dict": dict, "tuple": tuple, "set": set,
    "frozenset": frozenset, "type": type,
}  # fmt: skip
_ARGUMENTS: Final[dict[str, Any]] = {"ellipsis": Ellipsis, "none": None}
# What typing declares its own generics with, and Self.
_TYPING: Final = frozenset(["Self", "T", "KT", "VT", "T_co", "V_co", "VT_co", "T_contra", "CT_co", "AnyStr"])
_ROOTS: Final = sys.stdlib_module_names | {"dspy", "pydantic"}


class TypeBuilder:
    """Builds the types of one signature; a model or enum of one name is built once, so that identities hold."""

    def __init__(self) -> None:
        self._named: dict[str, Any] = {}
        self._unfinished: list[type[pydantic.BaseModel]] = []

    def build(self, spec: Spec) -> Any:
        kind = self._build(spec)
        for model in self._unfinished:
            model.model_rebuild(force=True, _types_namespace=self._named)
        self._unfinished.clear()
        return kind

    def _build(self, spec: Spec) -> Any:
        if isinstance(spec, str):
            return _ATOMS[spec]
        match spec["kind"]:
            case "generic":
                return self._generic(spec["of"], spec["args"])
            case "literal":
                return Literal[tuple(constant(value) for value in spec["values"])]
            case "union":
                return self._union([self._build(member) for member in spec["members"]])
            case "class":
                found = find_class(spec["name"])
                args = spec.get("args")
                return found[tuple(constant(arg) for arg in args) if len(args) > 1 else constant(args[0])] if args else found
            case "enum":
                return self._once(spec["name"], lambda: enum.Enum(spec["name"], [tuple(m) for m in spec["members"]]))
            case "model":
                return self._model(spec)
            case "ref":
                return self._named.get(spec["name"]) or ForwardRef(spec["name"])
            case kind:
                raise TypeError(f"a type of kind {kind!r} cannot be built")

    def _once(self, name: str, make: Any) -> Any:
        if name not in self._named:
            self._named[name] = make()
        return self._named[name]

    def _union(self, members: list[Any]) -> Any:
        # Optional[X] prints as Union[X, NoneType] either way; member order is kept.
        return Union[tuple(members)]

    def _generic(self, of: str, args: list[Spec]) -> Any:
        # `list[None]` keeps the constant, which prints as None; NoneType comes as a union of one.
        built = tuple(_ARGUMENTS[arg] if isinstance(arg, str) and arg in _ARGUMENTS else self._build(arg) for arg in args)
        if of in ("Callable", "Hashable") and not built:
            return getattr(typing, of)
        if of == "Optional":
            return Optional[built[0]]
        if of == "Union":
            return self._union(list(built))
        origin = _ATOMS.get(of) or getattr(typing, of, None) or getattr(collections.abc, of, None) or find_class(of)
        return origin[built if len(built) != 1 else built[0]]

    def _model(self, spec: Spec) -> type[pydantic.BaseModel]:
        name = spec["name"]
        if name in self._named:
            found: type[pydantic.BaseModel] = self._named[name]
            return found
        fields: dict[str, Any] = {}
        for field in spec["fields"]:
            options: dict[str, Any] = dict(field.get("constraints") or {})
            if "desc" in field:
                options["description"] = field["desc"]
            if "alias" in field:
                options["alias"] = field["alias"]
            default = ...
            if "default" in field:
                default = constant(field["default"])
                # JSON says neither which model a map is nor that a whole number is a float; the field's type does.
                options["validate_default"] = True
            fields[field["name"]] = (self._build(field["type"]), pydantic.Field(default, **options))
        config = pydantic.ConfigDict(populate_by_name=True)
        model: type[pydantic.BaseModel] = pydantic.create_model(
            name, __doc__=spec.get("doc"), __config__=config if any("alias" in f for f in spec["fields"]) else None, **fields
        )
        self._named[name] = model
        self._unfinished.append(model)
        return model


def find_class(name: str) -> Any:
    """``dspy.Image``, ``datetime.date``, ``collections.OrderedDict``: the longest importable prefix, then attributes."""
    if name in _TYPING:
        return getattr(typing, name)
    if name.startswith("ForwardRef("):
        return ForwardRef(ast.literal_eval(name.removeprefix("ForwardRef(").removesuffix(")")))
    if name[0] in "'\"":
        return ast.literal_eval(name)
    parts = name.split(".")
    if parts[0] not in _ROOTS:
        raise TypeError(f"{name} is not a class of the standard library, dspy or pydantic")
    found: Any = importlib.import_module(parts[0])
    path = parts[0]
    for part in parts[1:]:
        path = f"{path}.{part}"
        if not hasattr(found, part):
            importlib.import_module(path)
        found = getattr(found, part)
    return found


def constant(value: Any) -> Any:
    """A constant of the description; what JSON cannot say is tagged (``Constant`` in ``runtime/spec.ts``).

    A schema library's default is plain JSON: a map that is no tag is a map.
    """
    if isinstance(value, list):
        return [constant(item) for item in value]
    if isinstance(value, dict):
        match value:
            case {"float": str(text)} if len(value) == 1:
                return float(text)
            case {"int": str(text)} if len(value) == 1:
                return int(text)
            case {"repr": str(text)} if len(value) == 1:
                return _object(text)
            case {"dict": list(pairs)} if len(value) == 1:
                return {constant(key): constant(item) for key, item in pairs}
        return {key: constant(item) for key, item in value.items()}
    return value


def _object(text: str) -> Any:
    """What only Python can say: bytes, complex numbers, `...`, and the classes that a Literal can hold."""
    if text == "Ellipsis":
        return Ellipsis
    if text.startswith("<class '"):
        name = text.removeprefix("<class '").removesuffix("'>")
        return _ATOMS.get(name) or find_class(name)
    return ast.literal_eval(text)
