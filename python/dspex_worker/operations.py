"""What a worker can be asked to do: the built-in operations, and the user's own functions by dotted name."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from dspex_worker import messages, modules
from dspex_worker.calls import Call
from dspex_worker.lanes import WrongLane
from dspex_worker.programs.known import Programs
from dspex_worker.programs.run import run
from dspex_worker.programs.run_async import run_async


class UnknownOperation(Exception):
    dspex_kind = "unknown_operation"


class Operations:
    def __init__(self, profile: messages.Profile) -> None:
        modules.declare(profile.python_path, profile.allow)
        self._programs = Programs()
        self._sessions: dict[str, dict[str, Any]] = {}

    def run(self, call: Call) -> Any:
        """On the main thread, alone."""
        if call.fill is not None:
            call.spec.args = _filled(call)
        match call.spec.op:
            case "noop":
                return None
            case "echo":
                return call.spec.args
            case "program":
                return run(call, self._programs)
            case "session.open":
                self._sessions[call.spec.session or ""] = call.spec.args["state"]
                return None
            case "session.state":
                return self._sessions[call.spec.session or ""]
            case op if "." in op:
                result = self._call(modules.find(op), call)
                if inspect.isasyncgen(result):
                    return modules.from_async(result)
                return modules.settled(result)
            case op:
                raise UnknownOperation(f"there is no operation {op!r}; a function of yours is named module.function")

    async def run_async(self, call: Call) -> Any:
        """As a task among others."""
        if call.fill is not None:
            call.spec.args = await asyncio.get_running_loop().run_in_executor(None, _filled, call)
            call.fill = None
        match call.spec.op:
            case "program":
                return await run_async(call, self._programs)
            case op if "." in op:
                function = modules.find(op)
                if inspect.isasyncgenfunction(function):
                    return self._call(function, call)
                if not inspect.iscoroutinefunction(function):
                    raise WrongLane(op)
                return await self._call(function, call)
            case _:
                return self.run(call)

    def _call(self, function: Any, call: Call) -> Any:
        """An object's members are named arguments, a list's items positional ones."""
        args = call.spec.args
        extra: dict[str, Any] = {name: _asking(call, name) for name in call.spec.callbacks}
        if call.spec.session is not None and "session" in _parameters(function):
            extra["session"] = self._sessions[call.spec.session]
        if args is None:
            return function(**extra)
        if isinstance(args, dict):
            return function(**args, **extra)
        return function(*args, **extra) if isinstance(args, list) else function(args, **extra)


def _filled(call: Call) -> Any:
    try:
        return call.fill(call.spec.args) if call.fill is not None else call.spec.args
    except (OSError, ValueError) as error:
        error.dspex_kind = "unserialisable"  # type: ignore[union-attr]
        raise


def _asking(call: Call, name: str) -> Any:
    """A function of the host's, to be called from any thread."""

    def ask(*args: Any, **kwargs: Any) -> Any:
        return call.ask("function", name, [list(args), kwargs])

    ask.__name__ = name
    return ask


def _parameters(function: Any) -> Any:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ()
