"""The worker's adapters write the messages DSPy's own write, also of a signature changed in place."""

from __future__ import annotations

from typing import Any, Literal

import dspy
import pydantic
import pytest

from dspex_worker.programs.adapters import ADAPTERS

OWN = {"chat": dspy.ChatAdapter, "json": dspy.JSONAdapter, "xml": dspy.XMLAdapter}


class Place(pydantic.BaseModel):
    name: str
    people: int | None = None


class Ask(dspy.Signature):  # type: ignore[misc]
    """Answer the question."""

    question: str = dspy.InputField()
    picture: dspy.Image = dspy.InputField()
    size: Literal["small", "large"] = dspy.OutputField(desc="how large")
    places: list[Place] = dspy.OutputField()


INPUTS: dict[str, Any] = {"question": "Where?", "picture": dspy.Image("https://example.org/p.png")}


def same(name: str, signature: Any) -> str:
    expected = OWN[name]().format(signature, [], INPUTS)
    for _ in range(2):
        assert ADAPTERS[name]().format(signature, [], INPUTS) == expected
    system: str = expected[0]["content"]
    return system


@pytest.mark.parametrize("name", ADAPTERS)
@pytest.mark.parametrize("signature", [Ask, Ask.delete("picture"), dspy.Signature("question -> answer")])
def test_the_messages_are_dspys(name: str, signature: Any) -> None:
    same(name, signature)
    assert type(ADAPTERS[name]()).__name__ == OWN[name].__name__


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_signature_may_be_changed_in_place(name: str) -> None:
    # Copies of a signature share its fields.
    signature = dspy.Signature("question -> size: bool", "First.")
    texts = {same(name, signature)}
    signature.instructions = "Second."
    texts.add(same(name, signature))
    signature.model_fields["question"].json_schema_extra["desc"] = "a question of place"
    texts.add(same(name, signature))
    signature.model_fields["size"].annotation = int
    texts.add(same(name, signature))
    assert len(texts) == 4


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_type_that_describes_itself_is_asked_each_time(name: str) -> None:
    words = ["one", "two"]

    class Told(dspy.Type):  # type: ignore[misc]
        text: str

        def format(self) -> str:
            return self.text

        @classmethod
        def description(cls) -> str:
            return words[0]

    signature = dspy.Signature("question -> answer").append("told", dspy.OutputField(), type_=Told)
    first = same(name, signature)
    words.pop(0)
    assert same(name, signature) != first


def test_refines_adapter_says_its_own() -> None:
    class Hinting(ADAPTERS["chat"]):  # type: ignore[misc]
        def format_task_description(self, signature: Any) -> str:
            return "Hinted."

    signature = dspy.Signature("question -> answer")
    plain = same("chat", signature)
    assert Hinting().format(signature, [], INPUTS)[0]["content"].endswith("Hinted.")
    assert same("chat", signature) == plain
