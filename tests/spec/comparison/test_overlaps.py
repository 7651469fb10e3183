"""The manual of `overlaps`: groups that one person can belong to several of. On tables small enough to count by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from mel.comparison import overlaps
from mel.errors import CannotSay, UsageError
from mel.estimation import measure
from mel.model.domains import cross, each
from mel.model.overlaps import Overlaps

BY = {"displaced": "yes no not_known", "indigenous": "yes no not_known", "disability": "with_disability without_disability"}
WHO = ("who", "composition", {"value": "displaced"})
HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
GROUPS = {"displaced": ["yes"], "indigenous": ["yes"], "disability": ["with_disability"]}

TEN = """
displaced | indigenous | disability         | heard
yes       | yes        | with_disability    | no
yes       | yes        | with_disability    | yes
yes       | no         | without_disability | yes
yes       | no         | without_disability | no
yes       | no         | without_disability | no
no        | yes        | without_disability | yes
no        | no         | without_disability | yes
no        | no         | without_disability | yes
no        | no         | without_disability | yes
no        | no         | with_disability    | no
"""
SILENT = """
displaced | indigenous        | disability         | heard
yes       | prefer_not_to_say | without_disability | no
no        | not_known         | without_disability | yes
yes       | yes               | without_disability | yes
no        | no                | without_disability | .
"""

Counted = Callable[..., Overlaps]


@pytest.fixture
def counted(draw: Any, ask: Any) -> Counted:
    def made(text: str, *, dimensions: Any = GROUPS, design: dict[str, Any] | None = None, **options: Any) -> Overlaps:
        sample = draw(text, by=BY, **(design or {}))
        return overlaps(measure(sample, [ask(*WHO), ask(*HEARD)], by=cross(*BY)), dimensions, **options)

    return made


def row(table: pd.DataFrame, measure: str, **keys: Any) -> pd.Series:
    found = table[(table["measure"] == measure) & pd.concat([table[k] == v for k, v in keys.items()], axis=1).all(axis=1)]
    assert len(found) == 1
    return found.iloc[0]


def test_somebody_who_belongs_to_one_group_belongs_to_any(counted: Counted) -> None:
    people = counted(TEN).people
    assert row(people, "any_of", answer="yes")["n"] == 7
    assert row(people, "any_of", answer="yes")["estimate"] == pytest.approx(0.7)
    assert row(people, "any_of", answer="no")["n"] == 3


def test_how_many_groups_each_person_belongs_to(counted: Counted) -> None:
    people = counted(TEN).people
    many = people[people["measure"] == "how_many"]
    assert dict(zip(many["count"], many["n"], strict=True)) == {0: 3, 1: 5, 2: 0, 3: 2}
    assert row(people, "how_many", count=2.0)["estimate"] == 0.0  # nobody is an answer, and has its row


def test_each_group_by_itself(counted: Counted) -> None:
    people = counted(TEN).people
    assert row(people, "membership", displaced="yes")["n"] == 5
    assert row(people, "membership", disability="yes")["n"] == 3
    assert row(people, "membership", disability="yes")["displaced"] == "all"


def test_combinations_stand_with_the_most_frequent_first(counted: Counted) -> None:
    found = counted(TEN).combinations
    assert found["n"].tolist() == [3, 3, 2, 1, 1]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    three = row(found, "combination", displaced="yes", indigenous="yes", disability="yes")
    assert (three["n"], three["count"], three["at_least"]) == (2, 3, "no")


def test_the_order_of_rows_tells_nothing_of_how_frequent_they_are(counted: Counted) -> None:
    people = counted(TEN).people
    rows = people[people["measure"] == "combination"]
    assert rows[list(GROUPS)].apply(tuple, axis=1).tolist() == sorted(rows[list(GROUPS)].apply(tuple, axis=1))
    assert rows["rank"].tolist() != sorted(rows["rank"])


def test_the_dots_of_an_upset_chart(counted: Counted) -> None:
    dots = counted(TEN).matrix
    assert list(dots) == ["dataset", "round", "rank", "set", "label", "belongs"]
    third = dots[dots["rank"] == 3]
    assert dict(zip(third["set"], third["belongs"], strict=True)) == {"displaced": "yes", "indigenous": "yes", "disability": "yes"}


def test_not_known_is_never_a_no(counted: Counted) -> None:
    people = counted(SILENT).people
    # one belongs to at least one group; one to none that is known; of neither are all groups known
    assert row(people, "how_many", count=1.0, at_least="yes")["n"] == 1
    assert row(people, "how_many", count=0.0, at_least="yes")["n"] == 1
    assert row(people, "how_many", count=0.0, at_least="no")["n"] == 1
    assert row(people, "any_of", answer="yes")["n"] == 2
    assert row(people, "any_of", answer="no")["n"] == 1
    assert row(people, "any_of", answer="not_known")["n"] == 1


def test_whom_we_do_not_know_has_a_row(counted: Counted) -> None:
    unknown = counted(SILENT).not_known
    assert unknown["indigenous"].tolist() == ["not_known"]
    assert unknown["n"].tolist() == [2]
    assert unknown["estimate"].tolist() == [0.5]


def test_what_people_said_by_how_many_groups_they_belong_to(counted: Counted) -> None:
    figures = counted(TEN, indicators=["heard"]).figures
    assert row(figures, "how_many", count=0.0)["estimate"] == 1.0
    assert row(figures, "how_many", count=1.0)["estimate"] == pytest.approx(2 / 5)
    assert row(figures, "how_many", count=3.0)["estimate"] == 0.5
    assert pd.isna(row(figures, "how_many", count=2.0)["estimate"])
    assert row(figures, "any_of", answer="yes")["estimate"] == pytest.approx(3 / 7)


def test_who_did_not_answer_is_counted_beside_the_figure(counted: Counted) -> None:
    figures = counted(SILENT, indicators=["heard"]).figures
    none = row(figures, "how_many", count=0.0, at_least="no")
    assert (none["n"], none["n_missing"]) == (0, 1)
    assert pd.isna(none["estimate"])


def test_factors_that_several_dimensions_share_count_once(counted: Counted) -> None:
    factors = {"displaced": "shocks", "indigenous": "discrimination", "disability": "discrimination"}
    found = counted(TEN, factors=factors)
    many = found.people[found.people["measure"] == "how_many"]
    assert list(found.sets) == ["shocks", "discrimination"]
    assert dict(zip(many["count"], many["n"], strict=True)) == {0: 3, 1: 5, 2: 2}


def test_a_factor_is_faced_as_soon_as_one_of_its_dimensions_says_so(counted: Counted) -> None:
    both = {"displaced": "one", "indigenous": "one", "disability": "other"}
    people = counted(SILENT, factors=both).people
    assert row(people, "membership", one="yes")["n"] == 2
    assert row(people, "membership", one="not_known")["n"] == 1  # not displaced; indigenous not known


def test_a_census_has_no_standard_error_and_says_so(counted: Counted) -> None:
    people = counted(TEN).people
    assert people["se"].isna().all()
    assert (people["basis"] == "census").all()
    assert "no sampling error" in row(people, "any_of", answer="yes")["note"]


def test_drawn_by_chance_a_share_has_the_standard_error_of_a_share(counted: Counted) -> None:
    any_of = row(counted(TEN, design=CHANCE).people, "any_of", answer="yes")
    assert any_of["se"] == pytest.approx((0.7 * 0.3 / 9) ** 0.5)
    assert any_of["df"] == 9
    assert any_of["ci_low"] < 0.7 < any_of["ci_high"]


def test_every_row_carries_the_figures_of_its_people(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TEN, by=BY), [ask(*WHO)], by=cross(*BY))
    three = row(overlaps(estimates, GROUPS).people, "combination", displaced="yes", indigenous="yes", disability="yes")
    (figure,) = three["inputs"]
    assert (figure.indicator, figure.category) == ("who", "yes")  # the make-up by displaced, so its own category says displaced
    assert dict(figure.domain) == {"indigenous": "yes", "disability": "with_disability"}
    assert three["disclosure"] == "unchecked"


def test_the_figures_of_the_crossing_are_named_where_the_table_has_them(draw: Any, ask: Any) -> None:
    everyone = ask("answered", "proportion", {"column": "heard", "is": ["yes", "no"]})
    estimates = measure(draw(TEN, by=BY), [ask(*WHO), everyone], by=cross(*BY))
    three = row(overlaps(estimates, GROUPS).people, "combination", displaced="yes", indigenous="yes", disability="yes")
    (figure,) = three["inputs"]
    assert figure == estimates.figure(indicator="answered", displaced="yes", indigenous="yes", disability="with_disability")


def test_two_silences_of_one_combination_are_two_inputs(counted: Counted) -> None:
    text = SILENT + "yes | not_known | without_disability | yes\n"
    at_least_one = row(counted(text).people, "how_many", count=1.0, at_least="yes")
    assert at_least_one["n"] == 2
    assert {dict(figure.domain)["indigenous"] for figure in at_least_one["inputs"]} == {"prefer_not_to_say", "not_known"}


def test_rounds_stand_apart(counted: Counted) -> None:
    lines = TEN.strip().splitlines()
    text = "\n".join([f"{lines[0]} | round", *(f"{line} | {'one' if k < 5 else 'two'}" for k, line in enumerate(lines[1:]))])
    found = counted(text, design={"rounds": "independent"})
    assert row(found.people, "any_of", answer="yes", round="one")["n"] == 5
    assert row(found.people, "any_of", answer="yes", round="two")["n"] == 2
    one = counted(text, design={"rounds": "independent"}, round="two")
    assert set(one.people["round"]) == {"two"}
    assert one.combinations["rank"].tolist() == [1, 2, 3]


# ---- what cannot be asked ----------------------------------------------------------------------------------------------


def test_a_dimension_that_is_not_yes_or_no_must_say_who_belongs(counted: Counted) -> None:
    with pytest.raises(UsageError) as error:
        counted(TEN, dimensions=["displaced", "disability"])
    assert error.value.codes == ("OVERLAP_NOT_A_MEMBERSHIP",)


def test_everything_wrong_is_said_at_once(counted: Counted) -> None:
    with pytest.raises(UsageError) as error:
        counted(TEN, dimensions={"displaced": ["yess", "not_known"], "disability": []}, factors={"displaced": "one", "age": "two"})
    assert set(error.value.codes) == {
        "OVERLAP_CATEGORY_SILENT", "OVERLAP_CATEGORY_UNKNOWN", "OVERLAP_CATEGORIES_NONE", "OVERLAP_FACTORS",
    }  # fmt: skip


@pytest.mark.parametrize("given", ["displaced", ["displaced"], ["displaced", "displaced"], []])
def test_one_group_does_not_overlap(counted: Counted, given: Any) -> None:
    with pytest.raises(UsageError) as error:
        counted(TEN, dimensions=given)
    assert error.value.codes == ("OVERLAP_DIMENSIONS",)


def test_the_rounds_of_a_chart_stand_in_their_order(counted: Counted) -> None:
    lines = TEN.strip().splitlines()
    text = "\n".join([f"{lines[0]} | round", *(f"{line} | {'midline' if k < 5 else 'endline'}" for k, line in enumerate(lines[1:]))])
    dots = counted(text, design={"rounds": "independent"}).matrix
    assert dots["round"].drop_duplicates().tolist() == ["midline", "endline"]
    assert dots.groupby("round")["rank"].max().to_dict() == {"midline": 2, "endline": 3}


def test_a_dimension_that_has_the_name_of_a_column_is_said(draw: Any, ask: Any) -> None:
    text = "count | late | heard\nyes | no | yes\nno | no | no\n"
    estimates = measure(draw(text, by={"count": "yes no", "late": "yes no"}), [ask(*HEARD)], by=cross("count", "late"))
    with pytest.raises(UsageError) as error:
        overlaps(estimates, ["count", "late"])
    assert error.value.codes == ("OVERLAP_SET_NAME",)
    found = overlaps(estimates, ["count", "late"], factors={"count": "counted", "late": "tardy"})
    assert list(found.sets) == ["counted", "tardy"]


def test_what_was_not_crossed_cannot_be_told_apart(draw: Any, ask: Any) -> None:
    estimates = measure(draw(TEN, by=BY), [ask(*WHO)], by=each("displaced"))
    with pytest.raises(UsageError) as error:
        overlaps(estimates, ["displaced", "indigenous"])
    assert error.value.codes == ("OVERLAP_DATASET",)


def test_a_share_of_people_needs_everybody_counted(draw: Any, ask: Any) -> None:
    estimates = measure(draw(SILENT, by=BY), [ask(*HEARD)], by=cross(*BY))  # one did not answer
    with pytest.raises(UsageError) as error:
        overlaps(estimates, ["displaced", "indigenous"])
    assert error.value.codes == ("NOBODY_COUNTS_EVERYBODY",)
    assert "'value': 'disability'" in str(error.value)


def test_a_round_and_an_indicator_that_are_not_there(counted: Counted) -> None:
    with pytest.raises(UsageError) as error:
        counted(TEN, round="endline", indicators=["herd", "who"])
    assert error.value.codes == ("OVERLAP_ROUND", "OVERLAP_INDICATOR_UNKNOWN", "OVERLAP_KIND")
    with pytest.raises(UsageError) as error:
        counted(TEN, indicators="heard")
    assert error.value.codes == ("OVERLAP_OPTION",)


def test_without_the_cube_nothing_can_be_put_together(counted: Counted, draw: Any, ask: Any) -> None:
    from dataclasses import replace

    estimates = measure(draw(TEN, by=BY), [ask(*WHO)], by=cross(*BY))
    with pytest.raises((UsageError, CannotSay)):
        overlaps(replace(estimates, cubes={}), ["displaced", "indigenous"])
