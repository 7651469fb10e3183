"""Is the gap closing, against whom is it measured, and how surprising is it among many? Small drawn tables, one idea a test."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mel.comparison import compare
from mel.errors import InputError, UsageError
from mel.estimation import measure
from mel.model.comparisons import Comparisons
from mel.model.domains import each
from mel.model.estimates import Estimates
from tests.drawn import asked, drawn_sample

HEARD = asked("heard", "proportion", {"column": "heard", "is": ["yes"]}, polarity="higher_is_better")
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}


def people(**shares: dict[str, tuple[int, int]]) -> str:
    """`baseline={"woman": (10, 4)}`: of ten women four were heard."""
    lines = ["round | gender | heard"]
    for round_, groups in shares.items():
        for group, (n, yes) in groups.items():
            lines += [f"{round_} | {group} | {'yes' if k < yes else 'no'}" for k in range(n)]
    return "\n".join(lines)


def measured(text: str, gender: str = "woman man", **design: Any) -> Estimates:
    return measure(drawn_sample(text, by={"gender": gender}, **{"rounds": "independent", **design}), [HEARD], by=each("gender"))


def with_reference(estimates: Estimates, reference: str, reason: str) -> Estimates:
    (gender,) = estimates.dimensions
    return replace(estimates, dimensions=(replace(gender, reference=reference, reference_reason=reason),))


def only(made: Comparisons, name: str, **keys: str) -> dict[str, Any]:
    table = made.table[made.table["measure"] == name]
    for key, value in keys.items():
        table = table[table[key] == value]
    assert len(table) == 1, (name, len(table))
    return {str(k): v for k, v in table.iloc[0].items()}


FOUR = {"baseline": {"woman": (10, 2), "man": (10, 8)}, "midline": {"woman": (10, 4), "man": (10, 7)}}


def test_a_change_of_a_gap_is_made_of_four_figures() -> None:
    """Men are ahead by 0.6, then by 0.3."""
    row = only(compare(measured(people(**FOUR))), "gap_change")
    assert (row["group_a"], row["group_b"], row["from_round"], row["round"]) == ("man", "woman", "baseline", "midline")
    assert (row["value_a"], row["value_b"], row["estimate"]) == pytest.approx((0.3, 0.6, -0.3))
    assert {(i.round, dict(i.domain)["gender"]) for i in row["inputs"]} == {(r, g) for r in FOUR for g in ("woman", "man")}
    assert row["status"] == "no_test"  # a census has no sampling error to judge by
    assert np.isnan(row["se"])


@pytest.mark.parametrize(
    ("midline", "status"),
    [
        ({"woman": (100, 70), "man": (100, 80)}, "closing"),  # from 60 points to 10
        ({"woman": (100, 5), "man": (100, 95)}, "widening"),
        ({"woman": (100, 25), "man": (100, 80)}, "unclear"),
        ({"woman": (100, 60), "man": (100, 50)}, "closing"),  # turned round, and clearly nearer
        ({"woman": (100, 80), "man": (100, 15)}, "unclear"),  # turned round, as far apart as before
    ],
)
def test_closing_is_said_of_the_distance_whichever_group_is_ahead(midline: Any, status: str) -> None:
    text = people(baseline={"woman": (100, 20), "man": (100, 80)}, midline=midline)
    found = with_reference(measured(text, **CHANCE), "man", "as an example")
    row = only(compare(found), "gap_change")
    assert row["status"] == status
    assert ("turned round" in row["note"]) == (midline["woman"] > midline["man"])


def test_independent_rounds_add_their_variances_by_hand() -> None:
    text = people(baseline={"woman": (40, 10), "man": (50, 30)}, midline={"woman": (60, 30), "man": (45, 27)})
    made = compare(with_reference(measured(text, **CHANCE), "man", "as an example"))
    row = only(made, "gap_change")
    gaps = made.table[made.table["measure"] == "gap_difference"]
    assert row["se"] == pytest.approx(np.sqrt((gaps["se"] ** 2).sum()), rel=1e-12)
    assert row["df"] == gaps["df"].sum()


def test_a_picked_pair_is_picked_late_and_says_what_that_does() -> None:
    text = people(
        baseline={"woman": (10, 9), "man": (10, 5), "non_binary": (10, 1)},
        midline={"woman": (10, 2), "man": (10, 5), "non_binary": (10, 8)},
    )
    row = only(compare(measured(text, "woman man non_binary")), "gap_change")
    assert (row["group_a"], row["group_b"]) == ("non_binary", "woman")
    assert (row["value_a"], row["value_b"]) == pytest.approx((0.6, -0.8))
    assert "picked as the highest and the lowest of the later round" in row["note"]


def test_a_gap_to_a_group_that_was_not_there_before_cannot_be_followed() -> None:
    text = people(baseline={"woman": (10, 5)}, midline={"woman": (10, 5), "man": (10, 6)})
    row = only(compare(measured(text)), "gap_change")
    assert (row["status"], np.isnan(row["estimate"])) == ("cannot_compare", True)
    assert "One of the four figures is missing" in row["note"]


def test_rounds_apart_are_compared_when_asked() -> None:
    text = people(**FOUR, endline={"woman": (10, 5), "man": (10, 5)})
    made = compare(measured(text), change=[("baseline", "endline")])
    assert only(made, "gap_change")["value_b"] == pytest.approx(-0.6 if only(made, "gap_change")["group_a"] == "woman" else 0.6)
    assert set(made.table.loc[made.table["measure"] == "change", "from_round"]) == {"baseline"}


def test_against_everyone_no_group_is_the_norm() -> None:
    made = compare(measured(people(**FOUR)), against="everyone")
    row = only(made, "gap_difference", group_a="woman", round="midline")
    assert (row["group_b"], row["value_b"], row["estimate"]) == ("all", 0.55, pytest.approx(-0.15))
    assert [i.domain for i in row["inputs"]] == [(("gender", "woman"),), ()]
    assert only(made, "gap_change", group_a="woman")["estimate"] == pytest.approx(-0.15 - (0.2 - 0.5))
    assert row["note"] == ""  # nothing was picked


def test_against_the_right_itself() -> None:
    made = compare(measured(people(**FOUR), **CHANCE), against="right")
    row = only(made, "gap_difference", group_a="woman", round="midline")
    assert (row["group_b"], row["value_b"], row["estimate"]) == ("right", 1.0, pytest.approx(-0.6))
    assert row["inputs"][0].round == "midline"
    assert len(row["inputs"]) == 1
    assert not made.table["measure"].isin(["gap_ratio", "gap_change"]).any()


def test_the_right_is_nobody_where_the_share_is_of_those_who_were_wronged() -> None:
    adverse = HEARD.model_copy(update={"polarity": "lower_is_better"})
    estimates = measure(drawn_sample(people(midline=FOUR["midline"]), by={"gender": "woman man"}), [adverse], by=each("gender"))
    assert only(compare(estimates, against="right"), "gap_difference", group_a="man")["value_b"] == 0.0


def test_an_unknown_way_to_compare_is_refused() -> None:
    with pytest.raises(UsageError) as error:
        compare(measured(people(**FOUR)), against="everybody")  # type: ignore[arg-type]
    assert error.value.codes == ("GAP_AGAINST_UNKNOWN",)
    assert "everyone" in str(error.value)


def test_a_reference_needs_a_reason_and_must_exist() -> None:
    for reference, reason, code in (("man", " ", "REFERENCE_WITHOUT_REASON"), ("men", "as an example", "REFERENCE_UNKNOWN")):
        with pytest.raises(InputError) as error:
            compare(with_reference(measured(people(**FOUR)), reference, reason))
        assert error.value.codes == (code,)


def test_rounds_that_cut_people_differently_are_refused_by_name() -> None:
    text = people(baseline={"woman": (10, 2), "man": (10, 8)}, midline={"female": (10, 4), "male": (10, 7)})
    estimates = measured(text, "woman man female male")
    with pytest.raises(InputError) as error:
        compare(estimates)
    assert error.value.codes == ("ROUNDS_CATEGORIES",)
    said = str(error.value)
    assert all(name in said for name in ("'gender'", "woman", "man", "female", "male", "baseline", "midline", "Map"))
    assert len(compare(estimates, change=[]).table)


def test_a_rare_category_that_nobody_happens_to_be_in_is_no_other_cut() -> None:
    text = people(
        baseline={"woman": (10, 2), "man": (10, 8), "non_binary": (1, 1)}, midline={"woman": (10, 4), "man": (10, 7), "other": (1, 0)}
    )
    table = compare(measured(text, "woman man non_binary other")).table
    changes = table[table["measure"] == "change"].set_index("gender")["status"]
    assert changes.to_dict() == {
        "all": "no_test", "woman": "no_test", "man": "no_test", "non_binary": "cannot_compare", "other": "cannot_compare"
    }  # fmt: skip


def test_answers_that_were_cut_differently_are_refused_too(draw: Any, ask: Any) -> None:
    rows = [f"{r} | {c}" for r, codes in (("baseline", "ab"), ("midline", "cd")) for c in codes for _ in range(6)]
    sample = draw("round | why\n" + "\n".join(rows), rounds="independent")
    with pytest.raises(InputError) as error:
        compare(measure(sample, [ask("why", "distribution", {"value": "why"})]))
    assert "answers to 'why'" in str(error.value)


def test_a_change_as_a_ratio_only_where_zero_means_none(draw: Any, ask: Any) -> None:
    three = draw("round | heard\n baseline | no\n baseline | no\n midline | yes\n endline | yes\n endline | no", rounds="independent")
    made = compare(measure(three, [ask("heard", "proportion", {"column": "heard", "is": ["yes"]})]))
    from_none, half = (only(made, "change_ratio", round=name) for name in ("midline", "endline"))
    assert (from_none["status"], np.isnan(from_none["estimate"])) == ("cannot_compare", True)  # nothing can be divided by nobody
    assert half["estimate"] == 0.5


def test_how_surprising_a_difference_is_and_among_how_many() -> None:
    text = people(baseline={"woman": (40, 10), "man": (50, 30)}, midline={"woman": (60, 30), "man": (45, 27)})
    made = compare(with_reference(measured(text, **CHANCE), "man", "as an example"))
    row = only(made, "change", gender="woman")
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["estimate"] / row["se"]), row["df"]), rel=1e-10)
    for name in ("change", "gap_difference", "gap_change"):
        family = made.table[made.table["measure"] == name]
        assert family["p_adjusted"].to_numpy() == pytest.approx(stats.false_discovery_control(family["p"].to_numpy()), rel=1e-12)
    assert made.table.loc[made.table["measure"].isin(["change_ratio", "gap_ratio"]), "p"].isna().all()  # the same thing said again


def test_a_pair_that_was_picked_pays_for_the_pairs_it_was_picked_from() -> None:
    groups = {"woman": (40, 10), "man": (50, 30), "non_binary": (40, 20)}
    row = only(compare(measured(people(midline=groups), "woman man non_binary", **CHANCE)), "gap_difference")
    alone = 2 * stats.t.sf(abs(row["estimate"] / row["se"]), row["df"])
    assert row["p"] == pytest.approx(3 * alone, rel=1e-10)  # three groups make three pairs


def test_a_census_has_nothing_to_test() -> None:
    assert compare(measured(people(**FOUR))).table["p"].isna().all()


@pytest.mark.parametrize("basis", ["census", "purposive", "self_selected", "unknown"])
def test_nobody_drawn_by_chance_and_no_note_speaks_of_chance(basis: str) -> None:
    """The groups were picked all the same, and the note says so."""
    three = {round_: {**groups, "other": (10, 5)} for round_, groups in FOUR.items()}
    found = compare(
        measured(people(**three), "woman man other", basis=basis), inequality=["mean_difference_from_best_performing", "index_of_disparity"]
    )
    told = found.table.set_index("measure")["note"]
    assert told[["gap_difference", "gap_ratio", "gap_change", "mean_difference_from_best_performing"]].str.contains("picked").all()
    assert not told.str.contains("chance").any()
    assert set(found.table["status"]) == {"no_test"}


def test_the_furthest_apart_of_groups_that_are_alike_are_seldom_called_different() -> None:
    """Six groups of forty, half of each heard: without allowing for the choice sixteen of these forty samples would tell of a gap."""
    rng, codes, called = np.random.default_rng(11), "a b c d e f", 0
    for _ in range(40):
        groups = {code: (40, int(rng.binomial(40, 0.5))) for code in codes.split()}
        found = compare(measured(people(baseline=groups), codes, **CHANCE))
        gap, ratio = only(found, "gap_difference"), only(found, "gap_ratio")
        assert (gap["status"] == "different") == (gap["p"] < 0.05), "what is called different and how surprising it is say the same"
        called += "different" in (gap["status"], ratio["status"])
    assert called <= 7


def test_groups_that_were_named_before_need_no_wider_interval() -> None:
    """Picked out of three pairs the interval is that of 98.3 %; against a named reference of 95 %."""
    three = {"baseline": {"woman": (60, 12), "man": (60, 48), "other": (60, 30)}}
    free = measured(people(**three), "woman man other", **CHANCE)
    picked = only(compare(free), "gap_difference")
    named = only(compare(with_reference(free, "woman", "invented")), "gap_difference", group_a="man")
    assert picked["estimate"] == pytest.approx(named["estimate"])
    for row, level in ((picked, 1 - 0.05 / 3), (named, 0.95)):
        half = stats.t.ppf(0.5 + level / 2, row["df"]) * row["se"]
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((row["estimate"] - half, row["estimate"] + half))
