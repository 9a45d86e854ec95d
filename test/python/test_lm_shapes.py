"""The short way of a completion says to the host, gives to the adapter and raises what DSPy's own way does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import dspy
import pytest
from dspy.clients import base_lm, execution
from dspy.clients._deprecation import adapter_message_call
from dspy.utils.callback import BaseCallback

from dspex_worker import messages
from dspex_worker.calls import HostError
from dspex_worker.programs import lm_shapes
from dspex_worker.programs.lm_engine import HostLM

TEXT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is Paris? 🗼"}]
PICTURE = [{"role": "user", "content": [{"type": "text", "text": "What is it?"}]}]
ANSWER: dict[str, Any] = {"choices": [{"text": "In France."}]}
CALLED = {"text": "", "toolCalls": [{"id": "1", "name": "look", "input": {"at": "map"}}]}


class Host:
    """In the place of a call: what it is asked, and its answers in turn."""

    spec = messages.Call(op="program")

    def __init__(self, *answers: Any) -> None:
        self.asked: list[Any] = []
        self._answers = answers or (ANSWER,)

    def ask(self, *question: Any) -> Any:
        answer = self._answers[min(len(self.asked), len(self._answers) - 1)]
        self.asked.append(question)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def ask_async(self, *question: Any) -> Any:
        return self.ask(*question)


@pytest.fixture(autouse=True)
def nothing_learned() -> Iterator[None]:
    lm_shapes._learned.clear()
    with dspy.context(disable_history=True, usage_tracker=None):
        yield
    lm_shapes._learned.clear()


@pytest.fixture
def own_way(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often DSPy went its own way."""
    taken: list[str] = []
    prepare = execution.prepare
    monkeypatch.setattr(execution, "prepare", lambda *args, **kwargs: taken.append("prepare") or prepare(*args, **kwargs))
    return taken


Call = Callable[[HostLM, Any, dict[str, Any]], Any]


def at_once(lm: HostLM, said: Any, settings: dict[str, Any]) -> Any:
    with adapter_message_call(lm, said):
        return lm(messages=said, **settings)


def awaited(lm: HostLM, said: Any, settings: dict[str, Any]) -> Any:
    async def ask() -> Any:
        with adapter_message_call(lm, said):
            return await lm.acall(messages=said, **settings)

    return asyncio.run(ask())


def outcome(host: Host, call: Call, said: Any, settings: dict[str, Any], defaults: dict[str, Any]) -> Any:
    try:
        result = call(HostLM(host, **defaults), said, settings)  # type: ignore[arg-type]
    except Exception as error:
        return host.asked, type(error), str(error), type(error.__cause__)
    return host.asked, result


@pytest.mark.parametrize("call", [at_once, awaited])
@pytest.mark.parametrize(
    ("said", "settings", "defaults", "answers"),
    [
        (TEXT, {}, {}, ()),
        (TEXT, {"temperature": 0.7, "max_tokens": 100}, {"temperature": 1.0, "top_p": 0.5, "seed": 3}, ()),
        (TEXT, {"rollout_id": 4, "temperature": 1.0}, {}, ()),
        (TEXT, {}, {"rollout_id": 5}, ()),
        (TEXT, {"n": None}, {}, ()),
        (TEXT, {"n": 2}, {}, (ANSWER, {"choices": [{"text": "There."}]})),
        (TEXT, {"n": True}, {}, ()),
        (TEXT, {"stop": ["\n"]}, {}, ()),
        (TEXT, {"temperature": "hot"}, {}, ()),
        (TEXT, {"no_such_setting": 1}, {}, ()),
        (TEXT, {"response_format": {"type": "json_object"}}, {}, ()),
        (TEXT, {"api_key": "k"}, {}, ()),
        ([*TEXT, {"role": "assistant", "content": ""}, {"role": "user", "content": ""}], {}, {}, ()),
        ([{"role": "user", "content": "\ud800"}], {}, {}, ()),
        ([{"role": "user", "content": "q", "name": "n"}], {}, {}, ()),
        ([{"role": "nobody", "content": "q"}], {}, {}, ()),
        ([], {}, {}, ()),
        (PICTURE, {}, {}, ()),
        (TEXT, {}, {}, ({"choices": [{"text": ""}], "model": "m", "usage": {"promptTokens": 3}},)),
        (TEXT, {}, {}, ({"choices": [{"text": "In F", "finishReason": "length"}]},)),
        (TEXT, {}, {}, ({"choices": [{"text": "In France.", "reasoning": "I looked."}]},)),
        (TEXT, {}, {}, ({"choices": [CALLED]},)),
        (TEXT, {}, {}, ({"choices": [None]},)),
        (TEXT, {}, {}, (HostError(messages.Failure("rate_limited", "slow down")),)),
        (TEXT, {}, {}, (HostError(messages.Failure("host", "the function failed", "TypeError")),)),
    ],
)
def test_the_second_time_is_as_the_first(
    call: Call, said: Any, settings: dict[str, Any], defaults: dict[str, Any], answers: tuple[Any, ...]
) -> None:
    first = outcome(Host(*answers), call, said, settings, defaults)
    assert outcome(Host(*answers), call, said, settings, defaults) == first


@pytest.mark.parametrize("call", [at_once, awaited])
def test_text_with_settings_known_goes_the_short_way(call: Call, own_way: list[str]) -> None:
    for _ in range(3):
        assert outcome(Host(), call, TEXT, {"temperature": 0.5}, {})[1] == ["In France."]
    assert len(own_way) == 1


def test_a_number_and_a_truth_are_two_settings() -> None:
    at_once(HostLM(Host()), TEXT, {"max_tokens": 1})  # type: ignore[arg-type]
    host = Host()
    with pytest.raises(TypeError, match="max_tokens"):
        at_once(HostLM(host), TEXT, {"max_tokens": True})  # type: ignore[arg-type]
    assert host.asked == []


class Watching(BaseCallback):  # type: ignore[misc]
    def __init__(self) -> None:
        self.seen: list[Any] = []

    def on_lm_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:
        self.seen.append(inputs["messages"])

    def on_lm_end(self, call_id: str, outputs: Any, exception: Exception | None = None) -> None:
        self.seen.append(outputs)


def test_whoever_looks_sees_every_completion() -> None:
    at_once(HostLM(Host()), TEXT, {})  # type: ignore[arg-type]
    watching, own = Watching(), Watching()
    with dspy.context(callbacks=[watching]):
        at_once(HostLM(Host(), callbacks=[own]), TEXT, {})  # type: ignore[arg-type]
    assert watching.seen == own.seen == [TEXT, ["In France."]]


def test_usage_and_history_are_kept_where_they_are_asked_for() -> None:
    paid = {**ANSWER, "usage": {"promptTokens": 3, "completionTokens": 2, "totalTokens": 5}}
    at_once(HostLM(Host(paid)), TEXT, {})  # type: ignore[arg-type]
    with dspy.track_usage() as tracker:
        at_once(HostLM(Host(paid)), TEXT, {})  # type: ignore[arg-type]
    assert tracker.get_total_tokens()["host/lm"]["total_tokens"] == 5
    lm = HostLM(Host(paid))  # type: ignore[arg-type]
    with dspy.context(disable_history=False):
        at_once(lm, TEXT, {})
    assert [entry["outputs"] for entry in lm.history] == [["In France."]]
    base_lm.GLOBAL_HISTORY.clear()


def test_a_copy_with_another_engine_asks_that_one() -> None:
    host = Host()
    at_once(HostLM(host), TEXT, {})  # type: ignore[arg-type]

    class Other:
        def complete(self, request: Any) -> Any:
            message = dspy.lm15.Message.assistant([dspy.lm15.TextPart("elsewhere")])
            return dspy.lm15.Response(id="o", model="o", message=message, finish_reason="stop", usage=dspy.lm15.Usage())

    other = HostLM(host).copy(engine=Other())  # type: ignore[arg-type]
    assert at_once(other, TEXT, {}) == ["elsewhere"]
    assert len(host.asked) == 1


def test_messages_of_nobodys_adapter_get_dspys_advice() -> None:
    lm = HostLM(Host())  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.warns(DeprecationWarning, match="messages="):
            lm(messages=TEXT)
