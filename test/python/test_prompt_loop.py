"""The loop of the async lane: what is quicker done than handed to a thread is done, everything else goes to a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import dspy
import pytest

from dspex_worker import messages
from dspex_worker.lanes import PromptLoop
from dspex_worker.programs.lm_engine import HostLM


class Asked:
    spec = messages.Call(op="program")

    async def ask_async(self, *_: Any) -> Any:
        return {"choices": [{"text": "[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]"}]}


@pytest.fixture
def loop() -> Iterator[PromptLoop]:
    loop = PromptLoop()
    yield loop
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def test_a_predict_by_the_hosts_lm_starts_no_thread(loop: PromptLoop) -> None:
    before = threading.active_count()
    with dspy.context(lm=HostLM(Asked()), disable_history=True):  # type: ignore[arg-type]
        prediction = loop.run_until_complete(dspy.Predict("question -> answer").acall(question="q"))
    assert prediction.answer == "Paris"
    assert threading.active_count() == before


def test_a_function_of_the_users_goes_to_a_thread(loop: PromptLoop) -> None:
    assert loop.run_until_complete(asyncio.to_thread(threading.get_ident)) != threading.get_ident()
    assert loop.run_until_complete(loop.run_in_executor(None, threading.get_ident)) != threading.get_ident()


def test_the_same_function_of_dspys_for_another_lm_goes_to_a_thread(loop: PromptLoop) -> None:
    seen: list[int] = []

    class Other(dspy.LM):  # type: ignore[misc]
        @property
        def kwargs(self) -> dict[str, Any]:
            seen.append(threading.get_ident())
            return {}

        @kwargs.setter
        def kwargs(self, _: dict[str, Any]) -> None: ...

    lm = Other("other/lm", engine="lm15", async_engine=None, cache=False)
    seen.clear()
    with pytest.raises(Exception):  # noqa: B017
        loop.run_until_complete(lm.acall("q"))
    assert seen and seen[0] != threading.get_ident()


def test_a_failure_of_what_is_done_at_once_is_raised_where_it_is_awaited(loop: PromptLoop) -> None:
    lm = HostLM(Asked())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        loop.run_until_complete(lm.acall("q", request="no request"))
