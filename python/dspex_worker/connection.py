"""How a process reaches its host: a Unix socket in a private folder, or TCP to a host in another container."""

from __future__ import annotations

import socket


def connect(address: str) -> socket.socket:
    """``unix:/path`` or ``tcp:host:port``; the token that follows in ``hello`` is what admits us."""
    scheme, _, rest = address.partition(":")
    if scheme == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.connect(rest)
        return sock
    if scheme == "tcp":
        host, _, port = rest.rpartition(":")
        sock = socket.create_connection((host, int(port)))
        sock.settimeout(None)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock
    raise ValueError(f"an address is unix:PATH or tcp:HOST:PORT, not {address!r}")
