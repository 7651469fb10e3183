"""A text file says how it was read, and what had to be assumed. Everything here is invented."""

from __future__ import annotations

import pytest

from mel.collection import collect
from mel.errors import InputError, UsageError

NAMES = "name,age\nZoë,31\nJosé,44\nمريم,27\n"
WESTERN = "name,age\nZoë,31\nJosé,44\n"


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)
def test_unicode_is_recognised_and_said_without_a_warning(text, encoding, stated):
    records = collect(text(NAMES, encoding=encoding))
    assert list(records.frame["name"]) == ["Zoë", "José", "مريم"]
    assert list(records.frame["age"]) == [31, 44, 27]
    assert records.provenance[0].encoding == stated
    assert not records.problems


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_western_text_is_read_and_the_assumption_is_a_warning(text, encoding):
    records = collect(text(WESTERN, encoding=encoding))
    assert list(records.frame["name"]) == ["Zoë", "José"]
    assert records.provenance[0].encoding == "cp1252"
    assert [p.code for p in records.problems] == ["ENCODING_ASSUMED"]


def test_stating_the_encoding_leaves_nothing_to_assume(text):
    records = collect(text(WESTERN, encoding="latin-1"), encoding="latin-1")
    assert list(records.frame["name"]) == ["Zoë", "José"]
    assert not records.problems


def test_arabic_in_an_old_encoding_is_refused_rather_than_read_as_rubbish(text):
    path = text("name,place\nمريم,القاهرة\nسارة,الرباط\n", encoding="cp1256")
    with pytest.raises(InputError) as raised:
        collect(path)
    assert raised.value.codes == ("ENCODING_UNCLEAR",)
    assert list(collect(path, encoding="cp1256").frame["name"]) == ["مريم", "سارة"]


def test_a_wrong_encoding_names_the_line_that_breaks(text):
    with pytest.raises(InputError, match="line 2") as raised:
        collect(text(WESTERN, encoding="latin-1"), encoding="utf-8")
    assert raised.value.codes == ("ENCODING_WRONG",)


def test_an_encoding_that_does_not_exist_is_a_wrong_call(text):
    with pytest.raises(UsageError, match="utf-8") as raised:
        collect(text(NAMES), encoding="utf8ish")
    assert raised.value.codes == ("READING_OPTION",)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_that_makes_even_rows(text, mark):
    rows = [["name", "age", "says"], ["Ada", "31", "yes"], ["Bo", "40", "no"]]
    records = collect(text("\n".join(mark.join(row) for row in rows) + "\n"))
    assert list(records.frame.columns[:3]) == ["name", "age", "says"]
    assert not records.problems


def test_excels_own_separator_line_is_obeyed_and_rows_are_still_counted_as_in_the_file(text):
    records = collect(text("sep=;\nname;age\nAda;31\n"))
    assert list(records.frame["age"]) == [31]
    assert list(records.frame["_row"]) == [3]


def test_two_separators_that_fit_equally_are_told(text):
    records = collect(text("a;b,c\n1;2,3\n4;5,6\n"))
    assert [p.code for p in records.problems] == ["DELIMITER_UNCLEAR"]
    assert not collect(text("a;b,c\n1;2,3\n4;5,6\n"), delimiter=";", decimal=",").problems


def test_a_semicolon_file_with_decimal_commas_gives_numbers(text):
    records = collect(text("name;weight;n\nAda;1,5;2\nBo;12,25;3\n"))
    assert list(records.frame["weight"]) == [1.5, 12.25]
    assert list(records.frame["n"]) == [2, 3]
    assert not records.problems


def test_a_comma_that_could_mark_thousands_is_left_as_text_and_told(text):
    path = text("name;income\nAda;1,500\nBo;2,250\n")
    records = collect(path)
    assert list(records.frame["income"]) == ["1,500", "2,250"]
    assert [p.code for p in records.problems] == ["DECIMAL_UNCLEAR"]
    assert list(collect(path, decimal=",").frame["income"]) == [1.5, 2.25]


def test_a_file_with_both_decimal_signs_is_told_and_nothing_is_multiplied(text):
    records = collect(text("a;b\n1,5;1.5\n2,25;2.5\n"))
    assert list(records.frame["a"]) == [1.5, 2.25]
    assert list(records.frame["b"]) == ["1.5", "2.5"]
    assert [p.code for p in records.problems] == ["DECIMAL_MIXED"]


def test_rows_are_numbered_as_a_person_counts_them_blank_lines_and_line_breaks_in_cells_included(text):
    records = collect(text('name,says\nAda,"one\ntwo"\n\nBo,three\n'))
    assert list(records.frame["_row"]) == [2, 4]
    assert list(records.frame["says"]) == ["one\ntwo", "three"]


def test_a_row_with_too_many_cells_stops_and_names_the_row(text):
    with pytest.raises(InputError, match="row 3") as raised:
        collect(text("name,says\nAda,yes\nBo,yes, but not always\n"))
    assert raised.value.codes == ("CSV_ROWS_LONG",)


def test_a_row_with_too_few_cells_is_read_and_told(text):
    records = collect(text("name,says,more\nAda,yes,x\nBo,no\n"))
    assert records.frame["more"].isna().tolist() == [False, True]
    assert [p.code for p in records.problems] == ["CSV_ROWS_SHORT"]


def test_a_quotation_mark_that_is_never_closed_stops(text):
    with pytest.raises(InputError) as raised:
        collect(text('name,says\nAda,"yes\nBo,no\nCy,no\n'))
    assert raised.value.codes == ("CSV_QUOTES",)


@pytest.mark.parametrize(("option", "given"), [("delimiter", "#"), ("decimal", "·"), ("partner_from", "somewhere"), ("kind", "answer")])
def test_an_option_that_does_not_exist_stops_before_any_file_is_looked_for(tmp_path, option, given):
    with pytest.raises(UsageError) as raised:
        collect(tmp_path / "no such file.csv", **{option: given})
    assert raised.value.codes == ("READING_OPTION",)
    assert raised.value.exit_code == 2


def test_utf8_with_a_broken_letter_is_not_read_as_something_else(text, tmp_path):
    path = tmp_path / "broken.csv"
    path.write_bytes("name\nJosé\nZoë\nÁda\nBéa\n".encode() + b"Jos\xc3\nBo\n")
    with pytest.raises(InputError, match="line 6") as raised:
        collect(path)
    assert raised.value.codes == ("ENCODING_BROKEN",)
