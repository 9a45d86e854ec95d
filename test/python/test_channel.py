"""What a worker's channel sends, and in which order, while its host is slow to read."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from dspex_worker.channel import Channel
from dspex_worker.frame import FrameDecoder, FrameType, Message
from dspex_worker.interrupts import Interrupts

_MB = 1 << 20


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    near, far = socket.socketpair()
    # An end that closes under a writer ends its process; both stay open until the process itself ends.
    _kept.append(near)
    far.settimeout(30)
    channel = Channel(Interrupts(), lambda message: None)
    channel.attach(near)
    yield channel, far
    _kept.append(far)


_kept: list[socket.socket] = []


def receive(sock: socket.socket, count: int) -> list[Message]:
    decoder = FrameDecoder()
    received: list[Message] = []
    while len(received) < count:
        received += decoder.push(sock.recv(_MB))
    return received


def test_long_messages_leave_one_after_the_other_and_short_ones_between(ends: tuple[Channel, socket.socket]) -> None:
    channel, far = ends
    for stream in (1, 2, 3):
        channel.send(FrameType.RESULT, stream, bytes(40 * _MB))
    for stream in range(4, 50):
        channel.send(FrameType.RESULT, stream, bytes(stream * 1000))
    received = receive(far, 49)
    assert [stream for _, stream, _ in received] == [*range(4, 50), 1, 2, 3]
    assert [len(body) for _, _, body in received[-3:]] == [40 * _MB] * 3


def test_a_stream_stays_in_order(ends: tuple[Channel, socket.socket]) -> None:
    channel, far = ends
    channel.send(FrameType.RESULT, 9, bytes(8 * _MB))
    lengths = [10, 5 * _MB, 20, 100_000, 30, 2 * _MB, 40]
    for length in lengths:
        channel.send(FrameType.CHUNK, 1, bytes(length))
    received = receive(far, len(lengths) + 1)
    assert [len(body) for _, stream, body in received if stream == 1] == lengths


@pytest.mark.parametrize("lengths", list(itertools.permutations([10, 5000, 300_000])))
def test_a_turn_of_the_loop_keeps_its_order(ends: tuple[Channel, socket.socket], lengths: tuple[int, ...]) -> None:
    channel, far = ends
    channel.gather(True)
    for length in lengths:
        channel.send(FrameType.CHUNK, 1, bytes(length))
    channel.gather(False)
    assert [len(body) for _, _, body in receive(far, 3)] == list(lengths)


def test_results_wait_for_the_next_write_and_all_leave_before_it_is_settled(ends: tuple[Channel, socket.socket]) -> None:
    channel, far = ends
    channel.answer(1, b"one", True)
    channel.answer(2, b"two", True)
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(1)
    channel.settle()
    assert FrameDecoder().push(far.recv(_MB)) == [(FrameType.RESULT, 1, b"one"), (FrameType.RESULT, 2, b"two")]
    assert not channel.unsettled


def test_settled_is_only_what_the_kernel_has_taken(ends: tuple[Channel, socket.socket]) -> None:
    channel, far = ends
    channel.answer(1, bytes(4 * _MB), True)
    reader = threading.Thread(target=receive, args=(far, 1))
    assert channel.unsettled
    reader.start()
    channel.settle()
    reader.join(10)
    assert not reader.is_alive()


def test_the_main_thread_gets_the_right_to_read_from_a_watcher_that_took_it_late(
    ends: tuple[Channel, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, _ = ends

    class Preempted:
        """The look at the socket takes so long that the watcher stands in meanwhile."""

        def poll(self, _: int) -> bool:
            while not channel.reading.locked():
                time.sleep(0.001)
            return True

    monkeypatch.setattr(channel, "_poll", Preempted())
    channel.start()
    channel.resume()
    main = threading.Thread(target=channel.catch_up, daemon=True)
    main.start()
    main.join(30)
    assert not main.is_alive()
    assert channel.busy
    channel.pause()
