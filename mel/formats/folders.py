"""A folder of results appears whole or not at all: it is written beside its place, synced, and renamed into it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

_STAGED, _OLD = ".mel-new-", ".mel-old-"


@contextlib.contextmanager
def staged(final: Path) -> Iterator[Path]:
    """A fresh folder beside `final` that takes its place when the block ends well.

    On any error the staged folder is removed and `final` is left exactly as it was. A run that was killed leaves at most a
    hidden `.mel-…` folder, which the next one clears.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    recover(final)
    new = final.parent / f"{_STAGED}{final.name}-{secrets.token_hex(4)}"
    new.mkdir(mode=0o755)
    try:
        yield new
        _sync(new)
        _swap(new, final)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def recover(final: Path) -> None:
    """Undo what a killed run left: put a set-aside report back, and clear half-written ones."""
    for old in sorted(final.parent.glob(f"{_OLD}{final.name}-*")):
        if final.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(final)
    for new in final.parent.glob(f"{_STAGED}{final.name}-*"):
        shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, final: Path) -> None:
    old = final.parent / f"{_OLD}{final.name}-{secrets.token_hex(4)}"
    if final.exists():
        final.rename(old)
    try:
        new.rename(final)
    except OSError:
        if old.exists():
            old.rename(final)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in (p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
