"""Every way a file can be wrong ends in one clear error that says what to do. Everything here is invented."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from mel.collection import collect
from mel.errors import InputError, UsageError


def codes(source: object, **options: object) -> tuple[str, ...]:
    with pytest.raises(InputError) as raised:
        collect(source, **options)  # type: ignore[arg-type]
    return raised.value.codes


def test_a_missing_file_names_the_closest_in_the_folder(text, tmp_path):
    text("a\n1\n", "midline.csv")
    with pytest.raises(InputError, match=r"'midline\.csv'") as raised:
        collect(tmp_path / "midlin.csv")
    assert raised.value.codes == ("FILE_MISSING",)
    assert str(tmp_path) not in str(raised.value)


def test_every_missing_file_is_told_at_once(tmp_path):
    assert codes([tmp_path / "a.csv", tmp_path / "b.csv"]) == ("FILE_MISSING", "FILE_MISSING")


def test_an_empty_file_is_told(text):
    assert codes(text("")) == ("FILE_EMPTY",)
    assert codes(text(" \n\n", "blank.csv")) == ("FILE_EMPTY",)


def test_an_empty_workbook_is_told(workbook):
    assert codes(workbook("a.xlsx", {"Sheet1": []})) == ("FILE_EMPTY",)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_header_without_rows_is_told(text, workbook, ending):
    path = text("name,age\n") if ending == "csv" else workbook("a.xlsx", {"data": [["name", "age"]]})
    assert codes(path) == ("NO_ROWS",)


def test_a_wrong_sheet_lists_the_sheets_and_the_closest(workbook):
    path = workbook("a.xlsx", {"Midline 2026": [["a"], [1]], "Notes": [["b"], [2]]})
    with pytest.raises(InputError, match=r"'Midline 2026', 'Notes'\. Closest: 'Midline 2026'") as raised:
        collect(path, sheet="midline")
    assert raised.value.codes == ("SHEET_MISSING",)


def test_a_sheet_asked_of_a_text_file_is_told(text):
    assert codes(text("a\n1\n"), sheet="main") == ("SHEET_NOT_FOR_TEXT",)


def test_the_first_of_several_sheets_is_read_and_the_others_are_told(workbook):
    records = collect(workbook("a.xlsx", {"one": [["a"], [1]], "two": [["b"], [2]]}))
    assert list(records.frame["a"]) == [1]
    assert [p.code for p in records.problems] == ["SHEET_NEEDED"]
    assert "'two'" in records.problems[0].what


def test_a_file_that_is_not_what_its_name_says(text, workbook, tmp_path):
    assert codes(text("name,age\nAda,31\n", "answers.xlsx")) == ("FORMAT_NOT_AS_NAMED",)
    renamed = tmp_path / "really.csv"
    workbook("a.xlsx", {"data": [["a"], [1]]}).rename(renamed)
    with pytest.raises(InputError, match=r"an \.xlsx workbook"):
        collect(renamed)
    assert codes(text("<html><table><tr><td>1</td></tr></table>", "export.xls")) == ("FORMAT_NOT_AS_NAMED",)
    old = tmp_path / "new.xls"
    workbook("b.xlsx", {"data": [["a"], [1]]}).rename(old)
    assert codes(old) == ("FORMAT_NOT_AS_NAMED",)
    for ending in ("parquet", "sav", "dta"):
        assert codes(text("name,age\nAda,31\n", f"answers.{ending}")) == ("FORMAT_NOT_AS_NAMED",)


def test_an_ending_nobody_reads_lists_those_that_are(text):
    with pytest.raises(InputError, match=r"\.csv.*") as raised:
        collect(text("a\n1\n", "answers.ods"))
    assert raised.value.codes == ("FORMAT_UNKNOWN",)


def test_a_workbook_cut_off_half_way_is_damaged(workbook):
    path = workbook("a.xlsx", {"data": [["a"], *[[i] for i in range(500)]]})
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert codes(path) == ("FILE_DAMAGED",)


def test_a_workbook_with_a_password_is_told(tmp_path):
    path = tmp_path / "locked.xlsx"  # what Office writes: an OLE container with a stream of this name
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1024)
    assert codes(path) == ("FILE_PROTECTED",)


def test_duplicate_headers_are_told(text, workbook):
    with pytest.raises(InputError, match="'age'") as raised:
        collect(text("age,name,age\n1,Ada,2\n"))
    assert raised.value.codes == ("HEADER_DUPLICATE",)
    assert codes(workbook("a.xlsx", {"data": [["age", "name", "age"], [1, "Ada", 2]]})) == ("HEADER_DUPLICATE",)


def test_a_title_above_the_header_names_the_row_that_looks_like_the_header(workbook):
    path = workbook("a.xlsx", {"data": [["Answers of our partner"], [None], ["name", "age", "place"], ["Ada", 31, "x"]]})
    with pytest.raises(InputError, match="row 3 looks like the header") as raised:
        collect(path)
    assert raised.value.codes == ("HEADER_NOT_FIRST",)


def test_a_column_without_header_is_read_and_told(workbook):
    records = collect(workbook("a.xlsx", {"data": [["name", None, "age"], ["Ada", "x", 31]]}))
    assert list(records.frame["column_B"]) == ["x"]
    assert [p.code for p in records.problems] == ["HEADER_EMPTY"]


def test_a_column_that_uses_a_reserved_name_is_told(text):
    assert codes(text("name,_round\nAda,1\n")) == ("HEADER_RESERVED",)


def test_the_same_content_twice_would_count_people_twice(text):
    assert codes([text("a\n1\n", "one.csv"), text("a\n1\n", "copy of one.csv")]) == ("FILE_TWICE",)


def test_one_stray_cell_in_the_last_corner_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, 1)
    assert path.stat().st_size < 10_000
    assert codes(path) == ("FILE_TOO_LARGE",)


def test_a_zip_bomb_is_refused(workbook, tmp_path):
    source, path = workbook("a.xlsx", {"data": [["a"], [1]]}), tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
        with new.open("xl/media/image1.bin", "w") as stream:
            for _ in range(100):
                stream.write(b"\0" * (1 << 20))
    assert path.stat().st_size < 1_000_000
    assert codes(path) == ("FILE_TOO_LARGE",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(text):
    path = text("a\n1\n")
    path.chmod(0)
    assert codes(path) == ("FILE_UNREADABLE",)


def test_a_folder_is_not_a_file(tmp_path):
    (tmp_path / "round").mkdir()
    assert codes(tmp_path / "round") == ("FILE_IS_FOLDER",)


def test_a_table_in_memory_has_no_place_of_its_own():
    import pandas as pd

    with pytest.raises(UsageError) as raised:
        collect(pd.DataFrame({"a": [1]}))  # type: ignore[arg-type]
    assert raised.value.codes == ("SOURCE_KIND",)


def test_a_pattern_that_fits_nothing_lists_what_is_there(text, tmp_path):
    text("a\n1\n", "answers.csv")
    with pytest.raises(InputError, match=r"'answers\.csv'") as raised:
        collect(tmp_path / "*.xlsx")
    assert raised.value.codes == ("FILES_NONE",)


def test_no_message_quotes_an_answer_or_a_path_of_this_machine(text, tmp_path):
    secret = "0612345678"
    broken = [
        text(f"phone,phone\n{secret},{secret}\n", "twice.csv"),
        text(f"phone\n{secret},{secret}\n", "long.csv"),
        text(f'phone,b\n"{secret}\n', "quotes.csv"),
        text(f"{secret}\n", "answers.xlsx"),
    ]
    for path in broken:
        with pytest.raises(InputError) as raised:
            collect(path)
        assert secret not in str(raised.value)
        assert str(Path(tmp_path)) not in str(raised.value)
