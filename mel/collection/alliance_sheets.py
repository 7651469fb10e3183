"""What does alliance.xlsx say? Reads its sheets into the same tables that alliance.toml gives, and remembers each part's cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mel.collection.alliance_cells import UnclearCell, is_blank, read_cell, text_of
from mel.collection.alliance_layout import EXAMPLES, IGNORED, SHEETS, Column, Sheet
from mel.collection.alliance_nest import nest
from mel.errors import InputError, Problem, closest
from mel.errors import alliance as say
from mel.formats.workbook_cells import Workbook
from mel.formats.written import LIMIT_MB
from mel.formats.written_keys import Path as Keys
from mel.formats.written_keys import Place

MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet that holds something: its number as a person counts, and its cells, typed, blanks left out."""

    number: int
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        return text_of(self.cells[column]) if column in self.cells else ""


def read_sheets(path: Path, file: str) -> tuple[dict[str, Any], Place, list[Problem]]:
    """The tables of the workbook, where each part stands, and what could not be read.

    Raises: InputError when the file is no workbook, or far too large for a description.
    """
    size = path.stat().st_size
    if size > LIMIT_MB * 1_000_000:
        raise InputError(say.WRITTEN_FILE_LARGE.at(file=file, size=f"{size / 1_000_000:.1f}", limit=LIMIT_MB))
    book = Workbook(path, file)
    problems: list[Problem] = []
    rows: dict[str, list[Row]] = {sheet.name: [] for sheet in SHEETS}
    for name in book.sheets:
        spec = next((s for s in SHEETS if s.name == name.strip().lower()), None)
        if spec is not None:
            rows[spec.name] += _rows(spec, book.rows(name), file, problems)
        elif not name.strip().lower().startswith(IGNORED):
            names = [s.name for s in SHEETS]
            problems.append(say.SHEET_UNKNOWN.at(file=file, sheet=name, near=closest(name, names) or "none", available=", ".join(names)))
    data, cells = nest(rows, file, problems)
    return data, _placed(file, cells), problems


def _placed(file: str, cells: Mapping[Keys, tuple[str, int | None, str | None]]) -> Place:
    """The cell of a part; for one that has none, the cell or row of what it belongs to."""

    def place(path: Keys) -> dict[str, Any]:
        for end in range(len(path), 0, -1):
            if path[:end] in cells:
                sheet, row, column = cells[path[:end]]
                return {"file": file, "sheet": sheet, "row": row, "column": column}
        return {"file": file}

    return place


def _rows(spec: Sheet, cells: list[list[Any]], file: str, problems: list[Problem]) -> Iterator[Row]:
    if len(cells) > MAX_ROWS:
        problems.append(say.SHEET_TOO_LONG.at(file=file, sheet=spec.name, n=len(cells), limit=MAX_ROWS))
        return
    headers = [text_of(cell).lower() if not is_blank(cell) else "" for cell in cells[0]] if cells else []
    known = _known(spec, headers, cells, file, problems)
    for number, row in enumerate(cells[1:], start=2):
        found = {}
        for at, column in known.items():
            if at < len(row) and not is_blank(row[at]):
                try:
                    found[column.name] = row[at] if spec.pairs else read_cell(row[at], column.kind)
                except UnclearCell:
                    place: dict[str, Any] = {"file": file, "sheet": spec.name, "row": number, "column": column.name}
                    problems.append(say.SHEET_CELL_UNCLEAR.at(**place, given=text_of(row[at])[:60], example=EXAMPLES[column.kind]))
        if found:
            yield Row(number, found)


def _known(spec: Sheet, headers: list[str], cells: list[list[Any]], file: str, problems: list[Problem]) -> dict[int, Column]:
    """The columns of a sheet by their position; a heading nobody knows is a problem."""
    columns = (Column("key", ()), Column("value", ()), Column("meaning", ())) if spec.pairs else spec.columns
    by_name = {column.name: column for column in columns}
    known: dict[int, Column] = {}
    for at, header in enumerate(headers):
        if header in by_name and by_name[header] in known.values():
            problems.append(say.SHEET_COLUMN_TWICE.at(file=file, sheet=spec.name, row=1, name=header))
        elif header in by_name:
            known[at] = by_name[header]
        elif header or any(at < len(row) and not is_blank(row[at]) for row in cells):
            near = closest(header, list(by_name)) or "none"
            name = header or "(no heading)"
            problems.append(
                say.SHEET_COLUMN_UNKNOWN.at(file=file, sheet=spec.name, row=1, name=name, near=near, available=", ".join(by_name))
            )
    return {at: column for at, column in known.items() if column.name != "meaning"}
