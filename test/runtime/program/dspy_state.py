"""Real DSPy's side of the state tests: saves what it is asked for, loads what it is given, and says what it would send.

One JSON command on stdin, one JSON answer on stdout.
"""

import json
import logging
import sys
import tempfile
from pathlib import Path

import dspy
import pydantic

logging.disable(logging.WARNING)


def search(query: str) -> str:
    """Find pages."""
    return query


class Person(pydantic.BaseModel):
    name: str
    age: int = 3
    score: float = 1.0


class Inner(dspy.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = dspy.ChainOfThought("a -> b")


class Program(dspy.Module):
    """Every kind of path a state file knows."""

    def __init__(self) -> None:
        super().__init__()
        self.qa = dspy.Predict("question -> answer")
        self.cot = dspy.ChainOfThought("question, count: int -> answer: float")
        self.steps = [dspy.Predict("x -> y"), dspy.ChainOfThought("x -> y")]
        self.d = {"k": dspy.Predict("x -> z: list[str]"), "m": Inner()}
        self.agent = dspy.ReAct("question -> answer", tools=[search])


KINDS = {
    "predict": lambda: dspy.Predict("question -> answer"),
    "chainOfThought": lambda: dspy.ChainOfThought("question, count: int -> answer: float"),
    "react": lambda: dspy.ReAct("question -> answer", tools=[search]),
    "person": lambda: dspy.Predict(dspy.Signature("question -> person: Person", custom_types={"Person": Person})),
    "program": Program,
}


def messages(module: dspy.Module, inputs: dict[str, dict[str, object]]) -> dict[str, object]:
    predictors = dict(module.named_predictors())
    return {
        path: dspy.ChatAdapter().format(predictors[path].signature, predictors[path].demos, values)
        for path, values in inputs.items()
    }


def main() -> None:
    command = json.load(sys.stdin)
    module = KINDS[command["kind"]]()
    predictors = dict(module.named_predictors())
    for path, change in command.get("change", {}).items():
        predictor = predictors[path]
        if "instructions" in change:
            predictor.signature = predictor.signature.with_instructions(change["instructions"])
        for name, desc in change.get("descriptions", {}).items():
            predictor.signature = predictor.signature.with_updated_fields(name, desc=desc)
        predictor.demos = [dspy.Example(**demo) for demo in change.get("demos", [])]
        if "lm" in change:
            predictor.lm = dspy.LM(**change["lm"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state.json"
        if "state" in command:
            file.write_text(command["state"])
            module.load(str(file))
        module.save(str(file))
        loaded = KINDS[command["kind"]]()
        loaded.load(str(file))
        answer = {
            "state": file.read_text(),
            "paths": list(predictors),
            "messages": messages(loaded, command.get("inputs", {})),
            "sampling": {path: getattr(p.lm, "kwargs", None) for path, p in loaded.named_predictors()},
        }
    sys.stdout.write(json.dumps(answer))


main()
