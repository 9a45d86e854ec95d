"""The host's answers and failures, as DSPy's engines give them."""

from __future__ import annotations

import json
from typing import Any, Final

from dspy import lm15

from dspex_worker.calls import HostError

#: The name DSPy shows in its errors. A provider's own would switch on rules for its models that are the host's matter.
MODEL: Final = "host/lm"
FINISH: Final = {"length": "length", "content_filter": "content_filter", "tool_calls": "tool_call", "tool_call": "tool_call"}
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


def to_response(answer: dict[str, Any] | HostError) -> lm15.Response:
    """``LMResponse``'s first choice, DSPy asks again for every further completion; or what DSPy knows the failure as."""
    if isinstance(answer, HostError):
        raise to_lm_error(answer) from answer
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
            arguments = json.loads(arguments or "{}")
        parts.append(lm15.ToolCallPart(id=call.get("id") or "", name=function["name"], input=arguments))
    return lm15.Response(
        id="host",
        model=answer.get("model") or MODEL,
        message=lm15.Message.assistant(parts),
        finish_reason=FINISH.get(choice.get("finishReason") or "", "tool_call" if calls else "stop"),
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
