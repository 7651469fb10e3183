"""The problems as a workbook that a person can work through: one row a problem, with the cell to go to, and a column to tick."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from mel.errors import Problem
from mel.formats.workbooks import new_workbook
from mel.model.records import Records

WHAT, WHY, DO = 40, 36, 42
COLUMNS = (
    ("Done", 6), ("Severity", 15), ("File", 20), ("Sheet", 10), ("Cell", 7), ("Row", 6), ("Column", 18), ("What is wrong", WHAT),
    ("Why it matters", WHY), ("What to do", DO), ("Code", 22),
)  # fmt: skip
SEVERITIES = {
    "stop": "1 stops the report",
    "drop_row": "2 row left out",
    "warn": "3 to look at",
}
MOST = 200_000
"""As many problems as one can open; the worst come first, and the summary counts all."""
_ORDER = tuple(SEVERITIES)
_COLOURS = {"stop": "#F6D5D0", "drop_row": "#FBE8C6", "warn": "#FFFFFF"}
Positions = Mapping[tuple[str, str | None], Mapping[str, int]]


def write_problems(records_or_problems: Records | Iterable[Problem], path: Path) -> None:
    """Write the problems of some records, or any problems, as an xlsx workbook: a summary, then every problem.

    The cell's address is given where the file is known to have the column at one place; else the row and the column's name.
    """
    records = records_or_problems if isinstance(records_or_problems, Records) else None
    problems = tuple(records.problems if records else records_or_problems)  # type: ignore[arg-type]
    ordered = sorted(problems, key=lambda p: (_ORDER.index(p.severity), p.file or "", p.sheet or "", p.code, p.column or "", p.row or 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_workbook(path, title="Problems to work through") as workbook:
        _summary(workbook, ordered, records)
        _problems(workbook, ordered[:MOST], records.positions if records else {})


def cell_address(problem: Problem, positions: Positions) -> str:
    """Such as C17; empty when the problem is of no single cell, or the column's place in the file is not known.

    >>> from mel.errors import Template
    >>> p = Template("X", "warn", "", "", "").at(file="a.csv", row=17, column="age")
    >>> cell_address(p, {("a.csv", None): {"age": 2}})
    'C17'
    """
    place = positions.get((problem.file or "", problem.sheet), {}).get(problem.column or "")
    return str(xl_rowcol_to_cell(problem.row - 1, place)) if place is not None and problem.row is not None else ""


def _problems(workbook: xlsxwriter.Workbook, problems: list[Problem], positions: Positions) -> None:
    sheet = workbook.add_worksheet("Problems")
    formats = {
        s: workbook.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D0D0", "bg_color": c})
        for s, c in _COLOURS.items()
    }
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 2, "bg_color": "#E7EDF3"})
    for at, (label, width) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, label, head)
    for at, problem in enumerate(problems, start=1):
        said = ("", SEVERITIES[problem.severity], problem.file or problem.key or "", problem.sheet or "", cell_address(problem, positions))
        text = (problem.column or "", _sentence(problem.what), problem.why, problem.do, problem.code)
        for column, value in enumerate((*said, problem.row, *text)):
            if isinstance(value, int):
                sheet.write_number(at, column, value, formats[problem.severity])
            else:
                sheet.write_string(at, column, value or "", formats[problem.severity])
        sheet.set_row(at, _height(problem))
    if problems:
        sheet.data_validation(1, 0, len(problems), 0, {"validate": "list", "source": ["yes"], "ignore_blank": True})
    sheet.autofilter(0, 0, max(len(problems), 1), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 0)
    _print_setup(sheet)


def _sentence(text: str) -> str:
    """In a message the text follows the file's name; here it starts a cell."""
    return text[:1].upper() + text[1:]


def _height(problem: Problem) -> float:
    """High enough for the longest text at its column's width: not every program makes room by itself."""
    lines = max(
        -(-len(text) // (width - 4))
        for text, width in ((problem.what, WHAT), (problem.why, WHY), (problem.do, DO), (problem.column or "", 18), (problem.code, 20))
    )
    return 15.0 * max(1, lines)


def _summary(workbook: xlsxwriter.Workbook, problems: list[Problem], records: Records | None) -> None:
    sheet = workbook.add_worksheet("Summary")
    title, bold, wrap = (
        workbook.add_format(f)
        for f in ({"bold": True, "font_size": 14}, {"bold": True, "bottom": 1, "text_wrap": True}, {"text_wrap": True, "valign": "top"})
    )
    number = workbook.add_format({"valign": "top", "align": "center"})
    for column, width in enumerate((24, 70, 12, 60)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "Problems to work through", title)
    for at, line in enumerate(_opening(problems, records), start=1):
        sheet.merge_range(at, 0, at, 3, line, wrap)
        sheet.set_row(at, 15.0 * (1 + len(line) // 150))
    first = 3 + len(_opening(problems, records))
    for column, label in enumerate(("Severity", "What is wrong (the first of its kind)", "How many", "What to do")):
        sheet.write_string(first, column, label, bold)
    counts, example = Counter((p.severity, p.code) for p in problems), {(p.severity, p.code): p for p in reversed(problems)}
    for at, (key, n) in enumerate(sorted(counts.items(), key=lambda item: (_ORDER.index(item[0][0]), -item[1])), start=first + 1):
        problem = example[key]
        for column, value in enumerate((SEVERITIES[key[0]], f"{_sentence(problem.what)} [{problem.code}]", None, problem.do)):
            if value is not None:
                sheet.write_string(at, column, value, wrap)
        sheet.write_number(at, 2, n, number)
        sheet.set_row(at, 15.0 * max(-(-(len(problem.what) + len(problem.code)) // 62), -(-len(problem.do) // 52)))
    _print_setup(sheet)


def _opening(problems: list[Problem], records: Records | None) -> list[str]:
    counts = Counter(problem.severity for problem in problems)
    said = [
        f"To mend before a report can be made: {counts['stop']}. Rows left out: {counts['drop_row']}. To look at: {counts['warn']}.",
        "Start with those that stop. Go to the cell in the file named, correct it there, save, and check again. "
        "No answer is quoted here but codes of choice questions.",
    ]
    if len(problems) > MOST:
        said.append(f"The next sheet lists the first {MOST:,}; once those are mended, check again for the others.")
    if records is not None:
        said.append(f"Dataset '{records.dataset}': {len(records.frame)} rows are read.")
    return said


def _print_setup(sheet: xlsxwriter.worksheet.Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
