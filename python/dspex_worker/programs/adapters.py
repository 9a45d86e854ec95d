"""DSPy's adapters, which write the same messages in less time.

The system message says nothing but the signature, whose fields' types and schemas cost a third of a Predict to put into
words: it is written once. What it was written from is compared, since a signature can be changed in place. The texts of
the other messages, demos included, go without a pydantic serializer made for each.

The classes keep their names: DSPy's listeners and errors go by them.
"""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import dspy
from dspy.adapters.types.base_type import Type
from pydantic import TypeAdapter


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


class _Text(str):
    """Text whose type has its serializer, as a model has: DSPy has pydantic make one for every value (17 us, so 6)."""

    __slots__ = ()
    __pydantic_core_schema__ = TypeAdapter(str).core_schema
    __pydantic_validator__ = TypeAdapter(str).validator
    __pydantic_serializer__ = TypeAdapter(str).serializer


def _texts(values: Any) -> dict[str, Any]:
    return {name: _Text(value) if type(value) is str else value for name, value in values.items()}


class _Quick:
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

    def format_user_message_content(self, signature: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return super().format_user_message_content(signature, _texts(inputs), *args, **kwargs)  # type: ignore[misc]

    def format_assistant_message_content(self, signature: Any, outputs: Any, *args: Any, **kwargs: Any) -> Any:
        return super().format_assistant_message_content(signature, _texts(outputs), *args, **kwargs)  # type: ignore[misc]


class ChatAdapter(_Quick, dspy.ChatAdapter):  # type: ignore[misc]
    pass


class JSONAdapter(_Quick, dspy.JSONAdapter):  # type: ignore[misc]
    pass


class XMLAdapter(_Quick, dspy.XMLAdapter):  # type: ignore[misc]
    pass


#: By the host's names.
ADAPTERS: Final = {"chat": ChatAdapter, "json": JSONAdapter, "xml": XMLAdapter}
