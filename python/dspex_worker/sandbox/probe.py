"""What this machine could hold, found out without locking anything in but a child made for it."""

from __future__ import annotations

import json
import os
from typing import Any

from dspex_worker.sandbox import kernel, landlock, seccomp
from dspex_worker.sandbox.layers import Report, enforce
from dspex_worker.sandbox.policy import Policy


def probe() -> dict[str, Any]:
    """The kernel's features by themselves, and the report of a child that really applied the default policy."""
    return {
        "kernel": kernel.release() if kernel.LINUX else "",
        "machine": kernel.machine(),
        "landlock_abi": landlock.abi() if kernel.LINUX else 0,
        "seccomp": seccomp.available() if kernel.LINUX else False,
        "reached": _trial().as_dict(),
    }


def _trial() -> Report:
    """A feature that is there may still be refused by a container; only trying tells. The child ends at once."""
    if not kernel.LINUX:
        return enforce(Policy())
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write_end, json.dumps(enforce(Policy()).as_dict()).encode())
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return Report(**json.loads(text)) if text else Report("none", missing=["the trial ended without an answer"])
