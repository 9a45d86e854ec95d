"""The level that is reported is the level that was reached; a strict policy takes no less than all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from jail import Arena, arena, attempt

from dspex_worker import sandbox
from dspex_worker.sandbox import bpf, kernel, landlock, layers, seccomp, syscalls
from dspex_worker.sandbox.policy import Policy

PACKAGE = Path(sandbox.__file__).parents[2]


def _in_child(what: Any) -> Any:
    with arena() as around:
        return attempt(what, around, None)


def test_probe_tries_and_leaves_this_process_free() -> None:
    command = [sys.executable, "-m", "dspex_worker.sandbox"]
    found = json.loads(subprocess.run(command, cwd=PACKAGE, capture_output=True, check=True).stdout)
    assert found["kernel"] == os.uname().release
    if found["landlock_abi"] >= landlock.TRUNCATE_SINCE and found["seccomp"]:
        assert found["reached"]["level"] == "full", found["reached"]["missing"]
    sandbox.probe()
    assert Path("/etc/passwd").exists()
    assert os.listdir("/")


def test_off_says_off() -> None:
    assert sandbox.apply({"mode": "off"})["level"] == "off"
    assert os.listdir("/")


def test_full_is_reported_with_its_layers() -> None:
    def applied(_arena: Arena) -> Any:
        report = sandbox.apply({"mode": "strict", "memory": 1 << 29})
        return f"{report['level']} {' '.join(report['applied'])}"

    assert _in_child(applied).detail == "full no_new_privs capabilities limits landlock seccomp"


@pytest.mark.parametrize("missing", ["landlock", "seccomp", "both"])
def test_a_kernel_without_a_part_degrades_and_strict_refuses(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing != "seccomp":
        monkeypatch.setattr(landlock, "abi", lambda: 0)
    if missing != "landlock":

        def refuse(*_: Any, **__: Any) -> None:
            raise OSError(22, "Invalid argument")

        monkeypatch.setattr(seccomp, "install", refuse)

    def default(_arena: Arena) -> Any:
        report = sandbox.apply({"mode": "default"})
        return f"{report['level']} {len(report['missing'])}"

    def strict(_arena: Arena) -> Any:
        try:
            sandbox.apply({"mode": "strict"})
        except sandbox.SandboxUnavailable as refusal:
            return str(refusal)
        return "served"

    assert _in_child(default).detail == ("none 2" if missing == "both" else "partial 1")
    assert _in_child(strict).detail.startswith("the sandbox is strict, and this machine lacks: ")


def test_a_layer_that_does_not_hold_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp, "install", lambda *_, **__: None)

    def default(_arena: Arena) -> Any:
        report = sandbox.apply({})
        return f"{report['level']}: {report['missing'][0]}"

    assert _in_child(default).detail == "partial: seccomp: accepted, but it does not hold"


def test_threads_that_stay_outside_are_told() -> None:
    def with_a_thread(_arena: Arena) -> Any:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start()
        report = sandbox.apply({})
        return f"{report['level']}: {report['missing'][0]}"

    assert _in_child(with_a_thread).detail == "partial: a single thread: 1 others stay outside"


def test_capabilities_are_gone_for_good() -> None:
    def sets(_arena: Arena) -> Any:
        sandbox.apply({"read": ["/proc"]})
        status = Path("/proc/self/status").read_text()
        return " ".join(line.split()[1] for line in status.splitlines() if line.startswith("Cap"))

    assert _in_child(sets).detail == " ".join(["0" * 16] * 5) or os.geteuid() != 0


def test_the_death_signal_survives() -> None:
    def signal_left(_arena: Arena) -> Any:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
        sandbox.apply({})
        return layers._death_signal()

    assert _in_child(signal_left).detail == 9


def test_it_takes_milliseconds_of_processor_time() -> None:
    def timed(_arena: Arena) -> Any:
        policy = Policy(memory=1 << 29)
        started = time.thread_time()
        layers.enforce(policy)
        return int((time.thread_time() - started) * 1e6)

    assert min(_in_child(timed).detail for _ in range(10)) < 10_000


@pytest.mark.parametrize(
    "given",
    [{"mode": "lax"}, {"raed": []}, {"read": "/"}, {"read": ["relative"]}, {"write": [1]}, {"net": "yes"}, {"run": 1}],
    ids=str,
)
def test_a_policy_is_never_guessed(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the sandbox"):
        sandbox.apply(given)


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("net", [False, True])
@pytest.mark.parametrize("run", [False, True])
def test_programs_are_well_formed(machine: str, net: bool, run: bool) -> None:
    program = seccomp.program(machine, 4242, net=net, run=run)
    assert len(bpf.assemble(program)) == 8 * len(program) <= 8 * 4096
    jumps = [(at, instruction) for at, instruction in enumerate(program) if instruction.code & 7 == 5]
    for at, instruction in jumps:
        assert at + 1 + max(instruction.jump_true, instruction.jump_false) < len(program), "no jump leaves the program"
    assert program[-1].k == bpf.ALLOW


def _decide(program: list[bpf.Instruction], number: int, arch: int, *args: int) -> int:
    """The program's answer, by the rules of the kernel's own interpreter."""
    data = {bpf.NUMBER: number, bpf.ARCH: arch, **{bpf.argument(i): arg & 0xFFFF_FFFF for i, arg in enumerate((*args, 0, 0, 0, 0))}}
    accumulator, at = 0, 0
    while True:
        code, jump_true, jump_false, k = program[at]
        at += 1
        match code:
            case 0x20:
                accumulator = data[k]
            case 0x54:
                accumulator &= k
            case 0x06:
                return k
            case 0x15:
                at += jump_true if accumulator == k else jump_false
            case 0x35:
                at += jump_true if accumulator >= k else jump_false
            case 0x45:
                at += jump_true if accumulator & k else jump_false


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_each_machine_refuses_the_same_names(machine: str) -> None:
    """Both tables are proved here; only one can run on this machine."""
    arch = syscalls.AUDIT_ARCH[machine]
    program = seccomp.program(machine, 4242, net=False, run=False)

    def decide(name: str, *args: int) -> int | None:
        number = syscalls.number(machine, name)
        return None if number is None else _decide(program, number, arch, *args)

    for name in [name for family in seccomp.ALWAYS.values() for name in family] + [*seccomp.WITHOUT_NET, *seccomp.WITHOUT_RUN]:
        assert decide(name) in (None, bpf.EPERM), name
    thread = 0x3D0F00
    assert decide("clone", thread) == bpf.ALLOW
    assert decide("clone", 17) == bpf.EPERM
    assert decide("clone3") == bpf.ENOSYS
    assert decide("kill", 4242) == bpf.ALLOW
    for pid in (1, 0, -1, -4242):
        assert decide("kill", pid) == bpf.EPERM
    assert decide("prlimit64", 0) == decide("prlimit64", 4242) == bpf.ALLOW
    assert decide("prlimit64", 7) == bpf.EPERM
    assert decide("socketpair", 1, 1 | 0o2000000) == bpf.ALLOW
    assert decide("socketpair", 1, 2) == decide("socketpair", 2, 1) == decide("socketpair", 1, 5) == bpf.EPERM
    assert decide("prctl", 15) == bpf.ALLOW
    assert decide("prctl", 1) == bpf.EPERM
    assert decide("ioctl", 0, 0x5412) == bpf.EPERM
    assert _decide(program, syscalls.LAST_REVIEWED + 1, arch) == bpf.ENOSYS
    assert _decide(program, 0, 0x4000_0003) == bpf.KILL
    if machine == "x86_64":
        assert _decide(program, 0x4000_0000 | 41, arch) == bpf.KILL


def test_net_opens_internet_sockets_alone() -> None:
    program = seccomp.program("x86_64", 1, net=True, run=False)
    arch, number = syscalls.AUDIT_ARCH["x86_64"], syscalls.number("x86_64", "socket")
    assert number is not None
    allowed = {
        (family, kind)
        for family in range(50)
        for kind in range(16)
        if _decide(program, number, arch, family, kind | 0o2004000) == bpf.ALLOW
    }
    assert allowed == {(2, 1), (2, 2), (10, 1), (10, 2)}


def test_tables_agree_with_the_kernels_headers() -> None:
    header = Path("/usr/include/asm-generic/unistd.h")
    if not header.exists():
        pytest.skip("no kernel headers here")
    generic = {}
    for line in header.read_text().splitlines():
        words = line.replace("__NR3264_", "__NR_").split()
        if len(words) == 3 and words[0] == "#define" and words[1].startswith("__NR_") and words[2].isdigit():
            generic[words[1].removeprefix("__NR_")] = int(words[2])
    for name in syscalls.names():
        if name in generic:
            assert syscalls.number("aarch64", name) == generic[name], name
