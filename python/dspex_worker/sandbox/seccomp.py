"""Which system calls a worker may make, as a filter program, and its installation.

A list of refusals, by family and with the reason; what is newer than the review answers ENOSYS. An allow-list would
break the native libraries of users' modules; a list of address families alone was tried and let a dozen ways out pass.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from itertools import chain
from typing import Final

from dspex_worker.sandbox import kernel, syscalls
from dspex_worker.sandbox.bpf import (
    ALLOW,
    ARCH,
    ENOSYS,
    EPERM,
    KILL,
    NUMBER,
    Instruction,
    argument,
    assemble,
    by_value,
    give,
    load,
    mask,
    unless_any_bit,
    unless_equal,
    when_any_bit,
    when_at_least,
    when_equal,
)

_CLONE_THREAD: Final = 0x0001_0000
#: NEWTIME shares its bit with the exit signal and only clone3, which is refused, takes it.
_CLONE_NAMESPACES: Final = 0x7E02_0000
_X32_BIT: Final = 0x4000_0000
_AF_UNIX, _AF_INET, _AF_INET6 = 1, 2, 10
_SOCK_STREAM, _SOCK_DGRAM = 1, 2
_SOCK_TYPE_MASK: Final = 0xF
#: Both push input into a terminal's queue, where the host's shell would read it.
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
#: Stands for a worker's own id until there is one; no process has it.
_OWN_PID: Final = 0x7FFF_FFFF

#: Refused in every policy.
ALWAYS: Final[dict[str, tuple[str, ...]]] = {
    "namespaces and mounts": (
        *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "mount_setattr", "move_mount", "open_tree"),
        *("fsopen", "fsmount", "fsconfig", "fspick", "statmount", "listmount"),
    ),
    "other processes": (
        *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp"),
        *("pidfd_open", "pidfd_getfd", "pidfd_send_signal", "migrate_pages", "move_pages"),
        *("tkill", "rt_sigqueueinfo", "setpriority", "ioprio_set"),
    ),
    "the kernel itself": (
        *("bpf", "perf_event_open", "userfaultfd", "init_module", "finit_module", "delete_module", "kexec_load"),
        *("kexec_file_load", "reboot", "swapon", "swapoff", "iopl", "ioperm", "syslog", "acct", "quotactl"),
        *("quotactl_fd", "sethostname", "setdomainname", "nfsservctl", "lookup_dcookie", "vhangup", "uselib"),
        *(
            "modify_ldt",
            "personality",
            "settimeofday",
            "clock_settime",
            "clock_adjtime",
            "adjtimex",
            "lsm_set_self_attr",
        ),
    ),
    "keys": ("keyctl", "add_key", "request_key"),
    # Its operations bypass this filter: a ring opens files and sockets for its owner.
    "io_uring": ("io_uring_setup", "io_uring_enter", "io_uring_register"),
    # Landlock judges content, not metadata: a chmod outside the scratch folder would pass it.
    "metadata of files": (
        *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
        *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
        *("utime", "utimes", "futimesat", "utimensat"),
    ),
    "files by handle and by watch": ("name_to_handle_at", "open_by_handle_at", "fanotify_init", "fanotify_mark"),
    # Segments and queues of the whole host, judged by uid alone.
    "System V and message queues": (
        *("shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semctl", "semtimedop"),
        *("msgget", "msgsnd", "msgrcv", "msgctl", "mq_open", "mq_unlink", "mq_timedsend", "mq_timedreceive"),
        *("mq_notify", "mq_getsetattr"),
    ),
    "credentials": (*("setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid", "setfsgid"),),
    "devices": ("mknod", "mknodat"),
}

#: The host is connected to before the filter; asyncio needs only a socketpair.
WITHOUT_NET: Final = ("socket", "connect", "bind", "listen", "accept", "accept4")
#: setsid and setpgid would leave the group by which the host ends a pool.
WITHOUT_RUN: Final = ("execve", "execveat", "fork", "vfork", "setsid", "setpgid")


def program(machine: str, pid: int, *, net: bool, run: bool) -> list[Instruction]:
    """The whole filter. Everything but the process's own id is the same for every worker of a pool."""
    start = [load(ARCH), *unless_equal(syscalls.AUDIT_ARCH[machine], [give(KILL)]), load(NUMBER)]
    if machine == "x86_64":
        # The x32 table numbers the same calls anew: every rule below would miss them.
        start += when_at_least(_X32_BIT, [give(KILL)])
    start += when_at_least(syscalls.LAST_REVIEWED + 1, [give(ENOSYS)])
    numbered = {syscalls.number(machine, name): block for name, block in _rules(pid, net, run).items()}
    return start + by_value({number: block for number, block in numbered.items() if number is not None}, [give(ALLOW)])


def install(pid: int, *, net: bool, run: bool) -> None:
    """Irreversible. Binds the calling thread and what it starts; ``no_new_privs`` must be set."""
    prepared(net=net, run=run).install(pid)


@functools.cache
def prepared(*, net: bool, run: bool) -> Filter:
    """In the zygote, so that forks find it done."""
    return Filter(net=net, run=run)


class Filter:
    """Assembled once, for all workers of a pool; each puts its own id into it."""

    def __init__(self, *, net: bool, run: bool) -> None:
        instructions = program(kernel.machine(), _OWN_PID, net=net, run=run)
        self._own = [8 * at + 4 for at, instruction in enumerate(instructions) if instruction.k == _OWN_PID]
        self._code = ctypes.create_string_buffer(assemble(instructions), 8 * len(instructions))
        self._program = _SockFprog(len(instructions), ctypes.addressof(self._code))

    def install(self, pid: int) -> None:
        for place in self._own:
            struct.pack_into("=I", self._code, place, pid)
        kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.addressof(self._program))


def available() -> bool:
    """Whether this kernel filters and this machine has a table."""
    try:
        kernel.prctl(kernel.PR_GET_SECCOMP)
        # EFAULT: the kernel would read a program. EINVAL: it knows no filters.
        kernel.prctl(kernel.PR_SET_SECCOMP, 2)
    except OSError as error:
        return error.errno == 14 and syscalls.known(kernel.machine())
    return False


class _SockFprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _rules(pid: int, net: bool, run: bool) -> dict[str, list[Instruction]]:
    """What is answered, by the call's name. All others are allowed."""
    refused = [*chain.from_iterable(ALWAYS.values()), *(() if net else WITHOUT_NET), *(() if run else WITHOUT_RUN)]
    rules = {name: [give(EPERM)] for name in refused}
    # glibc starts a thread by clone3 and falls back to clone, whose flags a filter can read.
    rules["clone3"] = [give(ENOSYS)]
    threads_only = [*when_any_bit(_CLONE_THREAD, [give(ALLOW)]), give(EPERM)]
    no_namespaces = [*unless_any_bit(_CLONE_NAMESPACES, [give(ALLOW)]), give(EPERM)]
    rules["clone"] = [load(argument(0)), *(no_namespaces if run else threads_only)]
    # A datagram socket of a pair could still send to any path; a stream socket cannot.
    pair = when_equal(_SOCK_STREAM, [load(argument(0)), *when_equal(_AF_UNIX, [give(ALLOW)]), give(EPERM)])
    rules["socketpair"] = [load(argument(1)), mask(_SOCK_TYPE_MASK), *pair, give(EPERM)]
    if net:
        # Internet sockets only: no packet, netlink, vsock, and no pathname socket of the host's services.
        internet = [*when_equal(_AF_INET, [give(ALLOW)]), *when_equal(_AF_INET6, [give(ALLOW)])]
        family = [load(argument(0)), *internet, give(EPERM)]
        by_type = [*when_equal(_SOCK_STREAM, family), *when_equal(_SOCK_DGRAM, family), give(EPERM)]
        rules["socket"] = [load(argument(1)), mask(_SOCK_TYPE_MASK), *by_type]
    terminal = [*when_equal(_TIOCSTI, [give(EPERM)]), *when_equal(_TIOCLINUX, [give(EPERM)]), give(ALLOW)]
    rules["ioctl"] = [load(argument(1)), *terminal]
    # Nobody disarms the signal that ends a worker with its host.
    rules["prctl"] = [load(argument(0)), *when_equal(kernel.PR_SET_PDEATHSIG, [give(EPERM)]), give(ALLOW)]
    return rules | _own_process(pid, run)


def _own_process(pid: int, run: bool) -> dict[str, list[Instruction]]:
    """Calls that name a process: only this one. Children (``run``) are kept apart by Landlock's signal scope."""
    only_self = [*when_equal(pid, [give(ALLOW)]), give(EPERM)]
    self_or_zero = [*when_equal(0, [give(ALLOW)]), *only_self]
    killing = () if run else ("kill", "tgkill", "rt_tgsigqueueinfo")
    setting = ("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
    return {name: [load(argument(0)), *only_self] for name in killing} | {
        name: [load(argument(0)), *self_or_zero] for name in setting
    }
