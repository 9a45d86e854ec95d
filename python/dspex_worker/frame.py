"""Frames: what travels on a worker's socket. ``runtime/python/wire/frame.ts`` is the twin.

    u32 length (of all that follows) | u8 type | u32 stream | part of the body

The type's top bit says that more of the message follows, the next one that its body is compressed (zstd).

All numbers are big-endian. A body longer than a chunk is cut, so that control frames pass between its parts.
"""

from __future__ import annotations

import mmap as mmap_module
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import IntEnum
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, mmap
from typing import Final

WIRE_VERSION: Final = 2

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
_SIZE: Final = _HEADER.size
_unpack: Final = _HEADER.unpack_from
_pack: Final = _HEADER.pack


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
_LAST: Final = len(FrameType)

#: A long one is a view of memory that is given back with it.
Body = bytes | memoryview
Message = tuple[FrameType, int, Body]

_HUGE: Final[int | None] = getattr(mmap_module, "MADV_HUGEPAGE", None)


class ProtocolError(Exception):
    """The peer broke the protocol: the connection is poisoned, nothing of the message is seen."""


def encode_frame(kind: int, stream: int, body: bytes) -> bytes:
    """The only frame of a short body."""
    return _pack(_BARE + len(body), kind, stream) + body


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


class _Message:
    """One that comes in parts. Its memory is taken whole and lazily: what is never written takes no page."""

    __slots__ = ("memory", "size")

    def __init__(self, most: int) -> None:
        # In huge pages, where there are any: 16 MB in small ones is 4,096 faults, which take longer than the copy.
        self.memory = mmap(-1, most, flags=MAP_PRIVATE | MAP_ANONYMOUS) if most >= CHUNK else bytearray(most)
        if _HUGE is not None and isinstance(self.memory, mmap):
            with suppress(OSError):
                self.memory.madvise(_HUGE)
        self.size = 0


class FrameDecoder:
    """Cuts a byte stream into messages. Raises ``ProtocolError`` at the first byte that cannot be one.

    A long part goes straight to its place in the message: ``room`` says where that is, ``fill`` that it has come.
    """

    __slots__ = ("_buffer", "_expand", "_held", "_limit", "_most", "_parts", "under_way")

    def __init__(self, limit: int = MESSAGE_LIMIT, expand: Callable[[Body], bytes] | None = None) -> None:
        self._expand = expand
        self._buffer = bytearray()
        self._parts: dict[tuple[int, int], _Message] = {}
        #: Type with flags, stream, message, and where in it the part that has begun ends.
        self.under_way: tuple[int, int, _Message, int] | None = None
        self._limit = limit
        self._held = 0
        self._most = min(limit, FRAME_LIMIT) + _BARE

    def room(self) -> memoryview | None:
        """Where the rest of a part that has begun goes; None where what comes next is to be pushed."""
        if self.under_way is None:
            return None
        message, end = self.under_way[2:]
        return memoryview(message.memory)[message.size : end]

    def fill(self, count: int) -> list[Message]:
        """``count`` bytes have been put where ``room`` said."""
        if self.under_way is None:
            return []
        flagged, stream, message, end = self.under_way
        message.size += count
        if message.size < end:
            return []
        self.under_way = None
        return [] if flagged & _MORE else [self._whole(flagged, stream, message)]

    def push(self, data: Body) -> list[Message]:
        """The messages that ``data`` completes, in order."""
        out: list[Message] = []
        if self.under_way is not None and (room := self.room()) is not None:
            taken = min(len(room), len(data))
            room[:taken] = data[:taken]
            out += self.fill(taken)
            data = memoryview(data)[taken:]
        buffer = self._buffer
        if buffer:
            buffer += data
            del buffer[: self._frames(buffer, out)]
        else:
            at = self._frames(data, out)
            if at < len(data):
                buffer += data[at:]
        return out

    def _frames(self, source: Body | bytearray, out: list[Message]) -> int:
        """Takes the frames that are whole, and of a long message's part what there is; how many bytes that was."""
        at, size, parts = 0, len(source), self._parts
        while size - at >= _SIZE:
            length, flagged, stream = _unpack(source, at)
            if not _BARE <= length <= self._most:
                raise ProtocolError(f"a frame of {length} bytes")
            body, end = at + _SIZE, at + 4 + length
            if 0 < flagged <= _LAST and end <= size and not parts:
                # Nearly always: a whole message.
                out.append((_TYPES[flagged], stream, bytes(source[body:end])))
                at = end
                continue
            message = self._begin(flagged, stream, length - _BARE) if flagged & _MORE or parts else None
            if message is not None:
                at = min(end, size)
                memoryview(message.memory)[message.size : message.size + at - body] = source[body:at]
                self.under_way = (flagged, stream, message, message.size + length - _BARE)
                out += self.fill(at - body)
                continue
            if end > size:
                break
            at = end
            number = flagged & ~_ZSTD
            if not 1 <= number < len(_TYPES):
                raise ProtocolError(f"a frame of unknown type {number}")
            out.append((_TYPES[number], stream, self._body(flagged, bytes(source[body:end]))))
        if 4 <= size - at < _SIZE:
            length = int.from_bytes(source[at : at + 4], "big")
            if not _BARE <= length <= self._most:
                raise ProtocolError(f"a frame of {length} bytes")
        return at

    def _begin(self, flagged: int, stream: int, size: int) -> _Message | None:
        """The message that a frame is a part of; None where it is one by itself."""
        number = flagged & ~(_MORE | _ZSTD)
        if not 1 <= number < len(_TYPES):
            raise ProtocolError(f"a frame of unknown type {number}")
        if flagged & _MORE and not size:
            raise ProtocolError("a part without bytes, of a message that goes on")
        message = self._parts.get((number, stream))
        if message is None:
            if not flagged & _MORE:
                return None
            message = self._parts[number, stream] = _Message(self._limit)
        # Of all messages begun together: many short beginnings hold as much as one long.
        self._held += size
        if self._held > self._limit:
            raise ProtocolError(f"messages begun of more than {self._limit} bytes")
        return message

    def _whole(self, flagged: int, stream: int, message: _Message) -> Message:
        number = flagged & ~_ZSTD
        del self._parts[number, stream]
        self._held -= message.size
        return _TYPES[number], stream, self._body(flagged, memoryview(message.memory)[: message.size])

    def _body(self, flagged: int, body: Body) -> Body:
        if not flagged & _ZSTD:
            return body
        if self._expand is None:
            raise ProtocolError("a compressed body where none was agreed")
        return self._expand(body)
