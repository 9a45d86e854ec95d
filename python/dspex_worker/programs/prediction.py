"""What came of a run, as the host takes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dspy
from dspy.utils.exceptions import AdapterParseError

from dspex_worker import codec

codec.builders["Image"] = dspy.Image
codec.builders["History"] = lambda turns: dspy.History(messages=turns)
codec.describers[dspy.Image] = lambda image: ("Image", image.url)
codec.describers[dspy.History] = lambda history: ("History", history.messages)


def describe(prediction: Any) -> dict[str, Any]:
    """A prediction as the host takes it; names apart from values, since any name may be a field's."""
    if not isinstance(prediction, dspy.Prediction):
        return {"value": prediction}
    names = list(prediction.keys())
    body: dict[str, Any] = {"names": names, "values": [_told(prediction[name]) for name in names]}
    completions = getattr(prediction, "_completions", None)
    if completions is not None and len(completions) > 1:
        columns = dict(completions.items())
        body["completions"] = {
            "names": list(columns),
            "rows": [[_told(value) for value in row] for row in zip(*columns.values(), strict=True)],
        }
    return body


def _told(value: Any) -> Any:
    """A complex number has no form on the wire; an output that is declared as one is its text, as on the native route."""
    return str(value) if isinstance(value, complex) else value


@contextmanager
def unparsable() -> Iterator[None]:
    try:
        yield
    except AdapterParseError as error:
        error.dspex_kind = "completion_unparsable"
        error.dspex_details = {"completion": str(error.lm_response)[:16_384]}
        raise
