"""Resource limits that stop a runaway and leave a healthy worker alone.

Never RLIMIT_AS: threads and arenas take virtual space nobody uses, and 512 MB of it broke the async lane in four runs
of four. Never RLIMIT_NPROC: root is exempt, and everybody else shares one count with the whole desktop; the filter
refuses new processes instead. Never RLIMIT_CPU: it adds up over a worker's life. The host watches real memory (PSS)
and processor time; RLIMIT_DATA stands behind it.
"""

from __future__ import annotations

import resource
from typing import Final

_GIB: Final = 1 << 30
_DESCRIPTORS: Final = 4096
_FILE_SIZE: Final = 4 * _GIB


def data_limit(memory: int) -> int:
    """Above the host's own kill (1.5 times ``memory``), with room for stacks and the shared pages of the zygote."""
    return 2 * memory + _GIB // 2


def apply(memory: int) -> None:
    """``memory``: bytes a worker may hold, 0 for no limit. Limits are only ever lowered."""
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    _lower(resource.RLIMIT_FSIZE, _FILE_SIZE)
    if memory > 0:
        _lower(resource.RLIMIT_DATA, data_limit(memory))


def _lower(limit: int, value: int) -> None:
    soft, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (_least(soft, value), _least(hard, value)))


def _least(current: int, value: int) -> int:
    return value if current == resource.RLIM_INFINITY else min(current, value)
