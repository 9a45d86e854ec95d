"""Threads, seen as they start: to look through all of them after every call took longer than a small call itself.

Only those of ``threading`` count, as everywhere in Python: an ident may be given to the next thread, a ``Thread`` is one.
"""

from __future__ import annotations

from threading import Thread

#: Since the last call began.
born: list[Thread] = []


def watch() -> None:
    """Once a process, by its main thread."""
    start = Thread.start

    def start_and_note(self: Thread) -> None:
        start(self)
        born.append(self)

    Thread.start = start_and_note  # type: ignore[method-assign]
