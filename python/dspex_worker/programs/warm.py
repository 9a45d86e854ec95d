"""DSPy before the fork: its settings, and a first Predict, whose imports and caches all workers share."""

from __future__ import annotations

from typing import Any, Final

import dspy

from dspex_worker import codec, messages
from dspex_worker.lanes import PromptLoop
from dspex_worker.programs.adapters import ADAPTERS
from dspex_worker.programs.lm_engine import HostLM
from dspex_worker.programs.signatures import build_signature

DSPY_VERSION: Final = str(dspy.__version__)


def warm() -> None:
    """Once, before the fork: settings that only the first thread may make, and a first Predict, whose imports all share."""
    dspy.configure(adapter=ADAPTERS["chat"](), disable_history=True, max_trace_size=0, warn_on_type_mismatch=False)
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    spec = {
        "name": "Warm",
        "inputs": [{"name": "question", "type": "str"}],
        "outputs": [{"name": "answer", "type": {"kind": "literal", "values": ["yes", "no"]}}],
    }
    program = dspy.ChainOfThought(build_signature(spec))
    # Without a thread: a zygote with two of them cannot fork.
    loop = PromptLoop()
    # By DSPy's own way, and by the short one once the settings are known (lm_shapes.py).
    for settings in ({"temperature": 0.5}, {}, {}):
        with dspy.context(lm=HostLM(_Rehearsal(), **settings)):  # type: ignore[arg-type]
            program(question="q")
            loop.run_until_complete(program.acall(question="q"))
    loop.close()


class _Rehearsal:
    """In the place of a call, before there is one: the imports and caches of its first completion are then everybody's."""

    spec = messages.Call(op="program")
    answer: Final = {"choices": [{"text": "[[ ## reasoning ## ]]\nr\n\n[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]"}]}

    def ask(self, *_: Any) -> Any:
        return codec.decode(codec.encode(self.answer))

    async def ask_async(self, *_: Any) -> Any:
        return self.ask()
