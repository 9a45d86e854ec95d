"""The kernel's door: raw system calls by ctypes, an ``OSError`` for each that fails. Nothing here knows a policy."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Final

LINUX: Final = sys.platform == "linux"
_libc: Final = ctypes.CDLL(None, use_errno=True) if LINUX else None

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


def syscall(number: int, *args: int | ctypes.Array[ctypes.c_char] | ctypes.c_void_p | None) -> int:
    """Arguments are widened to a machine word: ctypes would pass a plain int as 32 bits."""
    if _libc is None:
        raise OSError(38, "not Linux")
    words = [ctypes.c_ulong(a & 0xFFFF_FFFF_FFFF_FFFF) if isinstance(a, int) else a for a in args]
    return _checked(_libc.syscall(ctypes.c_long(number), *words))


def prctl(option: int, *args: int | ctypes.c_void_p) -> int:
    if _libc is None:
        raise OSError(38, "not Linux")
    padded = (*args, 0, 0, 0, 0)[:4]
    words = [ctypes.c_ulong(a & 0xFFFF_FFFF_FFFF_FFFF) if isinstance(a, int) else a for a in padded]
    return _checked(_libc.prctl(ctypes.c_int(option), *words))


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
