"""The bytes both languages agree on: ``test/wire/golden.json`` is read here and in ``test/wire/golden.test.ts``."""

from __future__ import annotations

import datetime as dt
import fractions
import ipaddress
import json
import math
from pathlib import Path, PureWindowsPath
from typing import Any

import pydantic
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dspex_worker import codec, compression, messages
from dspex_worker.frame import (
    CHUNK,
    MESSAGE_LIMIT,
    FrameDecoder,
    FrameType,
    ProtocolError,
    compressed,
    encode_frame,
    encode_frames,
)
from dspex_worker.programs import prediction  # noqa: F401  (it knows the objects)

GOLDEN = json.loads((Path(__file__).parents[1] / "wire" / "golden.json").read_text("utf-8"))
VALUES: dict[str, Any] = {
    "int 5": 5,
    "float 5": 5.0,
    "float 0.1": 0.1,
    "minus zero": -0.0,
    "int 2**40": 2**40,
    "int -2**40": -(2**40),
    "int 2**53+1": 2**53 + 1,
    "int 2**64": 2**64,
    "nan": math.nan,
    "infinity": math.inf,
    "text": "snö ☃ 😀",
    "lone surrogate": "a\ud800b",
    "bytes": b"\x00\x01\xff",
    "datetime": dt.datetime(2024, 2, 29, 12, 30, 15, 250_000, tzinfo=dt.UTC),
    "int keys": {1: "a"},
    "proto": {"__proto__": 1},
    "set": {1, 2},
    "nested": {"list": [1, [2.5, None]], "yes": True},
}


@pytest.mark.parametrize("row", GOLDEN["values"], ids=lambda row: row["name"])
def test_value_from_typescript(row: dict[str, str]) -> None:
    value = codec.decode(bytes.fromhex(row["bytes"]))
    if row["name"] == "image":
        assert value.url == "https://example.com/a.png"
    elif row["name"] == "history":
        assert value.messages == [{"answer": "yes"}]
    else:
        expected = VALUES[row["name"]]
        assert repr(value) == repr(expected) and type(value) is type(expected)


@pytest.mark.parametrize("name", VALUES)
def test_value_there_and_back(name: str) -> None:
    value = VALUES[name]
    assert repr(codec.decode(codec.encode(codec.to_wire(value)))) == repr(value)


@pytest.mark.parametrize("row", GOLDEN["frames"], ids=lambda row: row["type"])
def test_frame(row: dict[str, Any]) -> None:
    kind = FrameType[_upper(row["type"])]
    body, data = bytes.fromhex(row["body"]), bytes.fromhex(row["bytes"])
    assert b"".join(encode_frames(kind, row["stream"], body)) == data
    decoder = FrameDecoder()
    assert [message for at in range(len(data)) for message in decoder.push(data[at : at + 1])] == [(kind, row["stream"], body)]


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).upper()


def test_a_long_body_is_cut_and_a_control_frame_passes_between() -> None:
    body = bytes(2 * CHUNK + 1)
    first, *rest = encode_frames(FrameType.RESULT, 9, body)
    (ping,) = encode_frames(FrameType.PING, 1, b"\xc0")
    assert len(rest) == 2
    assert FrameDecoder().push(b"".join([first, ping, *rest])) == [(FrameType.PING, 1, b"\xc0"), (FrameType.RESULT, 9, body)]


@pytest.mark.parametrize("data", ["000000067f00000001c0", "000000060000000001c0", "0000000401000000", "7fffffff0300000001"])
def test_what_cannot_be_a_frame_is_refused(data: str) -> None:
    with pytest.raises(ProtocolError):
        FrameDecoder().push(bytes.fromhex(data))


def test_a_message_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ProtocolError):
        list(encode_frames(FrameType.RESULT, 1, bytes(11), limit=10))
    decoder = FrameDecoder(limit=10)
    with pytest.raises(ProtocolError):
        decoder.push(b"".join(encode_frames(FrameType.RESULT, 1, bytes(11))))


@pytest.mark.parametrize(
    "value",
    [object(), {"a": [1, lambda: None]}, dt.datetime(2024, 1, 1, microsecond=1, tzinfo=dt.UTC), 1j],
    ids=["object", "function", "microseconds", "complex"],
)
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(codec.Unserialisable):
        codec.to_wire(value)


def test_a_refusal_says_where() -> None:
    with pytest.raises(codec.Unserialisable, match=r"value\.a\[1\]"):
        codec.to_wire({"a": [1, object()]})


def test_a_circle_is_refused() -> None:
    circle: list[Any] = []
    circle.append(circle)
    with pytest.raises(codec.Unserialisable):
        codec.to_wire(circle)


def test_bodies_are_checked_as_they_are_read() -> None:
    call = next(row for row in GOLDEN["frames"] if row["type"] == "call")
    assert messages.decode_call(bytes.fromhex(call["body"])) == messages.Call(op="echo", args=[1], exclusive=True)
    with pytest.raises(Exception, match="op"):
        messages.decode_call(codec.encode({"op": 5}))


def test_a_compressed_body_is_read_and_grows_to_a_message_at_most() -> None:
    zstd = compression.find()
    if zstd is None:
        pytest.skip("neither compression.zstd nor zstandard is here")
    compress, expand = zstd
    body = b"text that repeats " * 5000
    kind, small = compressed(FrameType.RESULT, body, compress)
    assert len(small) < 2000
    assert FrameDecoder(expand=expand).push(encode_frame(kind, 5, small)) == [(FrameType.RESULT, 5, body)]
    with pytest.raises(ProtocolError):
        FrameDecoder().push(encode_frame(kind, 5, small))
    bomb = compress(bytes(MESSAGE_LIMIT + 1))
    with pytest.raises(ProtocolError):
        FrameDecoder(expand=expand).push(encode_frame(kind, 5, bomb))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_parts_of_many_messages_in_pieces_of_any_size(data: st.DataObject) -> None:
    """Pushed, or put in place as ``room`` says, with whatever comes behind in the same turn."""
    lengths = st.one_of(st.integers(0, 40), st.integers(CHUNK - 20, CHUNK + 20), st.integers(2 * CHUNK, 3 * CHUNK))
    bodies = [bytes([number + 1]) * length for number, length in enumerate(data.draw(st.lists(lengths, min_size=1, max_size=4)))]
    under_way = [(number, encode_frames(FrameType.CALL, number, body)) for number, body in enumerate(bodies)]
    frames = []
    while under_way:
        number, parts = data.draw(st.sampled_from(under_way))
        frame = next(parts, None)
        if frame is None:
            under_way.remove((number, parts))
        else:
            frames.append(frame)
    stream = memoryview(b"".join(frames))
    decoder, received = FrameDecoder(), []
    # A few small ones, to end within a header; more would only take time.
    pieces = data.draw(st.lists(st.tuples(st.integers(1, 20) | st.integers(1, 2 * CHUNK), st.booleans()), max_size=8))
    while stream:
        size, in_place = pieces.pop() if pieces else (CHUNK - 7, True)
        room = decoder.room()
        if room is not None and in_place:
            there = min(len(room), size, len(stream))
            room[:there] = stream[:there]
            received += decoder.fill(there)
            stream = stream[there:]
        else:
            received += decoder.push(bytes(stream[:size]))
            stream = stream[size:]
    assert decoder.room() is None
    assert sorted((number, bytes(body)) for _, number, body in received) == list(enumerate(bodies))


def test_values_that_are_text_in_typescript() -> None:
    address = ipaddress.ip_network("10.0.0.0/8")
    url = pydantic.TypeAdapter(pydantic.HttpUrl).validate_python("HTTP://Example.com")
    values = [
        address,
        PureWindowsPath("C:/a//b"),
        fractions.Fraction(2, 6),
        url,
        pydantic.SecretStr("hush"),
        pydantic.ByteSize(1536),
        dt.timedelta(days=1, seconds=90),
    ]
    assert codec.to_wire(values) == ["10.0.0.0/8", "C:\\a\\b", "1/3", "http://example.com/", "hush", 1536, "P1DT1M30S"]
