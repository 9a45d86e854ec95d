"""A call under way: its cancellation, its credits, and the questions it asks the host.

The call is handed on as an object, in the engine of its LM and in its wrapped tools and metrics. A context variable
of ours would be empty in the threads of Evaluate, Parallel and GEPA.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct

from dspex_worker import messages
from dspex_worker.channel import Channel
from dspex_worker.codec import decode, encode, to_wire
from dspex_worker.frame import FrameType, Message
from dspex_worker.interrupts import CallCancelled, CallClosed

# The window of a stream before its consumer has said anything: bytes of chunk bodies on their way.
INITIAL_CREDIT: Final = 256 << 10


class HostError(Exception):
    """The host answered a callback with an error; ``kind`` names the case, for the engine to translate."""

    def __init__(self, failure: messages.Failure) -> None:
        super().__init__(failure.message)
        self.kind = failure.kind
        self.type = failure.type


class Reply:
    """An answer somebody waits for: the main thread by reading, a thread by a lock, a coroutine by a future."""

    __slots__ = ("_chunks", "_error", "_value", "_wake", "call", "done")

    def __init__(self, call: Call, wake: Callable[[], None] | None) -> None:
        self.call = call
        self.done = False
        self._wake = wake
        self._value: Any = None
        self._error: BaseException | None = None
        self._chunks: list[Any] = []

    def resolve(self, value: Any = None, error: BaseException | None = None) -> None:
        if not self.done:
            self._value, self._error, self.done = value, error, True
            if self._wake is not None:
                self._wake()

    def add(self, chunk: Any) -> None:
        self._chunks.append(chunk)
        if self._wake is not None:
            self._wake()

    def take(self) -> list[Any]:
        chunks, self._chunks = self._chunks, []
        return chunks

    def result(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._value


class Replies:
    """The questions asked and not yet answered, of all calls of this worker."""

    def __init__(self) -> None:
        self.open: dict[int, Reply] = {}
        self._next = 0
        self._lock = threading.Lock()

    def add(self, reply: Reply) -> int:
        with self._lock:
            self._next = self._next % 0xFFFF_FFFF + 1
            self.open[self._next] = reply
            return self._next

    def drop(self, number: int) -> None:
        with self._lock:
            self.open.pop(number, None)

    def take(self, message: Message) -> None:
        """An answer has come; one that nobody waits for any more is dropped."""
        kind, number, body = message
        reply = self.open.get(number)
        if reply is None:
            return
        if kind is FrameType.CALLBACK_CHUNK:
            reply.add(decode(body))
        elif kind is FrameType.CALLBACK_RESULT:
            reply.resolve(decode(body))
        else:
            failure = messages.decode_failure(body)
            reply.resolve(error=CallClosed() if failure.kind == "call_closed" else HostError(failure))

    def close(self, call: Call) -> None:
        with self._lock:
            mine = [reply for reply in self.open.values() if reply.call is call]
        for reply in mine:
            reply.resolve(error=CallClosed())


class Call(Struct, eq=False):
    """What an operation gets to work with. ``loop`` is set where it runs as a task. A struct is made in half the time."""

    number: int
    spec: messages.Call
    _channel: Channel
    _replies: Replies
    closed: bool = False
    loop: asyncio.AbstractEventLoop | None = None
    task: asyncio.Task[None] | None = None
    #: Puts into the arguments what the host left in segments, where it left anything.
    fill: Callable[[Any], Any] | None = None
    _credit: int = INITIAL_CREDIT
    _credit_wake: Callable[[], None] | None = None

    def close(self) -> None:
        """Nothing of this call is answered from here on; whoever waits for an answer is released."""
        self.closed = True
        if self._replies.open:
            self._replies.close(self)
        if self._credit_wake is not None:
            self._credit_wake()

    # ── questions to the host ────────────────────────────────────────────────────────────────────────────────────

    def ask(self, kind: str, name: str, args: Any) -> Any:
        """A callback, from any thread."""
        answered = None if threading.get_ident() == threading.main_thread().ident else threading.Event()
        reply, number = self._begin(answered.set if answered else None, kind, name, args)
        try:
            if answered:
                answered.wait()
            else:
                self._read_until_done(reply)
            return reply.result()
        finally:
            self._replies.drop(number)

    async def ask_async(self, kind: str, name: str, args: Any) -> Any:
        """A callback, from a coroutine of this worker's loop or of a loop of the user's own."""
        event = LoopEvent()
        reply, number = self._begin(event.set, kind, name, args)
        try:
            while not reply.done:
                await event.wait()
            return reply.result()
        finally:
            self._replies.drop(number)

    def ask_stream(self, kind: str, name: str, args: Any) -> StreamReply:
        """A callback that answers in chunks; for a loop's coroutine only."""
        event = LoopEvent()
        reply, number = self._begin(event.set, kind, name, args)
        return StreamReply(reply, event, lambda: self._replies.drop(number))

    def _begin(self, wake: Callable[[], None] | None, kind: str, name: str, args: Any) -> tuple[Reply, int]:
        if self.closed:
            raise CallClosed
        reply = Reply(self, wake)
        body = encode({"call": self.number, "kind": kind, "name": name, "args": to_wire(args)})
        number = self._replies.add(reply)
        self._channel.send(FrameType.CALLBACK, number, body)
        if self.closed:  # Closed between the look and the entry: nobody else would release it.
            reply.resolve(error=CallClosed())
        return reply, number

    def _read_until_done(self, reply: Reply) -> None:
        self._channel.pause()
        try:
            self._channel.read_until(lambda: reply.done)
        finally:
            self._channel.resume()

    # ── a stream's chunks ────────────────────────────────────────────────────────────────────────────────────────

    def grant(self, amount: int) -> None:
        self._credit += amount
        self._wake_credit()

    def _wake_credit(self) -> None:
        if self._credit_wake is not None:
            self._credit_wake()

    def emit(self, value: Any) -> None:
        """One chunk from the main thread; waits while the consumer has not taken what is on its way."""
        body = encode(to_wire(value))
        if self._credit <= 0 and not self.closed:
            self._channel.pause()
            try:
                self._channel.read_until(lambda: self._credit > 0 or self.closed)
            finally:
                self._channel.resume()
        self._send_chunk(body)

    async def emit_async(self, value: Any) -> None:
        body = encode(to_wire(value))
        while self._credit <= 0 and not self.closed:
            event = LoopEvent()
            self._credit_wake = event.set
            await event.wait()
        self._send_chunk(body)

    def _send_chunk(self, body: bytes) -> None:
        if self.closed:
            raise CallCancelled
        self._credit -= len(body)
        self._channel.send(FrameType.CHUNK, self.number, body)


class LoopEvent:
    """An event that any thread sets and a coroutine waits for."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._home = threading.get_ident()
        self._event = asyncio.Event()

    def set(self) -> None:
        if threading.get_ident() == self._home:
            self._event.set()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)

    async def wait(self) -> None:
        await self._event.wait()
        self._event.clear()


class StreamReply:
    """The chunks of an answer, as they come."""

    def __init__(self, reply: Reply, event: LoopEvent, drop: Callable[[], None]) -> None:
        self._reply = reply
        self._event = event
        self._drop = drop

    async def __aiter__(self) -> Any:
        try:
            while True:
                for chunk in self._reply.take():
                    yield chunk
                if self._reply.done:
                    break
                await self._event.wait()
            for chunk in self._reply.take():
                yield chunk
            self._reply.result()
        finally:
            self._drop()
