"""The LM of a call: a DSPy engine that asks the host for every completion. No key and no network is in this process.

DSPy's own retries, cache and history are off: the host has one of each, for both routes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any, Final

import dspy
from dspy import lm15
from dspy.clients import execution
from dspy.clients.lm15_boundary import request_kwargs

from dspex_worker.calls import Call, HostError
from dspex_worker.programs.lm_answers import FINISH, MODEL, to_lm_error, to_response, to_usage
from dspex_worker.programs.lm_shapes import learn, learned, plain_text, shape_of


class Said:
    """What an adapter said that a canonical request no longer shows: the messages as they were, and the rollout's number."""

    __slots__ = ("answer", "messages", "rollout", "shape")

    def __init__(self, lm: HostLM, prompt: Any, kwargs: dict[str, Any]) -> None:
        settings = {**lm.kwargs, **kwargs}
        self.messages = settings.pop("messages", None)
        self.rollout = settings.get("rollout_id")
        self.shape = shape_of(lm, self.messages, settings) if prompt is None else None
        #: The host's, where it has been asked before DSPy asks.
        self.answer: dict[str, Any] | HostError | None = None

    def question(self, config: dict[str, Any]) -> dict[str, Any]:
        return {"messages": self.messages, "config": config if self.rollout is None else {**config, "rolloutId": self.rollout}}

    def text(self) -> str | None:
        return plain_text(self.answer) if isinstance(self.answer, dict) else None


# Set and read within one LM call of one thread or task, so nothing of DSPy's threading can lose it.
_said: ContextVar[Said | None] = ContextVar("dspex_said", default=None)


class HostLM(dspy.LM):
    """``dspy.LM`` with a call's engines; remembers what the adapter said for the time of one request."""

    def __init__(self, call: Call, **defaults: Any) -> None:
        supports = call.spec.args.get("supports") or {} if isinstance(call.spec.args, dict) else {}
        super().__init__(
            MODEL, engine=Engine(call, supports), async_engine=AsyncEngine(call), cache=False, num_retries=0, **defaults
        )

    def __call__(self, prompt: Any = None, **kwargs: Any) -> Any:
        said = Said(self, prompt, kwargs)
        config = learned(said.shape)
        if config is not None and type(self._engine_spec) is Engine:
            said.answer = self._engine_spec.ask(said.question(config))
            text = said.text()
            if text is not None:
                return [text]
        token = _said.set(said)
        try:
            return super().__call__(prompt, **kwargs)
        finally:
            _said.reset(token)

    async def acall(self, prompt: Any = None, **kwargs: Any) -> Any:
        said = Said(self, prompt, kwargs)
        config = learned(said.shape)
        if config is not None and type(self._async_engine_spec) is AsyncEngine:
            said.answer = await self._async_engine_spec.ask(said.question(config))
            text = said.text()
            if text is not None:
                return [text]
        token = _said.set(said)
        try:
            return await super().acall(prompt, **kwargs)
        finally:
            _said.reset(token)


# DSPy hands both to a thread at every asynchronous completion: its own engines may read files there.
_PROMPT: Final = {getattr(execution, name, None) for name in ("prepare", "_price_result")}


def prompt(function: Any = None, *args: Any) -> bool:
    """Whether it would take less time than handing it to a thread does: of a host's LM it only reads attributes."""
    return function in _PROMPT and bool(args) and isinstance(args[0], HostLM)


class Engine:
    """The synchronous side: threads and the exclusive lane."""

    def __init__(self, call: Call, supports: dict[str, Any]) -> None:
        self._call = call
        self.supports_function_calling = bool(supports.get("functionCalling"))
        self.supports_reasoning = bool(supports.get("reasoning"))
        self.supports_response_schema = bool(supports.get("responseSchema"))
        params = set()
        if supports.get("responseFormat") or supports.get("responseSchema"):
            params.add("response_format")
        if supports.get("functionCalling"):
            params |= {"tools", "tool_choice"}
        self.supported_params = params

    def ask(self, question: dict[str, Any]) -> dict[str, Any] | HostError:
        try:
            answer: dict[str, Any] = self._call.ask("lm", "complete", question)
            return answer
        except HostError as error:
            return error

    def complete(self, request: lm15.Request) -> lm15.Response:
        return to_response(answered() or self.ask(describe(request)))

    def stream(self, request: lm15.Request) -> Iterator[Any]:
        # A thread of streamify's sync program: the whole answer, as one delta.
        yield from lm15.response_to_events(self.complete(request))


class AsyncEngine:
    """The asynchronous side: the async lane, and streams."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def ask(self, question: dict[str, Any]) -> dict[str, Any] | HostError:
        try:
            answer: dict[str, Any] = await self._call.ask_async("lm", "complete", question)
            return answer
        except HostError as error:
            return error

    async def complete(self, request: lm15.Request) -> lm15.Response:
        return to_response(answered() or await self.ask(describe(request)))

    async def stream(self, request: lm15.Request) -> AsyncIterator[Any]:
        yield lm15.StreamStartEvent(id="host", model=MODEL)
        last: dict[str, Any] = {}
        try:
            async for chunk in self._call.ask_stream("lm", "stream", describe(request)):
                last.update(chunk)
                if chunk.get("text"):
                    yield lm15.StreamDeltaEvent(delta=lm15.TextDelta(text=chunk["text"], part_index=0))
        except HostError as error:
            raise to_lm_error(error) from error
        yield lm15.StreamEndEvent(
            finish_reason=FINISH.get(last.get("finishReason") or "", "stop"), usage=to_usage(last.get("usage"))
        )


def answered() -> dict[str, Any] | HostError | None:
    """What the host has said already to the request under way; once, for DSPy may ask again."""
    said = _said.get()
    if said is None:
        return None
    answer, said.answer = said.answer, None
    return answer


def describe(request: lm15.Request) -> dict[str, Any]:
    """The request as ``runtime/lm/lm.ts`` has it (``LMRequest``)."""
    said = _said.get()
    messages = said.messages if said else None
    settings = request.config
    config: dict[str, Any] = {
        "temperature": settings.temperature,
        "maxTokens": settings.max_tokens,
        "topP": settings.top_p,
        "stop": list(settings.stop) or None,
        "seed": settings.seed,
    }
    config = {key: value for key, value in config.items() if value is not None}
    text_alone = messages is not None and not request.tools and settings.response_format is None
    if said and said.shape and text_alone:
        learn(said.shape, config)
    body: dict[str, Any] = {"config": config if said is None or said.rollout is None else {**config, "rolloutId": said.rollout}}
    if text_alone:
        body["messages"] = messages
        return body
    # OpenAI's spelling of tools and formats is lm15's own knowledge.
    wire = request_kwargs(request, "chat")
    body["messages"] = messages or wire["messages"]
    if "response_format" in wire:
        body["responseFormat"] = wire["response_format"]
    if "tools" in wire:
        body["tools"] = wire["tools"]
        extra = {key: wire[key] for key in ("tool_choice", "parallel_tool_calls") if key in wire}
        if extra:
            body["config"]["extra"] = extra
    return body
