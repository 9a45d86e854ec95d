"""A user's own modules, in every form the worker takes."""

from collections.abc import AsyncIterator
from typing import Any

import dspy


class Twice(dspy.Module):
    def __init__(self, suffix: str) -> None:
        super().__init__()
        self.ask = dspy.Predict("question -> answer")
        self.suffix = suffix

    def forward(self, question: str) -> dspy.Prediction:
        answer = self.ask(question=question).answer + self.suffix
        return dspy.Prediction(answer=answer * 2)


class Plain:
    def run(self, question: str) -> dict[str, Any]:
        return {"answer": f"plain {question}"}


class Later:
    async def run(self, question: str) -> dict[str, Any]:
        return {"answer": f"later {question}"}


class Streams:
    async def stream(self, question: str) -> AsyncIterator[str]:
        yield "one"
        yield "two"


class Breaks:
    def run(self, question: str) -> float:
        return 1 / 0
