"""What the host left in shared memory is read when its call runs: on the async lane by a thread, beside other calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dspex_worker import codec, messages
from dspex_worker.calls import Call
from dspex_worker.operations import Operations
from dspex_worker.segments import Segments

DATA = bytes(range(256)) * 2000


@pytest.fixture
def segments(tmp_path: Path) -> Iterator[Segments]:
    before = codec.share, codec.shared
    segments = Segments(str(tmp_path))
    segments.install()
    (tmp_path / "h1").write_bytes(DATA + b"of an earlier, longer one")
    yield segments
    codec.share, codec.shared = before


def named(name: str, size: int = len(DATA)) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(0x67, codec.encode([name, size]))


def call_of(segments: Segments, op: str, args: Any) -> Call:
    spec = messages.decode_call(codec.encode({"op": op, "args": args}))
    call = Call(1, spec, None, None)  # type: ignore[arg-type]
    if segments.found():
        call.fill = segments.fill
    return call


def test_every_place_in_the_arguments_is_filled(segments: Segments) -> None:
    call = call_of(segments, "echo", {"a": [named("h1"), 1], "b": named("h1", 3), "c": "text"})
    operations = Operations(messages.Profile(address="", token="", pool="", host=0, scratch=""))
    assert operations.run(call) == {"a": [DATA, 1], "b": DATA[:3], "c": "text"}
    assert call_of(segments, "echo", {"a": 1}).fill is None


def test_among_other_calls_a_thread_reads(segments: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[int] = []
    read = Segments._read
    monkeypatch.setattr(Segments, "_read", lambda self, *which: readers.append(threading.get_ident()) or read(self, *which))
    operations = Operations(messages.Profile(address="", token="", pool="", host=0, scratch=""))
    assert asyncio.run(operations.run_async(call_of(segments, "echo", [named("h1")]))) == [DATA]
    assert readers
    assert threading.get_ident() not in readers


@pytest.mark.parametrize("which", [("h2", 5), ("h1", len(DATA) + 1000), ("../h1", 5), ("w1-1", 5)])
def test_what_cannot_be_read_ends_its_call(segments: Segments, which: tuple[str, int]) -> None:
    operations = Operations(messages.Profile(address="", token="", pool="", host=0, scratch=""))
    with pytest.raises((OSError, ValueError)) as refused:
        operations.run(call_of(segments, "echo", named(*which)))
    assert refused.value.dspex_kind == "unserialisable"  # type: ignore[union-attr]
