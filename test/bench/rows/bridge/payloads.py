"""Sixteen megabytes received in every way: ``payloads.py ADDRESS``. A line of JSON asks, the number of bytes answers.

    segment   read from one shared segment, opened once
    file      read from a segment made for this message
    base64    decoded from the line itself
"""

from __future__ import annotations

import base64
import json
import mmap
import os
import socket
import sys


def main(address: str, path: str) -> None:
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(address)
    with open(path, "rb") as file:
        reused = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    stream = sock.makefile("rb")
    for line in stream:
        asked = json.loads(line)
        if asked["how"] == "segment":
            data = reused[: asked["size"]]
        elif asked["how"] == "file":
            with open(asked["path"], "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as segment:
                data = segment[:]
            os.unlink(asked["path"])
        else:
            data = base64.b64decode(asked["data"])
        sock.sendall(f"{len(data)}\n".encode())


main(*sys.argv[1:])
