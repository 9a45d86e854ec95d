"""The same ChainOfThought in DSPy: `dspy_native.py render|parse|cot JSON` prints the microseconds of one."""

import json
import sys
import time
from collections.abc import Callable

import dspy

what, given = sys.argv[1], json.loads(sys.argv[2])
inputs, completion = given["inputs"], given["completion"]


class Scripted:
    """An engine that answers at once."""

    def complete(self, request: dspy.lm15.Request) -> dspy.lm15.Response:
        text = dspy.lm15.TextPart(completion)
        return dspy.lm15.Response(
            id="1", model="scripted", message=dspy.lm15.Message.assistant([text]), finish_reason="stop", usage=dspy.lm15.Usage()
        )


class Answering(dspy.Signature):
    question: str = dspy.InputField()
    context: str = dspy.InputField()
    answer: str = dspy.OutputField()
    confidence: float = dspy.OutputField(ge=0, le=1)


adapter = dspy.ChatAdapter()
program = dspy.ChainOfThought(Answering)
signature = program.predict.signature
dspy.configure(lm=dspy.LM("scripted", engine=Scripted(), cache=False), disable_history=True, max_trace_size=0)
work: dict[str, Callable[[], object]] = {
    "render": lambda: adapter.format(signature, [], inputs),
    "parse": lambda: adapter.parse(signature, completion),
    "cot": lambda: program(**inputs),
}

run = work[what]
for _ in range(200):
    run()
figures = []
for _ in range(7):
    started = time.perf_counter()
    for _ in range(200):
        run()
    figures.append((time.perf_counter() - started) / 200 * 1e6)
print(sorted(figures)[3])
