"""The Python decoder against any bytes, and bodies against any value. Twin of ``frame.test.ts`` and ``codec.test.ts``."""

from __future__ import annotations

import datetime as dt
import math
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "python"))

from dspex_worker import frame
from dspex_worker.codec import Unserialisable, decode, encode, to_wire
from dspex_worker.frame import FrameDecoder, FrameType, Message, ProtocolError, encode_frames

LIMIT = 1 << 20
settings.register_profile("fuzz", max_examples=500, deadline=None, database=None)
settings.load_profile("fuzz")

messages = st.lists(
    st.tuples(st.sampled_from(FrameType), st.integers(0, 0xFFFF_FFFF), st.binary(max_size=300)), max_size=6
)


def said(given: list[Message]) -> bytes:
    return b"".join(part for kind, stream, body in given for part in encode_frames(kind, stream, body))


def heard(pieces: list[bytes]) -> tuple[list[Message], bool]:
    """What a channel sees: it stops at the first broken promise."""
    decoder, out = FrameDecoder(LIMIT), []
    try:
        for piece in pieces:
            out += decoder.push(piece)
    except ProtocolError:
        return out, True
    return out, False


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places})
    return [data[a:b] for a, b in zip([0, *ends], [*ends, len(data)], strict=True)]


@given(messages, st.lists(st.integers(0, 10**6), max_size=30))
def test_messages_cut_anyhow_arrive_whole_and_in_order(given: list[Message], places: list[int]) -> None:
    assert heard(cut(said(given), places)) == (given, False)


@given(st.binary(max_size=600), st.lists(st.integers(0, 600), max_size=20))
def test_any_bytes_are_refused_or_waited_on(data: bytes, places: list[int]) -> None:
    out, _ = heard(cut(data, places))
    assert all(1 <= kind <= 18 and len(body) <= LIMIT for kind, _, body in out)


@given(messages, st.integers(0, 10**6), st.integers(1, 255))
def test_a_flipped_byte_never_shows_a_part_of_a_message(given: list[Message], place: int, bits: int) -> None:
    data = bytearray(said(given))
    if data:
        data[place % len(data)] ^= bits
    whole, _ = heard([bytes(data)])
    single, _ = heard([bytes([byte]) for byte in data])
    # A channel handles what was complete before the break; how the bytes came must not decide what is seen.
    assert single[: len(whole)] == whole


@given(messages, st.integers(0, 10**6))
def test_a_stream_cut_short_shows_complete_messages_only(given: list[Message], place: int) -> None:
    data = said(given)
    out, broken = heard([data[: place % (len(data) + 1)]])
    assert not broken
    assert out == given[: len(out)]


@pytest.mark.parametrize(
    "data",
    [b"\0\0\0\4\1\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\5\0\0\0\0\1", b"\0\0\0\5\x13\0\0\0\1"],
    ids=["short", "long", "type 0", "type 19"],
)
def test_refuses_at_once(data: bytes) -> None:
    assert heard([data]) == ([], True)


def test_a_message_longer_than_allowed_is_refused_while_it_comes() -> None:
    part = (5 + 1024).to_bytes(4, "big") + bytes([FrameType.CALL | 0x80]) + b"\0\0\0\1" + bytes(1024)
    assert heard([part] * (LIMIT // 1024)) == ([], False)
    assert heard([part] * (LIMIT // 1024 + 1)) == ([], True)


def test_messages_begun_on_ever_new_streams_are_refused_before_they_fill_the_memory() -> None:
    header = (5 + 16384).to_bytes(4, "big") + bytes([FrameType.CALL | 0x80])
    assert heard([header + stream.to_bytes(4, "big") + bytes(16384) for stream in range(10_000)])[1]


def test_the_limits_are_the_twin_s() -> None:
    twin = (Path(__file__).resolve().parents[3] / "runtime/python/wire/frame.ts").read_text()
    assert f"WIRE_VERSION = {frame.WIRE_VERSION};" in twin
    assert all(f"{kind.name.lower().replace('_', '')}: {kind.value}" in twin.lower() for kind in FrameType)


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=50)
    | st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
    | st.datetimes(timezones=st.just(dt.UTC)).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
)  # fmt: skip
keys = st.text(st.characters(codec=None, exclude_categories=()), max_size=8) | st.sampled_from(["__proto__", "", "\ud800"]) | st.integers()
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20)


def same(left: Any, right: Any) -> bool:
    """Equality that also holds NaN equal to itself and tells 1 from 1.0 and True."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (left == right and math.copysign(1, left) == math.copysign(1, right))
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return bool(left == right)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    assert same(decode(encode({"value": to_wire(value)}))["value"], value)


@pytest.mark.parametrize("value", [object(), lambda: None, 1j, dt.datetime(2024, 1, 1, microsecond=1), sys.stderr], ids=repr)
def test_what_has_no_form_is_refused_by_name(value: Any) -> None:
    with pytest.raises(Unserialisable):
        to_wire({"at": [value]})


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused_quickly(body: bytes) -> None:
    start = time.monotonic()
    try:
        decode(body)
    except RecursionError:
        raise
    except Exception as error:
        assert not isinstance(error, MemoryError)
    assert time.monotonic() - start < 0.25


@pytest.mark.parametrize("announced", [b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc6\xff\xff\xff\xff", b"\xc1", b""])
def test_announced_sizes_take_no_memory(announced: bytes) -> None:
    with pytest.raises(Exception):  # noqa: B017
        decode(announced)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(Exception):  # noqa: B017
        decode(b"\x91" * 100_000)
