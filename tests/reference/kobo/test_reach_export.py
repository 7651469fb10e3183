"""The REACH 2024 multi-sector form and its five-sheet export: 241 households, four repeats, nineteen select_multiple.

The counts were taken from the workbook cell by cell with a reader of its own (openpyxl), not with ours.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mel.codes import RESERVED
from mel.collection import collect
from mel.model.records import Records

REPEATS = {"roster": 33, "edu_ind": 18, "health_ind": 25, "nut_ind": 41}  # columns of each sheet; each has 965 rows


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "kobo" / "reach_msna_2024"


@pytest.fixture(scope="module")
def records(folder: Path) -> Records:
    return collect(folder / "dummy_raw_data.xlsx", form=folder / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx")


@pytest.fixture(scope="module")
def raw(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The export by openpyxl: an independent reading."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(folder / "dummy_raw_data.xlsx", read_only=True, data_only=True)
    sheets = {}
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the file says A1 of each
        header, *rows = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip(header, row)) for row in rows if any(cell is not None for cell in row)]
    return sheets


def test_the_form_has_nineteen_select_multiple_and_four_repeats_in_two_languages(records: Records):
    form = records.forms["all"]
    kinds = Counter(q.type for q in form.questions)
    assert (kinds["select_multiple"], kinds["select_one"], kinds["integer"], kinds["calculate"]) == (19, 94, 61, 46)
    assert {q.repeat for q in form.questions} - {None} == set(REPEATS)
    assert form.languages == ("english", "french")
    gender = form.question("resp_gender")
    assert gender is not None
    assert [(c.name, c.labels["french"]) for c in form.choices_of(gender)][:2] == [
        ("male", "Masculin / homme"),
        ("female", "Féminin / femme"),
    ]


def test_every_sheet_is_read_and_stated(records: Records):
    assert [(p.sheet, p.rows, p.columns) for p in records.provenance] == [
        ("main", 241, 367), *((name, 965, columns) for name, columns in REPEATS.items())
    ]  # fmt: skip
    assert len({p.sha256 for p in records.provenance}) == 1
    assert {p.file for p in records.provenance} == {"dummy_raw_data.xlsx"}
    assert list(records.frame["_row"]) == list(range(2, 243))


def test_parents_are_joined_exactly_and_the_denominator_is_stated(records: Records, raw: dict[str, list[dict[str, Any]]]):
    assert set(records.repeats) == set(REPEATS)
    for name in REPEATS:
        repeat = records.repeats[name]
        assert len(repeat) == 965
        assert repeat["_parent"].nunique() == 241
        by_us = records.frame["uuid"].to_numpy()[repeat["_parent"].to_numpy()]
        assert list(by_us) == [row["uuid"] for row in raw[name]]
    joined = [p for p in records.problems if p.code == "REPEAT_JOINED"]
    assert len(joined) == 4
    assert all("965 rows, of 241 of the 241 answer sheets" in p.what for p in joined)


def test_nothing_else_had_to_be_assumed_but_that_zeros_without_an_answer_are_none(records: Records):
    told = [(p.code, p.sheet) for p in records.problems if p.code != "REPEAT_JOINED"]
    assert told == [("TICKS_UNANSWERED", "main"), ("TICKS_UNANSWERED", "health_ind"), ("TICKS_UNANSWERED", "nut_ind")]


def test_each_column_knows_its_place_in_the_file(records: Records, raw: dict[str, list[dict[str, Any]]]):
    header = list(raw["main"][0])
    places = records.positions["dummy_raw_data.xlsx", "main"]
    assert {name: header[at] for name, at in places.items()} == {name: name for name in places}
    assert set(places) == {c for c in records.frame.columns if c not in RESERVED}
    assert records.positions["dummy_raw_data.xlsx", "roster"]["wgq_vision"] == list(raw["roster"][0]).index("wgq_vision")


def test_every_select_multiple_is_ticks_of_one_zero_or_null_and_equals_the_export(records: Records, raw: dict[str, list[dict[str, Any]]]):
    form = records.forms["all"]
    multiples = [q for q in form.questions if q.type == "select_multiple"]
    compared = 0
    for question in multiples:
        frame = records.frame if question.repeat is None else records.repeats[question.repeat]
        rows = raw["main" if question.repeat is None else question.repeat]
        assert question.name not in frame.columns
        for choice in form.choices_of(question):
            ours = frame[f"{question.name}/{choice.name}"]
            theirs = [None if not row[question.name] else float(choice.name in row[question.name].split()) for row in rows]
            assert [None if v != v else v for v in ours] == theirs
            compared += len(rows)
    assert len(multiples) == 19
    assert compared == 76_191  # cells


def test_codes_are_text_numbers_are_numbers_and_empty_is_null(records: Records, raw: dict[str, list[dict[str, Any]]]):
    ages = [row["resp_age"] for row in raw["main"]]
    assert list(records.frame["resp_age"]) == ages
    assert records.frame["resp_gender"].dtype == "str"
    assert Counter(records.frame["resp_gender"]) == Counter(row["resp_gender"] for row in raw["main"])
    empty = sum(row["hoh_age"] is None for row in raw["main"])
    assert int(records.frame["hoh_age"].isna().sum()) == empty > 0
    assert records.frame["hoh_age"].sum() == sum(row["hoh_age"] or 0 for row in raw["main"])


def test_the_roster_can_be_the_rows_themselves(folder: Path):
    records = collect(
        folder / "dummy_raw_data.xlsx", form=folder / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx", sheet="roster", dataset="people"
    )
    assert len(records.frame) == 965
    assert not records.repeats
    assert set(records.frame["wgq_vision"].dropna()) <= {
        "no_difficulty",
        "some_difficulty",
        "lot_of_difficulty",
        "cannot_do",
        "dnk",
        "pnta",
    }
