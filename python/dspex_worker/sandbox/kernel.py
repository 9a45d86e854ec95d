"""The kernel's door: raw system calls by ctypes, an ``OSError`` for each that fails. Nothing here knows a policy."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Final

LINUX: Final = sys.platform == "linux"
_libc: Final = ctypes.CDLL(None, use_errno=True) if LINUX else None
if _libc is not None:
    # Machine words, whatever is given: ctypes would pass a plain int as 32 bits, and a converted one costs 0.5 us each.
    _libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    _libc.syscall.argtypes = [ctypes.c_long] + [ctypes.c_ulong] * 4
    _libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG: Final = 1
PR_GET_PDEATHSIG: Final = 2
PR_GET_SECCOMP: Final = 21
PR_SET_SECCOMP: Final = 22
PR_CAPBSET_READ: Final = 23
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38
PR_GET_NO_NEW_PRIVS: Final = 39
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4


@cache
def machine() -> str:
    """``x86_64`` or ``aarch64`` where the process itself is 64-bit; else a name no table has."""
    name = os.uname().machine if LINUX else sys.platform
    return name if ctypes.sizeof(ctypes.c_void_p) == 8 else f"{name} (32-bit)"


def syscall(number: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    """A structure goes as its address (``ctypes.addressof``), and the caller keeps it."""
    if _libc is None:
        raise OSError(38, "not Linux")
    return _checked(_libc.syscall(number, a, b, c, d))


def prctl(option: int, a: int = 0, b: int = 0, c: int = 0, d: int = 0) -> int:
    if _libc is None:
        raise OSError(38, "not Linux")
    return _checked(_libc.prctl(option, a, b, c, d))


def thread_count() -> int:
    """Threads the kernel knows. Landlock and a filter bind only the calling one and its children."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def release() -> str:
    return os.uname().release


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
