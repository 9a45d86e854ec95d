"""DSPy's adapters, which write the system message of a signature once and not at every completion.

It says nothing but the signature, whose fields' types and schemas cost a third of a Predict to put into words. What it
was written from is compared, since a signature can be changed in place. The classes keep their names: DSPy's listeners
and errors go by them.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import dspy
from dspy.adapters.types.base_type import Type


class _Written:
    """A system message, and the signature as it was."""

    __slots__ = ("_doc", "_fields", "text")

    def __init__(self, signature: Any, text: str) -> None:
        self.text = text
        self._doc = signature.__doc__
        self._fields = [(name, field.annotation, dict(field.json_schema_extra)) for name, field in signature.model_fields.items()]

    def holds(self, signature: Any) -> bool:
        fields = signature.model_fields
        if signature.__doc__ != self._doc or len(fields) != len(self._fields):
            return False
        for (name, field), (was, annotation, extra) in zip(fields.items(), self._fields, strict=True):
            if name != was or field.annotation is not annotation or field.json_schema_extra != extra:
                return False
        return True


class _Once:
    """In front of an adapter's class."""

    _written: WeakKeyDictionary[Any, _Written]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # One each: a class made of ours, as Refine makes them, may say something else.
        cls._written = WeakKeyDictionary()

    def format_system_message(self, signature: Any) -> str:
        written = self._written.get(signature)
        if written is None or not written.holds(signature):
            written = _Written(signature, super().format_system_message(signature))  # type: ignore[misc]
            # A type with a description of its own may say something else the next time.
            if not any(Type.extract_custom_type_from_annotation(field.annotation) for field in signature.model_fields.values()):
                self._written[signature] = written
        return written.text


class ChatAdapter(_Once, dspy.ChatAdapter):  # type: ignore[misc]
    pass


class JSONAdapter(_Once, dspy.JSONAdapter):  # type: ignore[misc]
    pass


class XMLAdapter(_Once, dspy.XMLAdapter):  # type: ignore[misc]
    pass


#: By the host's names.
ADAPTERS: Final = {"chat": ChatAdapter, "json": JSONAdapter, "xml": XMLAdapter}
