"""What a worker can be asked to do: the built-in operations, and the user's own functions by dotted name."""

from __future__ import annotations

import inspect
from typing import Any

from dspex_worker import messages, modules, programs
from dspex_worker.calls import Call


class UnknownOperation(Exception):
    dspex_kind = "unknown_operation"


class Operations:
    def __init__(self, profile: messages.Profile) -> None:
        modules.declare(profile.python_path, profile.allow)
        self._programs = programs.Programs(profile.python_path)

    def run(self, call: Call) -> Any:
        """On the main thread, alone."""
        match call.spec.op:
            case "noop":
                return None
            case "echo":
                return call.spec.args
            case "program":
                return programs.run(call, self._programs)
            case op if "." in op:
                return call_function(modules.find(op), call)
            case op:
                raise UnknownOperation(f"there is no operation {op!r}; a function of yours is named module.function")

    async def run_async(self, call: Call) -> Any:
        """As a task among others."""
        match call.spec.op:
            case "program":
                return await programs.run_async(call, self._programs)
            case op if "." in op:
                found = call_function(modules.find(op), call)
                return await found if inspect.isawaitable(found) else found
            case _:
                return self.run(call)


def call_function(function: Any, call: Call) -> Any:
    """An object's members are named arguments, a list's items positional ones."""
    args = call.spec.args
    if args is None:
        return function()
    if isinstance(args, dict):
        return function(**args)
    return function(*args) if isinstance(args, list) else function(args)
