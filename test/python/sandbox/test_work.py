"""What a worker needs works in the sandbox; what a pool's permissions grant is granted, and no more."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest
from jail import Arena, arena, attempt
from ways_out import ALL

from dspex_worker.sandbox.policy import Policy


def _threads(_arena: Arena) -> Any:
    seen: list[int] = []
    threads = [threading.Thread(target=seen.append, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(seen) == 32


def _event_loop(_arena: Arena) -> Any:
    async def both() -> list[int]:
        return await asyncio.gather(asyncio.sleep(0.001, 1), asyncio.to_thread(lambda: 2))

    return asyncio.run(both()) == [1, 2]


def _late_imports(_arena: Arena) -> Any:
    import colorsys
    import decimal
    import sqlite3
    import zoneinfo

    with sqlite3.connect(":memory:") as database:
        (two,) = database.execute("select 1 + 1").fetchone()
    found = (zoneinfo.ZoneInfo("UTC"), decimal.Decimal(1), colorsys.rgb_to_hls(1, 1, 1), ssl.create_default_context())
    return two == 2 and all(found)


def _site_packages(_arena: Arena) -> Any:
    import msgspec
    import orjson

    return orjson.loads(msgspec.json.encode({"a": 1})) == {"a": 1}


def _scratch(around: Arena) -> Any:
    assert os.environ["HOME"] == os.environ["TMPDIR"] == str(around.scratch) == os.getcwd()
    with tempfile.NamedTemporaryFile("w+") as file:
        file.write("x")
        assert Path(file.name).parent == around.scratch
    (around.scratch / "a" / "b").mkdir(parents=True)
    (around.scratch / "a" / "b").rename(around.scratch / "c")
    Path("here").write_text("x")
    return Path("here").read_text()


def _devices(_arena: Arena) -> Any:
    Path("/dev/null").write_text("x")
    return Path("/dev/null").read_text() == "" and len(os.urandom(8)) == 8


def _itself(_arena: Arena) -> Any:
    import resource
    import signal

    signal.raise_signal(signal.SIGCHLD)
    os.kill(os.getpid(), 0)
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGCHLD)
    return os.sched_getaffinity(0) and resource.prlimit(0, resource.RLIMIT_NOFILE)


def _pairs(_arena: Arena) -> Any:
    one, other = socket.socketpair()
    one.sendall(b"x")
    return other.recv(1)


WORK = [_threads, _event_loop, _late_imports, _site_packages, _scratch, _devices, _itself, _pairs]


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__.strip("_"))
def test_work_goes_on(work: Any) -> None:
    with arena() as around:
        outcome = attempt(work, around, Policy(mode="strict", scratch=str(around.scratch), memory=512 << 20))
    assert outcome.escaped, outcome.detail


def _way(name: str) -> Any:
    return next(way.go for way in ALL if way.name == name)


def test_read_grants_a_folder_and_not_its_neighbour() -> None:
    with arena() as around:
        policy = Policy(scratch=str(around.scratch), read=(str(around.folder),))
        assert attempt(_way("read a file outside"), around, policy).escaped
        assert attempt(_way("list a folder outside"), around, policy).escaped
        assert not attempt(_way("write a file outside"), around, policy).escaped
        assert not attempt(_way("read the list of users"), around, policy).escaped


def test_write_grants_content_and_not_metadata() -> None:
    with arena() as around:
        policy = Policy(scratch=str(around.scratch), write=(str(around.folder),))
        assert attempt(_way("write a file outside"), around, policy).escaped
        assert attempt(_way("make a file outside"), around, policy).escaped
        assert not attempt(_way("chmod outside"), around, policy).escaped
        assert not attempt(_way("read the list of users"), around, policy).escaped


def test_net_grants_the_internet_and_no_local_service() -> None:
    with arena() as around:
        policy = Policy(scratch=str(around.scratch), net=True)
        for name in ("connect by TCP", "send by UDP", "listen on a TCP port"):
            assert attempt(_way(name), around, policy).escaped, name
        for name in (
            "connect to a sibling's socket",
            "connect to an abstract socket",
            "open a netlink socket",
            "open a raw socket",
        ):
            assert not attempt(_way(name), around, policy).escaped, name


def _shell(_arena: Arena) -> Any:
    return subprocess.run(["/bin/sh", "-c", "echo $((6 * 7))"], capture_output=True, text=True, check=True).stdout == "42\n"


def _shell_reads(around: Arena) -> Any:
    return subprocess.run(["/bin/cat", str(around.file)], capture_output=True, check=False).returncode == 0


def test_run_grants_programs_that_are_locked_in_as_well() -> None:
    with arena() as around:
        policy = Policy(scratch=str(around.scratch), run=True)
        assert attempt(_shell, around, policy).escaped
        assert not attempt(_shell_reads, around, policy).escaped
        for name in ("connect by TCP", "make a namespace of its own", "signal another process", "use io_uring", "outlive the host"):
            assert not attempt(_way(name), around, policy).escaped, name
