"""What did somebody write, and is it what the model asks for? Reads TOML safely and says every fault in plain words.

One reader for alliance.toml and for packs; alliance.xlsx joins it at `validated`. It does not follow references from one part
to another: that is `mel.collection.alliance_references` and `mel.formats.packs`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from mel.errors import InputError, Problem
from mel.errors import alliance as say
from mel.formats.written_keys import Path as Keys
from mel.formats.written_keys import Place, spelled
from mel.formats.written_words import in_groups, problem_of

M = TypeVar("M", bound=BaseModel)
Said = Callable[[Mapping[str, Any]], Mapping[Keys, Sequence[Problem]]]

LIMIT_MB = 4


def read_toml(path: Path, file: str | None = None) -> dict[str, Any]:
    """The tables of a TOML file. `file` is its name in messages.

    Raises: InputError for a file that is missing, too large, not UTF-8 or not TOML, with the line.
    """
    named = file or path.name
    text = _text(path, named)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_syntax(error, text, named)) from None
    except RecursionError:
        raise InputError(say.WRITTEN_TOO_DEEP.at(file=named)) from None


@dataclass(frozen=True)
class Reading(Generic[M]):
    """What came of reading: the model (None when something is wrong), the data with misspelt keys put right, the problems."""

    model: M | None
    data: Mapping[str, Any]
    problems: tuple[Problem, ...]


def validated(model: type[M], data: Mapping[str, Any], place: Place, said: Said = lambda _: {}) -> Reading[M]:
    """The model made of `data`, or every problem, each with its place. Never a validator's own words.

    `said` looks at the data first and gives, by path, problems it has better words for; the general ones at these paths are left out.
    """
    meant, problems = spelled(model, data, place)
    special = said(meant)
    special_problems = [problem for group in special.values() for problem in group]
    try:
        made = model.model_validate(meant)
    except ValidationError as error:
        groups = in_groups(meant, [dict(fault) for fault in error.errors(include_url=False)])
        general = [problem_of(model, path, faults, place) for path, faults in groups.items() if path not in special]
        return Reading(None, meant, (*problems, *special_problems, *general))
    return Reading(None if problems or special_problems else made, meant, (*problems, *special_problems))


def toml_place(file: str) -> Place:
    """The place of a part of a TOML file: the file and the key as a person sees it, `datasets[0].design.basis`."""
    return lambda path: {"file": file, "key": dotted(path)} if path else {"file": file}


def dotted(path: Keys) -> str:
    """`("datasets", 0, "name")` as `datasets[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def stays_inside(path: str) -> bool:
    """True when a written path (or glob) stays in the folder it is relative to, on every system."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    outside = path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path) or ".." in parts or "\x00" in path or "://" in path
    return bool(path.strip()) and not outside


def _text(path: Path, named: str) -> str:
    if not path.is_file():
        raise InputError(say.WRITTEN_FILE_MISSING.at(file=named))
    size = path.stat().st_size
    if size > LIMIT_MB * 1_000_000:
        raise InputError(say.WRITTEN_FILE_LARGE.at(file=named, size=f"{size / 1_000_000:.1f}", limit=LIMIT_MB))
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(say.WRITTEN_NOT_UTF8.at(file=named, line=raw[: error.start].count(b"\n") + 1)) from None


def _syntax(error: tomllib.TOMLDecodeError, text: str, named: str) -> Problem:
    """The line stands in the parser's message ("… (at line 3, column 5)"); at the end of the file it is the last one."""
    found = re.search(r"\(at line (\d+), column \d+\)", str(error))
    line = int(found.group(1)) if found else text.count("\n") + 1
    says = re.sub(r"\s*\(at .*\)$", "", str(error))
    return say.WRITTEN_TOML_SYNTAX.at(file=named, line=line, says=says[:1].lower() + says[1:])
