"""Random signatures, inputs, demos and histories, and DSPy's messages: `prompts.py SEED COUNT` prints conformance rows."""

import logging
import random
import sys
from typing import Any

import dspy
from cases import ADAPTERS, ROW_TYPES, Row, emit, evaluate, of_type, plain

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))
INSTRUCTIONS = [
    None,
    None,
    "Do it.",
    "  indented\n    more\n  back\n\n",
    "\n\nLead\n   a\n   b\n",
    "Tabs\n\tone\n\t\ttwo",
    "Blank\n\n  mid\n\nend  ",
    "x\r\ny\u2028z",
    "   ",
    "",
]
INPUTS = [
    "str",
    "str",
    "str",
    "int",
    "float",
    "bool",
    "list[str]",
    "list[float]",
    "dict[str, Any]",
    "dict[str, float]",
    "Optional[int]",
    "Optional[float]",
    "Any",
    "Person",
    "list[Person]",
    "Company",
    "Optional[Company]",
    "Color",
    "Priority",
    "list[Color]",
    "Literal['a', 'b']",
    "Literal[1, 2, 3]",
    "Union[int, str]",
    "Union[float, str]",
    "tuple[int, str]",
    "tuple[float, ...]",
    "list[list[float]]",
    "Node",
    "dict",
    "list",
    "dspy.Image",
    "list[dspy.Image]",
    "Optional[dspy.Image]",
    "dspy.Code",
    "dspy.Reasoning",
    "dict[str, list[Person]]",
]
OUTPUTS = [
    "str",
    "str",
    "str",
    "int",
    "float",
    "bool",
    "list[str]",
    "Person",
    "list[Person]",
    "dict[str, int]",
    "Optional[Person]",
    "Company",
    "Color",
    "Literal['a', 'b']",
    "Any",
    "list[float]",
    "dspy.Code",
    "dict[str, list[int]]",
    "Optional[list[str]]",
    "dspy.ToolCalls",
    "dspy.Reasoning",
    "tuple[int, str]",
    "list[dict[str, Any]]",
    "Optional[dict[str, float]]",
]
ODD = [
    None,
    "",
    5,
    2.0,
    ["a", "b\nc"],
    [],
    {"k": 1.0},
    "text",
    True,
    ["«"],
    {"a": None},
    "Q  \n",
    "[[ ## x ## ]] t",
    "<b>&</b>",
    "tab\tx\x85y",
]


def field(name: str, role: str) -> Row:
    made: Row = {
        "name": name,
        "role": role,
        "type": "dspy.History" if name == "history" else rnd.choice(INPUTS if role == "input" else OUTPUTS),
    }
    if rnd.random() < 0.25:
        made["desc"] = rnd.choice(["the thing", "multi\nline  ", f"${{{name}}}", " sp "])
    if role == "output" and rnd.random() < 0.15 and made["type"] in ("int", "float"):
        made["constraints"] = rnd.choice([{"ge": 0, "le": 10}, {"multiple_of": 2}, {"lt": 0.5}])
    return made


def values(fields: list[Row], share: float) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for own in fields:
        if rnd.random() >= share:
            continue
        if own["type"] == "dspy.History":
            turns = [values([other for other in fields if other["type"] != "dspy.History"], 0.8) for _ in range(rnd.randint(0, 2))]
            made[own["name"]] = dspy.History(messages=turns)
        else:
            made[own["name"]] = rnd.choice(ODD) if rnd.random() < 0.08 else of_type(rnd, own["type"])
    return made


for number in range(int(sys.argv[2])):
    names = rnd.sample(["question", "context", "data", "x", "img"], rnd.randint(0, 3))
    inputs = [field(name, "input") for name in (["history", *names] if rnd.random() < 0.12 else names)]
    outputs = [field(name, "output") for name in rnd.sample(["answer", "score", "notes", "items"], rnd.choice([1, 1, 2, 3]))]
    module, text = rnd.choice(["Predict", "Predict", "ChainOfThought"]), rnd.choice(INSTRUCTIONS)
    table = {}
    for own in [*inputs, *outputs]:
        make = dspy.InputField if own["role"] == "input" else dspy.OutputField
        given = {"desc": own["desc"]} if "desc" in own else {}
        table[own["name"]] = (evaluate(own["type"]), make(**given, **own.get("constraints", {})))
    try:
        signature = dspy.Signature(table) if text is None else dspy.Signature(table, text)
        if module == "ChainOfThought":
            signature = dspy.ChainOfThought(signature).predict.signature
        given_inputs = values(inputs, 0.92)
        demos = [values([*inputs, *outputs], rnd.choice([1, 0.95, 0.6])) for _ in range(rnd.choice([0, 0, 1, 2, 3]))]
        for demo in demos:
            if module == "ChainOfThought" and rnd.random() < 0.8:
                demo["reasoning"] = "because\n"
        row = {"module": module, "signature": None, "instructions": text, "fields": [*inputs, *outputs], "types": ROW_TYPES}
        row |= {"demos": [plain(demo) for demo in demos], "inputs": plain(given_inputs)}
    except Exception:  # noqa: S112
        continue
    for name, adapter in ADAPTERS.items():
        try:
            messages = adapter.format(signature, demos, given_inputs)
        except Exception:  # noqa: S112
            continue
        emit({"id": f"{sys.argv[1]}-{number}-{name}", "adapter": name, **row, "messages": messages, "ok": True})
