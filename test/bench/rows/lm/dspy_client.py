"""The same Predict in DSPy against the same server: `dspy_client.py BASE_URL CALLS CONCURRENCY threads|acall` prints calls a second."""

import asyncio
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import dspy

base_url, calls, concurrency, how = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
dspy.configure(lm=dspy.LM("openai/bench", api_base=base_url, api_key="none", cache=False, num_retries=0), disable_history=True)
predict = dspy.Predict("question, context -> answer, confidence: float")
inputs = {"question": "What is the capital of France?", "context": "France is a country in Europe."}


def in_threads(count: int) -> None:
    with ThreadPoolExecutor(concurrency) as pool:
        for result in pool.map(lambda _: predict(**inputs), range(count)):
            assert result.answer == "Paris"


async def in_loop(count: int) -> None:
    room = asyncio.Semaphore(concurrency)

    async def one() -> None:
        async with room:
            assert (await predict.acall(**inputs)).answer == "Paris"

    await asyncio.gather(*(one() for _ in range(count)))


def run(count: int) -> None:
    if how == "threads":
        in_threads(count)
    else:
        asyncio.run(in_loop(count))


run(concurrency)
started = time.perf_counter()
run(calls)
print(calls / (time.perf_counter() - started))
