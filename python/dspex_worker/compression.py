"""zstd for transports that cross a network: Python 3.14's own, else the package ``zstandard``, else nothing."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from dspex_worker.frame import MESSAGE_LIMIT, Body, ProtocolError


def find() -> tuple[Callable[[bytes], bytes], Callable[[Body], bytes]] | None:
    """Compress and decompress, or None where this Python has neither."""
    for name in ("compression.zstd", "zstandard"):
        try:
            return _of(importlib.import_module(name), package=name == "zstandard")
        except ImportError:
            continue
    return None


def _of(module: Any, package: bool) -> tuple[Callable[[bytes], bytes], Callable[[Body], bytes]]:
    def decompress(data: Body) -> bytes:
        """No more than a message may hold: a few bytes can be made to grow to gigabytes."""
        try:
            reader = module.ZstdDecompressor().stream_reader(data) if package else module.ZstdFile(_file(data))
            whole: bytes = reader.read(MESSAGE_LIMIT + 1)
        except Exception as error:
            raise ProtocolError(f"a compressed body that cannot be read: {error}") from error
        if len(whole) > MESSAGE_LIMIT:
            raise ProtocolError("a compressed body of more than a message")
        return whole

    return module.compress, decompress


def _file(data: Body) -> Any:
    return importlib.import_module("io").BytesIO(data)
