"""Runs an attempt in a child of its own, locked in or not, as this user or as nobody, and says how it ended."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dspex_worker.sandbox.layers import enforce
from dspex_worker.sandbox.policy import Policy

NOBODY = 65534
SECRET = "the-host-keeps-this-to-itself"
#: An attempt that replaces its process by a program lets it end with this.
TAKEN_OVER = 42
TIMEOUT = 20
_PR_SET_DUMPABLE = 4


@dataclass
class Arena:
    """What lies around a worker: the host's files and sockets, a sibling's, and a process of the same user."""

    root: Path
    scratch: Path
    file: Path
    folder: Path
    socket: Path
    datagrams: Path
    abstract: str
    tcp: int
    udp: int
    victim: int = 0
    #: A file outside that belongs to who attempts.
    own: Path = field(default_factory=Path)
    listeners: list[socket.socket] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    escaped: bool
    #: What it returned, or how it was refused.
    detail: Any
    errno: int = 0


@contextlib.contextmanager
def arena() -> Iterator[Arena]:
    root = Path(tempfile.mkdtemp(prefix="dspex-jail-"))
    root.chmod(0o777)
    folder, scratch = root / "outside", root / "scratch"
    for made in (folder, scratch):
        made.mkdir()
        made.chmod(0o777)
    file = folder / "secret.txt"
    file.write_text(SECRET)
    file.chmod(0o666)
    listeners = [
        _listen(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "stream.sock")),
        _listen(socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "datagram.sock")),
        _listen(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{root.name}"),
        _listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        _listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
    ]
    for name in ("stream.sock", "datagram.sock"):
        (folder / name).chmod(0o777)
    ports = [listener.getsockname()[1] for listener in listeners[3:]]
    try:
        yield Arena(
            *(root, scratch, file, folder, folder / "stream.sock", folder / "datagram.sock", f"\0{root.name}"),
            *ports,
            listeners=listeners,
        )
    finally:
        for listener in listeners:
            listener.close()
        shutil.rmtree(root)


def attempt(what: Callable[[Arena], Any], around: Arena, policy: Policy | None, uid: int | None = None) -> Outcome:
    """``policy`` None leaves the sandbox off. The child is forked, as a worker is; its victim is forked first."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _child(what, around, policy, uid, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read() if select.select([pipe], [], [], TIMEOUT)[0] else b""
    if not said and not _ended(pid):
        os.kill(pid, signal.SIGKILL)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if said:
        return Outcome(*pickle.loads(said))
    if status == TAKEN_OVER:
        return Outcome(True, "another program ran")
    return Outcome(False, f"ended with {status}")


def _ended(pid: int) -> bool:
    """A program that took over has closed the pipe and goes on for a moment."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None:
            return True
        time.sleep(0.005)
    return False


def _child(what: Callable[[Arena], Any], around: Arena, policy: Policy | None, uid: int | None, write_end: int) -> None:
    outcome: tuple[bool, Any, int] = (False, "never ran", 0)
    try:
        if uid is not None:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            # A change of uid makes a process undumpable, which hides it from its own user.
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
        around.own = around.root / "own"
        around.own.touch()
        around.victim = _victim(write_end)
        if policy is not None:
            enforce(policy)
        value = what(around)
        outcome = (bool(value), value if isinstance(value, str | int) else repr(value), 0)
    except OSError as error:
        outcome = (False, f"{type(error).__name__}: {error.strerror}", error.errno or 0)
    except MemoryError:
        outcome = (False, "MemoryError", 12)
    except BaseException as error:
        outcome = (False, f"{type(error).__name__}: {error}", -1)
    os.write(write_end, pickle.dumps(outcome))
    os._exit(0)


def _victim(write_end: int) -> int:
    """Ends with the attempt by itself: a kill would need what the sandbox refuses. Ready before it is attacked."""
    parent = os.getpid()
    ready, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(write_end)
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL), 0, 0, 0)
        os.write(say, b"!")
        while os.getppid() == parent:
            signal.sigtimedwait([], 1)
        os._exit(0)
    os.read(ready, 1)
    os.close(ready)
    os.close(say)
    return pid


def _listen(family: int, kind: int, address: Any) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(address)
    if kind == socket.SOCK_STREAM:
        made.listen(8)
    return made
