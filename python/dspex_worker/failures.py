"""An exception as the host shall see it.

Its text, its name and what it carries are user code as well. Whatever they raise, SystemExit included, the host hears of
the exception: a failure that cannot be told would leave its caller waiting, or end a worker that has done nothing wrong.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from typing import Any, Final, TypeVar

from dspex_worker.codec import Unserialisable, encode, plain_lines, to_wire
from dspex_worker.frame import ProtocolError
from dspex_worker.interrupts import CallStopped, CallWithdrawn

T = TypeVar("T")

# Tracebacks of deep recursions are long; the ends tell the story.
_LONGEST: Final = 64 << 10


def failure_of(error: BaseException) -> dict[str, Any]:
    """The body of an ERROR frame: ``kind``, ``type``, ``message``, ``traceback`` and, of our own errors, ``details``."""
    # isinstance would ask the exception for its __class__.
    cls = type(error)
    name = _asked(lambda: plain_lines([cls.__name__]), "Exception")
    if issubclass(cls, CallStopped | asyncio.CancelledError):
        kind = "withdrawn" if issubclass(cls, CallWithdrawn) else "cancelled"
        return {"kind": kind, "type": name, "message": "", "traceback": ""}
    default = "unserialisable" if issubclass(cls, Unserialisable | ProtocolError) else "exception"
    kind = _asked(lambda: getattr(error, "dspex_kind", default), default)
    message = _asked(lambda: plain_lines([str(error)]), "(its own text cannot be made)")
    lines = _asked(lambda: traceback.format_exception(error), None) or [*traceback.format_tb(error.__traceback__), name]
    text = plain_lines(lines)
    if len(text) > _LONGEST:
        half = _LONGEST // 2
        text = f"{text[:half]}\n... {len(text) - _LONGEST} characters left out ...\n{text[-half:]}"
    failure = {
        "kind": kind if type(kind) is str else default,
        "type": name[:_LONGEST],
        "message": message[:_LONGEST],
        "traceback": text,
    }
    details = _asked(lambda: _told(getattr(error, "dspex_details", None)), None)
    return {**failure, "details": details} if details else failure


def _told(details: Any) -> Any:
    wire = to_wire(details)
    return wire if len(encode(wire)) <= _LONGEST else None


def _asked(make: Callable[[], T], otherwise: T) -> T:
    try:
        return make()
    except BaseException:
        return otherwise
