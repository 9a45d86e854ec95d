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
from dspex_worker.interrupts import CallCancelled, Interrupts
from dspex_worker.programs.lm_engine import prompt

# tqdm's monitor outlives its bars by design and does nothing.
_HARMLESS: Final = ("TMonitor",)

Operation = Callable[[Call], Any]
#: Operations that ask nobody and take no time.
IMMEDIATE: Final = frozenset({"noop", "echo"})
# Seconds; results are not kept back for a call that takes longer.
_BRIEF: Final = 0.0005


def send_result(channel: Channel, call: Call, wire: Any, later: bool = False) -> None:
    """``wire`` is what ``to_wire`` made of the value, while the call could still be stopped."""
    try:
        channel.answer(call.number, encode(wire), later)
    except Exception as refusal:
        send_error(channel, call, refusal)


def send_error(channel: Channel, call: Call, error: BaseException) -> None:
    channel.send(FrameType.ERROR, call.number, encode(failure_of(error)))


class WrongLane(Exception):
    """A module without an asynchronous side would block the event loop; the host sends the call again."""

    dspex_kind = "wrong_lane"


class ExclusiveLane:
    """The main thread runs one call; a signal ends it."""

    def __init__(self, channel: Channel, interrupts: Interrupts, operation: Operation, inbox: deque[Call]) -> None:
        self._inbox = inbox
        self._channel = channel
        self._interrupts = interrupts
        self._operation = operation
        # Operations whose last call took next to no time, as far as others waited for it; and since when that is looked at.
        self._brief: set[str] = set()
        self._since = 0.0
        births.watch()

    def prepare(self, call: Call) -> None:
        """The call is the next. After a death the host goes by this: of the calls it has sent ahead and not seen
        answered, one that must not be repeated has begun only if it is the first."""
        if not (call.spec.idempotent and call.spec.op in self._brief):
            self._channel.settle()

    def start_watch(self) -> None:
        """Several calls have come: each one's time counts."""
        self._since = time.monotonic()

    def run(self, call: Call) -> None:
        channel, interrupts, born, spec = self._channel, self._interrupts, births.born, call.spec
        if born:
            born.clear()
        wire: Any = None
        error: BaseException | None = None
        channel.progress += 1
        try:
            try:
                interrupts.begin(call.number)
                if call.closed:  # Cancelled between the inbox and here.
                    raise CallCancelled
                value = self._operation(call)
                # A value has code of its own, which may raise or take for ever: it belongs to the call.
                if spec.stream:
                    self._drain(call, value)
                elif value is not None:
                    wire = to_wire(value)
            finally:
                # A cancel may come as late as here, and is caught below like any other.
                interrupts.running = None
        except BaseException as stopped:  # SystemExit and KeyboardInterrupt of user code too: the worker lives on.
            error = stopped
        call.close()
        lingers = bool(born) and self._left() > 0
        if lingers:
            channel.send(FrameType.EVENT, call.number, encode({"name": "lingering"}))
        more = bool(self._inbox)
        if error is None:
            # What must not be repeated leaves at once: the next call could take it along into its death.
            send_result(channel, call, wire, spec.idempotent and not lingers and (more or channel.unsettled))
        else:
            send_error(channel, call, error)
        if lingers:
            self._await_threads(call)
        if more:
            self._judge(call)

    def _judge(self, call: Call) -> None:
        now = time.monotonic()
        if now - self._since < _BRIEF:
            self._brief.add(call.spec.op)
        else:
            self._brief.discard(call.spec.op)
            self._channel.catch_up()
        self._since = now

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
        own = self._channel.own_threads()
        return sum(t.is_alive() and t not in own and type(t).__name__ not in _HARMLESS for t in tuple(births.born))

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
        while inbox:
            try:
                call = inbox.popleft()
            except IndexError:  # Cancelled meanwhile, by the watcher.
                break
            if call.spec.exclusive:
                inbox.appendleft(call)
                break
            if call.spec.op in IMMEDIATE and not call.spec.stream and call.fill is None:
                # It cannot wait for anything: a task would only be taken up and laid down.
                self._answer(call)
                continue
            call.loop = self._loop
            self.active += 1
            call.task = self._loop.create_task(self._call(call))
            if call.closed:
                # Cancelled between the inbox and here, by the watcher, who saw no task. Once begun, a task answers for itself.
                self._loop.call_soon(call.task.cancel)
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
