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

# What an adapter said that a canonical request no longer shows: the messages as they were, and the rollout's number.
# Set and read within one LM call of one thread or task, so nothing of DSPy's threading can lose it.
_said: ContextVar[dict[str, Any] | None] = ContextVar("dspex_said", default=None)

_FINISH: Final = {"length": "length", "content_filter": "content_filter", "tool_calls": "tool_call", "tool_call": "tool_call"}
_ERRORS: Final[dict[str, type[lm15.LM15Error]]] = {
    "rate_limited": lm15.RateLimitError,
    "server": lm15.ServerError,
    "transport": lm15.TransportError,
    "stream_truncated": lm15.TransportError,
    "protocol": lm15.ServerError,
    "auth": lm15.AuthError,
    "not_found": lm15.UnsupportedModelError,
    "context_window": lm15.ContextLengthError,
    "budget_exceeded": lm15.BillingError,
    "timeout": lm15.TimeoutError,
}
# The name DSPy shows in its errors. A provider's own would switch on rules for its models that are the host's matter.
_MODEL: Final = "host/lm"


class HostLM(dspy.LM):
    """``dspy.LM`` with a call's engines; remembers what the adapter said for the time of one request."""

    def __init__(self, call: Call, **defaults: Any) -> None:
        supports = call.spec.args.get("supports") or {} if isinstance(call.spec.args, dict) else {}
        super().__init__(
            _MODEL, engine=Engine(call, supports), async_engine=AsyncEngine(call), cache=False, num_retries=0, **defaults
        )

    def __call__(self, prompt: Any = None, **kwargs: Any) -> Any:
        token = _said.set(self._saying(kwargs))
        try:
            return super().__call__(prompt, **kwargs)
        finally:
            _said.reset(token)

    async def acall(self, prompt: Any = None, **kwargs: Any) -> Any:
        token = _said.set(self._saying(kwargs))
        try:
            return await super().acall(prompt, **kwargs)
        finally:
            _said.reset(token)

    def _saying(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        messages = kwargs.get("messages")
        said = {"messages": messages} if messages is not None else {}
        rollout = kwargs.get("rollout_id", self.kwargs.get("rollout_id"))
        return said if rollout is None else {**said, "rolloutId": rollout}


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

    def complete(self, request: lm15.Request) -> lm15.Response:
        try:
            return to_response(self._call.ask("lm", "complete", describe(request)))
        except HostError as error:
            raise to_lm_error(error) from error

    def stream(self, request: lm15.Request) -> Iterator[Any]:
        # A thread of streamify's sync program: the whole answer, as one delta.
        yield from lm15.response_to_events(self.complete(request))


class AsyncEngine:
    """The asynchronous side: the async lane, and streams."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def complete(self, request: lm15.Request) -> lm15.Response:
        try:
            return to_response(await self._call.ask_async("lm", "complete", describe(request)))
        except HostError as error:
            raise to_lm_error(error) from error

    async def stream(self, request: lm15.Request) -> AsyncIterator[Any]:
        yield lm15.StreamStartEvent(id="host", model=_MODEL)
        last: dict[str, Any] = {}
        try:
            async for chunk in self._call.ask_stream("lm", "stream", describe(request)):
                last.update(chunk)
                if chunk.get("text"):
                    yield lm15.StreamDeltaEvent(delta=lm15.TextDelta(text=chunk["text"], part_index=0))
        except HostError as error:
            raise to_lm_error(error) from error
        yield lm15.StreamEndEvent(
            finish_reason=_FINISH.get(last.get("finishReason") or "", "stop"), usage=to_usage(last.get("usage"))
        )


def describe(request: lm15.Request) -> dict[str, Any]:
    """The request as ``runtime/lm/lm.ts`` has it (``LMRequest``)."""
    said = _said.get() or {}
    settings = request.config
    config: dict[str, Any] = {
        "temperature": settings.temperature,
        "maxTokens": settings.max_tokens,
        "topP": settings.top_p,
        "stop": list(settings.stop) or None,
        "seed": settings.seed,
        "rolloutId": said.get("rolloutId"),
    }
    body: dict[str, Any] = {"config": {key: value for key, value in config.items() if value is not None}}
    wire: dict[str, Any] | None = None
    if "messages" in said and not request.tools and settings.response_format is None:
        body["messages"] = said["messages"]
        return body
    # OpenAI's spelling of tools and formats is lm15's own knowledge.
    wire = request_kwargs(request, "chat")
    body["messages"] = said.get("messages") or wire["messages"]
    if "response_format" in wire:
        body["responseFormat"] = wire["response_format"]
    if "tools" in wire:
        body["tools"] = wire["tools"]
        extra = {key: wire[key] for key in ("tool_choice", "parallel_tool_calls") if key in wire}
        if extra:
            body["config"]["extra"] = extra
    return body


def to_response(answer: dict[str, Any]) -> lm15.Response:
    """``LMResponse``'s first choice. DSPy asks again for every further completion."""
    choice = answer["choices"][0]
    parts: list[Any] = []
    if choice.get("reasoning"):
        parts.append(lm15.ThinkingPart(choice["reasoning"]))
    calls = choice.get("toolCalls") or []
    if choice.get("text") or not calls:
        parts.append(lm15.TextPart(choice.get("text") or ""))
    for call in calls:
        function = call.get("function") or call
        arguments = function.get("arguments", function.get("input", {}))
        if isinstance(arguments, str):
            import json

            arguments = json.loads(arguments or "{}")
        parts.append(lm15.ToolCallPart(id=call.get("id") or "", name=function["name"], input=arguments))
    return lm15.Response(
        id="host",
        model=answer.get("model") or _MODEL,
        message=lm15.Message.assistant(parts),
        finish_reason=_FINISH.get(choice.get("finishReason") or "", "tool_call" if calls else "stop"),
        usage=to_usage(answer.get("usage")),
    )


def to_usage(usage: dict[str, Any] | None) -> lm15.Usage:
    if not usage:
        return lm15.Usage()
    return lm15.Usage(
        input_tokens=usage.get("promptTokens"),
        output_tokens=usage.get("completionTokens"),
        total_tokens=usage.get("totalTokens"),
    )


def to_lm_error(error: HostError) -> lm15.LM15Error:
    return _ERRORS.get(error.kind, lm15.ServerError)(str(error))
