"""Requests of text alone, whose settings DSPy has once judged, need not be judged by it again.

On its own way DSPy makes a canonical request of every message and setting, checks it, and makes a canonical response
with its usage and its price: half the time of a Predict, for text in, text out and the same settings as before. So what
it makes of settings is learned from it, by the shape of the request they came with. Anything else goes its own way:
other parts than text, other answers than text, and whatever somebody looks at (callbacks, streams, usage, history).
"""

from __future__ import annotations

from typing import Any, Final

import dspy
from dspy.clients._deprecation import _adapter_call

from dspex_worker.codec import well_formed
from dspex_worker.programs.lm_answers import FINISH

#: The roles of a request's messages, and its settings as text: 1, 1.0 and True are three.
Shape = tuple[tuple[str, ...], str]

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_ROLES: Final = frozenset({"system", "user", "assistant"})
_MOST: Final = 1024
_learned: dict[Shape, dict[str, Any]] = {}


def shape_of(lm: dspy.LM, messages: Any, settings: dict[str, Any]) -> Shape | None:
    """None where the request is of another kind, or looked at."""
    # Who asks without an adapter gets DSPy's advice with the answer.
    maker = _adapter_call.get()
    if maker is None or maker[0] is not lm or maker[1] is not messages:
        return None
    if not _text_alone(messages) or lm.cache or lm.model_type != "chat" or _watched(lm):
        return None
    if settings.get("n") not in (None, 1) or (settings.get("rollout_id") is not None and settings.get("temperature") == 0):
        return None
    said = {name: value for name, value in settings.items() if name != "rollout_id"}
    if "cache" in said or not all(type(value) in _SCALARS for value in said.values()):
        return None
    return tuple([message["role"] for message in messages]), repr(said)


def _text_alone(messages: Any) -> bool:
    if type(messages) is not list:
        return False
    for message in messages:
        if type(message) is not dict or len(message) != 2 or message.get("role") not in _ROLES:
            return False
        content = message.get("content")
        if type(content) is not str or not (content.isascii() or well_formed(content)):
            return False
    return bool(messages)


def _watched(lm: dspy.LM) -> bool:
    now = dspy.settings
    return bool(
        lm.callbacks
        or now.callbacks
        or now.send_stream is not None
        or now.usage_tracker
        or not now.disable_history
        # As tests of programs do it: a method of the instance's own.
        or "forward" in vars(lm)
        or "aforward" in vars(lm)
    )


def learned(shape: Shape | None) -> dict[str, Any] | None:
    """What DSPy made of such a request's settings, as ``LMConfig`` has it; None before it has."""
    return None if shape is None else _learned.get(shape)


def learn(shape: Shape, config: dict[str, Any]) -> None:
    if len(_learned) >= _MOST:
        _learned.clear()
    _learned[shape] = config


def plain_text(answer: dict[str, Any]) -> str | None:
    """The text of an answer that is nothing but text and ended by itself."""
    choice = answer["choices"][0]
    if type(choice) is not dict or choice.get("reasoning") or choice.get("toolCalls"):
        return None
    text = choice.get("text") or ""
    return text if type(text) is str and FINISH.get(choice.get("finishReason") or "", "stop") == "stop" else None
