"""What the rows call in a worker."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import Any


def hold(seconds: float) -> float:
    """When it began, by the machine's clock; held so that no two such calls share a worker."""
    began = time.time()
    time.sleep(seconds)
    return began


def spin(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def collect() -> int:
    return gc.collect()


def measure(data: bytes) -> int:
    return len(data)


async def measure_async(data: bytes) -> int:
    return len(data)


async def small() -> None:
    return None


def ask(tool: Callable[..., Any], times: int) -> float:
    """Microseconds of one question to the host, asked one after the other."""
    tool(0)
    start = time.perf_counter()
    for number in range(times):
        tool(number)
    return (time.perf_counter() - start) * 1e6 / times
