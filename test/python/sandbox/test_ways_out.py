"""Every way out is open with the sandbox off, or it proves nothing, and shut with it on; as root and as nobody."""

from __future__ import annotations

import os

import pytest
from jail import NOBODY, arena, attempt
from ways_out import ALL, WayOut

from dspex_worker.sandbox.policy import Policy

ROOT = os.geteuid() == 0
USERS = [pytest.param(None, id="root" if ROOT else "user"), *([pytest.param(NOBODY, id="nobody")] if ROOT else [])]


@pytest.mark.parametrize("uid", USERS)
@pytest.mark.parametrize("way", ALL, ids=lambda way: way.name)
def test_way_out(way: WayOut, uid: int | None) -> None:
    if way.root_only and (uid is not None or not ROOT):
        pytest.skip("only root gets there at all")
    with arena() as around:
        off = attempt(way.go, around, None, uid)
    if not off.escaped and off.errno in way.lacking:
        pytest.skip(f"this kernel does not have it: {off.detail}")
    if not off.escaped and off.errno == 38:
        pytest.skip(f"does not apply to this user: {off.detail}")
    assert off.escaped, f"open by itself, or the test proves nothing: {off.detail}"
    with arena() as around:
        on = attempt(way.go, around, Policy(scratch=str(around.scratch), memory=64 << 20), uid)
    assert not on.escaped, on.detail
    assert on.errno != -1, f"refused by the kernel, not by a mistake of the test: {on.detail}"
