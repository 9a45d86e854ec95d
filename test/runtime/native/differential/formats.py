"""Random outputs and the schema JSONAdapter asks an endpoint for: `formats.py SEED COUNT`."""

import json
import logging
import random
import sys
from typing import Any

import dspy
from dspy.adapters.json_adapter import _get_structured_outputs_response_format
from dspy.clients.legacy_requests import _strict_json_schema
from worlds import World

logging.disable(logging.CRITICAL)
rnd = random.Random(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    world = World(rnd)
    fields: list[dict[str, Any]] = []
    table: dict[str, Any] = {"question": (str, dspy.InputField())}
    try:
        for name in rnd.sample(["answer", "score_of", "items", "URL", "aB"], rnd.choice([1, 1, 2, 3])):
            annotation = world.annotation(2)
            field: dict[str, Any] = {"name": name, "role": "output", "type": annotation}
            given: dict[str, Any] = {}
            if rnd.random() < 0.2:
                field["desc"] = given["desc"] = "the thing"
            if rnd.random() < 0.15:
                default = world.default(annotation)
                if default is not None or annotation.startswith("Optional"):
                    field["default"] = given["default"] = default
            fields.append(field)
            table[name] = (world.evaluate(annotation), dspy.OutputField(**given))
        format_ = _get_structured_outputs_response_format(dspy.Signature(table), True)
        schema = _strict_json_schema(format_.model_json_schema())
    except Exception:  # noqa: S112
        # A mapping, for one, has no such schema.
        continue
    print(json.dumps({"fields": fields, "types": world.types, "schema": schema}))
