"""A program's run on a worker alone."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import dspy

from dspex_worker import modules
from dspex_worker.calls import Call
from dspex_worker.programs.bind import bind, context_of
from dspex_worker.programs.build import Built
from dspex_worker.programs.known import Programs
from dspex_worker.programs.prediction import describe, unparsable


def run(call: Call, programs: Programs) -> Any:
    """On a worker alone. A user's class may have ``run``, ``stream`` or both."""
    built = programs.of(call)
    module = bind(built, call, asynchronous=False)
    inputs = call.spec.args["inputs"]
    if not isinstance(module, dspy.Module):
        return _run_plain(module, built, call)
    if call.spec.stream:
        return _whole(call, built, module)
    with context_of(call, built), unparsable():
        return describe(module(**inputs))


def _whole(call: Call, built: Built, module: Any) -> Iterator[dict[str, Any]]:
    with context_of(call, built), unparsable():
        yield {"prediction": describe(module(**call.spec.args["inputs"]))}


def _run_plain(module: Any, built: Built, call: Call) -> Any:
    inputs = call.spec.args["inputs"]
    name = "stream" if hasattr(module, "stream") and (call.spec.stream or not hasattr(module, "run")) else "run"
    method = getattr(module, name, None)
    if method is None:
        raise modules.ModuleRefused(f"{type(module).__name__} is no dspy.Module and has neither run() nor stream()")
    if name == "run":
        with context_of(call, built):
            result = method(**inputs)
            value = describe(modules.settled(result))
        return iter([{"prediction": value}]) if call.spec.stream else value
    chunks = method(**inputs)
    if inspect.isasyncgen(chunks):
        chunks = modules.from_async(chunks)
    if call.spec.stream:
        return _user_chunks(call, built, chunks)
    with context_of(call, built):
        return describe(_merged(chunks, built))


def _user_chunks(call: Call, built: Built, chunks: Iterator[Any]) -> Iterator[dict[str, Any]]:
    with context_of(call, built):
        for chunk in chunks:
            yield {"chunk": chunk}
    yield {"prediction": {}}


def _merged(chunks: Iterator[Any], built: Built) -> dict[str, Any]:
    """What the chunks amount to: text joins in the first output, records add their outputs."""
    outputs = built.spec["signature"]["outputs"]
    first = outputs[0]["name"] if outputs else "value"
    merged: dict[str, Any] = {}
    for chunk in chunks:
        if isinstance(chunk, str):
            merged[first] = merged.get(first, "") + chunk
        elif isinstance(chunk, dict):
            merged |= chunk
    return merged
