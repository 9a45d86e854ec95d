"""Real ReAct over scripted replies: `react.py` reads `{signature, instructions, inputs, replies, adapter, maxIters}` and prints every request's messages and the outputs."""

import json
import logging
import sys
from typing import Any

import dspy

logging.disable(logging.CRITICAL)
case = json.loads(sys.stdin.read())
requests: list[list[dict[str, Any]]] = []


class Scripted(dspy.BaseLM):  # type: ignore[misc]
    """Keeps the messages as the adapters made them."""

    def __init__(self) -> None:
        super().__init__("scripted")
        self.left = list(case["replies"])

    def forward(self, prompt: str | None = None, messages: list[dict[str, Any]] | None = None, **kwargs: Any) -> Any:
        from types import SimpleNamespace as Space

        requests.append(messages or [])
        choice = Space(message=Space(content=self.left.pop(0), tool_calls=None), finish_reason="stop")
        return Space(choices=[choice], usage={}, model="scripted")


def search(query: str, k: int = 3) -> list[str]:
    """Search the notes.
    Returns hits."""
    return [f"hit {query}", f"{k} more\nlines"]


def total(numbers: list[float]) -> float:
    return sum(numbers)


adapters = {"chat": dspy.ChatAdapter, "json": dspy.JSONAdapter, "xml": dspy.XMLAdapter}
dspy.configure(lm=Scripted(), adapter=adapters[case["adapter"]](), disable_history=True)
signature = dspy.Signature(case["signature"], case["instructions"]) if case["instructions"] else dspy.Signature(case["signature"])
prediction = dspy.ReAct(signature, tools=[search, total], max_iters=case["maxIters"])(**case["inputs"])
print(json.dumps({"requests": requests, "outputs": prediction.toDict()}))
