"""How calls run: one at a time on the main thread, where a signal stops them, or many as tasks of one event loop."""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

from dspex_worker import births
from dspex_worker.calls import Call
from dspex_worker.channel import Channel
from dspex_worker.codec import encode, to_wire
from dspex_worker.failures import failure_of
from dspex_worker.frame import FrameType
from dspex_worker.interrupts import Interrupts
from dspex_worker.lm_engine import prompt

# tqdm's monitor outlives its bars by design and does nothing.
_HARMLESS: Final = ("TMonitor",)

Operation = Callable[[Call], Any]
#: Operations that ask nobody and take no time.
IMMEDIATE: Final = frozenset({"noop", "echo"})
# An enum's member is looked up by a Python function before 3.12.
_RESULT: Final = FrameType.RESULT


def send_result(channel: Channel, call: Call, wire: Any, lingering: int = 0) -> None:
    """``wire`` is what ``to_wire`` made of the value, while the call could still be stopped."""
    try:
        channel.send(_RESULT, call.number, encode({"value": wire, "lingering": lingering}))
    except Exception as refusal:
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
        wire: Any = None
        error: BaseException | None = None
        try:
            try:
                self._interrupts.begin(call.number)
                value = self._operation(call)
                # A value has code of its own, which may raise or take for ever: it belongs to the call.
                if call.spec.stream:
                    self._drain(call, value)
                else:
                    wire = to_wire(value)
            finally:
                # A cancel may come as late as here, and is caught below like any other.
                self._interrupts.end()
        except BaseException as stopped:  # SystemExit and KeyboardInterrupt of user code too: the worker lives on.
            error = stopped
        call.close()
        left = self._left()
        if error is None:
            send_result(self._channel, call, wire, left)
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
            while self.active or not (self._inbox and self._inbox[0].spec.exclusive):
                # A task of the user's own may stop the loop, or end with SystemExit, which asyncio lets through: whoever
                # awaits that task has it too, and the others' calls go on.
                with suppress(SystemExit, KeyboardInterrupt):
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
                self._answer(call)
                continue
            call.loop = self._loop
            self.active += 1
            call.task = self._loop.create_task(self._call(call))
        if inbox and not self.active:
            self._loop.stop()

    def _answer(self, call: Call) -> None:
        try:
            wire = to_wire(self._immediate(call))
        except Exception as error:
            send_error(self._channel, call, error)
        else:
            send_result(self._channel, call, wire)
        self._forget(call)

    def cancel(self, call: Call) -> None:
        call.close()
        if call.task is not None:
            self._loop.call_soon_threadsafe(call.task.cancel)

    async def _call(self, call: Call) -> None:
        wire: Any = None
        try:
            value = await self._operation(call)
            if call.spec.stream:
                await self._drain(call, value)
            else:
                wire = to_wire(value)
        except BaseException as error:
            call.close()
            send_error(self._channel, call, error)
        else:
            call.close()
            send_result(self._channel, call, wire)
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
