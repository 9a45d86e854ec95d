"""A program for one call: its tools, its rewards, its LM and everything else DSPy shall know of it."""

from __future__ import annotations

import copy
from contextlib import AbstractContextManager
from typing import Any

import dspy

from dspex_worker.calls import Call
from dspex_worker.programs.adapters import ADAPTERS
from dspex_worker.programs.build import Built, given
from dspex_worker.programs.interpreter import CodeInterpreter
from dspex_worker.programs.lm_engine import HostLM
from dspex_worker.programs.prediction import describe
from dspex_worker.programs.state import lm_defaults
from dspex_worker.programs.tools import caller, make_tool


def bind(built: Built, call: Call, asynchronous: bool) -> Any:
    """The module for one call: its tools and rewards ask the host on behalf of that call."""
    kind, settings, tools = built.spec["kind"], built.spec.get("settings") or {}, built.spec.get("tools") or []
    if built.inner is not None:
        make = dspy.BestOfN if kind == "bestOfN" else dspy.Refine

        def reward(inputs: dict[str, Any], prediction: Any) -> float:
            return float(call.ask("function", "reward", [describe(prediction)]))

        return make(
            module=bind(built.inner, call, asynchronous=False),
            N=settings["n"],
            reward_fn=reward,
            threshold=settings["threshold"],
            **given(settings, failCount="fail_count"),
        )
    if not tools:
        return built.module
    bound = copy.copy(built.module)
    made = {tool["name"]: make_tool(tool, caller(call, tool["name"], asynchronous)) for tool in tools}
    if kind == "rlm":
        bound._user_tools = {**bound._user_tools, **made}
    else:
        bound.tools = {**bound.tools, **made}
    return bound


def context_of(call: Call, built: Built) -> AbstractContextManager[Any]:
    """Everything DSPy shall know for this call, and for no other."""
    args = call.spec.args
    lm = HostLM(call, **lm_defaults(args.get("config") or {}))
    adapter = ADAPTERS[args.get("adapter") or "chat"]()
    overrides: dict[str, Any] = {"lm": lm, "adapter": adapter, "interpreter_factory": lambda: CodeInterpreter(built.spec, call)}
    if args.get("trace") or built.inner is not None:
        # BestOfN and Refine read the trace of their attempts; it is this call's own list.
        overrides |= {"trace": [], "max_trace_size": 10_000}
    context: AbstractContextManager[Any] = dspy.context(**overrides)
    return context
