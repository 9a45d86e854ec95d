"""A program's run as a task among others."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import Any

import dspy

from dspex_worker.calls import Call
from dspex_worker.lanes import WrongLane
from dspex_worker.programs.bind import bind, context_of
from dspex_worker.programs.build import Built
from dspex_worker.programs.known import Programs
from dspex_worker.programs.prediction import describe, unparsable


async def run_async(call: Call, programs: Programs) -> Any:
    built = programs.of(call)
    if not isinstance(built.module, dspy.Module):
        return await _run_plain_async(built.module, built, call)
    if not hasattr(built.module, "aforward"):
        raise WrongLane
    module = bind(built, call, asynchronous=True)
    if call.spec.stream:
        return _stream(call, built, module)
    with context_of(call, built), unparsable():
        return describe(await module.acall(**call.spec.args["inputs"]))


async def _run_plain_async(module: Any, built: Built, call: Call) -> Any:
    inputs = call.spec.args["inputs"]
    if call.spec.stream and inspect.isasyncgenfunction(getattr(module, "stream", None)):
        return _user_chunks_async(call, built, module.stream(**inputs))
    if call.spec.stream or not inspect.iscoroutinefunction(getattr(module, "run", None)):
        raise WrongLane
    with context_of(call, built):
        return describe(await module.run(**inputs))


async def _user_chunks_async(call: Call, built: Built, chunks: AsyncIterator[Any]) -> AsyncIterator[dict[str, Any]]:
    with context_of(call, built):
        async for chunk in chunks:
            yield {"chunk": chunk}
    yield {"prediction": {}}


async def _stream(call: Call, built: Built, module: Any) -> AsyncIterator[dict[str, Any]]:
    """The model's text as it passes each predictor, then the prediction. The host reads the fields in it."""
    paths = {id(predictor): path for path, predictor in module.named_predictors()}
    with context_of(call, built), unparsable():
        async for item in dspy.streamify(module, is_async_program=True)(**call.spec.args["inputs"]):
            if isinstance(item, dspy.Prediction):
                yield {"prediction": describe(item)}
                continue
            text = item.choices[0].delta.content if getattr(item, "choices", None) else None
            if text:
                yield {"path": paths.get(item.predict_id, ""), "text": text}
