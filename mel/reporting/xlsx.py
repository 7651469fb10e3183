"""How do the tables of a report become a workbook to count with? A sheet of contents, then one sheet for each table and each chart.

Numbers are numbers (a share is 0.2134 and shown as 21 %), a hidden cell is the words it prints, and nothing is ever a formula.
Reads a `Document`; computes nothing. The same document gives the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mel.formats.workbooks import new_workbook
from mel.reporting.blocks import Cell, Column, Document, Finding, Table
from mel.reporting.gate_tables import printed_number
from mel.reporting.layout import labels, numbered_tables, written_on
from mel.reporting.markup import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_UNIT = re.compile(r"[^\d]*[\d,.\u00a0\u202f]*\d[\u00a0 ]([A-Za-z]+)(?![\w'’])")
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "font_color": "#58214F"},
    "invented": {"bold": True, "font_color": "#6B4700"},
    "note": {"font_color": "#635869"},
    "link": {"font_color": "#58214F", "underline": 1, "valign": "top"},
    "head start": {
        "bold": True,
        "align": "left",
        "indent": 1,
        "text_wrap": True,
        "valign": "bottom",
        "font_color": "#58214F",
        "bg_color": "#F8F2E9",
        "bottom": 2,
    },
    "head name": {"bold": True, "text_wrap": True, "valign": "bottom", "font_color": "#58214F", "bg_color": "#F8F2E9", "bottom": 2},
    "head end": {
        "bold": True,
        "text_wrap": True,
        "valign": "bottom",
        "font_color": "#58214F",
        "bg_color": "#F8F2E9",
        "bottom": 2,
        "align": "right",
    },
    "name": {"bold": True, "text_wrap": True, "valign": "top"},
    "start": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "end": {"text_wrap": True, "valign": "top", "align": "right"},
    "hidden": {"italic": True, "font_color": "#635869", "valign": "top", "align": "right"},
}
_LINE_HEIGHT = 15.5
_CONTENTS_WIDTHS = (14.0, 72.0, 34.0, 44.0)
_FINDINGS_WIDTHS = (58.0, 62.0, 40.0)


class _Book:
    """A workbook while it is being written, with the looks its cells share."""

    def __init__(self, workbook: Workbook, document: Document) -> None:
        self.workbook, self.document, self.words = workbook, document, labels(document.language)
        self._formats: dict[str, Any] = {}

    def look(self, name: str) -> Any:
        """A named look, or the look of a number: `number:` and Excel's own way to write one."""
        if name not in self._formats:
            looks = _LOOKS.get(name) or {"num_format": name.removeprefix("number:"), "valign": "top"}
            self._formats[name] = self.workbook.add_format({"font_name": "Calibri", **looks})
        return self._formats[name]

    def sheet(self, name: str, title: str, *, wide: bool = True) -> tuple[Worksheet, int]:
        """A new sheet with its title, the banner of invented data, and how it prints; and the row after them."""
        sheet = self.workbook.add_worksheet(name)
        sheet.write_string(0, 0, clean(title), self.look("title"))
        sheet.set_row(0, 24)
        row = 1
        if self.document.invented:
            sheet.write_string(1, 0, self.words["invented_banner"], self.look("invented"))
            sheet.set_header(f"&C&9{self.words['invented_short'].replace('&', '&&')}")
            row = 2
        sheet.set_footer("&R&8&P / &N")
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if wide:
            sheet.set_landscape()
        sheet.hide_gridlines(2)
        return sheet, row


def write_xlsx(document: Document, path: Path) -> None:
    """All tables of a report as a workbook at `path`. Raises: CannotSay for a language not offered."""
    tables = list(numbered_tables(document))
    with new_workbook(path, title=clean(document.title)[:255]) as workbook:
        book = _Book(workbook, document)
        names = _sheet_names([book.words["contents"], book.words["findings"]], [(name, table.caption) for name, _, table in tables])
        findings = [block for block in document.blocks if isinstance(block, Finding)]
        _contents(book, list(zip(names, tables, strict=True)), findings)
        if findings:
            _findings(book, findings)
        for sheet, (name, _, table) in zip(names, tables, strict=True):
            _table(book, sheet, name, table)


def _sheet_names(taken: Sequence[str], wanted: Sequence[tuple[str, str]]) -> list[str]:
    """`Table 1 People who answered`: at most 31 characters, none that Excel forbids, all different."""
    used, names = {name.casefold() for name in taken}, []
    for name, caption in wanted:
        words = _FORBIDDEN.sub(" ", clean(f"{name} {caption}")).split()
        short = " ".join(words[: next((n for n in range(len(words), 0, -1) if len(" ".join(words[:n])) <= _LONGEST_NAME), 1)])[
            :_LONGEST_NAME
        ]
        at = 2
        while short.casefold() in used:
            short, at = f"{short[: _LONGEST_NAME - 5]} ({at})", at + 1
        used.add(short.casefold())
        names.append(short)
    return names


def _contents(book: _Book, tables: Sequence[tuple[str, tuple[str, str, Table]]], findings: Sequence[Finding]) -> None:
    words = book.words
    sheet, row = book.sheet(words["contents"], book.document.title)
    sheet.write_string(row, 0, words["workbook"], book.look("note"))
    if book.document.made_on:
        sheet.write_string(row + 1, 0, written_on(book.document), book.look("note"))
    row += 3
    for column, label in enumerate(words["workbook_columns"].split(";")):
        sheet.write_string(row, column, label, book.look("head start"))
    entries = [(words["findings"], words["findings"], words["finding_table"], "", "")] if findings else []
    entries += [(target, name, table.caption, section, table.id) for target, (name, section, table) in tables]
    for at, (target, name, *rest) in enumerate(entries, start=row + 1):
        sheet.write_url(at, 0, f"internal:'{target}'!A1", book.look("link"), name)
        for column, text in enumerate(rest, start=1):
            sheet.write_string(at, column, clean(text), book.look("start"))
        sheet.set_row(at, _height((rest[0], rest[1], rest[2]), _CONTENTS_WIDTHS[1:]))
    for column, width in enumerate(_CONTENTS_WIDTHS):
        sheet.set_column(column, column, width)


def _findings(book: _Book, findings: Sequence[Finding]) -> None:
    words = book.words
    sheet, row = book.sheet(words["findings"], words["findings"])
    rows = [(f.sentence, "\n\n".join(_readings(f, words)), f.id) for f in findings]
    columns = [Column(label) for label in words["findings_columns"].split(";")]
    _grid(book, sheet, row + 2, columns, [[Cell(text) for text in line] for line in rows], _FINDINGS_WIDTHS)
    _way_back(book, sheet, row)


def _readings(finding: Finding, words: Mapping[str, str]) -> list[str]:
    said = []
    for r in finding.readings:
        more = [f"{words[key]}: {text}" for key, text in (("wrong", r.wrong), ("dissent", r.dissent)) if text]
        said.append("\n".join((f"{r.group}, {r.date}: {r.meaning}", *more)))
    return said or [finding.not_read]


def _table(book: _Book, sheet_name: str, name: str, table: Table) -> None:
    sheet, row = book.sheet(sheet_name, f"{name}. {table.caption}", wide=len(table.columns) > 4)
    both = _with_texts(table, book.words["printed"])
    last = _grid(book, sheet, row + 2, both.columns, both.rows, _widths(both))
    for offset, note in enumerate(table.notes):
        sheet.write_string(last + 2 + offset, 0, clean(note), book.look("note"))
    _way_back(book, sheet, row)


def _widths(table: Table) -> list[float]:
    texts = [[row[at].text for row in table.rows] for at in range(len(table.columns))]
    first = float(min(max([16, *(len(text) + 2 for text in texts[0])]), 46))
    return [
        first,
        *(min(max([len(c.label) * 0.75 + 3, 10, *(len(t) + 3 for t in texts[at])]), 42) for at, c in list(enumerate(table.columns))[1:]),
    ]


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Room for the longest cell of a row: not every program measures it."""
    lines = [
        sum(max(1, math.ceil(len(line) * 1.12 / width)) for line in text.split("\n")) for text, width in zip(texts, widths, strict=True)
    ]
    return min(max(lines) * _LINE_HEIGHT, 400)


def _with_texts(table: Table, printed: str) -> Table:
    """A cell that prints more than its number ("22 points (15 to 29)") keeps its whole text in a column of its own, beside the number."""
    says_more = [any(_says_more(row[at]) for row in table.rows) for at in range(len(table.columns))]
    columns = [[c, Column(f"{c.label} ({printed})", c.align)] if more else [c] for c, more in zip(table.columns, says_more, strict=True)]
    rows = [
        [[c, Cell(c.text if _says_more(c) else "")] if more else [c] for c, more in zip(row, says_more, strict=True)] for row in table.rows
    ]
    return replace(table, columns=tuple(chain.from_iterable(columns)), rows=tuple(tuple(chain.from_iterable(row)) for row in rows))


def _says_more(cell: Cell) -> bool:
    return cell.kind not in ("hidden", "empty") and cell.value is not None and len(re.findall(r"\d[\d,.]*", cell.text)) > 1


def _way_back(book: _Book, sheet: Worksheet, row: int) -> None:
    sheet.write_url(row, 0, f"internal:'{book.words['contents']}'!A1", book.look("link"), book.words["back"])


def _grid(
    book: _Book, sheet: Worksheet, first: int, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], widths: Sequence[float]
) -> int:
    """A real table (filterable, its head frozen and repeated in print) from row `first`; returns its last row."""
    last = first + max(len(rows), 1)
    heads = _different([column.label for column in columns])
    looks = [book.look(f"head {column.align}" if at else "head name") for at, column in enumerate(columns)]
    options = {"columns": [{"header": h, "header_format": look} for h, look in zip(heads, looks)], "style": "Table Style Light 1"}
    sheet.add_table(first, 0, last, len(heads) - 1, options)
    sheet.set_row(first, _height(heads, widths))
    for at, row in enumerate(rows, start=first + 1):
        sheet.set_row(at, _height([cell.text for cell in row], widths))
        for number, (cell, column) in enumerate(zip(row, columns, strict=True)):
            _write(book, sheet, at, number, cell, "name" if number == 0 else column.align)
    for number, width in enumerate(widths):
        sheet.set_column(number, number, width)
    sheet.freeze_panes(first + 1, 1)
    sheet.repeat_rows(first)
    return last


def _write(book: _Book, sheet: Worksheet, row: int, column: int, cell: Cell, look: str) -> None:
    if cell.kind in ("hidden", "empty") or cell.value is None:
        if cell.text:
            sheet.write_string(row, column, clean(cell.text), book.look("hidden" if cell.kind == "hidden" else look))
    else:
        sheet.write_number(row, column, cell.value, book.look(f"number:{number_format(cell)}"))


def number_format(cell: Cell) -> str:
    """Excel's way to show the number as the page does: as many decimals, the unit, a sign where the page has one.

    >>> number_format(Cell("21 %", 0.2134, "percent")), number_format(Cell("+6 points", 6.1, "points"))
    ('0%', '+0" points";-0" points";0" points"')
    """
    printed = printed_number(cell.text)
    decimals = printed[1] if printed else 0
    decimals += cell.text.lstrip()[:1].isalpha()  # "fewer than 1 %" is 0.3 %, and must not be shown as 0 %
    plain = ("#,##0" if cell.kind in ("count", "number") else "0") + ("." + "0" * decimals if decimals else "")
    unit = _UNIT.match(clean(cell.text))
    if cell.kind == "percent":
        plain += "%"
    elif unit:
        plain += f'" {unit.group(1)}"'
    return f"+{plain};-{plain};{plain}" if cell.text.lstrip().startswith("+") else plain


def _different(heads: Sequence[str]) -> list[str]:
    """Column heads that are all different, as Excel wants them; two 'n' become 'n' and 'n (2)'."""
    seen: dict[str, int] = {}
    out = []
    for head in (clean(h).replace("\n", " ") for h in heads):
        seen[head.casefold()] = seen.get(head.casefold(), 0) + 1
        out.append(head if seen[head.casefold()] == 1 else f"{head} ({seen[head.casefold()]})")
    return out
