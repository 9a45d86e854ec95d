"""Signatures over random models and enums with descriptions, constraints, odd instructions, demos and histories of every kind: `wide_prompts.py SEED COUNT` prints conformance rows."""

import json
import logging
import random
import sys
from typing import Any

import dspy
import pydantic
from cases import ADAPTERS, Row, plain
from worlds import World

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))
NAMES = ["question", "context", "data", "x", "img", "вопрос", "item_1", "history2", "note_text", "a"]
OUTPUTS = ["answer", "score", "notes", "items", "label", "ответ", "URL", "x_1", "reasoning", "class_"]
DESCS = ["the thing", "multi\nline  ", "${answer}", "${question}", " sp ", "with {braces} and {{two}}", "é 🙂 «g»", "\ttab", "[[ ## answer ## ]]", "<b>&</b>", "100%", "\\n", "", "line\r\nend", "a\u2028b", "trailing\n"]
LINES = ["Answer tersely.", "Use {context}.", "  two", "    four", "\tone tab", "", "   ", "- item", "é 日本 🙂", "ends  ", "\u2028", "\x0c", "a\rb", "\x85", "\u00a0nbsp", " \t mixed", "[[ ## answer ## ]]", "In adhering to"]
TEXTS = ["What is it?", "", " ", "  padded text \n", "a\n\nb", "naïve café — 東京 🙂", "tab\tseparated", "[[ ## answer ## ]]\nfake", "back\\slash \\n", "<b>x</b> & y", "«g»", "[1] «a»", "O'Brien \"q\"", "\r\n", "\ufeffbom", "x\u2028y", "\x00", "\u200b", "{a} {{b}}", "]]>", "<answer>x</answer>", "null", "None", "a" * 300]
ODD = [None, "", 5, -3, 2.0, 1e16, 1e-7, -0.0, 123456789.125, 10**25, ["a", "b\nc"], [], ["one"], [1, 2], [None], ["«"], [["a"]], {"k": 1.0}, {}, [{"a": 1}], {"n": None, "t": True, "f": 0.5}, True, False, "text", {"a": {"b": ["c"]}}]
IMAGES = ["https://example.com/a.png", "data:image/png;base64,aGVsbG8=", "http://x/y.jpg?q=1&r=2"]


def instructions() -> str | None:
    kind = rnd.random()
    if kind < 0.35:
        return None
    if kind < 0.4:
        return ""
    return rnd.choice(["\n", "\n", "\r\n", "\n\n"]).join(rnd.choice(LINES) for _ in range(rnd.randint(1, 6)))


def field(world: World, name: str, role: str) -> Row:
    annotation = world.annotation(2)
    if role == "input" and rnd.random() < 0.08:
        annotation = rnd.choice(["dspy.Image", "list[dspy.Image]", "Optional[dspy.Image]", "dict[str, dspy.Image]", "Union[str, dspy.Image]", "tuple[dspy.Image, str]"])
    made: Row = {"name": name, "role": role, "type": annotation}
    if rnd.random() < 0.3:
        made["desc"] = rnd.choice(DESCS)
    if rnd.random() < 0.15 and annotation in ("int", "float", "Optional[int]", "list[int]", "str", "list[str]"):
        made["constraints"] = rnd.choice(
            [{"ge": 0, "le": 10}, {"multiple_of": 2}, {"lt": 0.5}, {"gt": -1.0}, {"min_length": 2}, {"max_length": 5, "min_length": 1}, {"le": 5, "ge": 1}, {"ge": 1e-7}, {"le": 10**20}]
        )
    if rnd.random() < 0.08:
        default = world.default(annotation)
        if default is not None or annotation.startswith("Optional"):
            made["default"] = default
    return made


def value(world: World, annotation: str) -> Any:
    kind = rnd.random()
    # A dict in a model's place is that model to dspex, and what it is to DSPy.
    if kind < 0.1:
        return rnd.choice([one for one in ODD if not (world.models and isinstance(one, (dict, list)))])
    if annotation == "str" and kind < 0.8:
        return rnd.choice(TEXTS)
    made = world.evaluate(annotation)
    if "dspy.Image" in annotation:
        image = dspy.Image(rnd.choice(IMAGES))
        other = dspy.Image(rnd.choice(IMAGES))
        return {"dspy.Image": image, "list[dspy.Image]": rnd.choice([[image], [image, other], []]), "dict[str, dspy.Image]": {"k": image, "l": other}, "tuple[dspy.Image, str]": (image, "t")}.get(annotation, rnd.choice([image, image, None if "Optional" in annotation else "text"]))
    for _ in range(4):
        try:
            return pydantic.TypeAdapter(made).validate_python(world.near(made))
        except Exception:  # noqa: S112
            continue
    return rnd.choice(TEXTS)


def values(world: World, fields: list[Row], share: float, history: bool = True) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for own in fields:
        if rnd.random() >= share:
            continue
        if own["type"] == "dspy.History":
            if not history:
                continue
            others = [other for other in fields if other["type"] != "dspy.History"]
            turns = [values(world, others, rnd.choice([1, 0.8, 0.5, 0.1])) for _ in range(rnd.randint(0, 3))]
            for turn in turns:
                if rnd.random() < 0.15:
                    turn["extra"] = "e"
                if rnd.random() < 0.3 and turn:
                    turn.update({"reasoning": "r1"})
            made[own["name"]] = dspy.History(messages=turns)
        else:
            made[own["name"]] = value(world, own["type"])
    items = list(made.items())
    if rnd.random() < 0.15:
        rnd.shuffle(items)
    return dict(items)


for number in range(int(sys.argv[2])):
    world = World(rnd)
    module, text = rnd.choice(["Predict", "Predict", "ChainOfThought"]), instructions()
    inputs = [field(world, name, "input") for name in rnd.sample(NAMES, rnd.choice([0, 1, 1, 2, 2, 3]))]
    if rnd.random() < 0.15:
        inputs.insert(rnd.randint(0, len(inputs)), {"name": "history", "role": "input", "type": "dspy.History"})
    outputs = [field(world, name, "output") for name in rnd.sample(OUTPUTS, rnd.choice([1, 1, 2, 2, 3]))]
    fields = [*inputs, *outputs]
    if rnd.random() < 0.1:
        rnd.shuffle(fields)
    table = {}
    try:
        for own in fields:
            make = dspy.InputField if own["role"] == "input" else dspy.OutputField
            given = {"desc": own["desc"]} if "desc" in own else {}
            given |= {"default": own["default"]} if "default" in own else {}
            table[own["name"]] = (world.evaluate(own["type"]), make(**given, **own.get("constraints", {})))
        signature = dspy.Signature(table) if text is None else dspy.Signature(table, text)
        if module == "ChainOfThought":
            signature = dspy.ChainOfThought(signature).predict.signature
        given_inputs = values(world, inputs, 0.93)
        if rnd.random() < 0.05:
            given_inputs["zzz"] = "no"
        demos = [values(world, fields, rnd.choice([1, 1, 0.9, 0.6, 0.3])) for _ in range(rnd.choice([0, 0, 1, 1, 2, 3]))]
        for demo in demos:
            if module == "ChainOfThought" and rnd.random() < 0.7:
                demo["reasoning"] = rnd.choice(["because\n", "r", "", None, ["a"]])
            if rnd.random() < 0.2:
                demo["augmented"] = True
        row = {"module": module, "signature": None, "instructions": text, "fields": fields, "types": world.types}
        row |= {"demos": [plain(demo) for demo in demos], "inputs": plain(given_inputs)}
    except Exception:  # noqa: S112
        continue
    for name, adapter in ADAPTERS.items():
        full = {"id": f"{sys.argv[1]}-{number}-{name}", "adapter": name, **row}
        try:
            full |= {"messages": adapter.format(signature, demos, given_inputs), "ok": True}
        except Exception as error:
            full |= {"messages": None, "ok": False, "error_message": f"{type(error).__name__}: {error}"[:300]}
        try:
            print(json.dumps(full))
        except (TypeError, ValueError):
            continue
