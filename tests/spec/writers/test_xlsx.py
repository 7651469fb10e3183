"""The workbook: a way in, numbers as numbers, words where a number is hidden, and never a formula."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from mel.reporting.blocks import Cell, Column, Document, Table
from mel.reporting.xlsx import number_format, write_xlsx


def parts(path: Path, pattern: str) -> str:
    with zipfile.ZipFile(path) as book:
        return "".join(book.read(name).decode() for name in sorted(book.namelist()) if re.search(pattern, name))


def names(path: Path) -> list[str]:
    from python_calamine import CalamineWorkbook

    return list(CalamineWorkbook.from_path(str(path)).sheet_names)


def rows(path: Path, sheet: str) -> list[list[Any]]:
    from python_calamine import CalamineWorkbook

    return list(CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python())


def write(tmp_path: Path, *blocks: Any, **changes: Any) -> Path:
    write_xlsx(replace(Document("A title", "", "en", "2026-11-23", False, blocks), **changes), tmp_path / "x.xlsx")
    return tmp_path / "x.xlsx"


def table(name: str, caption: str, *cells: Cell, columns: tuple[str, ...] = ("Group", "Share")) -> Table:
    return Table(name, caption, tuple(Column(c) for c in columns), (cells,))


def test_one_sheet_for_each_table_and_chart(written: Path) -> None:
    assert names(written / "s.xlsx") == [
        "Contents",
        "Findings",
        "Table 1 People who answered at",
        "Figure 1 People heard in",
        "Table 2 Indicators against",
    ]


def test_sheet_names_are_short_allowed_and_different(tmp_path: Path) -> None:
    captions = ["[a]:*?/\\'b", "x" * 60, "x" * 60, "Women by age in the four districts", "Women by age in the four provinces"]
    found = names(write(tmp_path, *(table(f"t{i}", c, Cell("a"), Cell("b")) for i, c in enumerate(captions))))
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in found)
    assert len({name.casefold() for name in found}) == 6


def test_each_line_of_the_contents_leads_to_its_sheet(written: Path) -> None:
    sheet = parts(written / "s.xlsx", r"sheet1\.xml$")
    assert re.findall(r'location="(\'[^"]*?\'!A1)"', sheet.replace("&apos;", "'")) == [
        f"'{name}'!A1" for name in names(written / "s.xlsx")[1:]
    ]


def test_a_hidden_cell_is_words_and_nothing_else(written: Path) -> None:
    values = [cell for row in rows(written / "s.xlsx", "Table 1 People who answered at") for cell in row]
    assert values.count("not shown") == 2


def test_numbers_look_as_on_the_page() -> None:
    looks = {
        Cell("21 %", 0.2134, "percent"): "0%",
        Cell("21.3 %", 0.2134, "percent"): "0.0%",
        Cell("1,240", 1240.0, "count"): "#,##0",
        Cell("4.2", 4.2134, "number"): "#,##0.0",
        Cell("38 minutes", 38.2, "number"): '#,##0" minutes"',
        Cell("6 points", -6.1, "points"): '0" points"',
        Cell("fewer than 1 %", 0.003, "percent"): "0.0%",
    }
    assert {cell: number_format(cell) for cell in looks} == looks


def test_nothing_is_a_formula_or_a_link_out(tmp_path: Path) -> None:
    attacks = ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(A1)", "{=1}", "https://example.org", "mailto:x@example.org", '=HYPERLINK("x")']
    blocks = tuple(table(f"t{i}", a, Cell(a), Cell(a), columns=(a, f"{a} 2")) for i, a in enumerate(attacks))
    file = write(tmp_path, *blocks, title="=1+1")
    assert "<f>" not in parts(file, r"sheet\d+\.xml$")
    assert "example.org" not in parts(file, r"\.rels$")
    assert "http" not in "".join(re.findall(r'Target="([^"]*)"', parts(file, r"sheets/_rels/.*\.rels$")))
    assert rows(file, "Contents")[0][0] == "=1+1"


def test_a_cell_that_says_more_than_its_number_keeps_its_words_beside_it(written: Path) -> None:
    sheet = rows(written / "s.xlsx", "Table 2 Indicators against")
    head = next(row for row in sheet if row[0] == "Indicator")
    at = head.index("Milestone (as printed)")
    assert head[at - 1] == "Milestone"
    assert sheet[sheet.index(head) + 1][at - 1 : at + 1] == [0.4, "40\u00a0% (by 2027)"]


def test_two_columns_of_one_name_stay_two(tmp_path: Path) -> None:
    file = write(
        tmp_path, table("t", "A caption", Cell("a"), Cell("1", 1.0, "count"), Cell("2", 2.0, "count"), columns=("Group", "n", "N"))
    )
    assert rows(file, names(file)[1])[-2:] == [["Group", "n", "N (2)"], ["a", 1.0, 2.0]]


def test_each_sheet_says_that_it_is_invented(written: Path, tmp_path: Path) -> None:
    book = written / "s.xlsx"
    assert all(rows(book, name)[1][0].startswith("Invented: every person") for name in names(book))
    assert parts(book, r"sheet\d+\.xml$").count("<oddHeader>") == len(names(book))
    assert "Invented" not in parts(write(tmp_path, table("t", "A caption", Cell("a"), Cell("b"))), r"\.xml$")


def test_the_same_document_is_the_same_file(document: Document, written: Path, tmp_path: Path) -> None:
    write_xlsx(document, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == (written / "s.xlsx").read_bytes()
