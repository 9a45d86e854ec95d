"""Model-written code, in a process of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import dspy
from dspy.primitives.code_interpreter import CodeInterpreterError

from dspex_worker.calls import Call
from dspex_worker.nursery import Nursery
from dspex_worker.programs.tools import TOOL_SOURCES, caller

#: Where model-written code gets its process; set in each worker, absent where workers are spawned.
nursery: Nursery | None = None


class CodeInterpreter(dspy.LocalInterpreter):  # type: ignore[misc]
    """DSPy's persistent interpreter, in a fresh process with no permission at all instead of a subprocess with all of ours."""

    _process: Any

    def __init__(self, spec: dict[str, Any], call: Call) -> None:
        # CodeAct ships the source of its tools; ours run at the host, and are called by name.
        act = spec["kind"] == "codeAct"
        tools = {tool["name"]: caller(call, tool["name"], asynchronous=False) for tool in spec.get("tools") or []}
        super().__init__(tools=tools if act else None)

    def start(self) -> None:
        if self._ended or self._process is not None:
            super().start()
            return
        if nursery is None:
            raise CodeInterpreterError("Model-written code needs a forked process of its own, and this pool spawns its workers.")
        try:
            process = nursery.open()
        except OSError as error:
            raise CodeInterpreterError(str(error)) from error
        self._process = process
        threading.Thread(target=self._read_responses, args=(process,), daemon=True).start()
        message = self._receive(time.monotonic() + 10, "The process for model-written code did not start within 10 s.")
        if message.get("type") != "ready":
            self._raise_terminal_error(f"The process for model-written code began with {message!r}")

    def execute(self, code: str, variables: dict[str, Any] | None = None) -> Any:
        return None if code in TOOL_SOURCES else super().execute(code, variables)


def code_session() -> Callable[[], None]:
    """DSPy's own loop over descriptors 0 and 1, with its end of what was printed; imported before the lock-in."""
    from dspy.primitives import local_interpreter_worker

    run: Callable[[], None] = local_interpreter_worker.main
    return run
