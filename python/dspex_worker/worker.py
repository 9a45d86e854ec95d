"""A worker: connects, greets, locks itself in, and runs calls until its host is gone or says so.

Protocol: ``frame.py``. The main thread is in one of three places: waiting for a call, running an exclusive one, or
inside the event loop of the async lane. It goes from one to the other only between calls.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import traceback
from collections import deque
from typing import Any, Final, NoReturn

from dspex_worker import compression, messages, operations, process, sandbox
from dspex_worker.calls import Call, Replies
from dspex_worker.channel import PROTOCOL_BROKEN, Channel
from dspex_worker.codec import encode
from dspex_worker.connection import connect
from dspex_worker.frame import WIRE_VERSION, Body, FrameType, Message
from dspex_worker.interrupts import CallCancelled, CallWithdrawn, Interrupts
from dspex_worker.lanes import AsyncLane, ExclusiveLane, send_error
from dspex_worker.nursery import Nursery
from dspex_worker.programs import interpreter
from dspex_worker.segments import Segments

# An enum's member is looked up by a Python function before 3.12: 0.3 us, and most frames are calls.
_CALL: Final = FrameType.CALL

# Eight hundred tasks' threads of 8 MB each are virtual size that helps nobody.
_STACK = 1 << 20
# A thread that wants to read a cancel waits this long for one that computes.
_SWITCH_INTERVAL = 0.0005


class Worker:
    """Made before the fork, as all of it that needs no process of its own: what is made after it, each worker pays for."""

    def __init__(self, profile: messages.Profile) -> None:
        self.profile = profile
        self.policy = sandbox.prepare(profile.sandbox)
        threading.stack_size(_STACK)
        sys.setswitchinterval(_SWITCH_INTERVAL)
        self._interrupts = Interrupts()
        self._interrupts.install()
        self._channel = Channel(self._interrupts, self._dispatch)
        zstd = compression.find() if profile.compress else None
        if zstd is not None:
            self._channel.compress(*zstd)
        self.compresses = zstd is not None
        self._replies = Replies()
        self._segments = Segments(profile.shared) if profile.shared else None
        if self._segments:
            self._segments.install()
        self._inbox: deque[Call] = deque()
        self._calls: dict[int, Call] = {}
        self._operations = operations.Operations(profile)
        self._exclusive = ExclusiveLane(self._channel, self._interrupts, self._operations.run, self._inbox)
        self._async: AsyncLane | None = None

    def connect(self) -> socket.socket:
        sock = connect(self.profile.address)
        self._channel.attach(sock)
        return sock

    def start(self) -> None:
        """Its threads, once the sandbox stands: where none can be started there is no worker, and no call to lose."""
        self._channel.start()

    def run(self) -> NoReturn:
        inbox, channel, exclusive = self._inbox, self._channel, self._exclusive
        while True:
            if not inbox:
                channel.read_while_empty(inbox)
                if len(inbox) > 1:
                    exclusive.start_watch()
            if channel.taking:
                channel.hear_out()
            try:
                call = inbox[0]
            except IndexError:  # Withdrawn meanwhile, by the watcher.
                continue
            if call.spec.exclusive:
                if channel.unsettled:
                    exclusive.prepare(call)
                try:
                    # Still the first, or withdrawn meanwhile by the watcher.
                    inbox.remove(call)
                except ValueError:
                    continue
                exclusive.run(call)
                self._calls.pop(call.number, None)
            else:
                if self._async is None:
                    self._async = AsyncLane(
                        self._channel, self._operations.run_async, self._inbox, self._forget, self._operations.run
                    )
                self._async.run()

    def greet(self, hello: dict[str, Any]) -> None:
        self._channel.send(FrameType.HELLO, 0, encode({"version": WIRE_VERSION, "codec": "msgpack", **hello}))

    def _forget(self, call: Call) -> None:
        self._calls.pop(call.number, None)

    def _dispatch(self, message: Message) -> None:
        """One frame, by whichever thread reads."""
        kind, stream, body = message
        if kind is _CALL:
            self._accept(stream, body)
            return
        match kind:
            case FrameType.CALLBACK_RESULT | FrameType.CALLBACK_ERROR | FrameType.CALLBACK_CHUNK:
                self._replies.take(message)
            case FrameType.PING:
                self._channel.send(FrameType.PONG, stream, encode({"progress": self._channel.progress}), urgent=True)
            case FrameType.CANCEL:
                call = self._calls.get(stream)
                if call is not None:
                    self._cancel(call, withdrawn=messages.decode_cancel(body).reason == "withdrawn")
            case FrameType.CREDIT:
                self._credit(stream, messages.decode_credit(body))
            case FrameType.DRAIN | FrameType.BYE:
                os._exit(0)
            case _:
                os._exit(PROTOCOL_BROKEN)

    def _credit(self, stream: int, credit: messages.Credit) -> None:
        call = self._calls.get(stream)
        if call is not None and credit.bytes:
            call.grant(credit.bytes)
        if credit.segment is not None and self._segments is not None:
            self._segments.release(credit.segment)

    def _accept(self, number: int, body: Body) -> None:
        try:
            spec = messages.decode_call(body)
        except Exception as error:
            refused = Call(number, messages.Call(op=""), self._channel, self._replies)
            send_error(self._channel, refused, _undecodable(error))
            return
        call = self._calls[number] = Call(number, spec, self._channel, self._replies)
        if self._segments is not None and self._segments.found():
            call.fill = self._segments.fill
        self._inbox.append(call)
        if self._async is not None:
            self._async.notify()

    def _cancel(self, call: Call, *, withdrawn: bool) -> None:
        try:
            # To look first and remove then would race with the main thread, which may take it in between.
            self._inbox.remove(call)
        except ValueError:
            if not withdrawn:
                self._stop_running(call)
        else:
            call.close()
            self._forget(call)
            send_error(self._channel, call, CallWithdrawn() if withdrawn else CallCancelled())

    def _stop_running(self, call: Call) -> None:
        if call.spec.exclusive:
            call.close()
            self._interrupts.raise_in(call.number)
        elif self._async is not None:
            self._async.cancel(call)


def _undecodable(error: Exception) -> Exception:
    error.dspex_kind = "unserialisable"  # type: ignore[attr-defined]
    return error


def serve(worker: Worker, token: str, parent: int, nursery: socket.socket | None = None) -> NoReturn:
    """The life of a worker's process, from the fork (or the spawn) to its end."""
    try:
        process.die_with_parent(parent)
        sock = worker.connect()
        sandbox.close_descriptors([end.fileno() for end in (sock, nursery) if end is not None])
        if nursery is not None:
            interpreter.nursery = Nursery(nursery)
        pid = os.getpid()
        hello: dict[str, Any] = {"role": "worker", "token": token, "pid": pid, "zstd": worker.compresses}
        try:
            hello["sandbox"] = sandbox.enforce(worker.policy._replace(scratch=scratch_of(worker.profile, pid))).as_dict()
        except sandbox.SandboxUnavailable as refusal:
            # The host learns which parts are missing; the worker takes no call.
            worker.greet({**hello, "refused": refusal.report.missing})
            os._exit(0)
        worker.start()
        worker.greet(hello)
        worker.run()
    except BaseException:
        traceback.print_exc()
    os._exit(70)


def serve_code(profile: messages.Profile, sock: socket.socket, parent: int) -> NoReturn:
    """The life of a process for model-written code: no permission whatever its pool has, one stream in and out."""
    try:
        process.die_with_parent(parent)
        os.setsid()
        os.dup2(sock.fileno(), 0)
        os.dup2(sock.fileno(), 1)
        sandbox.close_descriptors(())
        run = interpreter.code_session()
        mode = "strict" if profile.sandbox.get("mode") == "strict" else "default"
        sandbox.apply({"mode": mode, "memory": profile.sandbox["memory"], "scratch": scratch_of(profile, os.getpid())})
        run()
    except BaseException:
        traceback.print_exc()
    os._exit(0)


def scratch_of(profile: messages.Profile, pid: int) -> str:
    """A folder of the worker's own, removed with it."""
    return f"{profile.scratch}/{pid}"
