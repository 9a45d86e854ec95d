"""The zygote: imports dspy once, then forks workers that share its memory. It runs no call and starts no thread.

It answers forks, reports deaths with their cause, adopts and ends what a dead worker's own children left, and dies
with the host. Forking from a process with threads copies locks nobody will release, so with more than one thread it
says so and the host spawns instead.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

from dspex_worker import messages, modules, process, sandbox, worker
from dspex_worker.codec import encode
from dspex_worker.connection import connect
from dspex_worker.failures import failure_of
from dspex_worker.frame import WIRE_VERSION, FrameDecoder, FrameType, encode_frames
from dspex_worker.nursery import Ward
from dspex_worker.programs.warm import DSPY_VERSION, warm

#: A zygote hears requests for forks and nothing longer.
_LONGEST: Final = 1 << 16
#: How long the host may take, after a death, to ask for another worker.
_REPLACED_WITHIN_MS: Final = 2


class Zygote:
    def __init__(self, sock: socket.socket, profile: messages.Profile, made: worker.Worker) -> None:
        self._sock = sock
        self._profile = profile
        self._worker = made
        self._decoder = FrameDecoder(limit=_LONGEST)
        # Each worker with its ward; each process for model-written code with the ward it belongs to.
        self._workers: dict[int, Ward] = {}
        self._fosters: dict[int, Ward] = {}
        #: Ended, and not yet cleaned up after.
        self._dead: list[int] = []
        self._poll = select.poll()
        # A byte here wakes the loop when a child ends.
        self._wake_out, self._wake_in = os.pipe()
        os.set_blocking(self._wake_out, False)
        os.set_blocking(self._wake_in, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake_in, warn_on_full_buffer=False)

    def run(self, hello: dict[str, Any]) -> NoReturn:
        self._send(FrameType.HELLO, 0, hello)
        self._poll.register(self._sock, select.POLLIN)
        self._poll.register(self._wake_out, select.POLLIN)
        while True:
            self._attend(self._poll.poll())
            if self._dead:
                # Somebody waits for the next worker, and nobody for the cleaning: what is asked for now goes before it.
                self._attend(self._poll.poll(_REPLACED_WITHIN_MS))
                self._clean()

    def _attend(self, ready: list[tuple[int, int]]) -> None:
        for fd, _ in ready:
            if fd == self._wake_out:
                with suppress(BlockingIOError):
                    os.read(self._wake_out, 4096)
                self._reap()
            elif fd == self._sock.fileno():
                self._read()
            else:
                self._tend(fd)

    def _read(self) -> None:
        try:
            data = self._sock.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._end()
        asked: list[tuple[int, str]] = []
        for kind, stream, body in self._decoder.push(data):
            match kind:
                case FrameType.CALL:
                    asked.append((stream, messages.decode_fork(body).token))
                case FrameType.PING:
                    self._send(FrameType.PONG, stream, {})
                case _:
                    self._end()
        if asked:
            self._fork(asked)

    def _fork(self, asked: list[tuple[int, str]]) -> None:
        """All that were asked for together, one right after the other: what a fork shares is copied at the next touch."""
        threads = process.thread_count()
        if threads > 1:
            for stream, _ in asked:
                self._send(FrameType.ERROR, stream, {"kind": "threads", "message": f"{threads} threads"})
            return
        parent = os.getpid()
        born: list[tuple[int, int]] = []
        for stream, token in asked:
            ward = None
            try:
                ward = Ward()
                pid = os.fork()
            except OSError as error:
                if ward is not None:
                    ward.theirs.close()
                    ward.close()
                self._send(FrameType.ERROR, stream, {"kind": "resource_exhausted", "message": str(error)})
                continue
            if pid == 0:
                self._leave()
                worker.serve(self._worker, token, parent, ward.theirs)
            ward.theirs.close()
            self._workers[pid] = ward
            born.append((stream, pid))
        for stream, pid in born:
            self._poll.register(self._workers[pid].sock, select.POLLIN)
            self._send(FrameType.RESULT, stream, {"pid": pid, "start": process.start_time(pid)})

    def _tend(self, fd: int) -> None:
        """A worker asks for a process for model-written code, or has ended."""
        for ward in self._workers.values():
            if ward.sock.fileno() == fd:
                if not ward.serve(self._fork_foster):
                    self._poll.unregister(fd)
                return

    def _fork_foster(self, ward: Ward, sock: socket.socket) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._leave()
            worker.serve_code(self._profile, sock, parent)
        self._fosters[pid] = ward
        return pid

    def _leave(self) -> None:
        """In the child: nothing of the zygote's own goes along. Its descriptors are closed with all others."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid in self._fosters:
                self._fosters.pop(pid).children.discard(pid)
                self._dead.append(pid)
            ward = self._workers.pop(pid, None)
            if ward is None:
                continue
            with suppress(KeyError, ValueError):
                self._poll.unregister(ward.sock)
            ward.close()
            self._dead.append(pid)
            code = os.waitstatus_to_exitcode(status)
            name = signal.Signals(-code).name if code < 0 else None
            end = {"name": "exit", "pid": pid, "code": code if code >= 0 else None, "signal": name}
            self._send(FrameType.EVENT, 0, {**end, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss})

    def _clean(self) -> None:
        """What the dead have left: files, buffers, and processes of their own."""
        for pid in self._dead:
            shutil.rmtree(worker.scratch_of(self._profile, pid), ignore_errors=True)
            if self._profile.shared:
                for segment in Path(self._profile.shared).glob(f"w{pid}-*"):
                    segment.unlink(missing_ok=True)
        self._dead.clear()
        self._sweep()

    def _sweep(self) -> None:
        """Ends what dead workers left behind: children in sessions of their own are ours now."""
        for pid in process.children(os.getpid()):
            if pid not in self._workers and pid not in self._fosters:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    def _send(self, kind: FrameType, stream: int, body: dict[str, Any]) -> None:
        try:
            for frame in encode_frames(kind, stream, encode(body)):
                self._sock.sendall(frame)
        except OSError:
            self._end()

    def _end(self) -> NoReturn:
        """The host is gone or wants us gone: nobody stays."""
        for pid in (*self._workers, *self._fosters):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            try:
                if os.wait4(-1, os.WNOHANG)[0] == 0:
                    self._workers.clear()
                    self._fosters.clear()
                    self._sweep()
                    time.sleep(0.002)
            except ChildProcessError:
                break
        os._exit(0)


def _refuse(sock: socket.socket, hello: dict[str, Any]) -> NoReturn:
    """Says why there will be no worker, and ends."""
    with suppress(OSError):
        sock.sendall(b"".join(encode_frames(FrameType.HELLO, 0, encode(hello))))
    os._exit(0)


def main(profile: messages.Profile) -> NoReturn:
    process.adopt_orphans()
    sock = connect(profile.address)
    hello = {
        "version": WIRE_VERSION,
        "codec": "msgpack",
        "role": "zygote",
        "token": profile.token,
        "pid": os.getpid(),
        "python": sys.version.split()[0],
        "dspy": DSPY_VERSION,
    }
    warm()
    try:
        modules.preload(profile)
    except modules.ModuleRefused as error:
        failure = failure_of(error)
        # A greeting is short, whoever it comes from.
        failed = {**failure, "message": failure["message"][:1000], "traceback": failure["traceback"][-1500:]}
        _refuse(sock, {**hello, "failed": failed})
    made = worker.Worker(profile)
    if made.policy.mode != "off":
        sandbox.give_up_powers()
        process.die_with_parent(profile.host)
    gc.collect()
    gc.freeze()
    if profile.sandbox.get("mode") == "off" or profile.sandbox.get("run"):
        # Workers may have children of their own here: the host's end must find us alive, to end them as well. The
        # loop below is never busy, so that is the end of the connection, a few milliseconds later.
        process.outlive_parent(profile.host)
    Zygote(sock, profile, made).run({**hello, "threads": process.thread_count()})
