"""Which files a round is made of: paths and patterns made into files, inside the alliance's folder and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from mel.errors import InputError, Problem, closest
from mel.errors import files as file_texts

_PATTERN = "*?["


def files_in(folder: Path, wanted: Sequence[str], key: str | None = None) -> tuple[tuple[Path, ...], tuple[Problem, ...]]:
    """The files that paths and patterns name, relative to `folder`, each once, in the order written and then by name.

    The problems are every path that leads outside, every missing file (with the closest names), every empty pattern; the files
    that are there come all the same, so that what is wrong in them is found in the same run.
    """
    found: list[Path] = []
    problems: list[Problem] = []
    for one in wanted:
        try:
            found += _pattern(folder, one, key) if _is_pattern(folder, one) else [one_file(folder, one, key)]
        except InputError as wrong:
            problems += wrong.problems
    return tuple(dict.fromkeys(found)), tuple(problems)


def one_file(folder: Path, wanted: str, key: str | None = None) -> Path:
    """The file of that path inside `folder`. Raises InputError when it lies outside, is missing, or is a folder."""
    path = inside(folder, wanted, key)
    if path.is_dir():
        raise InputError(file_texts.FILE_IS_FOLDER.at(wanted=wanted, key=key))
    if not path.is_file():
        raise InputError(missing(path, wanted, key, shown=_shown(folder, path.parent)))
    return path


def inside(folder: Path, wanted: str, key: str | None = None) -> Path:
    """`folder / wanted`, refused when that leads outside the folder: by '..', an absolute path, or a link."""
    plain = wanted.replace("\\", "/")
    parts = PurePosixPath(plain).parts
    path = folder / plain
    if PurePosixPath(plain).is_absolute() or PureWindowsPath(wanted).drive or ".." in parts or not _within(folder, path):
        raise InputError(file_texts.FILE_OUTSIDE.at(wanted=wanted, key=key))
    return path


def _within(folder: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _is_pattern(folder: Path, wanted: str) -> bool:
    return has_pattern(wanted) and not _exists(folder, wanted)


def has_pattern(wanted: str) -> bool:
    """True when a path has a wildcard in it."""
    return any(mark in wanted for mark in _PATTERN)


def _exists(folder: Path, wanted: str) -> bool:
    """A file may really have a bracket in its name: 'answers [1].csv'."""
    return ".." not in wanted and (folder / wanted).is_file()


def _pattern(folder: Path, wanted: str, key: str | None) -> list[Path]:
    plain = wanted.replace("\\", "/")
    inside(folder, plain.split("*")[0].split("?")[0].split("[")[0] or ".", key)
    if ".." in PurePosixPath(plain).parts:
        raise InputError(file_texts.FILE_OUTSIDE.at(wanted=wanted, key=key))
    hits = sorted(path for path in folder.glob(plain) if path.is_file() and not path.name.startswith((".", "~$")))
    outside = [path for path in hits if not _within(folder, path)]
    if outside:
        raise InputError(file_texts.FILE_OUTSIDE.at(wanted=_shown(folder, path), key=key) for path in outside)
    if not hits:
        here = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
        raise InputError(file_texts.FILES_NONE.at(wanted=wanted, folder="the folder", found=here, key=key))
    return hits


def missing(path: Path, wanted: str, key: str | None, *, shown: str) -> Problem:
    """The problem of a file that is not there, with the names beside it that look like it."""
    beside = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    return file_texts.FILE_MISSING.at(wanted=wanted, folder=shown, close=closest(path.name, beside), key=key)


def _shown(folder: Path, path: Path) -> str:
    shown = relative(path, folder)
    return "the folder" if shown in ("", ".") else f"the folder '{shown}'"


def relative(path: Path, folder: Path) -> str:
    """A path as it is written down: relative to the folder, with forward slashes; never a path of one machine."""
    for whole, base in ((path, folder), (path.parent.resolve() / path.name, folder.resolve())):
        if whole.is_relative_to(base):
            return whole.relative_to(base).as_posix()
    return path.name


def common_folder(paths: Iterable[Path]) -> Path:
    """The deepest folder that holds all of these files."""
    parents = [path.resolve().parent for path in paths] or [Path.cwd()]
    first = parents[0]
    return next(up for up in (first, *first.parents) if all(parent.is_relative_to(up) for parent in parents))
