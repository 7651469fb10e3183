"""Laws of reading: whatever is written comes back, however it is spelled; whatever is broken ends in a problem, never in a crash."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.collection import collect
from mel.errors import MelError
from mel.formats import text as text_format
from mel.formats.cells import as_codes, as_numbers
from mel.formats.text import read_text_table
from mel.formats.xlsform import read_form

CELL = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=12)


def written(rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@settings(max_examples=80, deadline=None)
@given(
    st.integers(2, 5).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=6)), st.sampled_from(",;\t|")
)
def test_any_table_comes_back_from_text_cell_by_cell(rows, delimiter):
    header = [f"c{i}" for i in range(len(rows[0]))]
    table = read_text_table(written([header, *rows], delimiter).encode(), file="a.csv", delimiter=delimiter)
    read = [[cell if isinstance(cell, str) else "" for cell in column] for column in table.columns]
    assert list(zip(*read)) == [tuple(cell if cell.strip() else "" for cell in row) for row in rows]
    assert not [p for p in table.problems if p.severity == "stop"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_fast_and_the_careful_reading_are_the_same(rows):
    raw = written([["a", "b", "c"], *rows], ",").encode()
    fast = read_text_table(raw, file="a.csv", delimiter=",")
    usual, text_format._fast = text_format._fast, lambda *_: None
    try:
        careful = read_text_table(raw, file="a.csv", delimiter=",")
    finally:
        text_format._fast = usual
    assert [list(c.fillna("")) for c in fast.columns] == [list(c.fillna("")) for c in careful.columns]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6).map(lambda x: round(x, 4))), min_size=1, max_size=8)
)
def test_numbers_written_with_either_decimal_sign_are_the_same_numbers(values):
    shown = pd.Series([None if v is None else f"{v:f}" if isinstance(v, float) else str(v) for v in values], dtype="str")
    point, comma = as_numbers(shown, ".", lossless=False), as_numbers(shown.str.replace(".", ",", regex=False), ",", lossless=False)
    if all(v is None for v in values):
        assert point is None
        assert comma is None
    else:
        assert point is not None
        pd.testing.assert_series_equal(point, comma)
        assert [None if x != x else float(x) for x in point] == [None if v is None else float(f"{v:f}") for v in values]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8))
def test_a_code_is_the_same_from_a_number_a_float_or_text(codes):
    wanted = [str(code) for code in codes]
    assert list(as_codes(pd.Series(codes))) == wanted
    assert list(as_codes(pd.Series(codes, dtype=float))) == wanted
    assert list(as_codes(pd.Series([f"{code}.0" for code in codes], dtype="str"))) == wanted
    assert list(as_codes(pd.Series([*codes, None], dtype=object)))[:-1] == wanted


# ---- broken files ----------------------------------------------------------------------------------------------------


def _sound(folder: Path) -> dict[str, bytes]:
    import pyreadstat

    frame = pd.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    with xlsxwriter.Workbook(str(folder / "s.xlsx")) as book:
        survey = book.add_worksheet("survey")
        for at, row in enumerate([["type", "name", "label"], ["integer", "a", "A"], ["text", "b", "B"]]):
            survey.write_row(at, 0, row)
    pyreadstat.write_sav(frame, str(folder / "s.sav"))
    pyreadstat.write_dta(frame, str(folder / "s.dta"))
    frame.to_parquet(folder / "s.parquet")
    (folder / "s.csv").write_bytes('name;age;x\nZoë;1,5;2\n"a\nb";2;3\n'.encode())
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


def _broken(sound: bytes, draw: random.Random) -> bytes:
    raw = bytearray(sound)
    for _ in range(draw.choice([1, 1, 3, 10])):
        at = draw.randrange(max(len(raw) - 20, 1))
        if draw.random() < 0.7:
            raw[at : at + 1] = bytes([draw.randrange(256)])
        else:
            del raw[at : at + draw.randrange(1, 20)]
    return bytes(raw) or b"x"


def _files(folder: Path, seed: int, each: int) -> Iterator[Path]:
    draw = random.Random(seed)
    for ending, sound in _sound(folder).items():
        for _ in range(each):
            path = folder / f"broken{ending}"
            path.write_bytes(_broken(sound, draw))
            yield path


@pytest.mark.parametrize("seed", range(3))
def test_a_broken_file_ends_in_a_problem_and_never_in_a_crash(tmp_path, seed):
    ends: list[MelError] = []
    for path in _files(tmp_path, seed, 25):
        for read in (collect, read_form) if path.suffix == ".xlsx" else (collect,):
            try:
                read(path)
            except MelError as wrong:
                ends.append(wrong)
    assert len(ends) > 20
    assert all(wrong.problems for wrong in ends)
