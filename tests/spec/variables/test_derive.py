"""From a form's answers to a sample, one idea a test."""

from __future__ import annotations

import pandas as pd
import pytest
from people import CENSUS, form, library, question, records, spec

from mel.errors import InputError
from mel.model.alliance import Design, VariableMap
from mel.variables import any_of, derive, how_many


def mapped(**entries: object) -> dict[str, VariableMap]:
    return {name: VariableMap.model_validate(entry) for name, entry in entries.items()}


def codes_of(error: pytest.ExceptionInfo[InputError]) -> tuple[str, ...]:
    return error.value.codes


def test_codes_are_renamed_and_silences_told_apart() -> None:
    asked = form(
        question("sex", "select_one", list_name="s"), question("v", "select_one", list_name="s", relevant="${sex} = '1'"), s="1 2 98 99"
    )
    given = records({"sex": ["1", "2", "1", "1"], "v": ["1", None, "98", None]}, forms={"midline": asked})
    sample = derive(
        given, design=CENSUS, packs=library(), variables=("heard",),
        map=mapped(heard={"column": "v", "codes": {"1": "yes", "2": "no"}, "silences": {"98": "prefer_not_to_say"}}),
    )  # fmt: skip
    assert sample.frame["heard"].fillna("-").tolist() == ["yes", "-", "-", "-"]
    assert sample.frame["heard__silence"].fillna("-").tolist() == ["-", "not_asked", "prefer_not_to_say", "not_known"]


def test_form_versions_are_joined_in_the_order_that_is_written() -> None:
    given = records({"old": ["1", None, "2"], "new": ["no", "yes", None]})
    sample = derive(
        given, design=CENSUS, packs=library(), variables=("heard",),
        map=mapped(heard={"columns": [{"column": "new"}, {"column": "old", "codes": {"1": "yes", "2": "no"}}]}),
    )  # fmt: skip
    assert sample.frame["heard"].tolist() == ["no", "yes", "no"]


def test_a_rounds_map_goes_before_the_datasets() -> None:
    given = records({"heard": ["yes", None], "q7": [None, "1"]}, ["baseline", "midline"])
    sample = derive(
        given, design=Design(basis="census", rounds="independent"), packs=library(), variables=("heard",),
        map=mapped(heard="heard"), round_maps={"midline": mapped(heard={"column": "q7", "codes": {"1": "yes"}})},
    )  # fmt: skip
    assert sample.frame["heard"].tolist() == ["yes", "yes"]


def test_a_round_that_did_not_have_the_question_is_not_asked() -> None:
    given = records({"heard": ["yes", None, None, "no"]}, ["baseline", "baseline", "midline", "endline"])
    sample = derive(given, design=CENSUS, packs=library(), variables=("heard",))
    assert sample.frame["heard__silence"].fillna("-").tolist() == ["-", "not_known", "not_asked", "-"]


def test_a_column_that_the_form_asks_and_the_data_lack_stops_with_the_closest() -> None:
    asked = form(question("heard", "select_one", list_name="yn"), yn="yes no")
    with pytest.raises(InputError) as stopped:
        derive(records({"heart": ["yes"]}, forms={"midline": asked}), design=CENSUS, packs=library(), variables=("heard",))
    assert codes_of(stopped) == ("VARIABLE_COLUMN_MISSING",)
    assert "'heart'" in str(stopped.value)


def test_codes_nobody_named_stop_all_at_once_by_variable() -> None:
    given = records({"heard": ["yes", "maybe", "often"], "gender": ["woman", "My own word", "man"], "age": ["30", "x", "41"]})
    with pytest.raises(InputError) as stopped:
        derive(given, design=CENSUS, packs=library(), variables=("heard", "gender", "age"))
    assert codes_of(stopped) == ("CODES_UNKNOWN", "CODES_UNKNOWN", "NOT_A_NUMBER_HERE")
    text = str(stopped.value)
    assert "'maybe', 'often'" in text
    assert "My own word" not in text


def test_a_map_to_a_code_that_does_not_exist_stops() -> None:
    with pytest.raises(InputError, match="MAP_TO_UNKNOWN"):
        derive(
            records({"v": ["1"]}),
            design=CENSUS,
            packs=library(),
            variables=("heard",),
            map=mapped(heard={"column": "v", "codes": {"1": "yess"}}),
        )


def test_two_rounds_with_other_codes_stop_until_somebody_says_which_is_which() -> None:
    one, two = (form(question("trust", "select_one", list_name="t"), t=codes) for codes in ("low high", "1 2"))
    given = records({"trust": ["low", "high", "1", "2"]}, ["baseline", "baseline", "midline", "midline"], {"baseline": one, "midline": two})
    with pytest.raises(InputError, match="ROUNDS_CODED_APART"):
        derive(given, design=CENSUS, variables=("trust",))
    told = {"midline": mapped(trust={"column": "trust", "codes": {"1": "low", "2": "high"}})}
    sample = derive(given, design=CENSUS, variables=("trust",), round_maps=told)
    assert sample.frame["trust"].tolist() == ["low", "high", "low", "high"]


def test_numbers_however_they_were_typed() -> None:
    given = records({"income": ["3", "3,5", "1 200", None, "-99"]})
    sample = derive(
        given, design=CENSUS, variables=("income",), map=mapped(income={"column": "income", "silences": {"-99": "prefer_not_to_say"}})
    )
    assert sample.frame["income"].fillna(-1).tolist() == [3, 3.5, 1200, -1, -1]
    assert sample.frame["income__silence"].fillna("-").tolist() == ["-", "-", "-", "not_known", "prefer_not_to_say"]


def test_several_answers_become_a_column_a_choice() -> None:
    asked = form(
        question("why", "select_multiple", list_name="w", relevant="${left} = 'yes'"),
        question("left", "select_one", list_name="yn"),
        w="a b dk",
        yn="yes no",
    )
    given = records(
        {"left": ["yes", "no", "yes", "yes"], "why/a": [1, 0, 0, None], "why/b": [0, 0, 0, None], "why/dk": [0, 0, 1, None]},
        forms={"midline": asked},
    )
    sample = derive(
        given,
        design=CENSUS,
        variables=("reason",),
        map=mapped(reason={"column": "why", "codes": {"a": "cost"}, "silences": {"dk": "not_known"}}),
    )
    assert sample.multiples == ("reason",)
    assert sample.choices["reason"] == {"cost": "A", "b": "B"}
    assert sample.frame["reason/cost"].fillna(-1).tolist() == [1, -1, -1, -1]
    assert sample.frame["reason__silence"].fillna("-").tolist() == ["-", "not_asked", "not_known", "not_known"]


def test_gender_is_an_open_list_and_somebodys_own_words_are_never_a_category() -> None:
    asked = form(question("g", "select_one", list_name="g"), question("g_words", "text"), g="woman hijra prefer_not_to_say")
    given = records(
        {"g": ["woman", "hijra", "prefer_not_to_say", None, None], "g_words": [None, None, None, "river person", None]},
        forms={"midline": asked},
    )
    sample = derive(
        given, design=CENSUS, packs=library(), dimensions=[spec("gender", **{"from": "gender"})],
        map=mapped(gender={"columns": [{"column": "g"}, {"column": "g_words"}]}),
    )  # fmt: skip
    assert sample.frame["gender"].tolist() == ["woman", "hijra", "prefer_not_to_say", "self_described", "not_known"]
    assert list(sample.dimensions[0].categories) == [
        "woman",
        "man",
        "non_binary",
        "self_described",
        "hijra",
        "prefer_not_to_say",
        "not_known",
    ]
    assert any("words themselves are not used" in note for note in sample.notes)


def test_age_bands_take_everyone_or_stop() -> None:
    given = records({"age": [17.9, 18, None, 90]})
    band = spec("age_band", **{"from": "age", "bands": "two"})
    assert derive(given, design=CENSUS, packs=library(), dimensions=[band]).frame["age_band"].tolist() == [
        "0-17",
        "18+",
        "not_known",
        "18+",
    ]
    with pytest.raises(InputError) as stopped:
        derive(given, design=CENSUS, packs=library(), dimensions=[spec("age_band", **{"from": "age", "bands": "young"})])
    assert "row 5" in str(stopped.value)
    assert "90" not in str(stopped.value)


def test_an_age_may_be_a_date_of_birth() -> None:
    given = records({"born": ["2000-06-15", "2000-06-16", None], "today": ["2024-06-15"] * 3})
    sample = derive(given, design=CENSUS, packs=library(), variables=("age",), map=mapped(age="born"))
    assert sample.frame["age"].fillna(-1).tolist() == [24, 23, -1]
    assert sample.frame["age__silence"].fillna("-").tolist() == ["-", "-", "not_known"]


def test_a_dimension_may_not_hide_a_variable_somebody_needs() -> None:
    with pytest.raises(InputError, match="DIMENSION_HIDES_VARIABLE"):
        derive(
            records({"age": [3]}),
            design=CENSUS,
            packs=library(),
            variables=("age",),
            dimensions=[spec("age", **{"from": "age", "bands": "two"})],
        )


def test_memberships_overlap_and_stay_apart() -> None:
    given = records({"displaced": ["yes", "yes", "no", None], "rural": ["yes", "no", "no", "yes"]})
    memberships = [spec(name, **{"from": "membership", "rule": {"column": name, "is": ["yes"]}}) for name in ("displaced", "rural")]
    made = [m.model_copy(update={"name": f"is_{m.name}"}) for m in memberships]
    sample = derive(given, design=CENSUS, dimensions=made, variables=("displaced", "rural"))
    assert sample.frame["is_displaced"].tolist() == ["yes", "yes", "no", "not_known"]
    counted = how_many(any_of(sample, ["is_displaced", "is_rural"]), ["is_displaced", "is_rural"])
    assert counted.frame["any_group"].tolist() == ["yes", "yes", "no", "yes"]
    assert counted.frame["how_many_groups"].tolist() == ["2", "1", "0", "not_known"]
    assert "any_group" not in sample.frame


def test_the_design_gets_its_names_and_everything_wrong_is_said_at_once() -> None:
    design = Design(basis="probability", weights="expansion", weight="w", stratum="region", psu="village")
    frame = {"w": ["1,5", "2", "1"], "region": [1.0, 2.0, 2.0], "village": ["a", "b", "b"], "x": ["1", "2", "3"]}
    sample = derive(records(frame), design=design, variables=("x",))
    assert sample.frame[["round", "stratum", "psu", "weight", "partner"]].iloc[0].tolist() == ["midline", "1", "a", 1.5, "p1"]
    with pytest.raises(InputError) as stopped:
        derive(records({"w": [None, "-1", "1"], "regions": [1, 2, 2], "village": ["a", "b", None]}), design=design)
    assert codes_of(stopped) == ("DESIGN_COLUMN_MISSING", "DESIGN_CELLS_BLANK", "DESIGN_CELLS_BLANK", "DESIGN_NOT_A_NUMBER")
    assert "'regions'" in str(stopped.value)
    assert "row 2" in str(stopped.value)


def test_how_many_were_on_the_list() -> None:
    given = records({"on_list": [12, 12, 12], "x": ["a", "b", "c"]})
    assert derive(given, design=Design(basis="census", listed="on_list"), variables=("x",)).listed == {"midline": 12}
    assert derive(given, design=Design(basis="census", listed="15"), variables=("x",)).listed == {"midline": 15}


def test_all_is_nobodys_category_and_a_reference_must_exist() -> None:
    with pytest.raises(InputError, match="LEVEL_IS_RESERVED"):
        derive(records({"place": ["all"]}), design=CENSUS, dimensions=[spec("place")])
    with pytest.raises(InputError, match="CATEGORY_UNKNOWN"):
        derive(records({"place": ["a"]}), design=CENSUS, dimensions=[spec("place", reference="b", reference_reason="for a test")])


def test_a_frame_is_not_changed_and_every_row_has_a_value_or_a_silence() -> None:
    given = records({"heard": ["yes", None], "gender": ["woman", "prefer_not_to_say"]})
    before = given.frame.copy()
    sample = derive(given, design=CENSUS, packs=library(), variables=("heard", "gender"))
    pd.testing.assert_frame_equal(given.frame, before)
    for name in ("heard", "gender"):
        assert (sample.frame[name].notna() ^ sample.frame[f"{name}__silence"].notna()).all()


def test_codes_in_one_text_are_several_answers_where_the_pack_says_so() -> None:
    codes = [{"code": c, "label": f"Code {c}"} for c in ("LE1", "LE2", "LE3")]
    packs = library(id="with-basket", variables=[{"id": "basket", "label": "Basket", "type": "multiple", "codes": codes}], age_bands=[])
    sample = derive(records({"basket": ["LE1; LE2", "LE1", None]}), design=CENSUS, packs=packs, variables=("basket",))
    assert sample.frame[["basket/LE1", "basket/LE2", "basket/LE3"]].fillna(-1).to_numpy().tolist() == [[1, 1, 0], [1, 0, 0], [-1, -1, -1]]
    assert sample.frame["basket__silence"].fillna("-").tolist() == ["-", "-", "not_known"]
    with pytest.raises(InputError, match="CODES_UNKNOWN"):
        derive(records({"basket": ["LE1; LE9"]}), design=CENSUS, packs=packs, variables=("basket",))


def test_an_age_no_person_has_puts_nobody_into_a_band() -> None:
    sample = derive(
        records({"age": [212, -999, 30]}), design=CENSUS, packs=library(), dimensions=[spec("age_band", **{"from": "age", "bands": "two"})]
    )
    assert sample.frame["age_band"].tolist() == ["not_known", "not_known", "18+"]
    assert any("Of fewer than 10 people the age is below 0" in note for note in sample.notes)
