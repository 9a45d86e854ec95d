"""What a process asks of its kernel: to die with its parent, to adopt orphans, to say who it is. Linux; elsewhere no-ops."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_CHILD_SUBREAPER: Final = 36

LINUX: Final = sys.platform == "linux"
_libc: Final = ctypes.CDLL(None, use_errno=True) if LINUX else None


def die_with_parent(parent: int) -> None:
    """SIGKILL when the parent ends; at once if it has ended between the fork and this call.

    To be called after every change of credentials: the kernel clears the setting with them.
    """
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def outlive_parent(parent: int) -> None:
    """Takes ``die_with_parent`` back, for a process that watches its parent's end of a connection."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Grandchildren whose parent died become ours, to be found and ended."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def thread_count() -> int:
    """Threads of the operating system, those Python does not know included."""
    return len(list(Path("/proc/self/task").iterdir())) if LINUX else 1


def start_time(pid: int) -> int:
    """Clock ticks since boot; with the pid it names a process for good. 0 where there is no /proc."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return 0
    return int(stat[stat.rindex(")") + 2 :].split()[19])


def children(pid: int) -> list[int]:
    """The live children of a process of one thread, adopted ones included."""
    try:
        named = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        # A kernel that does not keep the list: everybody is asked for their parent, 20 us each.
        named = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()] if LINUX else []
    found = []
    for name in named:
        try:
            stat = Path(f"/proc/{name}/stat").read_text("ascii", "replace")
        except OSError:
            continue
        state, ppid = stat[stat.rindex(")") + 2 :].split()[:2]
        if int(ppid) == pid and state != "Z":
            found.append(int(name))
    return found
