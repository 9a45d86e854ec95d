"""Locks a worker in: no sockets, no new process, no file but its own. Only ctypes and the standard library.

``apply`` is what a forked worker calls once, connected and with everything imported; ``probe`` is what doctor asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dspex_worker.sandbox import seccomp
from dspex_worker.sandbox.hygiene import close_descriptors, enter_scratch
from dspex_worker.sandbox.layers import Report, SandboxUnavailable, enforce
from dspex_worker.sandbox.policy import Policy, readable
from dspex_worker.sandbox.probe import probe

__all__ = ["Policy", "Report", "SandboxUnavailable", "apply", "close_descriptors", "enforce", "enter_scratch", "prepare", "probe"]


def prepare(policy: Mapping[str, Any]) -> None:
    """What ``apply`` will need and every worker shares: called once in the zygote, it takes a third off each fork's time."""
    given = Policy.of(policy)
    readable(given)
    if seccomp.available():
        seccomp.prepared(net=given.net, run=given.run)


def apply(policy: Mapping[str, Any]) -> dict[str, Any]:
    """``enforce`` for the host's profile as it arrives: ``{mode, read, write, net, run, memory, scratch}``.

    Raises ``SandboxUnavailable`` where the mode is strict and a part is missing; the worker then must not serve.
    """
    return enforce(Policy.of(policy)).as_dict()
