"""The workbook a person works through: the cell to go to, and nothing of what it holds."""

from __future__ import annotations

from pathlib import Path

from drawn import form, question, records
from python_calamine import CalamineWorkbook

from mel.checks import check, write_problems
from mel.checks.workbook import cell_address
from mel.errors import Template


def sheets(path: Path) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_each_problem_has_its_cell(tmp_path: Path) -> None:
    asked = form(question("heard", "select_one", list_name="yn"), question("age", "integer"))
    given = records({"heard": ["yes", "no"], "age": [31, "Amina's age"]}, asked, positions={("a.csv", None): {"heard": 2, "age": 27}})
    write_problems(check(given, raise_on_stop=False), tmp_path / "problems.xlsx")
    found = sheets(tmp_path / "problems.xlsx")
    assert list(found) == ["Summary", "Problems"]
    header, first, *rest = found["Problems"]
    assert rest == []
    row = dict(zip(header, first))
    assert (row["Cell"], row["File"], row["Row"], row["Column"], row["Code"]) == ("AB3", "a.csv", 3, "age", "NOT_A_NUMBER")
    assert "Amina" not in str(found)


def test_what_stops_comes_first_and_no_text_becomes_a_formula(tmp_path: Path) -> None:
    texts = [Template(f"X_{s.upper()}", s, "=1+1", "why", "do").at(file="b.csv", row=4) for s in ("warn", "stop", "drop_row")]
    write_problems(texts, tmp_path / "new" / "problems.xlsx")
    rows = sheets(tmp_path / "new" / "problems.xlsx")["Problems"]
    assert [row[1] for row in rows[1:]] == ["1 stops the report", "2 row left out", "3 to look at"]
    assert rows[1][7] == "=1+1"


def test_where_a_columns_place_is_not_known_no_cell_is_made_up() -> None:
    problem = Template("X", "warn", "w", "y", "d").at(file="a.csv", row=5, column="age")
    assert cell_address(problem, {}) == ""
    assert cell_address(problem, {("a.csv", None): {"sex": 0}}) == ""


def test_no_problem_is_a_workbook_too(tmp_path: Path) -> None:
    write_problems([], tmp_path / "none.xlsx")
    assert len(sheets(tmp_path / "none.xlsx")["Problems"]) == 1
