"""What did an alliance write about itself? Reads alliance.toml or alliance.xlsx into one model, and tells every problem at once.

It opens no data beyond the ids in the register of partners; reading them is `mel.collection.records`'.
"""

from __future__ import annotations

from pathlib import Path

from mel.collection.alliance_design import design_problems
from mel.collection.alliance_references import reference_problems
from mel.collection.alliance_sheets import read_sheets
from mel.errors import InputError, Problem, closest
from mel.errors import alliance as say
from mel.formats.written import read_toml, toml_place, validated
from mel.model.alliance import Alliance

TOML, WORKBOOK = "alliance.toml", "alliance.xlsx"
_FOLLOW = ("KEY_MISSING", "RECORD_CONTRADICTS")
"""What a row with an unreadable cell is then said to lack; saying it twice would send people to look twice."""


def load_alliance(folder: Path | str) -> Alliance:
    """The alliance described in a folder's alliance.toml, or alliance.xlsx.

    Raises: InputError with every problem at once, each with its file and key (in a workbook: sheet, row and column).
    """
    folder = Path(folder)
    path = _the_file(folder)
    model, problems = _read(path, folder)
    if problems or model is None:
        raise InputError(problems)
    return model


def _read(path: Path, folder: Path) -> tuple[Alliance | None, tuple[Problem, ...]]:
    if path.name == TOML:
        data, place, unread = read_toml(path, TOML), toml_place(TOML), list[Problem]()
    else:
        data, place, unread = read_sheets(path, WORKBOOK)
    reading = validated(Alliance, data, place, lambda meant: design_problems(meant, place))
    unread_rows = {(problem.sheet, problem.row) for problem in unread}
    follow = {p for p in reading.problems if p.sheet and (p.sheet, p.row) in unread_rows and p.code in _FOLLOW}
    kept = tuple(problem for problem in reading.problems if problem not in follow)
    references = reference_problems(reading.data, place, folder)
    return reading.model, tuple(dict.fromkeys((*unread, *kept, *references)))


def _the_file(folder: Path) -> Path:
    if not folder.exists():
        beside = folder.absolute().parent
        near = sorted(p.parent.name for p in beside.glob("*/alliance.*")) if beside.is_dir() else []
        raise InputError(say.ALLIANCE_FOLDER_MISSING.at(folder=folder.name, near=closest(folder.name, near) or near or "none"))
    if not folder.is_dir():
        raise InputError(say.ALLIANCE_IS_A_FILE.at(folder=folder.name))
    found = [folder / name for name in (TOML, WORKBOOK) if (folder / name).is_file()]
    if not found:
        there = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in (".toml", ".xlsx", ".xls", ".yaml", ".yml", ".txt"))
        raise InputError(say.ALLIANCE_FILE_MISSING.at(folder=folder.resolve().name, near=closest(TOML, there) or "none"))
    if len(found) > 1:
        raise InputError(say.ALLIANCE_TWO_FILES.at(folder=folder.resolve().name))
    return found[0]
