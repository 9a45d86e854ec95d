"""Random outputs, completions and what DSPy's adapters read: `parses.py SEED COUNT` prints conformance rows."""

import json
import logging
import random
import sys

import dspy
from cases import ADAPTERS, ROW_TYPES, emit, evaluate, marked, random_json, random_type
from dspy.utils.exceptions import AdapterParseError

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))


def written(value: object) -> str:
    kind = rnd.random()
    if isinstance(value, str) and kind < 0.6:
        return value
    if kind < 0.75:
        return json.dumps(value, ensure_ascii=False)
    if kind < 0.9:
        return repr(value)
    return f"```json\n{json.dumps(value)}\n```" if kind < 0.93 else json.dumps(value, indent=2)


def completion(adapter: str, value: object) -> str:
    if adapter == "ChatAdapter":
        return f"[[ ## answer ## ]]\n{written(value)}\n\n[[ ## completed ## ]]"
    if adapter == "JSONAdapter":
        return json.dumps({"answer": value}, ensure_ascii=False)
    if rnd.random() < 0.6:
        return str(dspy.XMLAdapter._value_to_xml(value, "answer"))
    return f"<answer>{written(value).replace('&', '&amp;').replace('<', '&lt;')}</answer>"


for number in range(int(sys.argv[2])):
    annotation = random_type(rnd, rnd.choice([0, 1, 1, 2]))
    name = rnd.choice(["ChatAdapter", "ChatAdapter", "JSONAdapter", "XMLAdapter"])
    adapter = ADAPTERS[name]
    try:
        signature = dspy.Signature({"question": (str, dspy.InputField()), "answer": (evaluate(annotation), dspy.OutputField())})
        adapter.format(signature, [], {"question": "q"})
    except Exception:  # noqa: S112
        continue
    fields = [{"name": "question", "role": "input", "type": "str"}, {"name": "answer", "role": "output", "type": annotation}]
    for part in range(4):
        text = completion(name, random_json(rnd, 2))
        row = {"id": f"{sys.argv[1]}-{number}-{part}", "adapter": name, "module": "Predict", "signature": None, "fields": fields}
        row |= {"types": ROW_TYPES, "completion": text}
        try:
            emit(row | {"ok": True, "result": {field: marked(value) for field, value in adapter.parse(signature, text).items()}})
        except AdapterParseError:
            emit(row | {"ok": False})
        except Exception:  # noqa: S112
            continue
