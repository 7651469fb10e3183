"""The Washington Group Short Set: four lines drawn through six answers."""

from __future__ import annotations

import pandas as pd
import pytest
from people import CENSUS, library, records, spec

from mel.errors import InputError, UsageError
from mel.variables import derive, washington_group

SIX = list("abcdef")
DOMAINS = ("wg_seeing", "wg_hearing", "wg_walking", "wg_remembering", "wg_self_care", "wg_communicating")
DISABILITY = spec("disability", **{"from": "disability"})


def drawn(*rows: list[object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=SIX)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([1, 1, 1, 1, 1, 1], "0000"),
        ([2, 1, 1, 1, 1, 1], "1000"),
        ([2, 2, 1, 1, 1, 1], "1100"),
        ([1, 1, 3, 1, 1, 1], "1110"),
        ([1, 4, 1, 1, 1, 1], "1111"),
        ([9, 9, 9, 9, 9, 9], "----"),
        ([7, 1, 1, 1, 1, 1], "0000"),
        ([None, None, 3, None, 8, 9], "1110"),
    ],
)
def test_golden_rows(answers: list[int], expected: str) -> None:
    found = washington_group(drawn(answers, [1] * 6), SIX).iloc[0]
    assert "".join("-" if pd.isna(v) else str(int(v)) for v in found) == expected


def test_labels_codes_and_numbered_labels_are_the_same_answer() -> None:
    rows = drawn(
        ["1 - No, no difficulty", "2 - Yes, some difficulty", "No difficulty", "no", "1.0", "Refused"],
        ["3 - A lot of difficulty", "a_lot", "Cannot do at all.", "cannot", 4.0, "Don't know"],
    )
    assert washington_group(rows, SIX).astype(object).to_numpy().tolist() == [[True, False, False, False], [True, True, True, True]]


def test_a_lot_and_cannot_in_one_answer_leave_the_strictest_line_unknown() -> None:
    rows = drawn(["no"] * 5 + ["a_lot_or_cannot"], ["no"] * 6, ["cannot"] + ["a_lot_or_cannot"] * 5)
    assert washington_group(rows, SIX)["disability4"].astype(object).where(lambda s: s.notna(), None).tolist() == [None, False, True]
    merged = washington_group(drawn([3, 1, 1, 1, 1, 1]), SIX, cannot_merged=True)
    assert merged["disability3"].tolist() == [True]
    assert merged["disability4"].isna().all()


def test_all_six_blank_for_everyone_is_refused_and_so_is_an_answer_that_is_none() -> None:
    with pytest.raises(InputError, match="WG_ALL_BLANK"):
        washington_group(drawn([9] * 6, [None] * 6), SIX)
    with pytest.raises(InputError) as stopped:
        washington_group(drawn(["sees badly since the fire", 1, 1, 1, 1, 5]), SIX)
    assert stopped.value.codes == ("WG_ANSWERS_UNKNOWN", "WG_ANSWERS_UNKNOWN")
    assert "fire" not in str(stopped.value)
    with pytest.raises(UsageError, match="WG_ITEMS_MISSING"):
        washington_group(drawn([1] * 6), SIX[:5])


def answers(*rows: list[object], **more: list[object]) -> dict[str, list[object]]:
    return {**{name: [row[i] for row in rows] for i, name in enumerate(DOMAINS)}, **more}


def test_as_a_dimension_whoever_answered_none_of_the_six_keeps_their_silence() -> None:
    said = answers(["no"] * 6, ["no"] * 5 + ["cannot"], ["prefer_not_to_say"] * 6, [None] * 6, [None] * 5 + ["some"])
    sample = derive(records(said), design=CENSUS, dimensions=[DISABILITY], packs=library())
    assert sample.frame["disability"].tolist() == [
        "without_disability",
        "with_disability",
        "prefer_not_to_say",
        "not_known",
        "without_disability",
    ]
    assert list(sample.dimensions[0].categories) == ["with_disability", "without_disability", "prefer_not_to_say", "not_known"]
    assert any("Of fewer than 10 people only some" in note for note in sample.notes)


def test_children_under_five_are_outside_the_set() -> None:
    said = answers(["no"] * 6, ["a_lot"] * 6, ["no"] * 6, age=[4, 12, 40])
    given = records(said)
    sample = derive(given, design=CENSUS, dimensions=[DISABILITY], packs=library(), variables=("age",))
    assert sample.frame["disability"].tolist() == ["not_applicable", "with_disability", "without_disability"]
    assert any("Child Functioning Module" in note for note in sample.notes)


def test_what_the_survey_did_not_tell_apart_is_not_told_apart() -> None:
    strictest = spec("disability", **{"from": "disability", "cut_off": "disability4"})
    with pytest.raises(InputError, match="WG_CANNOT_MERGED"):
        derive(records(answers(["no"] * 5 + ["a_lot_or_cannot"])), design=CENSUS, dimensions=[strictest], packs=library())


def test_a_round_with_six_blank_columns_is_refused_a_round_that_did_not_ask_is_not() -> None:
    from people import form, question

    said = answers(["no"] * 6, ["some"] * 6, [None] * 6)
    rounds = ["baseline", "baseline", "midline"]
    six = form(*(question(name, "select_one", list_name="wg") for name in DOMAINS), wg="no some a_lot cannot")
    sample = derive(records(said, rounds, {"baseline": six}), design=CENSUS, dimensions=[DISABILITY], packs=library())
    assert sample.frame["disability"].tolist()[2] == "not_asked"
    with pytest.raises(InputError, match="WG_ALL_BLANK"):
        derive(records(answers([None] * 6)), design=CENSUS, dimensions=[DISABILITY], packs=library())
