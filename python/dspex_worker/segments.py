"""Shared memory for large buffers: files in a private folder, named on the wire in place of their bytes.

The host writes its own (``h1``, ``h2`` ...) and reads ours (``wPID-1`` ...); whose they are decides who uses them
again. See ``runtime/python/segments.ts``. What the host has left is read when its call runs, and by a thread where other
calls share the loop: 64 MB take tens of milliseconds.
"""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import Any, Final

from msgspec import msgpack

from dspex_worker import codec

_KEEP: Final = 4
_SPARE: Final = 16 << 20
_CODE: Final = 0x67


class _Left:
    """In the place of bytes that the host has left in a segment."""

    __slots__ = ("name", "size")

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size


class Segments:
    """One for a worker: reads what the host has left, and lends its own to results."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        self._free: list[str] = []
        self._count = 0
        self._found = False

    def install(self) -> None:
        """The codec asks here for what is shared."""
        codec.share, codec.shared = self.share, self._leave

    def _leave(self, name: str, size: int) -> _Left:
        self._found = True
        return _Left(name, size)

    def found(self) -> bool:
        """Whether anything was left since the last look; for whoever has the right to read from the socket."""
        found, self._found = self._found, False
        return found

    def fill(self, value: Any) -> Any:
        """The value with its bytes, read in place."""
        if type(value) is _Left:
            return self._read(value.name, value.size)
        if type(value) is list:
            value[:] = [self.fill(item) for item in value]
        elif type(value) is dict:
            for key, item in value.items():
                value[key] = self.fill(item)
        return value

    def _read(self, name: str, size: int) -> bytes:
        if not re.fullmatch(r"h\d+", name):
            raise ValueError(f"a segment is not named {name!r}")
        with (self._folder / name).open("rb", buffering=0) as file:
            data = file.read(size)
        if data is None or len(data) != size:
            raise ValueError(f"segment {name} is cut short")
        return data

    def share(self, data: bytes | bytearray | memoryview) -> msgpack.Ext | None:
        """The bytes as a named segment, or None where they should go inline."""
        size = len(data)
        try:
            name = self._take(size)
            with (self._folder / name).open("r+b" if (self._folder / name).exists() else "wb", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
        except OSError:
            return None
        return msgpack.Ext(_CODE, codec.encode([name, size]))

    def _take(self, size: int) -> str:
        with self._lock:
            fitting = sorted((self._sizes[name], name) for name in self._free if self._sizes[name] >= size)
            if fitting:
                self._free.remove(fitting[0][1])
                return fitting[0][1]
            room = os.statvfs(self._folder)
            if room.f_bavail * room.f_frsize < size + _SPARE:
                raise OSError("no room")
            self._count += 1
            name = f"w{os.getpid()}-{self._count}"
            self._sizes[name] = size
            return name

    def release(self, name: str) -> None:
        """The host has read it."""
        with self._lock:
            if name not in self._sizes or name in self._free:
                return
            if len(self._free) < _KEEP:
                self._free.append(name)
                return
            del self._sizes[name]
        (self._folder / name).unlink(missing_ok=True)
