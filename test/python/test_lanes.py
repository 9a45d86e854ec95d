"""A cancel is heard whenever it comes."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from collections.abc import Coroutine
from typing import Any

import pytest

from dspex_worker import messages
from dspex_worker.calls import Call, Replies
from dspex_worker.channel import Channel
from dspex_worker.frame import FrameDecoder, FrameType
from dspex_worker.interrupts import Interrupts
from dspex_worker.lanes import AsyncLane


def test_a_cancel_between_the_inbox_and_the_task_ends_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    near, far = socket.socketpair()
    channel = Channel(Interrupts(), lambda message: None)
    channel.attach(near)

    async def operation(call: Call) -> None:
        await asyncio.sleep(30)

    call = Call(7, messages.Call(op="slow"), channel, Replies())
    then = Call(8, messages.Call(op="other", exclusive=True), channel, Replies())
    lane = AsyncLane(channel, operation, deque([call, then]), lambda call: None, lambda call: None)
    loop: Any = lane._loop
    create = loop.create_task

    def late(coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        lane.cancel(call)  # As the watcher does, which sees no task yet.
        task: asyncio.Task[None] = create(coroutine)
        return task

    monkeypatch.setattr(loop, "create_task", late)
    loop.call_later(20, loop.stop)
    lane.run()  # Until the call has ended, because an exclusive one waits.
    far.settimeout(10)
    [(kind, stream, _)] = FrameDecoder().push(far.recv(4096))
    assert (kind, stream) == (FrameType.ERROR, 7)
    assert lane.active == 0
