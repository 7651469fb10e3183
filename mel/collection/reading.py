"""One file, from its sheets to rows under the form's names: the answer sheets, and the repeats that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from mel.codes import FILE, PARTNER, RESERVED, ROUND, ROW, SHEET
from mel.collection.bundles import Bundle, Part, ReadAs, repeats_of
from mel.collection.naming import named
from mel.errors import InputError, Problem, closest
from mel.errors import collection as texts
from mel.formats.cells import as_codes
from mel.formats.columns import Typing
from mel.formats.kobo import VERSION_COLUMNS
from mel.formats.repeats import PARENT, RepeatSheet, tie_repeats
from mel.model.records import Provenance, Questionnaire

Places = Mapping[str, int]


@dataclass(frozen=True)
class ReadRows:
    """A bundle's rows, ready to be stacked."""

    frame: pd.DataFrame
    repeats: Mapping[str, pd.DataFrame]
    form: Questionnaire | None
    provenance: tuple[Provenance, ...]
    problems: tuple[Problem, ...]
    positions: Mapping[tuple[str, str | None], Places]


# ---- rows ------------------------------------------------------------------------------------------------------------


def read_bundle(bundle: Bundle, how: ReadAs) -> ReadRows:
    """Name and type the columns of the answer sheets and of each repeat, and tie them."""
    stops: list[Problem] = []
    told: list[Problem] = [*bundle.problems, *bundle.main.source.problems]
    frames: dict[str | None, pd.DataFrame] = {}
    positions: dict[tuple[str, str | None], Places] = {}
    for name, part in ((None, bundle.main), *bundle.repeats.items()):
        try:
            frames[name], places, problems = _rows(part, bundle.form, name, how)
            positions[part.source.file, part.sheet.name] = places
            told += problems
        except InputError as wrong:
            stops += wrong.problems
    if stops:
        raise InputError(stops)
    main = frames[None]
    sheets = [
        RepeatSheet(name, part.sheet.name or name, part.source.file, frames[name], _outer(name, bundle.form))
        for name, part in bundle.repeats.items()
    ]
    tied, joined = tie_repeats(main, bundle.main.sheet.name, sheets)
    versions = _versions(main)
    provenance = tuple(_provenance(part, how.round, versions) for part in (bundle.main, *bundle.repeats.values()))
    return ReadRows(main, tied, bundle.form, provenance, (*told, *joined), positions)


def _rows(part: Part, form: Questionnaire | None, repeat: str | None, how: ReadAs) -> tuple[pd.DataFrame, Places, list[Problem]]:
    sheet, file = part.sheet, part.source.file
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    if not len(sheet.frame):
        if repeat is None:
            raise InputError(texts.NO_ROWS.at(**place))
        return sheet.frame.copy(), {}, []
    own = [c for c in (*RESERVED, PARENT) if c in sheet.frame.columns]
    if own:
        raise InputError(texts.HEADER_RESERVED.at(**place, columns=own))
    known = form if form is not None and form is not part.source.labels else None
    found = named(sheet, known, repeat, file)
    typing = Typing(file, sheet.name, part.source.decimal, how.day_first)
    frame = typing.type_columns(found.frame, form, {q.name: q for q in form.questions} if form else {})
    told = [*sheet.problems, *found.problems, *typing.problems]
    if repeat is None and how.partner_from:
        partner, more = _partner(frame, part, how.partner_from, found.places)
        told += more
    else:
        partner = None
    return _addressed(frame, part, how.round, partner), found.places, told


# ---- where rows came from --------------------------------------------------------------------------------------------


def _addressed(frame: pd.DataFrame, part: Part, round_: str, partner: pd.Series | None) -> pd.DataFrame:
    n = len(frame)
    own = pd.DataFrame(
        {
            ROUND: pd.Series([round_] * n, dtype="str"),
            FILE: pd.Series([part.source.file] * n, dtype="str"),
            SHEET: pd.Series([part.sheet.name] * n, dtype="str"),
            ROW: part.sheet.rows,
            PARTNER: partner if partner is not None else pd.Series([None] * n, dtype="str"),
        },
        index=frame.index,
    )
    return pd.concat([frame, own], axis=1)


def _partner(frame: pd.DataFrame, part: Part, partner_from: str, places: Places) -> tuple[pd.Series, list[Problem]]:
    path = PurePosixPath(part.source.file)
    if partner_from == "file":
        return pd.Series([path.stem] * len(frame), dtype="str"), []
    if partner_from == "folder":
        if not path.parent.name:
            raise InputError(texts.PARTNER_FOLDER_NONE.at(file=part.source.file))
        return pd.Series([path.parent.name] * len(frame), dtype="str"), []
    wanted = partner_from.removeprefix("column:").strip()
    columns = [str(column) for column in frame.columns]
    by_header = [c for c in columns if wanted in part.sheet.places and places.get(c) == part.sheet.places[wanted]]
    same = [c for c in columns if c == wanted] or [c for c in columns if c.lower() == wanted.lower()] or by_header
    found = same[0] if same else None
    place: dict[str, Any] = {"file": part.source.file, "sheet": part.sheet.name}
    if found is None:
        raise InputError(texts.PARTNER_COLUMN_MISSING.at(**place, wanted=wanted, close=closest(wanted, columns)))
    partner = as_codes(frame[found])
    empty = partner.isna().to_numpy()
    told = [texts.PARTNER_EMPTY.at(**place, column=found, n=int(empty.sum()), first=int(part.sheet.rows[empty][0]))] if empty.any() else []
    return partner, told


def _outer(repeat: str, form: Questionnaire | None) -> str | None:
    """The repeat that the form nests this one in."""
    if form is None:
        return None
    known = set(repeats_of(form))
    path = next((q.path for q in form.questions if q.repeat == repeat), ())
    above = [name for name in path[: path.index(repeat)] if name in known] if repeat in path else []
    return above[-1] if above else None


def _versions(frame: pd.DataFrame) -> tuple[str, ...]:
    found = next((name for name in VERSION_COLUMNS if name in frame.columns), None)
    return tuple(dict.fromkeys(as_codes(frame[found]).dropna())) if found else ()


def _provenance(part: Part, round_: str, versions: tuple[str, ...]) -> Provenance:
    source, sheet = part.source, part.sheet
    return Provenance(
        file=source.file,
        sha256=source.sha256,
        format=source.format,
        rows=len(sheet.frame),
        columns=len(sheet.frame.columns),
        sheet=sheet.name,
        encoding=source.encoding,
        round=round_,
        form_versions=versions,
    )
