"""The raw echo: the bridge's framing, one thread, nothing else. ``echo.py ADDRESS raw|msgpack``.

    raw       the body goes back as it came
    msgpack   the body is decoded, and a result like the worker's is encoded
"""

from __future__ import annotations

import socket
import struct
import sys

import msgspec

HEADER = struct.Struct(">IBI")
RESULT = 3


def main(address: str, mode: str) -> None:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(address)
    decode, encode = msgspec.msgpack.Decoder().decode, msgspec.msgpack.Encoder().encode
    buffer = bytearray()
    while data := sock.recv(1 << 16):
        buffer += data
        at, out = 0, []
        while len(buffer) - at >= 9:
            length, _, stream = HEADER.unpack_from(buffer, at)
            if len(buffer) - at - 4 < length:
                break
            body = bytes(buffer[at + 9 : at + 4 + length])
            at += 4 + length
            if mode == "msgpack":
                decode(body)
                body = encode(None)
            out.append(HEADER.pack(5 + len(body), RESULT, stream) + body)
        del buffer[:at]
        sock.sendall(b"".join(out))


main(*sys.argv[1:])
