"""The host's tools as DSPy's: its schema is printed as given, and what it does is asked of the host."""

from __future__ import annotations

import inspect
from typing import Any, Final

import dspy


def unbound() -> Any:
    def tool(**_: Any) -> None:
        return None

    return tool


def make_tool(spec: dict[str, Any], function: Any) -> dspy.Tool:
    """A tool whose schema is the host's: DSPy prints it as given and checks arguments against it."""
    names = [parameter["name"] for parameter in spec["parameters"]]
    function.__name__ = spec["name"]
    function.__doc__ = spec.get("description")
    function.__signature__ = inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
    args = {
        parameter["name"]: {**parameter["schema"], **({"default": parameter["default"]} if "default" in parameter else {})}
        for parameter in spec["parameters"]
    }
    return dspy.Tool(function, name=spec["name"], desc=spec.get("description"), args=args, arg_types=dict.fromkeys(names, Any))


def caller(call: Any, name: str, asynchronous: bool) -> Any:
    if asynchronous:

        async def ask_async(**args: Any) -> Any:
            return await call.ask_async("tool", name, args)

        return ask_async

    def ask(**args: Any) -> Any:
        return call.ask("tool", name, args)

    return ask


#: What CodeAct would ship of them.
TOOL_SOURCES: Final = {inspect.getsource(make) for make in (unbound(), caller(None, "", asynchronous=False))}
