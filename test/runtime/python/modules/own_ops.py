"""Functions a pool is asked for by name."""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

_closed = 0


def add(a: int, b: int) -> int:
    return a + b


def pid() -> int:
    return os.getpid()


async def nap(seconds: float, ballast: bytes = b"") -> None:
    await asyncio.sleep(seconds)


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def leave(seconds: float) -> str:
    thread = threading.Thread(target=time.sleep, args=(seconds,))
    thread.start()
    return thread.name


def alive(name: str) -> bool:
    return name in {thread.name for thread in threading.enumerate()}


def act(path: str, n: int, how: str = "", seconds: float = 0) -> int:
    """Leaves its number in a file, and then does as told."""
    with open(path, "a") as file:
        file.write(f"{n}\n")
    match how:
        case "sleep":
            time.sleep(seconds)
        case "hold":  # Nobody else in this process gets a turn meanwhile.
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                sum(range(30_000_000))
        case "die":
            os._exit(3)
    return n


def asking(times: int, ask: Callable[[int], int]) -> list[int]:
    return [ask(n) for n in range(times)]


def count(to: int) -> Iterator[int]:
    global _closed
    try:
        yield from range(to)
    finally:
        _closed += 1


def closed() -> int:
    return _closed


def bump(session: dict[str, Any], by: int = 1) -> int:
    session["count"] += by
    return session["count"]
