"""Which of the user's modules a worker may load."""

from __future__ import annotations

from pathlib import Path

import pytest

from dspex_worker import modules


def test_a_module_that_came_after_the_start_is_found(tmp_path: Path) -> None:
    modules.declare([str(tmp_path)], None)
    (tmp_path / "came_later.py").write_text("VALUE = 1\n")
    assert modules.find("came_later.VALUE") == 1


def test_one_that_the_pool_is_not_narrowed_to_is_refused_however_late_it_comes(tmp_path: Path) -> None:
    modules.declare([str(tmp_path)], ["wanted.inner"])
    for name in ("wanted_not", "wanted"):
        (tmp_path / f"{name}.py").write_text("VALUE = 1\n")
    assert modules.find("wanted.VALUE") == 1
    with pytest.raises(modules.ModuleRefused, match="wanted_not is not a module"):
        modules.find("wanted_not.VALUE")
