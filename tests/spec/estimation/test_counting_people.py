"""The manual of `measure`: one idea a test, on tables small enough to count by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mel.errors import UsageError
from mel.estimation import measure
from mel.model.domains import cross, crossings, each
from mel.model.pack import ReliabilityRule

HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
CIRCLE = """
    gender | heard | heard__silence    | hours | hours__silence
    woman  | yes   | .                 | 2     | .
    woman  | no    | .                 | 4     | .
    woman  | no    | .                 | .     | not_known
    woman  | .     | prefer_not_to_say | 6     | .
    man    | yes   | .                 | 8     | .
    man    | .     | not_asked         | 1     | .
    man    | .     | not_applicable    | 1     | .
"""
GENDER = {"gender": "woman man non_binary"}


def row(estimates: Any, **keys: str) -> Any:
    table = estimates.table
    for name in estimates.dimension_names:
        table = table[table[name] == keys.pop(name, "all")]
    for name, value in keys.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_a_proportion_is_of_those_who_answered(draw: Any, ask: Any) -> None:
    found = row(measure(draw(CIRCLE), [ask(*HEARD)]))
    assert (found["n"], found["n_yes"], found["estimate"]) == (4, 2, 0.5)


def test_the_four_silences_stay_four(draw: Any, ask: Any) -> None:
    found = row(measure(draw(CIRCLE), [ask(*HEARD)]))
    assert [found[f"n_{s}"] for s in ("prefer_not_to_say", "not_known", "not_asked", "not_applicable")] == [1, 0, 1, 1]
    assert found["n_missing"] == 2  # not_applicable: the question was not meant for him, so nothing is missing


def test_an_indicator_says_what_each_silence_does(draw: Any, ask: Any) -> None:
    silent_is_no = ask(*HEARD, silences={"prefer_not_to_say": "as_no", "not_asked": "out_of_population"})
    found = row(measure(draw(CIRCLE), [silent_is_no]))
    assert (found["n"], found["n_yes"], found["n_missing"], found["n_prefer_not_to_say"]) == (5, 2, 0, 1)


def test_population_narrows_who_is_asked_about(draw: Any, ask: Any) -> None:
    women = ask(*HEARD, population={"column": "gender", "is": ["woman"]})
    found = row(measure(draw(CIRCLE), [women]))
    assert (found["n"], found["n_missing"], round(found["estimate"], 3)) == (3, 1, 0.333)


def test_who_may_not_be_in_the_population_is_missing_not_a_no(draw: Any, ask: Any) -> None:
    table = "age | heard\n 20 | yes\n 30 | no\n . | no"
    adults = ask(*HEARD, population={"column": "age", "at_least": 18})
    found = row(measure(draw(table), [adults]))
    assert (found["n"], found["n_missing"], found["estimate"]) == (2, 1, 0.5)


def test_each_gives_one_table_for_each_dimension(draw: Any, ask: Any) -> None:
    estimates = measure(draw(CIRCLE, by=GENDER), [ask(*HEARD)], by=each("gender"))
    assert estimates.table["gender"].tolist() == ["all", "woman", "man", "non_binary"]


def test_a_group_nobody_is_in_is_a_row_without_a_number(draw: Any, ask: Any) -> None:
    found = row(measure(draw(CIRCLE, by=GENDER), [ask(*HEARD)], by=each("gender")), gender="non_binary")
    assert found["n"] == 0
    assert np.isnan(found["estimate"])
    assert found["reliability"] == "too_few"
    assert found["note"] == "Nobody in this group was counted."


def test_crossings_have_every_combination(draw: Any, ask: Any) -> None:
    sample = draw("gender | age_group | heard\n woman | young | yes\n man | old | no", by={"gender": "woman man", "age_group": "young old"})
    table = measure(sample, [ask(*HEARD)], by=crossings(["gender", "age_group"], up_to=2)).table
    assert len(table) == 1 + 2 + 2 + 4
    assert (table["n"] == 0).sum() == 2


def test_a_bare_list_is_refused_and_shows_both_readings(draw: Any, ask: Any) -> None:
    with pytest.raises(UsageError, match=r'each\("gender"\).*cross\("gender"\)'):
        measure(draw(CIRCLE, by=GENDER), [ask(*HEARD)], by=["gender"])  # type: ignore[arg-type]


def test_each_indicator_may_have_its_own_breakdown(draw: Any, ask: Any) -> None:
    hours = ask("hours", "mean", {"value": "hours"})
    table = measure(draw(CIRCLE, by=GENDER), [ask(*HEARD), hours], by={"hours": each("gender")}).table
    assert table.groupby("indicator").size().to_dict() == {"heard": 1, "hours": 4}


def test_mean_total_and_ratio(draw: Any, ask: Any) -> None:
    table = "hours | children\n 10 | 1\n 20 | 3\n . | 5"
    indicators = [
        ask("mean", "mean", {"value": "hours"}),
        ask("total", "total", {"value": "hours"}),
        ask("ratio", "ratio", {"value": "hours"}, denominator={"value": "children"}),
        ask("parents", "total", {"column": "children", "at_least": 2}),
    ]
    estimates = measure(draw(table), indicators).table.set_index("indicator")
    assert estimates["estimate"].round(6).to_dict() == {"mean": 15, "total": 30, "ratio": 7.5, "parents": 2}
    assert estimates["n"].to_dict() == {"mean": 2, "total": 2, "ratio": 2, "parents": 3}


def test_a_distribution_has_a_row_for_every_answer_the_form_offers(draw: Any, ask: Any) -> None:
    sample = draw("water\n well\n well\n tap\n .", choices={"water": {"well": "A well", "tap": "A tap", "river": "The river"}})
    estimates = measure(sample, [ask("water", "distribution", {"value": "water"})])
    shares = estimates.table.set_index("category")["estimate"]
    assert shares.round(3).to_dict() == {"well": 0.667, "tap": 0.333, "river": 0.0}
    assert estimates.labels["water"]["river"] == "The river"
    assert estimates.table["n_missing"].unique().tolist() == [1]


def test_a_select_multiple_shares_add_up_to_more_than_one(draw: Any, ask: Any) -> None:
    sample = draw(
        "needs/water | needs/safety\n 1 | 1\n 1 | 0\n . | .",
        multiples=("needs",),
        choices={"needs": {"water": "Water", "safety": "Safety"}},
    )
    frame = sample.frame.astype({"needs/water": "float", "needs/safety": "float"})
    sample = type(sample)(**(vars(sample) | {"frame": frame}))
    table = measure(sample, [ask("needs", "distribution", {"value": "needs"})]).table.set_index("category")
    assert table["estimate"].to_dict() == {"water": 1.0, "safety": 0.5}
    assert table["n"].tolist() == [2, 2]


def test_composition_shows_who_was_reached_and_who_did_not_say(draw: Any, ask: Any) -> None:
    sample = draw("gender\n woman\n woman\n man\n prefer_not_to_say", by={"gender": "woman man prefer_not_to_say"})
    table = measure(sample, [ask("reached", "composition", {"value": "gender"})], by=each("gender")).table
    assert table.set_index("category")["estimate"].to_dict() == {"woman": 0.5, "man": 0.25, "prefer_not_to_say": 0.25}
    assert (table["gender"] == "all").all()  # never broken down by itself


def test_distinct_count_is_of_different_ones(draw: Any, ask: Any) -> None:
    sample = draw("partner_id | country\n a | KE\n a | KE\n b | KE\n b | UG\n . | UG", by={"country": "KE UG"}, counts="things")
    estimates = measure(sample, [ask("partners", "distinct_count", {"value": "partner_id"})], by=each("country"))
    assert row(estimates)["estimate"] == 2
    assert [row(estimates, country=c)["estimate"] for c in ("KE", "UG")] == [2, 1]
    assert row(estimates, country="UG")["n"] == 1
    assert row(estimates, country="UG")["n_missing"] == 1


def test_rounds_are_counted_apart(draw: Any, ask: Any) -> None:
    sample = draw("round | heard\n baseline | no\n baseline | yes\n midline | yes")
    table = measure(sample, [ask(*HEARD)]).table
    assert dict(zip(table["round"], table["estimate"], strict=True)) == {"baseline": 0.5, "midline": 1.0}


@pytest.mark.parametrize("basis", ["census", "purposive", "self_selected", "unknown"])
def test_only_a_probability_sample_has_sampling_error(basis: str, draw: Any, ask: Any) -> None:
    found = row(measure(draw(CIRCLE, basis=basis), [ask(*HEARD)]))
    assert found["estimate"] == 0.5
    assert found[["se", "ci_low", "ci_high", "cv", "deff", "df"]].isna().all()
    assert found["basis"] == basis
    assert found["weighted_total"] == 4 if basis == "census" else np.isnan(found["weighted_total"])


def test_people_who_are_no_sample_have_no_population_total(draw: Any, ask: Any) -> None:
    hours = ask("hours", "total", {"value": "hours"})
    purposive = row(measure(draw(CIRCLE, basis="purposive"), [hours]))
    assert np.isnan(purposive["estimate"])
    assert "no population total" in purposive["note"]
    assert row(measure(draw(CIRCLE, basis="purposive", counts="things"), [hours]))["estimate"] == 22  # a register's own total
    assert row(measure(draw(CIRCLE), [hours]))["estimate"] == 22  # the list is the population


DRAWN = """
    stratum | psu | weight | gender | heard
    north   | 1   | 2      | woman  | yes
    north   | 1   | 2      | man    | no
    north   | 2   | 2      | woman  | no
    north   | 2   | 2      | woman  | yes
    south   | 1   | 5      | woman  | yes
    south   | 1   | 5      | man    | yes
    south   | 2   | 5      | woman  | no
    south   | 2   | 5      | non_binary | yes
"""
CHANCE = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": "s", "psu": "p"}


def test_weights_count_and_strata_and_clusters_decide_how_sure(draw: Any, ask: Any) -> None:
    found = row(measure(draw(DRAWN, **CHANCE), [ask(*HEARD)]))
    assert found["estimate"] == pytest.approx((2 + 2 + 15) / 28)
    # by hand: north gives z = 0 twice; south's two PSUs give (10 - 10R)/28 and (5 - 10R)/28, their squared distance halved, times 2
    assert found["se"] == pytest.approx(5 / 28)
    assert found["df"] == 2  # four PSUs minus two strata


def test_psu_numbers_start_anew_in_each_stratum(draw: Any, ask: Any) -> None:
    nested = row(measure(draw(DRAWN, **CHANCE), [ask(*HEARD)]))
    unstratified = row(measure(draw(DRAWN, **(CHANCE | {"stratum": False})), [ask(*HEARD)]))
    assert (nested["df"], unstratified["df"]) == (2, 1)  # without strata, PSU 1 is one PSU


def test_a_domain_in_one_psu_has_no_standard_error_and_says_so(draw: Any, ask: Any) -> None:
    estimates = measure(draw(DRAWN, by=GENDER, **CHANCE), [ask(*HEARD)], by=each("gender"))
    alone = row(estimates, gender="non_binary")
    assert np.isnan(alone["se"])
    assert alone["note"] == "One person answered: no standard error can be computed."
    assert np.isfinite(row(estimates, gender="woman")["se"])


def test_the_three_intervals_are_different_and_named(draw: Any, ask: Any) -> None:
    low = {how: row(measure(draw(DRAWN, **CHANCE), [ask(*HEARD)], interval=how))["ci_low"] for how in ("logit", "wilson", "korn_graubard")}
    assert len(set(low.values())) == 3


def test_where_everybody_said_yes_no_interval_is_made_up(draw: Any, ask: Any) -> None:
    found = row(measure(draw(DRAWN.replace("| no", "| yes"), **CHANCE), [ask(*HEARD)]))
    assert (found["estimate"], found["se"]) == (1, 0)
    assert np.isnan(found["ci_low"])
    assert "no spread" in found["note"]


def test_a_design_effect_needs_no_scale_of_the_weights(draw: Any, ask: Any) -> None:
    """Normalised weights add up to n: R's default then divides by nothing much; with-replacement does not notice."""
    normalised = draw(DRAWN.replace("| 2      |", "| 0.5714 |").replace("| 5      |", "| 1.4286 |"), **(CHANCE | {"weights": "normalised"}))
    expansion = row(measure(draw(DRAWN, **CHANCE), [ask(*HEARD)]))
    assert row(measure(normalised, [ask(*HEARD)]))["deff"] == pytest.approx(expansion["deff"], rel=1e-3)
    r = row(measure(normalised, [ask(*HEARD)], deff="r_default"))
    assert np.isnan(r["deff"]) or r["deff"] > 100


def test_reliability_is_a_rule_somebody_named(draw: Any, ask: Any) -> None:
    rule = ReliabilityRule(id="own", label="own", too_few_below=2, caution_below=4, source="invented", status="confirmed")
    estimates = measure(draw(CIRCLE, by=GENDER), [ask(*HEARD)], by=each("gender"), reliability=rule)
    assert [row(estimates, gender=g)["reliability"] for g in ("woman", "man")] == ["caution", "too_few"]
    assert row(estimates)["reliability"] == "ok"


def test_nothing_is_open_before_protect(draw: Any, ask: Any) -> None:
    assert measure(draw(CIRCLE), [ask(*HEARD)]).table["disclosure"].unique().tolist() == ["unchecked"]


def test_the_sample_is_not_touched(draw: Any, ask: Any) -> None:
    sample = draw(CIRCLE, by=GENDER)
    before = sample.frame.copy(deep=True)
    measure(sample, [ask(*HEARD)], by=cross("gender"))
    assert sample.frame.equals(before)


def test_an_empty_table_gives_empty_rows(draw: Any, ask: Any) -> None:
    sample = draw("gender | heard\n woman | yes", by=GENDER)
    sample = type(sample)(**(vars(sample) | {"frame": sample.frame.iloc[:0]}))
    table = measure(sample, [ask(*HEARD)], by=each("gender")).table
    assert table["n"].tolist() == [0, 0, 0, 0]
