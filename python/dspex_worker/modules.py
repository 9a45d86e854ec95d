"""The user's own modules: found in the declared folders by an allow-list of names, never anywhere else.

A name is allowed if its first part is a module or package standing directly in one of the folders; a pool may narrow
that further. Nothing is unpickled, and the interpreter's own path is searched for no user name.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from dspex_worker.messages import Profile

_folders: Final[list[str]] = []
_allowed: Final[set[str]] = set()
#: The names a pool is narrowed to, where it is.
_narrowing: Final[list[set[str]]] = []


class ModuleRefused(Exception):
    """The name is not to be loaded, or cannot be."""

    dspex_kind = "import"


def declare(folders: list[str], allow: list[str] | None) -> None:
    _folders.clear()
    _allowed.clear()
    _narrowing[:] = [] if allow is None else [{name.partition(".")[0] for name in allow}]
    for folder in folders:
        root = Path(folder)
        if not root.is_dir():
            raise ModuleRefused(f"pythonPath names {folder}, which is not a folder")
        _folders.append(str(root))
        if str(root) not in sys.path:
            sys.path.append(str(root))
    _look()


def _look() -> None:
    found = {
        entry.stem
        for folder in _folders
        for entry in Path(folder).iterdir()
        if entry.suffix == ".py" or (entry.is_dir() and entry.name.isidentifier())
    }
    _allowed.update(found.intersection(*_narrowing))


def preload(profile: Profile) -> None:
    """Imports before the fork what every worker would import after it."""
    declare(profile.python_path, profile.allow)
    for name in profile.preload:
        _import(name)


def find(path: str) -> Any:
    """``pkg.module.Name``: the longest module that can be imported, then attributes."""
    parts = path.split(".")
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        raise ModuleRefused(f"{path!r} is not the dotted name of something in a module")
    if parts[0] not in _allowed:
        with suppress(OSError):
            _look()  # It may have come since the zygote began.
    if parts[0] not in _allowed:
        where = ", ".join(_folders) or "no folder is declared"
        raise ModuleRefused(f"{parts[0]} is not a module of the pool's pythonPath ({where})")
    found: Any = _import(parts[0])
    for depth, part in enumerate(parts[1:], start=1):
        if not hasattr(found, part) and hasattr(found, "__path__"):
            _import(".".join(parts[: depth + 1]))
        try:
            found = getattr(found, part)
        except AttributeError:
            raise ModuleRefused(f"{'.'.join(parts[:depth])} has no {part}") from None
    return found


def _import(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        refused = ModuleRefused(f"{name} cannot be imported: {type(error).__name__}: {error}")
        raise refused from error


def construct(path: str, config: dict[str, Any]) -> Any:
    """The user's class, built with its configuration."""
    cls = find(path)
    return cls(**config) if callable(cls) else cls


def settled(value: Any) -> Any:
    """What a function of the user's gave, or what its awaitable comes to."""
    return asyncio.run(_await(value)) if inspect.isawaitable(value) else value


async def _await(awaitable: Any) -> Any:
    return await awaitable


def from_async(chunks: Any) -> Iterator[Any]:
    """An async generator on the exclusive lane, one step at a time on a loop of its own."""
    loop = asyncio.new_event_loop()
    try:
        while True:
            try:
                yield loop.run_until_complete(anext(chunks))
            except StopAsyncIteration:
                return
    finally:
        loop.run_until_complete(chunks.aclose())
        loop.close()
