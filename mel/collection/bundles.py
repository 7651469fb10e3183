"""Which sheets of a round's files hold the answer sheets, and which the repeats that belong to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mel.errors import InputError, Problem
from mel.errors import collection as texts
from mel.errors import files as file_texts
from mel.formats.cells import Decimal
from mel.formats.kobo import HeaderIndex, metadata_names
from mel.formats.repeats import MARKS
from mel.formats.tables import Sheet, TableFile, read_tables, sheet_named
from mel.model.records import Questionnaire


@dataclass(frozen=True)
class ReadAs:
    """How the files of one round are to be read."""

    round: str
    form: Questionnaire | None = None
    sheet: str | None = None
    delimiter: str | None = None
    decimal: Decimal | None = None
    encoding: str | None = None
    day_first: bool | None = None
    partner_from: str | None = None


@dataclass(frozen=True)
class Part:
    """One sheet of one file."""

    source: TableFile
    sheet: Sheet


@dataclass(frozen=True)
class Bundle:
    """Answer sheets and the repeats that were sent with them."""

    main: Part
    repeats: Mapping[str, Part]
    form: Questionnaire | None
    problems: tuple[Problem, ...] = ()


def open_file(path: Path, file: str, how: ReadAs) -> TableFile:
    """The file's sheets, with the round's reading options."""
    source = read_tables(path, file=file, delimiter=how.delimiter, decimal=how.decimal, encoding=how.encoding)
    if how.sheet is not None and source.sheets and source.sheets[0].name is None:
        raise InputError(texts.SHEET_NOT_FOR_TEXT.at(file=file, wanted=how.sheet, format=source.format))
    return source


def bundles_of(sources: Sequence[TableFile], how: ReadAs) -> tuple[Bundle, ...]:
    """Sort the sheets of a round's files into answer sheets and repeats.

    A repeat may be a sheet of the same workbook, or a csv beside it that is named after it (`form-roster.csv` beside `form.csv`).
    """
    alone = [s for s in sources if len(s.sheets) == 1 and s.sheets[0].name is None and _is_repeat(s.sheets[0])]
    attached: dict[str, dict[str, Part]] = {}
    for source in alone:
        owner = _owner(source, [s for s in sources if s not in alone])
        if owner is not None:
            name = PurePosixPath(source.file).stem[len(PurePosixPath(owner.file).stem) :].lstrip("-_. ")
            attached.setdefault(owner.file, {})[_repeat_name(name, how.form)] = Part(source, source.sheets[0])
    beside = {part.source.file for parts in attached.values() for part in parts.values()}
    return tuple(_bundle(source, how, attached.get(source.file, {})) for source in sources if source.file not in beside)


def _owner(source: TableFile, others: Sequence[TableFile]) -> TableFile | None:
    own = PurePosixPath(source.file)
    fits = [o for o in others if PurePosixPath(o.file).parent == own.parent and own.stem.startswith(PurePosixPath(o.file).stem)]
    return max(fits, key=lambda o: len(o.file), default=None)


def _bundle(source: TableFile, how: ReadAs, beside: Mapping[str, Part]) -> Bundle:
    form = how.form or source.labels
    named = {sheet.name: sheet for sheet in source.sheets}
    filled = [sheet for sheet in source.sheets if len(sheet.frame.columns)]
    if not filled:
        raise InputError(file_texts.FILE_EMPTY.at(file=source.file))
    repeats = [s for s in filled if _is_repeat(s) or _form_repeat(s, form)]
    problems: tuple[Problem, ...] = ()
    if how.sheet is not None and filled[0].name is not None:
        main = named[sheet_named(how.sheet, [str(s.name) for s in source.sheets], source.file)]
        repeats = [] if main in repeats else repeats
    else:
        others = [sheet for sheet in filled if sheet not in repeats]
        candidates = [sheet for sheet in others if not sheet.hidden] or others or filled[:1]
        main, problems = _choose(candidates, form, source.file)
        repeats = [sheet for sheet in repeats if sheet is not main]
    parts = {_repeat_name(str(sheet.name), form): Part(source, sheet) for sheet in repeats}
    return Bundle(Part(source, main), parts | dict(beside), form, problems)


def _choose(candidates: Sequence[Sheet], form: Questionnaire | None, file: str) -> tuple[Sheet, tuple[Problem, ...]]:
    if len(candidates) == 1:
        return candidates[0], ()
    best = candidates[0]
    if form is not None:
        index = HeaderIndex(form, None)
        best = max(candidates, key=lambda sheet: sum(1 for header in sheet.frame.columns if index.find(str(header))))
    others = [str(sheet.name) for sheet in candidates if sheet is not best]
    return best, (texts.SHEET_NEEDED.at(file=file, taken=best.name, others=others),)


def _is_repeat(sheet: Sheet) -> bool:
    own = set(sheet.frame.columns) | set(metadata_names(map(str, sheet.frame.columns)).values())
    return any(mark in own for mark in MARKS)


def _form_repeat(sheet: Sheet, form: Questionnaire | None) -> str | None:
    """The form's repeat a sheet is named after; Excel cuts a sheet's name at 31 characters."""
    if form is None or sheet.name is None:
        return None
    wanted = sheet.name.strip().lower()
    return next((r for r in repeats_of(form) if r.lower()[:31] == wanted[:31]), None)


def repeats_of(form: Questionnaire) -> tuple[str, ...]:
    """The form's repeats, in its order."""
    return tuple(dict.fromkeys(name for q in form.questions if (name := q.repeat) is not None))


def _repeat_name(sheet: str, form: Questionnaire | None) -> str:
    known = repeats_of(form) if form else ()
    return next((name for name in known if name.lower()[:31] == sheet.strip().lower()[:31]), sheet)
