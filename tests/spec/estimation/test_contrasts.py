"""The manual of differences between any two figures: what they are, what they carry, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mel.comparison import compare
from mel.errors import CannotSay, InputError, UsageError
from mel.estimation import measure
from mel.model.domains import each
from mel.model.estimates import Estimates, figure_of

HEARD = ("heard", "proportion", {"column": "heard", "is": ["yes"]})
CAME = ("came", "proportion", {"column": "came", "is": ["yes"]})
ROWS = """
    round    | psu | gender | region | heard | came
    baseline | 1   | woman  | north  | no    | no
    baseline | 1   | man    | north  | yes   | yes
    baseline | 2   | woman  | north  | yes   | yes
    baseline | 2   | man    | south  | yes   | no
    baseline | 3   | woman  | south  | no    | no
    baseline | 3   | man    | south  | no    | yes
    midline  | 1   | woman  | north  | yes   | yes
    midline  | 1   | man    | north  | yes   | no
    midline  | 2   | woman  | north  | yes   | yes
    midline  | 2   | man    | south  | no    | no
    midline  | 3   | woman  | south  | no    | yes
    midline  | 3   | man    | south  | yes   | yes
"""
BY = {"gender": "woman man", "region": "north south"}
CLUSTERS = {"basis": "probability", "weights": "none", "stratum": False, "psu": "psu", "rounds": "same_clusters"}
PEOPLE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False, "rounds": "independent"}
WOMEN = {"indicator": "heard", "gender": "woman", "round": "midline"}
MEN = {"indicator": "heard", "gender": "man", "round": "midline"}
NORTH = {"indicator": "heard", "region": "north", "round": "midline"}


@pytest.fixture
def estimates(draw: Any, ask: Any) -> Estimates:
    return measure(draw(ROWS, by=BY, **CLUSTERS), [ask(*HEARD), ask(*CAME)], by=each("gender", "region"))


def test_a_difference_knows_the_figures_it_came_from(estimates: Estimates) -> None:
    found = estimates.difference(WOMEN, NORTH)  # two of the three women live in the north
    assert found.estimate == pytest.approx(2 / 3 - 1)
    assert [figure.domain for figure in found.inputs] == [(("gender", "woman"),), (("region", "north"),)]


def test_a_row_is_named_by_its_figure_or_by_its_keys(estimates: Estimates) -> None:
    row = estimates.table[(estimates.table["gender"] == "woman") & (estimates.table["indicator"] == "heard")].iloc[1]
    figure = figure_of(row, estimates.dimension_names)
    assert estimates.figure(**WOMEN) == figure
    assert estimates.difference(figure, MEN) == estimates.difference(WOMEN, MEN)


def test_the_same_people_are_not_taken_for_others(estimates: Estimates) -> None:
    """A group and itself differ by nothing, surely; a group and everybody by less than if they were strangers."""
    whole = {"indicator": "heard", "round": "baseline"}
    women = {"indicator": "heard", "gender": "woman", "round": "baseline"}
    matrix = estimates.covariance([women, whole])
    found = estimates.difference(women, whole)
    assert found.se == pytest.approx(np.sqrt(matrix[0, 0] + matrix[1, 1] - 2 * matrix[0, 1]))
    assert matrix[0, 1] > 0
    assert found.se < np.sqrt(matrix[0, 0] + matrix[1, 1])


def test_it_is_what_compare_says(estimates: Estimates) -> None:
    """Change between rounds of the same clusters, and gaps: one core, one number."""
    table = compare(estimates).table
    change = table[(table["measure"] == "change") & (table["indicator"] == "came") & (table["gender"] == "woman")].iloc[0]
    found = estimates.difference(
        {"indicator": "came", "gender": "woman", "round": "midline"}, {"indicator": "came", "gender": "woman", "round": "baseline"}
    )
    np.testing.assert_equal(
        [found.estimate, found.se, found.ci_low, found.ci_high, found.df],
        change[["estimate", "se", "ci_low", "ci_high", "df"]].tolist(),
    )


def test_a_ratio_has_its_interval_on_the_log_scale(estimates: Estimates) -> None:
    found = estimates.ratio({"indicator": "heard", "round": "midline"}, {"indicator": "heard", "round": "baseline"})
    assert found.estimate == pytest.approx((4 / 6) / (3 / 6))
    assert found.ci_low * found.ci_high == pytest.approx(found.estimate**2)


def test_a_change_of_a_gap_is_a_contrast_of_four(estimates: Estimates) -> None:
    terms = [(WOMEN, 1), (MEN, -1), ({**WOMEN, "round": "baseline"}, -1), ({**MEN, "round": "baseline"}, 1)]
    found = estimates.contrast(terms)
    assert found.estimate == pytest.approx((2 / 3 - 2 / 3) - (1 / 3 - 2 / 3))
    assert found.df == 2
    assert len(found.inputs) == 4
    assert estimates.contrast({figure: c for (_, c), figure in zip(terms, found.inputs, strict=True)}) == found


def test_two_questions_of_people_drawn_one_by_one_must_be_counted_together(draw: Any, ask: Any) -> None:
    sample, asked = draw(ROWS, by=BY, **PEOPLE), [ask(*HEARD), ask(*CAME)]
    a, b = {"indicator": "heard", "round": "midline"}, {"indicator": "came", "round": "midline"}
    with pytest.raises(CannotSay) as error:
        measure(sample, asked).difference(a, b)
    assert error.value.codes == ("COVARIANCE_TWO_INDICATORS",)
    found = measure(sample, asked, together=[("heard", "came")]).covariance([a, b])
    heard, came = np.array([1, 1, 1, 0, 0, 1]), np.array([1, 0, 1, 0, 1, 1])
    np.testing.assert_allclose(found, np.cov(heard, came) / 6, rtol=1e-12)


def test_two_answers_of_a_question_with_many_must_be_counted_together_too(draw: Any, ask: Any) -> None:
    rows = """
        needs/food | needs/water
        1          | 1
        1          | 0
        0          | 1
        1          | 1
        0          | 0
    """
    sample = draw(rows, multiples=("needs",), **PEOPLE)
    for name in ("needs/food", "needs/water"):
        sample.frame[name] = sample.frame[name].astype(float)
    needs = ask("needs", "distribution", {"value": "needs"})
    figures = [{"indicator": "needs", "category": name} for name in ("food", "water")]
    with pytest.raises(CannotSay):
        measure(sample, [needs]).covariance(figures)
    found = measure(sample, [needs], together=[("needs", "needs")]).covariance(figures)
    np.testing.assert_allclose(found, np.cov([1, 1, 0, 1, 0], [1, 0, 1, 1, 0]) / 5, rtol=1e-12, atol=1e-16)


def test_people_who_were_not_drawn_by_chance_have_a_difference_and_no_error(draw: Any, ask: Any) -> None:
    estimates = measure(draw(ROWS, by=BY, basis="purposive"), [ask(*HEARD)], by=each("gender", "region"))
    found = estimates.difference(WOMEN, NORTH)
    assert found.estimate == pytest.approx(2 / 3 - 1)
    assert np.isnan([found.se, found.ci_low, found.ci_high, found.df]).all()
    assert "not drawn by chance" in found.note


def test_a_figure_that_is_missing_leaves_nothing_to_say(draw: Any, ask: Any) -> None:
    estimates = measure(draw(ROWS, by={"gender": "woman man other"}, **CLUSTERS), [ask(*HEARD)], by=each("gender"))
    found = estimates.difference(WOMEN, {**WOMEN, "gender": "other"})
    assert np.isnan(found.estimate)
    assert found.note == "One of these figures is missing."
    assert np.isnan(estimates.covariance([WOMEN, {**WOMEN, "gender": "other"}])[0, 1])


def test_where_everybody_answered_alike_nothing_is_tested(draw: Any, ask: Any) -> None:
    found = measure(draw(ROWS, by=BY, **CLUSTERS), [ask(*HEARD)], by=each("gender", "region")).difference(NORTH, WOMEN)
    assert (found.estimate, found.note[:15]) == (pytest.approx(1 / 3), "In one of these")
    assert np.isnan(found.se)


@pytest.mark.parametrize(
    ("keys", "code", "said"),
    [
        ({"indicator": "heard", "gender": "womn", "round": "midline"}, "FIGURE_NOT_FOUND", "gender = woman"),
        ({"indicator": "heard"}, "FIGURE_NOT_ONE", "'round'"),
        ({"indicator": "hear", "round": "midline"}, "FIGURE_NOT_FOUND", "indicator = heard"),
    ],
)
def test_a_figure_that_is_not_one_row(keys: dict[str, str], code: str, said: str, estimates: Estimates) -> None:
    with pytest.raises(InputError) as error:
        estimates.figure(**keys)
    assert error.value.codes == (code,)
    assert said in str(error.value)


def test_a_key_that_is_none_is_told_with_those_that_are(estimates: Estimates) -> None:
    with pytest.raises(UsageError, match="'gendr', which is no key"):
        estimates.figure(indicator="heard", gendr="woman")


def test_a_contrast_names_each_figure_once_with_a_number(estimates: Estimates) -> None:
    with pytest.raises(UsageError, match="CONTRAST_TWICE"):
        estimates.difference(WOMEN, WOMEN)
    for terms in ((), [(WOMEN, float("nan"))]):
        with pytest.raises(UsageError, match="CONTRAST_EMPTY"):
            estimates.contrast(terms)


def test_two_bases_are_not_set_against_each_other(draw: Any, ask: Any) -> None:
    from dataclasses import replace

    chance = measure(draw(ROWS, **CLUSTERS), [ask(*HEARD)])
    chosen = measure(replace(draw(ROWS, basis="purposive"), dataset="club"), [ask(*HEARD)])
    with pytest.raises(CannotSay, match="CONTRAST_TWO_BASES"):
        (chance + chosen).difference(
            {"indicator": "heard", "round": "midline", "dataset": "village"}, {"indicator": "heard", "round": "midline", "dataset": "club"}
        )


def test_two_datasets_are_independent_only_when_somebody_says_so(draw: Any, ask: Any) -> None:
    from dataclasses import replace

    one = measure(draw(ROWS, **CLUSTERS), [ask(*HEARD)])
    two = measure(replace(draw(ROWS, **PEOPLE), dataset="town"), [ask(*HEARD)])
    a, b = ({"indicator": "heard", "round": "baseline", "dataset": name} for name in ("village", "town"))
    with pytest.raises(CannotSay, match="CONTRAST_TWO_DATASETS"):
        (one + two).difference(a, b)
    found = (one + two).difference(a, b, independent=True)
    se, df = (np.array([part.table.set_index("round").loc["baseline", name] for part in (one, two)]) for name in ("se", "df"))
    assert found.se == pytest.approx(np.sqrt((se**2).sum()))
    assert found.df == df.sum()


def test_what_is_no_sum_is_refused(draw: Any, ask: Any) -> None:
    register = measure(draw(ROWS, by=BY), [ask("regions", "distinct_count", {"value": "region"})], by=each("gender"))
    a, b = ({"indicator": "regions", "gender": name, "round": "midline"} for name in ("woman", "man"))
    with pytest.raises(CannotSay, match="CONTRAST_OF_KIND"):
        register.difference(a, b)


def test_rounds_must_say_how_they_relate(draw: Any, ask: Any) -> None:
    design = {name: value for name, value in CLUSTERS.items() if name != "rounds"}
    estimates = measure(draw(ROWS, **design), [ask(*HEARD)])
    with pytest.raises(InputError, match="ROUNDS_NOT_DECLARED"):
        estimates.difference({"indicator": "heard", "round": "midline"}, {"indicator": "heard", "round": "baseline"})


def test_together_names_pairs_of_indicators_that_are_asked_for(draw: Any, ask: Any) -> None:
    sample = draw(ROWS, **PEOPLE)
    with pytest.raises(UsageError, match="TOGETHER_NOT_PAIRS"):
        measure(sample, [ask(*HEARD), ask(*CAME)], together=["heard"])  # type: ignore[list-item]
    with pytest.raises(UsageError, match="INDICATOR_UNKNOWN"):
        measure(sample, [ask(*HEARD)], together=[("heard", "came")])
