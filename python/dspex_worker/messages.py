"""The bodies of the frames, as types. ``runtime/python/wire/messages.ts`` is the twin.

Those of result, chunk, callback result and callback chunk are the value itself.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from dspex_worker.codec import decoder_for


class Call(Struct):
    """One call: ``op`` is a built-in operation or the dotted name of a user's function."""

    op: str
    args: Any = None
    exclusive: bool = False
    stream: bool = False
    #: It may be repeated: its result may leave with the next one's.
    idempotent: bool = False
    session: str | None = None
    callbacks: list[str] = field(default_factory=list)


class Cancel(Struct):
    """``cancelled``: end it. ``withdrawn``: give it back, if it has not begun."""

    reason: str = "cancelled"


class Credit(Struct):
    """Bytes of a stream's window, or a segment that may be used again."""

    bytes: int = 0
    segment: str | None = None


class Failure(Struct):
    """A callback that failed at the host; ``kind`` says which exception of the LM layer it becomes."""

    kind: str
    message: str
    type: str = ""


class Fork(Struct):
    """To the zygote: fork one worker that shall present ``token``."""

    token: str


class Profile(Struct):
    """What a zygote reads on its stdin, once."""

    address: str
    token: str
    pool: str
    host: int
    scratch: str
    start: str = "fork"
    shared: str | None = None
    compress: bool = False
    python_path: list[str] = field(default_factory=list)
    allow: list[str] | None = None
    sandbox: dict[str, Any] = field(default_factory=dict)
    preload: list[str] = field(default_factory=list)


decode_call = decoder_for(Call)
decode_cancel = decoder_for(Cancel)
decode_credit = decoder_for(Credit)
decode_failure = decoder_for(Failure)
decode_fork = decoder_for(Fork)
