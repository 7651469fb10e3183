"""One file, from its sheets to rows under the form's names: the answer sheets, and the repeats that belong to them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from mel.codes import FILE, PARTNER, RESERVED, ROUND, ROW, SHEET, choice_of
from mel.collection.bundles import Bundle, Part, ReadAs, repeats_of
from mel.errors import InputError, Problem, closest
from mel.errors import collection as texts
from mel.formats.cells import as_codes
from mel.formats.columns import Typing
from mel.formats.kobo import VERSION_COLUMNS, HeaderIndex, metadata_names, name_columns, questions_at, ticked_choices, untied_duplicates
from mel.formats.repeats import PARENT, RepeatSheet, tie_repeats
from mel.formats.tables import Sheet
from mel.formats.ticks import Multiple, find_multiples, tidy_multiples
from mel.model.records import Choice, Provenance, Question, Questionnaire


@dataclass(frozen=True)
class ReadRows:
    """A bundle's rows, ready to be stacked."""

    frame: pd.DataFrame
    repeats: Mapping[str, pd.DataFrame]
    form: Questionnaire | None
    provenance: tuple[Provenance, ...]
    problems: tuple[Problem, ...]


# ---- rows ------------------------------------------------------------------------------------------------------------


def read_bundle(bundle: Bundle, how: ReadAs) -> ReadRows:
    """Name and type the columns of the answer sheets and of each repeat, and tie them."""
    stops: list[Problem] = []
    told: list[Problem] = [*bundle.problems, *bundle.main.source.problems]
    frames: dict[str | None, pd.DataFrame] = {}
    for name, part in ((None, bundle.main), *bundle.repeats.items()):
        try:
            frames[name], problems = _rows(part, bundle.form, name, how)
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
    return ReadRows(main, tied, bundle.form, provenance, (*told, *joined))


def _rows(part: Part, form: Questionnaire | None, repeat: str | None, how: ReadAs) -> tuple[pd.DataFrame, list[Problem]]:
    sheet, file = part.sheet, part.source.file
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    if not len(sheet.frame):
        if repeat is None:
            raise InputError(texts.NO_ROWS.at(**place))
        return sheet.frame.copy(), []
    own = [c for c in (*RESERVED, PARENT) if c in sheet.frame.columns]
    if own:
        raise InputError(texts.HEADER_RESERVED.at(**place, columns=own))
    known = form if form is not None and form is not part.source.labels else None
    frame, problems = _named(sheet, known, repeat, file)
    typing = Typing(file, sheet.name, part.source.decimal, how.day_first)
    frame = typing.type_columns(frame, form, {q.name: q for q in form.questions} if form else {})
    told = [*sheet.problems, *problems, *typing.problems]
    if repeat is None and how.partner_from:
        partner, more = _partner(frame, part, how.partner_from)
        told += more
    else:
        partner = None
    return _addressed(frame, part, how.round, partner), told


def _named(sheet: Sheet, form: Questionnaire | None, repeat: str | None, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    headers = [str(column) for column in sheet.frame.columns]
    index = HeaderIndex(form, repeat) if form is not None else None
    if twice := untied_duplicates(sheet.repeated, index):
        raise InputError(texts.HEADER_DUPLICATE.at(file=file, sheet=sheet.name, columns=twice))
    if form is None or index is None:
        return _named_without_form(sheet, headers, file)
    naming = name_columns(headers, sheet.repeated, index, file=file, sheet=sheet.name)
    flat = _flat_repeats(headers, naming.targets, form, file, sheet.name) if repeat is None else []
    multiples = [_multiple(q, naming.targets, form) for q in _multiples_at(form, repeat, naming.targets)]
    frame, told = tidy_multiples(sheet.frame, multiples, sheet.rows, file=file, sheet=sheet.name)
    ticks = {choice_of(m.name, c) for m in multiples for c in m.ticks}
    names = {header: name for header, name in naming.names.items() if header in frame.columns and name not in ticks}
    return _renamed(frame, names), [*naming.problems, *flat, *told]


def _multiples_at(form: Questionnaire, repeat: str | None, targets: Mapping[str, tuple[str, str | None]]) -> list[Question]:
    present = {name for name, _ in targets.values()}
    return [q for q in questions_at(form, repeat) if q.type == "select_multiple" and q.name in present]


def _multiple(question: Question, targets: Mapping[str, tuple[str, str | None]], form: Questionnaire) -> Multiple:
    text = next((h for h, target in targets.items() if target == (question.name, None)), None)
    ticks = {str(choice): h for h, (name, choice) in targets.items() if name == question.name and choice is not None}
    labels = {c.name: c.labels for c in form.choices_of(question)}
    choices = tuple(Choice(name, labels.get(name, {})) for name in ticked_choices(form, question))
    return Multiple(question.name, choices, text, ticks)


def _flat_repeats(headers: Sequence[str], targets: Mapping[str, Any], form: Questionnaire, file: str, sheet: str | None) -> list[Problem]:
    flat: dict[str, list[str]] = {}
    for header in headers:
        for name in repeats_of(form):
            if header not in targets and re.search(rf"(?i)(^|/){re.escape(name)}(\[\d+\]|/\d+|_\d+)(/|$)", header):
                flat.setdefault(name, []).append(header)
    if not flat:
        return []
    return [texts.REPEAT_FLAT.at(file=file, sheet=sheet, repeats=list(flat), columns=[h for hs in flat.values() for h in hs])]


def _named_without_form(sheet: Sheet, headers: list[str], file: str) -> tuple[pd.DataFrame, list[Problem]]:
    problems: list[Problem] = []
    multiples = find_multiples(sheet.frame)
    frame, told = tidy_multiples(sheet.frame, multiples, sheet.rows, file=file, sheet=sheet.name)
    if multiples:
        problems.append(texts.TICKS_TAKEN.at(file=file, sheet=sheet.name, questions=[m.name for m in multiples]))
    ticks = {choice_of(m.name, c) for m in multiples for c in m.ticks}
    names = metadata_names(headers)
    ends = {h: h.rsplit("/", 1)[1] for h in map(str, frame.columns) if "/" in h and h not in ticks and h not in names}
    others = [str(c) for c in frame.columns if c not in ends]
    undone = {
        h: end
        for h, end in ends.items()
        if end and list(ends.values()).count(end) == 1 and end not in others and h.split("/")[0] != "formhub"
    }
    if undone:
        problems.append(texts.GROUPS_UNDONE.at(file=file, sheet=sheet.name, columns=list(undone)))
    grouped = {t: t.split("/", t.count("/") - 1)[-1] for t in ticks if t.count("/") > 1}
    unique = {t: short for t, short in grouped.items() if list(grouped.values()).count(short) == 1}
    return _renamed(frame, names | undone | unique), [*problems, *told]


def _renamed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """New names, but never onto a column that is already there."""
    kept = set(map(str, frame.columns)) - set(names)
    return frame.rename(columns={old: new for old, new in names.items() if new not in kept})


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


def _partner(frame: pd.DataFrame, part: Part, partner_from: str) -> tuple[pd.Series, list[Problem]]:
    path = PurePosixPath(part.source.file)
    if partner_from == "file":
        return pd.Series([path.stem] * len(frame), dtype="str"), []
    if partner_from == "folder":
        if not path.parent.name:
            raise InputError(texts.PARTNER_FOLDER_NONE.at(file=part.source.file))
        return pd.Series([path.parent.name] * len(frame), dtype="str"), []
    wanted = partner_from.removeprefix("column:").strip()
    columns = [str(column) for column in frame.columns]
    found = next((c for c in columns if c == wanted), None) or next((c for c in columns if c.lower() == wanted.lower()), None)
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
