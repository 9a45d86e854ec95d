"""The layers, in the one order that works, and an honest account of what holds.

no_new_privs first (Landlock and seccomp need it of an unprivileged process), capabilities before the filter that
refuses to change them, PDEATHSIG after every change of credentials, the filter last. About 1 ms in all.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from dspex_worker.sandbox import capabilities, hygiene, kernel, landlock, limits, seccomp
from dspex_worker.sandbox.policy import Policy, executable, readable, writable

#: ``full``: every layer holds. ``partial``: some do. ``none``: neither files nor calls are judged. ``off``: not asked.
Level = Literal["full", "partial", "none", "off"]


@dataclass(slots=True)
class Report:
    """What a worker says of itself in ``hello``, in pool statistics and to ``doctor``."""

    level: Level
    applied: list[str] = field(default_factory=list)
    #: One phrase a missing part, with the kernel's reason.
    missing: list[str] = field(default_factory=list)
    landlock_abi: int = 0

    def as_dict(self) -> dict[str, Any]:
        return {"level": self.level, "applied": self.applied, "missing": self.missing, "landlock_abi": self.landlock_abi}


class SandboxUnavailable(Exception):
    """A strict policy met a kernel that cannot hold all of it. The worker must end without taking a call."""

    def __init__(self, report: Report) -> None:
        super().__init__(f"the sandbox is strict, and this machine lacks: {'; '.join(report.missing)}")
        self.report = report


def enforce(policy: Policy) -> Report:
    """Locks the calling process in for good. To be called with one thread, connected, with everything imported."""
    if policy.mode == "off":
        return Report("off")
    if policy.scratch:
        hygiene.enter_scratch(policy.scratch)
    if not kernel.LINUX:
        return _judged(policy, Report("none", missing=["Linux: Landlock and seccomp exist nowhere else"]))
    report = Report("none")
    if (threads := kernel.thread_count()) > 1:
        report.missing.append(f"a single thread: {threads - 1} others stay outside")

    parent, death_signal = os.getppid(), _death_signal()
    _layer(report, "no_new_privs", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1))
    _layer(report, "capabilities", capabilities.drop_all if capabilities.available() else _no_table)
    _layer(report, "limits", lambda: limits.apply(policy.memory))
    _keep_dying(parent, death_signal)
    files = _layer(report, "landlock", lambda: _restrict_files(policy, report))
    calls = _layer(report, "seccomp", (lambda: _filter_calls(policy)) if capabilities.available() else _no_table)
    files, calls = files and _files_hold(policy, report), calls and _calls_hold(report)
    report.level = "none" if not (files or calls) else "partial" if report.missing else "full"
    return _judged(policy, report)


def _judged(policy: Policy, report: Report) -> Report:
    if policy.mode == "strict" and report.missing:
        raise SandboxUnavailable(report)
    return report


def _layer(report: Report, name: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except OSError as error:
        report.missing.append(f"{name}: {error.strerror or error}")
        return False
    report.applied.append(name)
    return True


def _restrict_files(policy: Policy, report: Report) -> None:
    report.landlock_abi = landlock.abi()
    if report.landlock_abi == 0:
        raise OSError(errno.ENOSYS, "this kernel, or its container, has no Landlock")
    rules = landlock.Ruleset(net=policy.net)
    rules.read(readable(policy))
    rules.execute(executable(policy))
    rules.write(writable(policy), run=policy.run)
    rules.device("/dev/null")
    rules.enforce()
    if report.landlock_abi < landlock.TRUNCATE_SINCE:
        report.missing.append("landlock: truncation of files outside (Linux 6.2)")
    if policy.run and report.landlock_abi < landlock.SCOPES_SINCE:
        report.missing.append("landlock: signals to other processes (Linux 6.12)")


def _filter_calls(policy: Policy) -> None:
    seccomp.install(os.getpid(), net=policy.net, run=policy.run)


def _no_table() -> None:
    raise OSError(errno.ENOSYS, f"no table of system calls for {kernel.machine()}")


def _files_hold(policy: Policy, report: Report) -> bool:
    """Opens what no policy but one that names it may open."""
    if any(path == "/" or path.startswith("/proc") for path in (*policy.read, *policy.write)):
        return True
    return _refused(report, "landlock", lambda: os.close(os.open("/proc/self/status", os.O_RDONLY)))


def _calls_hold(report: Report) -> bool:
    """A Unix socket is refused with and without ``net``."""
    return _refused(report, "seccomp", lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).close())


def _refused(report: Report, layer: str, attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.ENOENT):
            return True
    report.applied.remove(layer)
    report.missing.append(f"{layer}: accepted, but it does not hold")
    return False


def _death_signal() -> int:
    value = ctypes.c_int(0)
    kernel.prctl(kernel.PR_GET_PDEATHSIG, ctypes.addressof(value))
    return value.value


def _keep_dying(parent: int, death_signal: int) -> None:
    """The kernel forgets PDEATHSIG with a change of credentials; a parent that ended meanwhile is not coming back."""
    if death_signal:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:
            os._exit(1)
