"""The worker's end of its socket.

Whoever waits reads: an idle or waiting main thread takes frames off the socket itself, which saves two switches of
threads a call (17 us against 25 with a reader thread). A watcher thread ticks beside it and reads in its place while
the main thread is busy with one thing, so that a cancel, a ping or another thread's answer is never left lying; when
the worker has been idle for a while the watcher sleeps. ``reading`` is the right to read; one thread has it.

Writing never blocks the caller: what the kernel does not take at once goes to a writer thread, which owns the socket
until nothing is left. Frames are never torn, and control frames and short messages overtake the parts of long ones. One
long message is under way at a time: the host has to keep the parts of what has begun (``connection.ts`` does the same).
"""

from __future__ import annotations

import _thread
import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Final

from dspex_worker.frame import (
    CHUNK,
    MESSAGE_LIMIT,
    Body,
    FrameDecoder,
    FrameType,
    Message,
    ProtocolError,
    compressed,
    encode_frame,
    encode_frames,
)
from dspex_worker.interrupts import CallStopped, Interrupts

#: The exit code of a worker whose host has hung up, and of one whose host said what no host says: no input's fault.
HOST_GONE: Final = 75
PROTOCOL_BROKEN: Final = 76
_RECEIVE: Final = 256 << 10
_FEW: Final = 16 << 10
_TICK: Final = 0.001
_QUIET_TICKS: Final = 50
_SHORT: Final = 4096
# How long the watcher keeps the right to read without looking whether the main thread wants it.
_TURN_MS: Final = 20
# An enum's member is looked up by a Python function before 3.12.
_CALLBACK: Final = FrameType.CALLBACK
_RESULT: Final = FrameType.RESULT


class _Line:
    """What waits of one stream, in order: each message's frames, and whether there are many."""

    __slots__ = ("key", "messages")

    def __init__(self, key: int) -> None:
        self.key = key
        self.messages: deque[tuple[Iterator[bytes], bool]] = deque()


class Channel:
    _sock: socket.socket

    def __init__(self, interrupts: Interrupts, dispatch: Callable[[Message], None]) -> None:
        self._interrupts = interrupts
        self._dispatch = dispatch
        self._decoder = FrameDecoder()
        self._compress: Callable[[bytes], bytes] | None = None
        self.reading = threading.Lock()
        #: The watcher may hold frames that the socket has no more and nobody has heard of.
        self.taking = False
        self._main = threading.main_thread().ident
        self._poll = select.poll()
        # Written by the main thread alone: whether it runs something, and a number that changes whenever it moves.
        self.busy = True
        self.progress = 0
        self._awake = threading.Event()
        # The watcher waits to be woken.
        self._asleep = True
        self._out = threading.Lock()
        self._lines: dict[int, _Line] = {}
        # The lines whose next message is short, which take turns, and those with a long one: the first is under way.
        self._short: deque[_Line] = deque()
        self._long: deque[_Line] = deque()
        # Bytes of short messages that may still go before the next part of a long one.
        self._turn = 0
        self._urgent: deque[bytes | memoryview] = deque()
        self._more = threading.Event()
        self._room = _FEW
        self._behind = bytearray(_FEW)
        self._gathering = False
        self._gathered: deque[bytes] = deque()
        self._writing = False
        #: Something said may not be the kernel's yet.
        self.unsettled = False
        self._writer: threading.Thread | None = None

    def attach(self, sock: socket.socket) -> None:
        self._sock = sock
        self._poll.register(sock, select.POLLIN)

    def start(self) -> None:
        # A ``threading.Thread`` would have this one wait until it runs: 0.3 ms of each worker's birth.
        _thread.start_new_thread(self._watch, ())

    def compress(self, compress: Callable[[bytes], bytes], expand: Callable[[Body], bytes]) -> None:
        """A network lies between: from here on bodies go, and may come, compressed."""
        self._compress = compress
        self._decoder = FrameDecoder(expand=expand)

    def fileno(self) -> int:
        return self._sock.fileno()

    def own_threads(self) -> set[threading.Thread | None]:
        return {self._writer}

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def pause(self) -> None:
        """The main thread has nothing of its own to do and waits for frames."""
        if self._gathered:
            self.flush()
        self.busy = False
        self.progress += 1

    def resume(self) -> None:
        """The main thread goes to work; somebody has to read meanwhile."""
        self.busy = True
        self.progress += 1
        if self._asleep:
            self._wake_watcher()

    def read_while_empty(self, inbox: deque[Any]) -> None:
        """By the idle main thread, which no cancel interrupts: until a call has come. ``pause`` and ``resume``, in place."""
        if self._gathered:
            self.flush()
        self.busy = False
        self.progress += 1
        with self.reading:
            while not inbox:
                self._receive(0)
        self.busy = True
        self.progress += 1
        if self._asleep:
            self._wake_watcher()

    def read_until(self, done: Callable[[], bool]) -> None:
        """By the main thread inside a call: takes and dispatches frames until ``done``."""
        with self.reading:
            while not done():
                # The wait may be interrupted, the taking of bytes may not.
                self._poll.poll()
                self._interrupts.hold()
                try:
                    self._receive(socket.MSG_DONTWAIT)
                finally:
                    self._interrupts.release()

    def catch_up(self) -> None:
        """By the main thread between two calls: a cancel that came during the first is known before the second begins."""
        self.progress += 1
        if self._poll.poll(0):
            self._take_over()
            try:
                self._receive(socket.MSG_DONTWAIT)
            finally:
                self.reading.release()

    def hear_out(self) -> None:
        """By the main thread before a call: until the watcher has dispatched what it took, a cancel of that call maybe."""
        self._take_over()
        self.reading.release()

    def _take_over(self) -> None:
        """The right to read, from a watcher that would keep it for as long as the main thread works and makes no progress."""
        self.busy = False
        self.reading.acquire()
        self.resume()

    def read_ready(self) -> None:
        """By the event loop: takes what is there, unless the watcher is at it."""
        if self.reading.acquire(blocking=False):
            try:
                self._receive(socket.MSG_DONTWAIT)
            finally:
                self.reading.release()

    def _receive(self, flags: int) -> None:
        # The rest of a long message's part goes to its place; what comes behind it in the same turn, a header at least, beside.
        room = None if self._decoder.under_way is None else self._decoder.room()
        data: Body = b""
        try:
            if room is None:
                data = self._sock.recv(self._room, flags)
                count = len(data)
            else:
                count = self._sock.recvmsg_into((room, self._behind), 0, flags)[0]
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            count = 0
        if not count:
            os._exit(HOST_GONE)  # The host is gone, and nothing here outlives it.
        try:
            if room is None:
                # A buffer of 256 KiB costs two system calls of its own each time; it is taken while there is much to read.
                self._room = _RECEIVE if count == self._room else _FEW
                messages = self._decoder.push(data)
            else:
                messages = self._decoder.fill(min(count, len(room)))
                if count > len(room):
                    messages += self._decoder.push(memoryview(self._behind)[: count - len(room)])
            for message in messages:
                self._dispatch(message)
        except CallStopped:
            raise
        except Exception:
            # What cannot be read cannot be trusted, and whoever reads must not die of it in silence.
            os._exit(PROTOCOL_BROKEN)

    def _wake_watcher(self) -> None:
        self._asleep = False
        self._awake.set()

    def _watch(self) -> None:
        seen, quiet = -1, 0
        while True:
            self._awake.wait()
            time.sleep(_TICK)
            now = self.progress
            if now != seen:
                seen, quiet = now, 0
            elif self.busy:
                self._stand_in(now)
            else:
                quiet += 1
                if quiet > _QUIET_TICKS:
                    self._awake.clear()
                    self._asleep = True
                    # The main thread may have gone to work between the look and the clearing.
                    if self.busy or self.progress != now:
                        self._wake_watcher()
                    quiet = 0

    def _stand_in(self, seen: int) -> None:
        if not self.reading.acquire(blocking=False):
            return
        try:
            poll = select.poll()
            poll.register(self._sock, select.POLLIN)
            while self.busy and self.progress == seen:
                self.flush()
                if poll.poll(_TURN_MS):
                    self.taking = True
                    self._receive(socket.MSG_DONTWAIT)
                    self.taking = False
        finally:
            self.reading.release()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def answer(self, call: int, body: bytes, later: bool) -> None:
        """A result, by the main thread after the call. ``later``: with the next write, before which nothing else is waited for."""
        if len(body) > _SHORT or self._compress is not None:
            self.send(_RESULT, call, body)
        elif (later or self._gathering) and call not in self._lines:
            self.unsettled = True
            self._gathered.append(encode_frame(_RESULT, call, body))
        else:
            self._send(call, _RESULT, call, body, False)

    def send(self, kind: FrameType, stream: int, body: bytes = b"\xc0", *, urgent: bool = False) -> None:
        """From any thread; returns once the frames are the kernel's or the writer's."""
        if len(body) > MESSAGE_LIMIT:
            raise ProtocolError(f"a message of {len(body)} bytes, and {MESSAGE_LIMIT} are the most")
        # Questions are numbered here, calls by the host.
        key = -stream if kind is _CALLBACK else stream
        number: int = kind
        if self._compress is not None:
            number, body = compressed(kind, body, self._compress)
        if threading.get_ident() != self._main:
            self._send(key, number, stream, body, urgent)
        elif self._gathering and len(body) <= _SHORT and key not in self._lines:
            self._gathered.append(encode_frame(number, stream, body))
        elif self._interrupts.running is None:
            self._send(key, number, stream, body, urgent)
        else:
            self._interrupts.hold()
            try:
                self._send(key, number, stream, body, urgent)
            finally:
                self._interrupts.release()

    def _send(self, key: int, number: int, stream: int, body: bytes, urgent: bool, /) -> None:
        with self._out:
            if self._gathered:
                # What this turn has said of the same stream comes before.
                self._send_gathered()
            if len(body) <= _SHORT and not self._writing:
                frame = encode_frame(number, stream, body)
                if self._send_now(frame) < len(frame):
                    self._wake_writer()
                return
            self._put(key, encode_frames(number, stream, body), urgent, long=len(body) > CHUNK)

    def gather(self, gathering: bool) -> None:
        """By the event loop: what its callbacks send in one turn leaves in one write, before it waits again."""
        self._gathering = gathering
        self.flush()

    def settle(self) -> None:
        """By the main thread: all that has been said is the kernel's, and reaches the host whatever becomes of us."""
        # The lock as well where nothing is gathered: the watcher may have taken it and not sent it yet.
        with self._out:
            if self._gathered:
                self._send_gathered()
        while self._writing:
            time.sleep(_TICK)
        self.unsettled = False

    def flush(self) -> None:
        if self._gathered:
            with self._out:
                self._send_gathered()

    def _send_gathered(self) -> None:
        # One by one: the main thread may add while the watcher takes.
        frames = []
        while self._gathered:
            frames.append(self._gathered.popleft())
        self._put(0, iter((b"".join(frames),)), urgent=True, long=False)

    def _put(self, key: int, frames: Iterator[bytes], urgent: bool, *, long: bool) -> None:
        if not self._writing:
            for frame in frames:
                if self._send_now(frame) < len(frame):
                    break
            else:
                return
        if urgent:
            self._urgent.extend(frames)
        else:
            line = self._lines.get(key)
            if line is None:
                line = self._lines[key] = _Line(key)
            line.messages.append((frames, long))
            if len(line.messages) == 1:
                self._place(line)
        self._wake_writer()

    def _place(self, line: _Line) -> None:
        (self._long if line.messages[0][1] else self._short).append(line)

    def _send_now(self, frame: bytes) -> int:
        """What the kernel takes of a frame; the rest goes before anything else."""
        try:
            sent = self._sock.send(frame, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            os._exit(HOST_GONE)
        if sent < len(frame):
            self._urgent.append(memoryview(frame)[sent:])
        return sent

    def _wake_writer(self) -> None:
        self._writing = self.unsettled = True
        if self._writer is None:
            self._writer = threading.Thread(target=self._write, name="dspex-writer", daemon=True)
            self._writer.start()
        self._more.set()

    def _write(self) -> None:
        while True:
            self._more.wait()
            self._more.clear()
            while True:
                with self._out:
                    frame = self._next()
                    if frame is None:
                        self._writing = False
                        break
                try:
                    self._sock.sendall(frame)
                except OSError:
                    os._exit(HOST_GONE)

    def _next(self) -> bytes | memoryview | None:
        """What is sent next: urgent frames, then short messages, and after a chunk's worth of those a part of a long one."""
        if self._urgent:
            return self._urgent.popleft()
        while self._short or self._long:
            line = self._short.popleft() if self._short and (self._turn > 0 or not self._long) else self._long[0]
            frames, long = line.messages[0]
            frame = next(frames, None)
            if long:
                self._turn = CHUNK
                if frame is not None:
                    return frame
                self._long.popleft()
            line.messages.popleft()
            if line.messages:
                self._place(line)
            else:
                del self._lines[line.key]
            if frame is not None:
                self._turn -= len(frame)
                return frame
        return None
