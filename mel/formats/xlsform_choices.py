"""Which answers a form offers: its lists of choices, from the sheets that hold them and from files beside the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mel.errors import InputError, Problem, closest
from mel.errors import forms as form_texts
from mel.formats.cells import code_of
from mel.formats.tables import read_tables
from mel.formats.workbook_cells import Workbook
from mel.formats.xlsform_words import Columns, Kind, columns_of
from mel.model.records import Choice, Question

_SHEETS = ("choices", "columns", "external_choices", "cascades")
Asked = Sequence[tuple[int, Question, Kind]]


@dataclass(frozen=True)
class Lists:
    """Every list of choices, and what was odd."""

    choices: Mapping[str, tuple[Choice, ...]]
    languages: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass
class _Filling:
    file: str
    lists: dict[str, dict[str, Choice]] = field(default_factory=dict)
    twice: dict[str, list[str]] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, list_name: str, name: str, labels: Mapping[str, str]) -> None:
        offered = self.lists.setdefault(list_name, {})
        if name in offered:
            self.twice.setdefault(list_name, []).append(name)
        else:
            offered[name] = Choice(name, labels)


def read_lists(book: Workbook, folder: Path, file: str, asked: Asked) -> Lists:
    """Every list the form offers; a list that is asked for and not there is a problem that stops."""
    filling = _Filling(file)
    wanted = [(row, q, kind) for row, q, kind in asked if q.type in ("select_one", "select_multiple")]
    sheets = [name for known in _SHEETS for name in book.sheets if name.strip().lower() == known] or _badly_named(book, filling)
    allowed = False
    for sheet in sheets:
        allowed = _fill(book, sheet, filling) or allowed
    inside = [(row, q, kind) for row, q, kind in wanted if not kind.from_file]
    if not sheets and any(not (q.list_name or "").startswith("${") for _, q, _ in inside):
        filling.problems.append(form_texts.FORM_CHOICES_MISSING.at(file=file, questions=[q.name for _, q, _ in inside], sheets=book.sheets))
    else:
        _refuse_unknown(inside, filling)
    for row, question, kind in wanted:
        if kind.from_file:
            _from_file(row, question, folder, filling)
    if not allowed:
        filling.problems += [
            form_texts.FORM_CHOICE_TWICE.at(file=file, list_name=name, choices=list(dict.fromkeys(names)))
            for name, names in filling.twice.items()
        ]
    choices = {name: tuple(offered.values()) for name, offered in filling.lists.items()}
    return Lists(choices, tuple(dict.fromkeys(filling.languages)), tuple(filling.problems))


def _badly_named(book: Workbook, filling: _Filling) -> list[str]:
    """A sheet that has the columns of choices under another name."""
    for sheet in book.sheets:
        if sheet.strip().lower() in ("survey", "settings"):
            continue
        found = _table(book, sheet)
        if found and {"list_name", "name"} <= set(found[0].plain):
            filling.problems.append(form_texts.FORM_CHOICES_NAMED.at(file=filling.file, taken=sheet))
            return [sheet]
    return []


def _table(book: Workbook, sheet: str) -> tuple[Columns, list[tuple[int, dict[int, str]]]] | None:
    rows = [(n, {i: t for i, c in enumerate(row) if (t := code_of(c))}) for n, row in enumerate(book.rows(sheet), start=1)]
    filled = [(n, row) for n, row in rows if row]
    at = next((i for i, (_, row) in enumerate(filled[:20]) if "name" in columns_of(row).plain), None)
    return (columns_of(filled[at][1]), filled[at + 1 :]) if at is not None else None


def _fill(book: Workbook, sheet: str, filling: _Filling) -> bool:
    found = _table(book, sheet)
    if not found or "list_name" not in found[0].plain:
        headers = [t for row in book.rows(sheet)[:1] for c in row if (t := code_of(c))]
        if any(code_of(c) for row in book.rows(sheet) for c in row):
            missing = [c for c in ("list_name", "name") if not found or c not in found[0].plain]
            close = [near for name in missing for near in closest(name, headers)]
            filling.problems.append(
                form_texts.FORM_HEADER_MISSING.at(file=filling.file, sheet=sheet, missing=missing, found=headers, close=close)
            )
        return False
    columns, rows = found
    filling.languages += [one for one in columns.translated.get("label", {}) if one]
    for number, row in rows:
        said = columns.plain_values(row)
        list_name, name = said.get("list_name", ""), said.get("name", "")
        if list_name and name:
            filling.add(list_name, name, columns.labels(row, "label"))
        elif list_name and columns.labels(row, "label"):
            filling.problems.append(form_texts.FORM_CHOICE_NAMELESS.at(file=filling.file, sheet=sheet, row=number, list_name=list_name))
    return _duplicates_allowed(book)


def _duplicates_allowed(book: Workbook) -> bool:
    sheet = next((name for name in book.sheets if name.strip().lower() == "settings"), None)
    rows: list[list[Any]] = [row for row in book.rows(sheet) if any(code_of(c) for c in row)] if sheet else []
    if len(rows) < 2:
        return False
    said = {str(code_of(h) or "").strip().lower(): str(code_of(v) or "").lower() for h, v in zip(rows[0], rows[1])}
    return said.get("allow_choice_duplicates", "") in ("yes", "true", "true()", "1")


def _refuse_unknown(asked: Asked, filling: _Filling) -> None:
    for row, question, _ in asked:
        wanted = question.list_name
        if wanted is None:
            filling.problems.append(form_texts.FORM_LIST_MISSING.at(file=filling.file, sheet="survey", row=row, question=question.name))
        elif wanted not in filling.lists and not wanted.startswith("${"):
            close = closest(wanted, list(filling.lists))
            filling.problems.append(
                form_texts.FORM_LIST_UNKNOWN.at(
                    file=filling.file, sheet="survey", row=row, question=question.name, list_name=wanted, close=close
                )
            )


def _from_file(row: int, question: Question, folder: Path, filling: _Filling) -> None:
    wanted = question.list_name or ""
    if wanted in filling.lists:
        return
    beside = folder / Path(wanted).name  # the name only: a form may not send us elsewhere
    if not wanted or not beside.is_file() or beside.suffix.lower() not in (".csv", ".xlsx", ".xls", ".tsv"):
        filling.problems.append(
            form_texts.FORM_LIST_IN_FILE.at(file=filling.file, sheet="survey", row=row, question=question.name, list_name=wanted)
        )
        return
    try:
        frame = read_tables(beside).sheets[0].frame
    except InputError as wrong:
        filling.problems += wrong.problems
        return
    columns = columns_of({i: str(name) for i, name in enumerate(frame.columns)})
    if "name" not in columns.plain:
        filling.problems.append(
            form_texts.FORM_HEADER_MISSING.at(
                file=beside.name, missing=["name"], found=list(frame.columns), close=closest("name", list(frame.columns))
            )
        )
        return
    filling.languages += [one for one in columns.translated.get("label", {}) if one]
    for record in frame.itertuples(index=False, name=None):
        cells = {i: text for i, cell in enumerate(record) if (text := code_of(cell))}
        if name := columns.plain_values(cells).get("name"):
            filling.add(wanted, name, columns.labels(cells, "label"))
