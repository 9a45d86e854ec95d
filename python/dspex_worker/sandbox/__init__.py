"""Locks a worker in: no sockets, no new process, no file but its own. Only ctypes and the standard library.

``apply`` is what a forked worker calls once, connected and with everything imported; ``probe`` is what doctor asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dspex_worker.sandbox import capabilities, landlock, seccomp
from dspex_worker.sandbox.hygiene import close_descriptors, enter_scratch
from dspex_worker.sandbox.kernel import LINUX
from dspex_worker.sandbox.layers import Report, SandboxUnavailable, enforce
from dspex_worker.sandbox.policy import Policy, readable
from dspex_worker.sandbox.probe import probe

__all__ = [
    "Policy",
    "Report",
    "SandboxUnavailable",
    "apply",
    "close_descriptors",
    "enforce",
    "enter_scratch",
    "give_up_powers",
    "prepare",
    "probe",
]


def prepare(policy: Mapping[str, Any]) -> Policy:
    """The policy understood, and what ``enforce`` will need and every worker shares: called once, before the fork."""
    given = Policy.of(policy)
    readable(given)
    if given.mode != "off" and LINUX:
        landlock.judged(net=given.net)
        if seccomp.available():
            seccomp.prepared(net=given.net, run=given.run)
    return given


def give_up_powers() -> None:
    """Root's, in the zygote already: it needs none of them, and to drop each costs every worker 0.3 ms."""
    if LINUX and capabilities.available():
        with suppress(OSError):  # Each worker tries again, and says what it could not drop.
            capabilities.drop_all()


def apply(policy: Mapping[str, Any]) -> dict[str, Any]:
    """``enforce`` for the host's profile as it arrives: ``{mode, read, write, net, run, memory, scratch}``.

    Raises ``SandboxUnavailable`` where the mode is strict and a part is missing; the worker then must not serve.
    """
    return enforce(Policy.of(policy)).as_dict()
