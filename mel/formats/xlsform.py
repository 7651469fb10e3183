"""What a form asked: an XLSForm workbook read leniently as a `Questionnaire`, as Kobo and ODK tools in the field really write it.

It reads names, types, labels in every language, choices, groups, repeats, relevance, constraints and calculations. It does not
compute them, and does not say whether the form would run on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mel.errors import InputError, Problem, closest
from mel.errors import forms as form_texts
from mel.formats.cells import code_of
from mel.formats.tables import recognise
from mel.formats.workbook_cells import Workbook
from mel.formats.xlsform_choices import Lists, read_lists
from mel.formats.xlsform_words import Columns, Kind, columns_of, kind_of, truthy
from mel.model.records import Question, Questionnaire

Row = Mapping[int, str]


def read_xlsform(path: Path | str) -> Questionnaire:
    """Read an XLSForm as the questionnaire it describes.

    Shape: `languages` are those the form names; a label without language has the key ''. A question's `relevant` includes that
    of the groups it sits in, joined by `and`, since it is asked only where all hold.
    Raises: InputError with everything that makes the form unreadable.
    Checked: tests/reference/kobo against pyxform.
    """
    return read_form(Path(path))[0]


def read_form(path: Path, file: str | None = None) -> tuple[Questionnaire, tuple[Problem, ...]]:
    """As `read_xlsform`, with what was read leniently as problems of severity `warn`."""
    shown = file or path.name
    if path.suffix.lower() not in (".xlsx", ".xls", ".xlsm"):
        raise InputError(form_texts.FORM_NOT_WORKBOOK.at(file=shown, ending=path.suffix.lower() or "nothing"))
    recognise(path, shown)
    book = Workbook(path, shown)
    survey, told = _survey(book, shown)
    reading = _Reading(shown, survey.sheet, survey.columns, problems=list(told))
    for number, row in survey.rows:
        reading.take(number, row)
    reading.finish()
    lists = read_lists(book, path.parent, shown, reading.questions)
    settings = _settings(book)
    stops = [p for p in (*reading.problems, *lists.problems) if p.severity == "stop"]
    if stops:
        raise InputError(stops)
    if not reading.questions:
        raise InputError(form_texts.FORM_NO_QUESTIONS.at(file=shown, sheet=survey.sheet))
    form = _questionnaire(reading, lists, settings, path.stem, shown)
    return form, (*reading.problems, *lists.problems)


def _questionnaire(reading: _Reading, lists: Lists, settings: Mapping[str, str], stem: str, file: str) -> Questionnaire:
    languages = tuple(dict.fromkeys((*reading.columns.languages, *lists.languages)))
    title = settings.get("form_title") or settings.get("title") or stem
    identifier = settings.get("form_id") or settings.get("id_string") or stem
    return Questionnaire(title, identifier, settings.get("version", ""), languages, reading.finished(), lists.choices, file)


# ---- sheets ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    sheet: str
    columns: Columns
    rows: tuple[tuple[int, Row], ...]


def _survey(book: Workbook, file: str) -> tuple[_Table, tuple[Problem, ...]]:
    found = [name for name in book.sheets if name.strip().lower() == "survey"]
    if not found:
        raise InputError(form_texts.FORM_SHEET_MISSING.at(file=file, sheets=book.sheets, close=closest("survey", book.sheets)))
    sheet = found[0]
    rows = text_rows(book.rows(sheet))
    at = next((i for i, (_, row) in enumerate(rows[:20]) if {"type", "name"} <= set(columns_of(row).plain)), None)
    if at is None:
        raise _header_missing(rows[0][1] if rows else {}, file, sheet)
    told = (form_texts.FORM_HEADER_LOWER.at(file=file, sheet=sheet, header_row=rows[at][0]),) if rows[at][0] > 1 else ()
    return _Table(sheet, columns_of(rows[at][1]), rows[at + 1 :]), told


def _header_missing(first: Row, file: str, sheet: str) -> InputError:
    headers = [text for text in first.values() if text]
    missing = [name for name in ("type", "name") if name not in columns_of(first).plain]
    close = [near for name in missing for near in closest(name, headers)]
    return InputError(form_texts.FORM_HEADER_MISSING.at(file=file, sheet=sheet, missing=missing, found=headers, close=close))


def text_rows(rows: Sequence[Sequence[Any]]) -> tuple[tuple[int, Row], ...]:
    """The rows that have anything in them, each with its number; every cell as text, empty ones left out."""
    read = (({i: text for i, cell in enumerate(row) if (text := code_of(cell))}, number) for number, row in enumerate(rows, start=1))
    return tuple((number, row) for row, number in read if row)


def _settings(book: Workbook) -> dict[str, str]:
    sheet = next((name for name in book.sheets if name.strip().lower() == "settings"), None)
    rows = text_rows(book.rows(sheet)) if sheet else ()
    if len(rows) < 2:
        return {}
    header, values = rows[0][1], rows[1][1]
    return {"_".join(name.lower().split()): values[i] for i, name in header.items() if i in values}


# ---- questions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Group:
    name: str
    repeat: bool
    relevant: str | None
    row: int
    kind: str

    @property
    def spoken(self) -> str:
        return "repeat" if self.repeat else "group"


@dataclass
class _Reading:
    """The survey sheet as far as it has been read."""

    file: str
    sheet: str
    columns: Columns
    problems: list[Problem]
    questions: list[tuple[int, Question, Kind]] = field(default_factory=list)
    open: list[_Group] = field(default_factory=list)

    def take(self, number: int, row: Row) -> None:
        said = self.columns.plain_values(row)
        written, name = said.get("type", ""), said.get("name", "")
        if not written:
            if name and len(row) > 1:
                self._tell(form_texts.FORM_TYPE_MISSING, number, name=name)
            return
        kind = kind_of(written)
        if kind.role == "begin":
            self.open.append(_Group(name or f"group_{number}", kind.repeat, said.get("relevant"), number, written))
        elif kind.role == "end":
            self._end(number, kind)
        elif kind.role == "question":
            self._question(number, row, said, kind, name, written)

    def _end(self, number: int, kind: Kind) -> None:
        if self.open and self.open[-1].repeat == kind.repeat:
            self.open.pop()
            return
        beside = f"; open is the {self.open[-1].spoken} '{self.open[-1].name}' of row {self.open[-1].row}" if self.open else ""
        self._tell(form_texts.FORM_GROUP_CLOSED, number, kind="repeat" if kind.repeat else "group", open=beside)

    def _question(self, number: int, row: Row, said: Mapping[str, str], kind: Kind, name: str, written: str) -> None:
        if not name:
            if kind.type != "note":
                self._tell(form_texts.FORM_NAME_MISSING, number, type=written)
            return
        if kind.unknown:
            self._tell(form_texts.FORM_TYPE_UNKNOWN, number, question=name, type=written, close=kind.close)
        conditions = [g.relevant for g in self.open if g.relevant] + ([said["relevant"]] if said.get("relevant") else [])
        question = Question(
            name=name,
            type=kind.type,
            path=tuple(g.name for g in self.open),
            labels=self.columns.labels(row, "label"),
            list_name=kind.list_name,
            required=truthy(said.get("required", "")),
            relevant=conditions[0] if len(conditions) == 1 else " and ".join(f"({c})" for c in conditions) or None,
            constraint=said.get("constraint"),
            constraint_message=next(iter(self.columns.labels(row, "constraint_message").values()), None),
            calculation=said.get("calculation"),
            repeat=next((g.name for g in reversed(self.open) if g.repeat), None),
            or_other=kind.or_other,
        )
        self.questions.append((number, question, kind))

    def finish(self) -> None:
        """Say which groups stayed open, and which names stand twice."""
        for group in self.open:
            self._tell(form_texts.FORM_GROUP_OPEN, group.row, kind=group.spoken, name=group.name)
        seen: dict[tuple[tuple[str, ...], str], int] = {}
        for number, question, _ in self.questions:
            key = (question.path, question.name)
            if key in seen:
                self._tell(form_texts.FORM_NAME_TWICE_HERE, number, question=question.name)
            seen[key] = number
        for name, same in self._same_names().items():
            later = ["/".join((*q.path, q.name)) for _, q, _ in same[1:]]
            self._tell(form_texts.FORM_NAME_TWICE, same[0][0], question=name, paths=later)

    def _same_names(self) -> dict[str, list[tuple[int, Question, Kind]]]:
        by_name: dict[str, list[tuple[int, Question, Kind]]] = {}
        for entry in self.questions:
            by_name.setdefault(entry[1].name, []).append(entry)
        return {name: same for name, same in by_name.items() if len({q.path for _, q, _ in same}) > 1}

    def finished(self) -> tuple[Question, ...]:
        """The questions; one whose name was taken in another group is called by its whole path."""
        taken: set[str] = set()
        out = []
        for _, question, _ in self.questions:
            called = question if question.name not in taken else replace(question, name="/".join((*question.path, question.name)))
            taken.add(called.name)
            out.append(called)
        return tuple(out)

    def _tell(self, text: Any, number: int, **values: Any) -> None:
        self.problems.append(text.at(file=self.file, sheet=self.sheet, row=number, **values))
