"""The same Predict without a bridge. A number of calls a line on stdin, microseconds a call on stdout.

    engine   an engine like the worker's, that answers in this process
    dummy    DSPy as its users test it, with a DummyLM
    cold     ends after the first answer
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["DSPY_CACHEDIR"] = "/nonexistent/dspy"

import dspy
from dspy import lm15

COMPLETION = "[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]"
QUESTION = "What is the capital of France?"


class Engine:
    supports_function_calling = supports_reasoning = supports_response_schema = False
    supported_params = frozenset[str]()

    def complete(self, request: Any) -> Any:
        message = lm15.Message.assistant([lm15.TextPart(COMPLETION)])
        return lm15.Response(id="here", model="here/lm", message=message, finish_reason="stop", usage=lm15.Usage())


def main(how: str) -> None:
    dspy.configure(adapter=dspy.ChatAdapter(), disable_history=True, max_trace_size=0, warn_on_type_mismatch=False)
    if how != "cold":
        dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    predict = dspy.Predict("question -> answer")

    def one() -> None:
        # As in the worker: what belongs to a call is made for the call.
        if how == "engine":
            lm: Any = dspy.LM("host/lm", engine=Engine(), cache=False, num_retries=0)
        else:
            lm = dspy.utils.DummyLM([{"answer": "Paris"}])
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
            assert predict(question=QUESTION).answer == "Paris"

    one()
    print("ready", flush=True)
    if how == "cold":
        return
    for line in sys.stdin:
        count = int(line)
        start = time.perf_counter()
        for _ in range(count):
            one()
        print((time.perf_counter() - start) * 1e6 / count, flush=True)


main(sys.argv[1])
