"""How calls run: one at a time on the main thread, where a signal stops them, or many as tasks of one event loop."""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
import traceback
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any, Final

from dspex_worker import births
from dspex_worker.calls import Call
from dspex_worker.channel import Channel
from dspex_worker.codec import Unserialisable, encode, plain_lines, to_wire
from dspex_worker.frame import FrameType, ProtocolError
from dspex_worker.interrupts import CallStopped, Interrupts
from dspex_worker.lm_engine import prompt

# Tracebacks of deep recursions are long; the ends tell the story.
_TRACEBACK_LIMIT: Final = 64 << 10
# tqdm's monitor outlives its bars by design and does nothing.
_HARMLESS: Final = ("TMonitor",)

Operation = Callable[[Call], Any]
#: Operations that ask nobody and take no time.
IMMEDIATE: Final = frozenset({"noop", "echo"})
# An enum's member is looked up by a Python function before 3.12.
_RESULT: Final = FrameType.RESULT


def failure_of(error: BaseException) -> dict[str, Any]:
    """An exception as the host shall see it."""
    if isinstance(error, CallStopped | asyncio.CancelledError):
        return {"kind": "cancelled", "type": type(error).__name__, "message": "", "traceback": ""}
    kind = {Unserialisable: "unserialisable", ProtocolError: "unserialisable"}.get(type(error), "exception")
    kind = getattr(error, "dspex_kind", kind)
    try:
        message = plain_lines([str(error)])
        text = plain_lines(traceback.format_exception(error))
    except Exception:  # An exception that cannot say its text has a place all the same.
        message = "(its own text cannot be made)"
        text = plain_lines([*traceback.format_tb(error.__traceback__), type(error).__name__])
    if len(text) > _TRACEBACK_LIMIT:
        half = _TRACEBACK_LIMIT // 2
        text = f"{text[:half]}\n... {len(text) - _TRACEBACK_LIMIT} characters left out ...\n{text[-half:]}"
    failure = {"kind": kind, "type": type(error).__name__, "message": message[:_TRACEBACK_LIMIT], "traceback": text}
    details = getattr(error, "dspex_details", None)
    return {**failure, "details": details} if details else failure


def send_result(channel: Channel, call: Call, value: Any, lingering: int = 0) -> None:
    try:
        body = encode({"value": to_wire(value), "lingering": lingering})
        channel.send(_RESULT, call.number, body)
    except (Unserialisable, ProtocolError, RecursionError) as refusal:
        send_error(channel, call, refusal, lingering)


def send_error(channel: Channel, call: Call, error: BaseException, lingering: int = 0) -> None:
    channel.send(FrameType.ERROR, call.number, encode({**failure_of(error), "lingering": lingering}))


class ExclusiveLane:
    """The main thread runs one call; a signal ends it."""

    def __init__(self, channel: Channel, interrupts: Interrupts, operation: Operation) -> None:
        self._channel = channel
        self._interrupts = interrupts
        self._operation = operation
        births.watch()

    def run(self, call: Call) -> None:
        births.forget()
        value: Any = None
        error: BaseException | None = None
        self._interrupts.begin(call.number)
        try:
            value = self._operation(call)
            if call.spec.stream:
                self._drain(call, value)
                value = None
            self._interrupts.end()
        except BaseException as stopped:  # SystemExit and KeyboardInterrupt of user code too: the worker lives on.
            self._interrupts.end()
            error = stopped
        call.close()
        left = self._left()
        if error is None:
            send_result(self._channel, call, value, left)
        else:
            send_error(self._channel, call, error, left)
        if left:
            self._await_threads(call)

    def _drain(self, call: Call, chunks: Any) -> None:
        if not isinstance(chunks, Iterator):
            raise TypeError(f"a stream needs a generator, and this returned {type(chunks).__name__}")
        try:
            for chunk in chunks:
                call.emit(chunk)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _left(self) -> int:
        """The threads of the call that run on."""
        born = births.alive()
        if not born:
            return 0
        own = self._channel.own_threads()
        return sum(thread not in own and type(thread).__name__ not in _HARMLESS for thread in born)

    def _await_threads(self, call: Call) -> None:
        """The call has ended only when nothing of it runs on; the host kills us when it has waited long enough."""
        while self._left():
            time.sleep(0.002)
        self._channel.send(FrameType.EVENT, call.number, encode({"name": "idle"}))


class AsyncLane:
    """One event loop, many calls. It runs for as long as there are calls of its kind, and gives way to an exclusive one."""

    def __init__(
        self,
        channel: Channel,
        operation: Callable[[Call], Awaitable[Any]],
        inbox: deque[Call],
        forget: Callable[[Call], None],
        immediate: Operation,
    ) -> None:
        self._immediate = immediate
        self._channel = channel
        self._operation = operation
        self._forget = forget
        self._main = threading.main_thread().ident
        self._reading = False
        self._inbox = inbox
        self._selector = _WatchedSelector(channel)
        self._loop = PromptLoop(self._selector)
        self._loop.add_reader(channel.fileno(), self._read)
        self.active = 0

    def run(self) -> None:
        """Until an exclusive call waits in the inbox."""
        asyncio.set_event_loop(self._loop)
        self._selector.watching = True
        self._channel.gather(True)
        try:
            self.admit()
            self._loop.run_forever()
        finally:
            self._channel.gather(False)
            self._selector.watching = False
            asyncio.set_event_loop(None)

    def _read(self) -> None:
        self._reading = True
        try:
            self._channel.read_ready()
        finally:
            self._reading = False
        if self._inbox:
            self.admit()

    def notify(self) -> None:
        """A call has come, by whoever reads."""
        if threading.get_ident() != self._main:
            self._loop.call_soon_threadsafe(self.admit)
        elif not self._reading:
            self._loop.call_soon(self.admit)

    def admit(self) -> None:
        inbox = self._inbox
        while inbox and not inbox[0].spec.exclusive:
            call = inbox.popleft()
            if call.spec.op in IMMEDIATE and not call.spec.stream:
                # It cannot wait for anything: a task would only be taken up and laid down.
                send_result(self._channel, call, self._immediate(call))
                self._forget(call)
                continue
            call.loop = self._loop
            self.active += 1
            call.task = self._loop.create_task(self._call(call))
        if inbox and not self.active:
            self._loop.stop()

    def cancel(self, call: Call) -> None:
        call.close()
        if call.task is not None:
            self._loop.call_soon_threadsafe(call.task.cancel)

    async def _call(self, call: Call) -> None:
        try:
            value = await self._operation(call)
            if call.spec.stream:
                await self._drain(call, value)
                value = None
        except BaseException as error:
            call.close()
            send_error(self._channel, call, error)
        else:
            call.close()
            send_result(self._channel, call, value)
        finally:
            self.active -= 1
            self._forget(call)
            if self._inbox:
                self.admit()

    async def _drain(self, call: Call, chunks: AsyncIterator[Any]) -> None:
        try:
            async for chunk in chunks:
                await call.emit_async(chunk)
        finally:
            close = getattr(chunks, "aclose", None)
            if close is not None:
                await close()


class PromptLoop(asyncio.SelectorEventLoop):
    """Runs at once what would be handed to a thread and takes less than the handing over."""

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        # ``asyncio.to_thread`` wraps its function in the run of a copied context.
        if executor is not None or not isinstance(func, partial) or not prompt(*func.args):
            return super().run_in_executor(executor, func, *args)
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


class _WatchedSelector(selectors.DefaultSelector):
    """Tells the channel when the loop waits and when it works, so that the watcher knows a stuck loop from an idle one."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self._channel = channel
        self.watching = False

    def select(self, timeout: float | None = None) -> Any:
        if not self.watching:
            return super().select(timeout)
        self._channel.pause()
        try:
            return super().select(timeout)
        finally:
            self._channel.resume()
