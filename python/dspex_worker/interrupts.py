"""Soft cancellation: an exception raised in the main thread by a signal, never in the middle of a read or a write.

The reader that learns of a cancel sends SIGUSR1 to the main thread. The handler looks whether the main thread still
runs that very call, and whether it stands inside the channel: an exception inside ``sendall`` of 8 MB tore the frame
5 times of 5. There it only leaves the wish, which the channel looks for on its way out.
"""

from __future__ import annotations

import signal
import threading


class CallStopped(BaseException):
    """Ends a call from outside. Not an ``Exception``: user code that catches those shall not swallow it."""


class CallCancelled(CallStopped):
    """The host asked for the call's end."""


class CallWithdrawn(CallStopped):
    """The host has taken it back before it began."""


class CallClosed(CallStopped):
    """The call has ended at the host; nothing it asks for is answered."""


class Interrupts:
    """One for a worker; everything but ``raise_in`` belongs to the main thread."""

    def __init__(self) -> None:
        #: The call an exception may stop, until it is set to None: while there is none, nothing need be held.
        self.running: int | None = None
        self._wanted: int | None = None
        self._held = 0

    def install(self) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: self._check())

    def begin(self, call: int) -> None:
        self.running = call
        # Its cancel may have come between the taking of the call and this.
        if self._wanted is not None:
            self._check()

    def raise_in(self, call: int) -> None:
        """From any thread: stop the main thread if it runs ``call``."""
        self._wanted = call
        if threading.get_ident() == threading.main_thread().ident:
            self._check()
        else:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)

    def hold(self) -> None:
        self._held += 1

    def release(self) -> None:
        self._held -= 1
        if self._wanted is not None:
            self._check()

    def _check(self) -> None:
        if self._held == 0 and self._wanted is not None and self._wanted == self.running:
            self._wanted = None
            self.running = None
            raise CallCancelled
