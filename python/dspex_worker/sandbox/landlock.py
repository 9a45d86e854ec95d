"""Which files a worker may touch: Landlock, as far as the kernel's ABI goes. linux/landlock.h.

Landlock judges opening, changing and executing. It does not judge ``stat``, ``chdir`` or descriptors already open.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable
from functools import cache
from typing import Final

from dspex_worker.sandbox import kernel

# The three calls have one number on every machine.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH: Final = 1

EXECUTE: Final = 1 << 0
WRITE_FILE: Final = 1 << 1
READ_FILE: Final = 1 << 2
READ_DIR: Final = 1 << 3
_MAKE_CHAR: Final = 1 << 6
_MAKE_BLOCK: Final = 1 << 11
REFER: Final = 1 << 13
TRUNCATE: Final = 1 << 14
IOCTL_DEV: Final = 1 << 15

#: Access rights each ABI knows. 4 added TCP, 6 scopes, 7 audit flags.
_FS_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP_RIGHTS: Final = 0b11
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11

#: What a rule on a plain file may hold; a rule with a folder's rights on a file is refused.
_FILE_RIGHTS: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV

#: The ABIs before which something stays open.
TRUNCATE_SINCE: Final = 3
SCOPES_SINCE: Final = 6


@cache
def abi() -> int:
    """0 where the kernel has none, or a container's filter hides it."""
    try:
        return kernel.syscall(_CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


@cache
def judged(*, net: bool) -> _RulesetAttr:
    """All that this kernel can judge, but the network where it is granted."""
    known = abi()
    rights = _FS_RIGHTS[max(each for each in _FS_RIGHTS if each <= max(known, 1))]
    tcp = 0 if net or known < 4 else _TCP_RIGHTS
    return _RulesetAttr(rights, tcp, _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS if known >= 6 else 0)


class Ruleset:
    """What may be opened; everything else may not. Granted path by path, then bound to the calling thread."""

    def __init__(self, *, net: bool) -> None:
        attributes = judged(net=net)
        self._rights: int = attributes.fs
        # Older kernels refuse a structure longer than theirs.
        size = 24 if attributes.scoped else 16 if abi() >= 4 else 8
        self._fd = kernel.syscall(_CREATE_RULESET, ctypes.addressof(attributes), size)

    def read(self, paths: Iterable[str]) -> None:
        self._allow(paths, READ_FILE | READ_DIR)

    def execute(self, paths: Iterable[str]) -> None:
        self._allow(paths, EXECUTE | READ_FILE | READ_DIR)

    def write(self, paths: Iterable[str], *, run: bool) -> None:
        """Everything but devices, and but execution unless programs may run: no writable file becomes one."""
        self._allow(paths, self._rights & ~(_MAKE_CHAR | _MAKE_BLOCK | IOCTL_DEV | (0 if run else EXECUTE)))

    def device(self, path: str) -> None:
        self._allow([path], READ_FILE | WRITE_FILE | TRUNCATE)

    def enforce(self) -> None:
        """Irreversible. ``no_new_privs`` must be set."""
        try:
            kernel.syscall(_RESTRICT_SELF, self._fd)
        finally:
            os.close(self._fd)

    def _allow(self, paths: Iterable[str], rights: int) -> None:
        """A path that is not there grants nothing; a symbolic link grants what it names now."""
        rule = _PathBeneathAttr()
        address = ctypes.addressof(rule)
        for path in paths:
            try:
                fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
            except (FileNotFoundError, NotADirectoryError, PermissionError):
                continue
            try:
                held = rights & self._rights
                rule.allowed = held if stat.S_ISDIR(os.fstat(fd).st_mode) else held & _FILE_RIGHTS
                rule.parent_fd = fd
                kernel.syscall(_ADD_RULE, self._fd, _RULE_PATH_BENEATH, address)
            finally:
                os.close(fd)


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))
