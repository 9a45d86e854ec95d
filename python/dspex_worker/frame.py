"""Frames: what travels on a worker's socket. ``runtime/python/wire/frame.ts`` is the twin.

    u32 length (of all that follows) | u8 type | u32 stream | part of the body

The type's top bit says that more of the message follows, the next one that its body is compressed (zstd).

All numbers are big-endian. A body longer than a chunk is cut, so that control frames pass between its parts.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Final

WIRE_VERSION: Final = 1

FRAME_LIMIT: Final = 1 << 20
CHUNK: Final = 256 << 10
MESSAGE_LIMIT: Final = 64 << 20

_MORE: Final = 0x80
_ZSTD: Final = 0x40
#: Below this there is little to gain by compression.
_COMPRESS_FROM: Final = 1024
# Of a frame without a body: type and stream.
_BARE: Final = 5
_HEADER: Final = struct.Struct(">IBI")


class FrameType(IntEnum):
    HELLO = 1
    CALL = 2
    RESULT = 3
    ERROR = 4
    CHUNK = 5
    END = 6
    CREDIT = 7
    CANCEL = 8
    CALLBACK = 9
    CALLBACK_RESULT = 10
    CALLBACK_ERROR = 11
    CALLBACK_CHUNK = 12
    LOG = 13
    EVENT = 14
    PING = 15
    PONG = 16
    DRAIN = 17
    BYE = 18


_TYPES: Final = tuple(FrameType(number) if number else FrameType.HELLO for number in range(len(FrameType) + 1))

Message = tuple[FrameType, int, bytes]


class ProtocolError(Exception):
    """The peer broke the protocol: the connection is poisoned, nothing of the message is seen."""


def encode_frame(kind: int, stream: int, body: bytes) -> bytes:
    """The only frame of a short body."""
    return _HEADER.pack(_BARE + len(body), kind, stream) + body


def encode_frames(kind: int, stream: int, body: bytes, limit: int = MESSAGE_LIMIT) -> Iterator[bytes]:
    """The frames of one message; a short body gives one."""
    size = len(body)
    if size > limit:
        raise ProtocolError(f"a message of {size} bytes is longer than {limit}")
    if size <= CHUNK:
        yield _HEADER.pack(5 + size, kind, stream) + body
        return
    view = memoryview(body)
    for at in range(0, size, CHUNK):
        part = view[at : at + CHUNK]
        flag = _MORE if at + CHUNK < size else 0
        yield b"".join((_HEADER.pack(5 + len(part), kind | flag, stream), part))


def compressed(kind: int, body: bytes, compress: Callable[[bytes], bytes]) -> tuple[int, bytes]:
    """The body and the type it goes under: compressed where that makes it smaller."""
    if len(body) < _COMPRESS_FROM:
        return kind, body
    small = compress(body)
    return (kind | _ZSTD, small) if len(small) < len(body) else (kind, body)


class FrameDecoder:
    """Cuts a byte stream into messages. Raises ``ProtocolError`` at the first byte that cannot be one."""

    __slots__ = ("_buffer", "_expand", "_held", "_limit", "_longest", "_parts")

    def __init__(self, limit: int = MESSAGE_LIMIT, expand: Callable[[bytes], bytes] | None = None) -> None:
        self._expand = expand
        self._buffer = bytearray()
        self._parts: dict[tuple[int, int], bytearray] = {}
        self._limit = limit
        self._held = 0
        self._longest = min(limit, FRAME_LIMIT)

    def push(self, data: bytes) -> list[Message]:
        """The messages that ``data`` completes, in order."""
        buffer = self._buffer
        if not buffer and not self._parts and len(data) > _HEADER.size:
            # Nearly always: one short message, all of it.
            length, number, stream = _HEADER.unpack_from(data)
            if length + 4 == len(data) and 1 <= number < len(_TYPES) and length - _BARE <= self._longest:
                return [(_TYPES[number], stream, data[_HEADER.size :])]
        source: bytes | bytearray
        if buffer:
            buffer += data
            source = buffer
        else:
            source = data
        out: list[Message] = []
        at, size = 0, len(source)
        while size - at >= _HEADER.size:
            length, flagged, stream = _HEADER.unpack_from(source, at)
            if not _BARE <= length <= self._longest + _BARE:
                raise ProtocolError(f"a frame of {length} bytes")
            end = at + 4 + length
            if end > size:
                break
            part = bytes(source[at + _HEADER.size : end])
            at = end
            if 1 <= flagged < len(_TYPES) and not self._parts:
                out.append((_TYPES[flagged], stream, part))
            else:
                self._take(flagged, stream, part, out)
        if 4 <= size - at < _HEADER.size:
            length = int.from_bytes(source[at : at + 4], "big")
            if not _BARE <= length <= self._longest + _BARE:
                raise ProtocolError(f"a frame of {length} bytes")
        if source is buffer:
            del buffer[:at]
        elif at < size:
            buffer += data[at:]
        return out

    def _take(self, flagged: int, stream: int, part: bytes, out: list[Message]) -> None:
        number = flagged & ~(_MORE | _ZSTD)
        if not 1 <= number < len(_TYPES):
            raise ProtocolError(f"a frame of unknown type {number}")
        if flagged & _MORE and not part:
            raise ProtocolError("a part without bytes, of a message that goes on")
        key = (number, stream)
        whole = self._parts.get(key)
        if whole is None:
            if not flagged & _MORE:
                out.append((_TYPES[number], stream, self._body(flagged, part)))
                return
            whole = self._parts[key] = bytearray()
        # Of all messages begun together: many short beginnings hold as much as one long.
        self._held += len(part)
        if self._held > self._limit:
            raise ProtocolError(f"messages begun of more than {self._limit} bytes")
        whole += part
        if not flagged & _MORE:
            del self._parts[key]
            self._held -= len(whole)
            out.append((_TYPES[number], stream, self._body(flagged, bytes(whole))))

    def _body(self, flagged: int, body: bytes) -> bytes:
        if not flagged & _ZSTD:
            return body
        if self._expand is None:
            raise ProtocolError("a compressed body where none was agreed")
        return self._expand(body)
