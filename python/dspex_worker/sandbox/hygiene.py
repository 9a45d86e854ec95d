"""What a worker must not bring along: descriptors it inherited, a working directory and a home of the host's."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection
from contextlib import suppress

_FIRST = 3


def close_descriptors(keep: Collection[int]) -> None:
    """Closes every descriptor from 3 up but the named ones; an open descriptor passes Landlock untouched."""
    last = os.sysconf("SC_OPEN_MAX")
    low = _FIRST
    for fd in (*sorted(fd for fd in keep if fd >= _FIRST), last):
        os.closerange(low, fd)
        low = fd + 1
    for fd in keep:
        os.set_inheritable(fd, False)


def enter_scratch(folder: str) -> None:
    """Makes the folder its owner's alone and the process's home, temporary and working directory."""
    os.umask(0o077)
    with suppress(FileExistsError):
        os.mkdir(folder, 0o700)
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = folder
    tempfile.tempdir = None
