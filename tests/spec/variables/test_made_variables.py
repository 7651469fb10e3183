"""Scores and counts that derive makes of items: what they are, why somebody has none, and when they are not made. Everyone is invented."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from people import CENSUS, form, library, question, records, spec

from mel.errors import InputError
from mel.model.alliance import VariableMap
from mel.model.sample import Sample
from mel.variables import derive

OWN = {"source": "invented for a test", "status": "for_you_to_fill"}
HOPE = {
    "id": "hope", "label": "Hope", "items": [{"id": "a"}, {"id": "b", "reverse": True}, {"id": "c"}, {"id": "d"}, {"id": "e"}],
    "low": 0, "high": 3, **OWN,
}  # fmt: skip
BANDS = {"bands": [{"code": "low", "label": "Low", "from": 0}, {"code": "high", "label": "High", "from": 8}], "bands_source": "invented"}
ITEMS = "abcde"


def answers(*rows: str) -> dict[str, list[Any]]:
    """`30.33`: a digit an item, a dot for nothing."""
    return {item: [None if row[at] == "." else row[at] for row in rows] for at, item in enumerate(ITEMS)}


def made(columns: dict[str, list[Any]], packs: Any, *variables: str, **more: Any) -> Sample:
    return derive(
        records(columns, **{k: more.pop(k) for k in ("rounds", "forms") if k in more}),
        design=CENSUS,
        packs=packs,
        variables=variables,
        **more,
    )


def column(sample: Sample, name: str) -> list[Any]:
    return [None if pd.isna(value) else value for value in sample.frame[name]]


# ---- scales -----------------------------------------------------------------------------------------------------------------


def test_a_score_is_made_of_its_items_when_an_indicator_needs_it() -> None:
    sample = made(answers("30333", "00000"), library(scales=[HOPE]), "hope")
    assert column(sample, "hope") == [15, 3]  # b is turned round: nothing of it is full marks
    assert column(sample, "hope__silence") == [None, None]
    assert sample.variables["hope"] == "Hope"
    assert sample.made_from == {"hope": tuple(ITEMS)}


def test_a_score_is_made_when_a_pack_declares_it_and_its_items_are_read() -> None:
    packs = library(scales=[HOPE])
    assert "hope" in made(answers("30333"), packs, *ITEMS).frame
    assert "hope" not in made(answers("30333"), packs, "a", "b").frame


def test_one_of_five_may_be_missing_and_the_note_says_so() -> None:
    sample = made(answers("3033.", "303.."), library(scales=[HOPE]), "hope")
    assert column(sample, "hope") == [15, None]
    assert column(sample, "hope__silence") == [None, "not_known"]
    assert "those answered stand for the others" in " ".join(sample.notes)


@pytest.mark.parametrize(
    ("row", "silence"),
    [
        ("99999", "prefer_not_to_say"),
        ("99033", "prefer_not_to_say"),
        ("9.033", "not_known"),
        ("8.033", "not_known"),
        ("88033", "not_known"),
    ],
)
def test_who_has_no_score_has_the_silence_of_the_missing_items_where_they_agree(row: str, silence: str) -> None:
    silences = {"9": "prefer_not_to_say", "8": "not_known"}
    maps = {item: VariableMap.model_validate({"column": item, "silences": silences}) for item in ITEMS}
    assert column(made(answers(row), library(scales=[HOPE]), "hope", map=maps), "hope__silence") == [silence]


def test_a_round_that_did_not_ask_it_was_not_asked() -> None:
    columns = answers("30333", ".....")
    asked = form(*(question(item, "integer") for item in ITEMS))
    sample = made(
        columns, library(scales=[HOPE]), "hope", rounds=["baseline", "midline"], forms={"baseline": asked, "midline": form(question("z"))}
    )
    assert column(sample, "hope__silence") == [None, "not_asked"]


def test_subscales_and_bands() -> None:
    parts = {"subscales": [{"id": "hope_now", "label": "Hope, now", "items": ["a", "b"]}]}
    sample = made(answers("30333", "00000", "....."), library(scales=[HOPE | parts | BANDS]), "hope_now", "hope_band")
    assert column(sample, "hope_now") == [6, 3, None]
    assert column(sample, "hope_band") == ["high", "low", None]
    assert sample.choices["hope_band"] == {"low": "Low", "high": "High"}


def test_a_band_can_be_a_dimension() -> None:
    sample = made(answers("30333", "00000", "....."), library(scales=[HOPE | BANDS]), "hope", dimensions=[spec("hope_band")])
    assert column(sample, "hope_band") == ["high", "low", "not_known"]
    assert list(sample.dimensions[0].categories) == ["low", "high", "not_known"]


def test_answers_outside_the_scale_stop_it_with_the_file() -> None:
    with pytest.raises(InputError) as stopped:
        made(answers("30393", "30383"), library(scales=[HOPE]), "hope")
    problem = stopped.value.problems[0]
    assert (problem.code, problem.file) == ("SCALE_OUT_OF_RANGE", "midline.csv")
    assert "2 rows" in problem.what


def test_a_missing_item_is_named() -> None:
    columns = answers("30333")
    del columns["e"]
    with pytest.raises(InputError) as stopped:
        made(columns, library(scales=[HOPE]), "hope")
    assert stopped.value.codes == ("VARIABLE_COLUMN_MISSING",)
    assert "'e'" in str(stopped.value)


def test_a_score_that_the_form_worked_out_is_read_when_the_map_says_so() -> None:
    maps = {"hope": VariableMap.model_validate("total")}
    assert column(made({"total": [7, None]}, library(scales=[HOPE]), "hope", map=maps), "hope") == [7, None]


# ---- indices ----------------------------------------------------------------------------------------------------------------


def index(**more: Any) -> dict[str, Any]:
    """Three things, a third each; well when at most one is missing."""
    things = [
        {"id": name, "label": name, "weight": "1/3", "inadequate": {"column": name, "is": ["no"]}} for name in ("land", "money", "rest")
    ]
    return {"id": "free", "label": "Free", "identified": "held_back", "cut_off": "1/3", "indicators": things, **OWN, **more}


def people(*rows: str, **more: list[Any]) -> dict[str, list[Any]]:
    """`yn.`: yes, no, nothing to land, money and rest."""
    said = {"y": "yes", "n": "no", ".": None}
    return {name: [said[row[at]] for row in rows] for at, name in enumerate(("land", "money", "rest"))} | more


def test_counts_and_who_is_above_the_cut_off() -> None:
    sample = made(people("yyy", "nyy", "nny", "nnn"), library(indices=[index()]), "free_held_back")
    assert np.allclose(sample.frame["free_count"], [0, 1 / 3, 2 / 3, 1])
    assert column(sample, "free_held_back") == ["no", "no", "yes", "yes"]  # a third is not above a third
    assert np.allclose(sample.frame["free_censored"], [0, 0, 2 / 3, 1])
    assert np.allclose(sample.frame["free_achieved"], [1, 1, 1 / 3, 0])
    assert np.allclose(sample.frame["free_part_land"], [0, 0, 1 / 3, 1 / 3])
    assert sample.choices["free_held_back"] == {"yes": "Yes", "no": "No"}


def test_a_person_with_an_answer_missing_is_left_out_and_counted() -> None:
    sample = made(people("nn.", "nnn", *["yyy"] * 3), library(indices=[index()]), "free_count", "free_held_back")
    assert column(sample, "free_held_back") == [None, "yes", "no", "no", "no"]
    assert column(sample, "free_held_back__silence")[0] == column(sample, "free_count__silence")[0] == "not_known"
    assert any("they are not in it" in note for note in sample.notes)


def test_something_essential_decides_alone() -> None:
    given = index()
    given["indicators"][0]["essential"] = True
    sample = made(people("nyy", "yny", "ynn"), library(indices=[given]), "free_held_back")
    assert column(sample, "free_held_back") == ["yes", "no", "yes"]


def test_an_indicator_may_read_a_score() -> None:
    given = index()
    given["indicators"][2]["inadequate"] = {"column": "hope", "at_most": 7}
    sample = made(people("nyy", "nyy") | answers("30333", "03000"), library(indices=[given], scales=[HOPE]), "free_held_back")
    assert column(sample, "free_held_back") == ["no", "yes"]
    assert set(sample.made_from["free_held_back"]) == {"land", "money", *ITEMS}


PARITY = {"household": ["home"], "sex": "gender", "weight": "1/10", **OWN}


def in_homes(*rows: tuple[str, str | None, str | None]) -> Sample:
    """(answers, gender, home)"""
    columns = people(*(r[0] for r in rows), gender=[r[1] for r in rows], home=[r[2] for r in rows])
    return made(columns, library(indices=[index(parity=PARITY)]), "free_parity", "free_lacks_parity", "gender")


def test_a_woman_is_held_against_the_man_of_her_home() -> None:
    sample = in_homes(
        ("nny", "woman", "1"), ("yyy", "man", "1"), ("nyy", "woman", "2"), ("yyy", "man", "2"), ("nnn", "woman", "3"), ("nnn", "man", "3")
    )
    assert column(sample, "free_lacks_parity") == ["yes", None, "no", None, "no", None]
    # Counts below the cut-off are raised to it: (2/3 − 1/3) / (1 − 1/3) is the first gap; the second home has parity.
    assert np.allclose(sample.frame["free_parity"].dropna(), [0.5, 1, 1])
    assert column(sample, "free_parity__silence") == [None, "not_applicable"] * 3


@pytest.mark.parametrize(
    ("rows", "silence"),
    [
        ([("nnn", "woman", "1")], "not_applicable"),  # no man lives there
        ([("nnn", "woman", "1"), ("yyy", "woman", "1"), ("yyy", "man", "1")], "not_known"),  # two women
        ([("nnn", "woman", "1"), ("yyy", "man", "1"), ("yyy", "man", "1")], "not_known"),  # two men
        ([("nnn", "woman", "1"), ("yyy", None, "1")], "not_known"),  # somebody whose gender is not said may be a man
        ([("nnn", "woman", "1"), ("y.y", "man", "1")], "not_known"),  # of him not everything is known
        ([("nn.", "woman", "1"), ("yyy", "man", "1")], "not_known"),  # nor of her
        ([("nnn", "woman", None), ("yyy", "man", "1")], "not_known"),  # no home stated
        ([("nnn", "non_binary", "1"), ("yyy", "man", "1")], "not_applicable"),  # parity compares women with men, and says so
        ([("nnn", None, "1"), ("yyy", "man", "1")], "not_known"),
        ([("nnn", "man", "1"), ("yyy", "woman", "1")], "not_applicable"),
    ],
)
def test_who_is_not_compared_and_why(rows: list[tuple[str, str | None, str | None]], silence: str) -> None:
    sample = in_homes(*rows)
    assert column(sample, "free_lacks_parity")[0] is None
    assert column(sample, "free_lacks_parity__silence")[0] == silence


def test_homes_of_two_rounds_are_two_homes() -> None:
    columns = people("nnn", "yyy", gender=["woman", "man"], home=["1", "1"])
    packs = library(indices=[index(parity=PARITY)])
    sample = made(columns, packs, "free_parity", rounds=["baseline", "midline"])
    assert column(sample, "free_parity__silence") == ["not_applicable", "not_applicable"]


def test_two_women_in_a_home_are_told_in_a_note() -> None:
    sample = in_homes(("nnn", "woman", "1"), ("yyy", "woman", "1"), ("yyy", "man", "1"))
    assert any("two women or two men" in note for note in sample.notes)


def test_parity_is_not_made_where_home_and_gender_were_not_read() -> None:
    sample = made(people("nnn"), library(indices=[index(parity=PARITY)]), "free_count")
    assert "free_parity" not in sample.frame


def test_an_index_without_a_cut_off_is_yours_to_fill() -> None:
    packs = library(indices=[index(cut_off=None)])
    with pytest.raises(InputError) as stopped:
        made(people("nnn"), packs, "free_count")
    assert stopped.value.codes == ("INDEX_NOT_FILLED",)
    assert "free_count" not in made(people("nnn"), packs, "land", "money", "rest").frame  # nobody asked for it


def test_nobody_complete_stops_and_names_the_indicator() -> None:
    with pytest.raises(InputError) as stopped:
        made(people("nn.", "yy."), library(indices=[index()]), "free_count")
    assert stopped.value.codes == ("INDEX_NOBODY_COMPLETE",)
    assert "'rest'" in str(stopped.value)


def test_every_made_variable_has_a_value_or_a_silence_never_both() -> None:
    sample = in_homes(("nny", "woman", "1"), ("yyy", "man", "1"), ("n.y", "woman", "2"), ("yyy", None, "2"), ("nnn", "woman", None))
    for name in sample.made_from:
        there, silent = sample.frame[name].notna(), sample.frame[f"{name}__silence"].notna()
        assert (there ^ silent).all(), name
