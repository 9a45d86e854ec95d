"""The programs a worker knows."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from dspex_worker.calls import Call
from dspex_worker.programs.build import Built, build_program

_CACHE: Final = 256


class UnknownProgram(Exception):
    """The host thought we knew it; it sends the description with the next try."""

    dspex_kind = "unknown_program"


class Programs:
    """The programs a worker knows, the least recently used going first."""

    def __init__(self) -> None:
        self._built: OrderedDict[str, Built] = OrderedDict()

    def of(self, call: Call) -> Built:
        args = call.spec.args
        digest = args["hash"]
        built = self._built.get(digest)
        if built is None:
            spec = args.get("program")
            if spec is None:
                raise UnknownProgram(digest)
            built = self._built[digest] = build_program(spec)
            if len(self._built) > _CACHE:
                self._built.popitem(last=False)
        else:
            self._built.move_to_end(digest)
        return built
