"""Start: the host runs ``boot``, writes one line of JSON, the profile, to our stdin. ``start`` says what we become."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys

import msgspec

from dspex_worker import messages


def main() -> None:
    # Ctrl-C is the host's affair. asyncio.run installs a handler of its own over Python's, and over no other.
    signal.signal(signal.SIGINT, lambda *_: None)
    # Descriptor 1, not only sys.stdout: native code prints too. The protocol has a socket of its own.
    os.dup2(2, 1)
    line = sys.stdin.buffer.readline()
    if not line:
        return
    profile = msgspec.json.decode(line, type=messages.Profile)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    # A crash in native code leaves its Python stack among the last lines of stderr.
    faulthandler.enable()
    import dspex_worker.programs  # noqa: F401

    if profile.start == "spawn":
        from dspex_worker import worker
        from dspex_worker.programs.warm import warm

        warm()
        worker.serve(worker.Worker(profile), profile.token, profile.host)
    from dspex_worker import zygote

    zygote.main(profile)


if __name__ == "__main__":
    main()
