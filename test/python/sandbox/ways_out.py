"""Each way out that was thought of, as a function that returns something true when it got there and raises when refused."""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import socket
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jail import SECRET, TAKEN_OVER, Arena

_libc = ctypes.CDLL(None, use_errno=True)
_NUMBERS = {
    "x86_64": {"io_uring_setup": 425, "ptrace": 101, "process_vm_readv": 310, "shmget": 29, "mq_open": 240, "add_key": 248},
    "aarch64": {"io_uring_setup": 425, "ptrace": 117, "process_vm_readv": 270, "shmget": 194, "mq_open": 180, "add_key": 217},
}[os.uname().machine]


@dataclass(frozen=True)
class WayOut:
    name: str
    go: Callable[[Arena], Any]
    #: Only root gets there with the sandbox off.
    root_only: bool = False
    #: Errors that say the kernel, or its settings, do not have this: nothing is proved then.
    lacking: frozenset[int] = frozenset()


ALL: list[WayOut] = []


def way_out(
    name: str, *, root_only: bool = False, lacking: tuple[int, ...] = ()
) -> Callable[[Callable[[Arena], Any]], Callable[[Arena], Any]]:
    def keep(go: Callable[[Arena], Any]) -> Callable[[Arena], Any]:
        ALL.append(WayOut(name, go, root_only, frozenset(lacking)))
        return go

    return keep


def _call(name: str, *args: Any) -> int:
    # An int goes as 32 bits; the seventh argument lies on the stack, where the other half is whatever was there.
    wide = [ctypes.c_long(value) if isinstance(value, int) else value for value in args]
    result = int(_libc.syscall(ctypes.c_long(_NUMBERS[name]), *wide))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


# Files.


@way_out("read a file outside")
def _(arena: Arena) -> Any:
    return SECRET in arena.file.read_text()


@way_out("read the list of users")
def _(_arena: Arena) -> Any:
    return Path("/etc/passwd").read_text()


@way_out("list a folder outside")
def _(arena: Arena) -> Any:
    return os.listdir(arena.folder)


@way_out("list the root folder")
def _(_arena: Arena) -> Any:
    return os.listdir("/")


@way_out("write a file outside")
def _(arena: Arena) -> Any:
    return arena.file.write_text("mine now")


@way_out("truncate a file outside")
def _(arena: Arena) -> Any:
    os.truncate(arena.file, 1)
    return True


@way_out("make a file outside")
def _(arena: Arena) -> Any:
    (arena.folder / "new").touch()
    return True


@way_out("make a folder in /tmp")
def _(arena: Arena) -> Any:
    folder = arena.root / f"made-{os.getpid()}"
    folder.mkdir()
    return True


@way_out("remove a file outside")
def _(arena: Arena) -> Any:
    arena.file.unlink()
    return True


@way_out("move a file in")
def _(arena: Arena) -> Any:
    arena.file.rename(arena.scratch / "taken")
    return (arena.scratch / "taken").read_text()


@way_out("link a file in")
def _(arena: Arena) -> Any:
    os.link(arena.file, arena.scratch / "linked")
    return (arena.scratch / "linked").read_text()


@way_out("read through a symbolic link")
def _(arena: Arena) -> Any:
    (arena.scratch / "pointer").symlink_to(arena.file)
    return (arena.scratch / "pointer").read_text()


@way_out("write through a symbolic link")
def _(arena: Arena) -> Any:
    (arena.scratch / "pointer").symlink_to(arena.file)
    return (arena.scratch / "pointer").write_text("mine now")


@way_out("chmod outside")
def _(arena: Arena) -> Any:
    own = arena.own
    own.chmod(0o600)
    return stat.S_IMODE(own.stat().st_mode) == 0o600


@way_out("chown outside", root_only=True)
def _(arena: Arena) -> Any:
    os.chown(arena.file, 1234, 1234)
    return True


@way_out("set a file's times outside")
def _(arena: Arena) -> Any:
    os.utime(arena.own, (1, 1))
    return True


@way_out("set an extended attribute outside", lacking=(errno.ENOTSUP,))
def _(arena: Arena) -> Any:
    os.setxattr(arena.own, "user.mine", b"1")
    return True


@way_out("make a device", root_only=True)
def _(arena: Arena) -> Any:
    os.mknod(arena.scratch / "memory", stat.S_IFCHR | 0o600, os.makedev(1, 1))
    return True


# Sockets.


@way_out("connect by TCP")
def _(arena: Arena) -> Any:
    with socket.socket() as sock:
        sock.connect(("127.0.0.1", arena.tcp))
        return True


@way_out("send by UDP")
def _(arena: Arena) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"x", ("127.0.0.1", arena.udp))


@way_out("listen on a TCP port")
def _(_arena: Arena) -> Any:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        return True


@way_out("use IPv6", lacking=(errno.EAFNOSUPPORT,))
def _(_arena: Arena) -> Any:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        return sock.fileno() > 0


@way_out("connect to a sibling's socket")
def _(arena: Arena) -> Any:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(arena.socket))
        return True


@way_out("connect to an abstract socket")
def _(arena: Arena) -> Any:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(arena.abstract)
        return True


@way_out("send to a socket's path from a pair of datagram sockets")
def _(arena: Arena) -> Any:
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with one, other:
        return one.sendto(b"x", str(arena.datagrams))


@way_out("open a packet socket", root_only=True)
def _(_arena: Arena) -> Any:
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        return sock.fileno() > 0


@way_out("open a raw socket", root_only=True)
def _(_arena: Arena) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        return sock.fileno() > 0


@way_out("open a netlink socket")
def _(_arena: Arena) -> Any:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as sock:
        sock.bind((0, 0))
        return True


@way_out("open a vsock", lacking=(errno.EAFNOSUPPORT, errno.ENODEV))
def _(_arena: Arena) -> Any:
    with socket.socket(40, socket.SOCK_STREAM) as sock:
        return sock.fileno() > 0


# Programs and processes.


@way_out("become another program")
def _(_arena: Arena) -> Any:
    os.execv("/bin/sh", ["sh", "-c", f"exit {TAKEN_OVER}"])


@way_out("start a program")
def _(_arena: Arena) -> Any:
    return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[0]


@way_out("run a program of its own making")
def _(arena: Arena) -> Any:
    program = arena.scratch / "program"
    fd = os.open(program, os.O_WRONLY | os.O_CREAT, 0o755)
    os.write(fd, b"#!/bin/sh\nexit 0\n")
    os.close(fd)
    return os.waitpid(os.posix_spawn(program, ["program"], {}), 0)[0]


@way_out("multiply")
def _(_arena: Arena) -> Any:
    children = []
    for _ in range(20):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        children.append(pid)
    return [os.waitpid(pid, 0)[0] for pid in children]


@way_out("take all memory")
def _(_arena: Arena) -> Any:
    # Never touched, so that the proof costs the machine nothing.
    held = [mmap.mmap(-1, 512 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) for _ in range(4)]
    return len(held)


@way_out("signal another process")
def _(arena: Arena) -> Any:
    os.kill(arena.victim, 0)
    return True


@way_out("signal the host")
def _(_arena: Arena) -> Any:
    if os.geteuid() != 0:
        raise OSError(errno.ENOSYS, "the host is another user's")
    os.kill(os.getppid(), 0)
    return True


@way_out("kill another process")
def _(arena: Arena) -> Any:
    os.kill(arena.victim, 9)
    return os.waitpid(arena.victim, 0)[0]


@way_out("hold another process by a descriptor", lacking=(errno.ENOSYS,))
def _(arena: Arena) -> Any:
    return os.pidfd_open(arena.victim)


@way_out("limit another process")
def _(arena: Arena) -> Any:
    resource.prlimit(arena.victim, resource.RLIMIT_NOFILE, (64, 64))
    return True


@way_out("read another process's limits")
def _(arena: Arena) -> Any:
    return resource.prlimit(arena.victim, resource.RLIMIT_NOFILE)


@way_out("slow another process down")
def _(arena: Arena) -> Any:
    os.setpriority(os.PRIO_PROCESS, arena.victim, 19)
    return True


@way_out("pin another process")
def _(arena: Arena) -> Any:
    os.sched_setaffinity(arena.victim, os.sched_getaffinity(0))
    return True


@way_out("trace another process", lacking=(errno.EPERM,))
def _(arena: Arena) -> Any:
    attach = 16
    _call("ptrace", attach, arena.victim, None, None)
    return True


@way_out("read another process's memory", lacking=(errno.EPERM,))
def _(arena: Arena) -> Any:
    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    buffer = ctypes.create_string_buffer(8)
    # The victim is a fork of this process: what is here is there.
    local = Piece(ctypes.addressof(buffer), 8)
    remote = Piece(ctypes.addressof(buffer), 8)
    return _call("process_vm_readv", arena.victim, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)


@way_out("leave the host's group")
def _(_arena: Arena) -> Any:
    os.setsid()
    return True


@way_out("outlive the host")
def _(_arena: Arena) -> Any:
    if _libc.prctl(1, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "refused")
    return True


@way_out("make a namespace of its own", lacking=(errno.ENOSPC, errno.ENOSYS))
def _(_arena: Arena) -> Any:
    new_user = 0x1000_0000
    if _libc.unshare(new_user) != 0:
        raise OSError(ctypes.get_errno(), "refused")
    return True


@way_out("mount", root_only=True)
def _(arena: Arena) -> Any:
    if _libc.mount(b"none", str(arena.scratch).encode(), b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "refused")
    _libc.umount2(str(arena.scratch).encode(), 2)
    return True


@way_out("change root", root_only=True)
def _(arena: Arena) -> Any:
    os.chroot(arena.scratch)
    return True


@way_out("use io_uring", lacking=(errno.ENOSYS,))
def _(_arena: Arena) -> Any:
    return _call("io_uring_setup", 4, ctypes.create_string_buffer(256))


@way_out("share memory with the host", lacking=(errno.ENOSYS,))
def _(_arena: Arena) -> Any:
    return _call("shmget", 0, 4096, 0o1600) + 1


@way_out("open a message queue of the host", lacking=(errno.ENOSYS,))
def _(_arena: Arena) -> Any:
    name = f"dspex-{os.getpid()}".encode()
    fd = _call("mq_open", name, os.O_CREAT | os.O_RDWR, 0o600, None)
    _libc.mq_unlink(b"/" + name)
    return fd + 1


@way_out("keep a key in the kernel", lacking=(errno.ENOSYS, errno.EDQUOT))
def _(_arena: Arena) -> Any:
    process_keyring = -2
    return _call("add_key", b"user", b"dspex", b"x", ctypes.c_size_t(1), process_keyring)


# Secrets.


@way_out("read the environment of another process")
def _(arena: Arena) -> Any:
    return Path(f"/proc/{arena.victim}/maps").read_text()


@way_out("list the host's processes")
def _(_arena: Arena) -> Any:
    return [name for name in os.listdir("/proc") if name.isdigit()]


@way_out("find a secret of the host by a scan of its own memory")
def _(_arena: Arena) -> Any:
    # As text the needle is never whole in this function's constants.
    needle = SECRET[:8].encode() + SECRET[8:].encode()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_rest = line.split()
            if "r" not in rights or "[v" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                if needle in memory.read(min(end - start, 64 << 20)):
                    return True
            except (OSError, ValueError, OverflowError):
                continue
    return False
