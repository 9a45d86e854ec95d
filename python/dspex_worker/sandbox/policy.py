"""What one worker may do, and the paths that follow from it. Fixed before the fork: a filter cannot be widened."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple, get_args

Mode = Literal["strict", "default", "off"]

#: Where shared libraries and what the loader and `ssl`, `zoneinfo` and `mimetypes` read of the system lie.
_SYSTEM: Final = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo"),
    *("/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/mime.types", "/etc/ssl/openssl.cnf"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
)
_NETWORK: Final = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services"),
    *("/etc/protocols", "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share/ca-certificates"),
    "/usr/local/share/ca-certificates",
)
_PROGRAMS: Final = ("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin")
#: Prefixes that hold more than a Python.
_WIDE: Final = frozenset({"/", "/usr", "/usr/local", "/opt"})


class Policy(NamedTuple):
    """A pool's `permissions`, with its mode and memory. Paths are absolute."""

    mode: Mode = "default"
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    net: bool = False
    run: bool = False
    #: Bytes the worker may hold, 0 for no limit of its own.
    memory: int = 0
    #: The worker's own folder, writable whatever else is.
    scratch: str = ""

    @staticmethod
    def of(given: Mapping[str, Any]) -> Policy:
        """From the host's profile. A key or a value that is not understood is refused: a policy is never guessed."""
        known = {"mode", "read", "write", "net", "run", "memory", "scratch"}
        if unknown := set(given) - known:
            raise ValueError(f"the sandbox policy has unknown keys: {', '.join(sorted(unknown))}")
        mode = given.get("mode", "default")
        if mode not in get_args(Mode):
            raise ValueError(f"the sandbox mode is {mode!r}; it may be strict, default or off")
        for key in ("read", "write"):
            paths = given.get(key, ())
            if isinstance(paths, str) or not all(isinstance(p, str) and os.path.isabs(p) for p in paths):
                raise ValueError(f"the sandbox policy's {key} is not a list of absolute paths: {paths!r}")
        for key in ("net", "run"):
            if not isinstance(given.get(key, False), bool):
                raise ValueError(f"the sandbox policy's {key} is {given[key]!r}, which is not a boolean")
        return Policy(
            mode=mode,
            read=tuple(given.get("read", ())),
            write=tuple(given.get("write", ())),
            net=given.get("net", False),
            run=given.get("run", False),
            memory=int(given.get("memory", 0)),
            scratch=given.get("scratch", ""),
        )


@cache
def python_paths() -> tuple[str, ...]:
    """What this interpreter reads: both prefixes of a virtual environment, or imports of the standard library fail."""
    found = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.__file__), *filter(os.path.isabs, sys.path)]
    return _outermost(path for path in map(os.path.realpath, found) if path not in _WIDE)


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Without those that lie within others: each is opened for each worker."""
    found: list[str] = []
    for path in sorted(paths):
        if not found or not f"{path}/".startswith(f"{found[-1]}/"):
            found.append(path)
    return tuple(found)


def readable(policy: Policy) -> tuple[str, ...]:
    return (*python_paths(), *_SYSTEM, *(_NETWORK if policy.net else ()), *policy.read)


def executable(policy: Policy) -> tuple[str, ...]:
    return (*_PROGRAMS, *_SYSTEM[:5], *python_paths()) if policy.run else ()


def writable(policy: Policy) -> tuple[str, ...]:
    return (*policy.write, *((policy.scratch,) if policy.scratch else ()))
