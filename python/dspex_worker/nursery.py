"""Fresh processes for model-written code, on a worker's request.

A locked-in worker can neither fork nor make a socket. It was born with one end of a socket pair to the zygote; a byte
there asks for a new fork, whose own socket comes back as a descriptor. The zygote knows whose each process is: they
end with their worker, or when it says so.

    worker to zygote   F             fork one
                       K + u32 pid   end it
    zygote to worker   u32 pid, with the descriptor; pid 0 is a refusal
"""

from __future__ import annotations

import os
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Final

_PID: Final = struct.Struct(">I")
#: At a time, for one worker.
MOST: Final = 16


class Nursery:
    """The worker's end."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def open(self) -> Remote:
        self._sock.sendall(b"F")
        data, fds, _, _ = socket.recv_fds(self._sock, _PID.size, 1)
        (pid,) = _PID.unpack(data)
        if not pid or not fds:
            raise OSError(f"no process for model-written code: {MOST} run already, or the zygote could not fork")
        return Remote(pid, fds[0], self)

    def end(self, pid: int) -> None:
        with suppress(OSError):
            self._sock.sendall(b"K" + _PID.pack(pid))


class Remote:
    """What ``subprocess.Popen`` is to DSPy's interpreter: two text streams and an end."""

    def __init__(self, pid: int, fd: int, nursery: Nursery) -> None:
        self.pid = pid
        self.stdout: IO[str] = os.fdopen(fd, "r", encoding="utf-8")
        self.stdin: IO[str] = os.fdopen(os.dup(fd), "w", encoding="utf-8")
        self._nursery = nursery

    def kill(self) -> None:
        self._nursery.end(self.pid)

    def wait(self, timeout: float | None = None) -> None:
        """The zygote waits for it."""


class Ward:
    """The zygote's end, one for each worker."""

    def __init__(self) -> None:
        self.sock, self.theirs = socket.socketpair()
        self.children: set[int] = set()

    def serve(self, fork: Callable[[Ward, socket.socket], int]) -> bool:
        """One request; false at the worker's end."""
        try:
            data = self.sock.recv(1 + _PID.size)
        except OSError:
            data = b""
        if not data:
            return False
        if data[:1] == b"F":
            self._fork(fork)
        elif data[:1] == b"K" and len(data) == 1 + _PID.size:
            (pid,) = _PID.unpack(data[1:])
            if pid in self.children:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        return True

    def _fork(self, fork: Callable[[Ward, socket.socket], int]) -> None:
        pid = 0
        ours, theirs = socket.socketpair()
        with ours, theirs:
            if len(self.children) < MOST:
                with suppress(OSError):
                    pid = fork(self, theirs)
            with suppress(OSError):
                if pid:
                    self.children.add(pid)
                    socket.send_fds(self.sock, [_PID.pack(pid)], [ours.fileno()])
                else:
                    self.sock.sendall(_PID.pack(0))

    def close(self) -> None:
        for pid in self.children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.sock.close()
