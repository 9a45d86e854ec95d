"""Exceptions whose own code misbehaves are told all the same."""

from __future__ import annotations

from typing import Any

import pytest

from dspex_worker.codec import Unserialisable, encode
from dspex_worker.failures import failure_of


class Exits(Exception):
    def __str__(self) -> str:
        raise SystemExit


class Interrupted(Exception):
    @property
    def dspex_kind(self) -> str:
        raise KeyboardInterrupt


class Delegates(Exception):
    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise RuntimeError("no name of mine")


class Anonymous(Exception, metaclass=Nameless):
    pass


class Claims(Exception):
    dspex_kind = 5
    dspex_details = {1: object()}  # noqa: RUF012


class Pretends(Exception):
    @property
    def __class__(self) -> type:
        raise RuntimeError("no class of mine")


@pytest.mark.parametrize("number", range(6))
def test_whatever_an_exception_raises_about_itself_it_is_told(number: int) -> None:
    kind = (Exits, Interrupted, Delegates, Anonymous, Claims, Pretends)[number]
    try:
        raise kind("on purpose")
    except Exception as error:
        failure = failure_of(error)
    assert failure["kind"] == "exception"
    assert "details" not in failure
    assert "raise kind" in failure["traceback"]
    encode(failure)


def test_long_texts_are_cut_and_their_ends_kept() -> None:
    failure = failure_of(ValueError("a" + "x" * 1_000_000 + "z"))
    assert len(failure["message"]) == 64 << 10
    assert len(failure["traceback"]) < 66 << 10
    assert failure["traceback"].endswith("z\n")


def test_a_refusal_of_the_codec_keeps_its_kind() -> None:
    assert failure_of(Unserialisable("no form"))["kind"] == "unserialisable"
