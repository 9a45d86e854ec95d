"""Root without its powers: every capability given up, the bounding set included, so that nothing brings one back.

The uid stays: another uid could not read a Python that lives under root's home.
"""

from __future__ import annotations

import ctypes
from typing import Final

from dspex_worker.sandbox import kernel, syscalls

_CAPSET = {"x86_64": 126, "aarch64": 91}
_VERSION_3 = 0x2008_0522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


# Made before the fork, as all that workers have in common.
_OURS: Final = _Header(_VERSION_3, 0)
_NONE: Final = (_Data * 2)()


def drop_all() -> None:
    """The bounding set first: dropping from it needs a capability that goes with the rest."""
    for capability in range(64):
        try:
            kernel.prctl(kernel.PR_CAPBSET_DROP, capability)
        except OSError as error:
            if error.errno == 22:  # EINVAL: past the last capability this kernel knows
                break
            if error.errno == 1:  # EPERM: an unprivileged process has nothing to lose, and no_new_privs keeps it so
                break
            raise
    kernel.prctl(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
    kernel.syscall(_CAPSET[kernel.machine()], ctypes.addressof(_OURS), ctypes.addressof(_NONE))


def available() -> bool:
    return syscalls.known(kernel.machine())
