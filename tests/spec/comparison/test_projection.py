"""Where will it be on the day of its target? Three rounds of people drawn by chance can say; everything else says why it cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from statsmodels.regression.linear_model import WLS

from mel.comparison import compare
from mel.errors import InputError, UsageError
from mel.estimation import measure
from mel.model.alliance import Target
from mel.model.estimates import Estimates
from tests.drawn import asked, drawn_sample

CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}
DATES = {"village": {"baseline": "2020-01-01", "midline": "2022-01-01", "endline": "2024-01-01"}}
RISING = {"baseline": (200, 60), "midline": (200, 80), "endline": (200, 104)}


def measured(rounds: dict[str, tuple[int, int]], *, polarity: str = "higher_is_better", people: bool = False, **design: Any) -> Estimates:
    lines = [f"{name} | {'yes' if k < yes else 'no'}" for name, (n, yes) in rounds.items() for k in range(n)]
    heard = asked("heard", "proportion", {"column": "heard", "is": ["yes"]}, polarity=polarity, judged_by_people=people)
    return measure(drawn_sample("round | heard\n" + "\n".join(lines), **({"rounds": "independent"} | CHANCE | design)), [heard])


def aim(value: float = 0.6, day: str | None = "2026-01-01", **more: Any) -> dict[str, list[Target]]:
    return {"heard": [Target(round="endline", value=value, date=day, **more)]}


def projected(estimates: Estimates, targets: Any = None, **options: Any) -> dict[str, Any]:
    table = compare(estimates, targets=targets or aim(), **({"dates": DATES} | options)).table
    found = table[table["measure"] == "projection"]
    assert len(found) == 1
    return {str(k): v for k, v in found.iloc[0].items()}


def test_it_is_a_weighted_line_of_logits_by_another_hand() -> None:
    row = projected(measured(RISING))
    p, n = np.array([60, 80, 104]) / 200, 200
    y, variance = np.log(p / (1 - p)), 1 / ((n - 1) * p * (1 - p))
    years = np.array([0, 731, 1461]) / 365.25
    fit = WLS(y, np.column_stack([np.ones(3), years]), weights=1 / variance).fit()
    there = np.array([1, 2192 / 365.25])
    logit, spread = float(there @ fit.params), float(np.sqrt(there @ fit.normalized_cov_params @ there))
    assert fit.scale < 1  # the rounds lie on the line as nearly as chance lets them
    assert np.log(row["estimate"] / (1 - row["estimate"])) == pytest.approx(logit, rel=1e-10)
    assert row["se"] == pytest.approx(spread * row["estimate"] * (1 - row["estimate"]), rel=1e-10)
    assert row["ci_low"] < row["estimate"] < row["ci_high"] < 1
    assert (row["target_date"], row["target"], row["from_round"], row["round"]) == ("2026-01-01", 0.6, "baseline", "endline")
    assert len(row["inputs"]) == 3


@pytest.mark.parametrize(
    ("value", "polarity", "status"),
    [(0.4, "higher_is_better", "on_course"), (0.95, "higher_is_better", "off_course"), (0.6, "higher_is_better", "unclear"),
     (0.4, "lower_is_better", "off_course"), (0.4, "neither", "no_rule")],
)  # fmt: skip
def test_what_is_said_of_the_target(value: float, polarity: str, status: str) -> None:
    row = projected(measured(RISING, polarity=polarity), aim(value))
    assert row["status"] == status
    assert np.isnan(row["chance"]) if polarity == "neither" else (row["chance"] > 0.975) == (status == "on_course")


def test_the_chances_of_both_sides_add_up_to_one() -> None:
    above, below = (projected(measured(RISING, polarity=side))["chance"] for side in ("higher_is_better", "lower_is_better"))
    assert above + below == pytest.approx(1)
    assert 0.3 < above < 0.8


def test_rounds_off_their_line_are_less_sure() -> None:
    bent = projected(measured(RISING | {"midline": (200, 130)}))
    assert "do not lie on a line" in bent["note"]
    assert bent["se"] > 3 * projected(measured(RISING))["se"]


def test_far_beyond_the_rounds_is_said() -> None:
    assert "more a guess" in projected(measured(RISING), aim(day="2028-06-01"))["note"]
    assert "more a guess" not in projected(measured(RISING), aim(day="2027-12-31"))["note"]


TWO = {name: RISING[name] for name in ("baseline", "endline")}


@pytest.mark.parametrize(
    ("estimates", "options", "why"),
    [
        (measured(TWO), {"dates": {"village": {name: DATES["village"][name] for name in TWO}}}, "there are 2"),
        (measured(RISING, basis="census", weights=None, stratum=None, psu=None), {}, "not drawn by chance"),
        (measured(RISING), {"dates": None}, "dates of the rounds are not known"),
        (measured(RISING), {"dates": {"village": DATES["village"] | {"endline": "2022-01-01"}}}, "there are 2"),
        (measured(RISING | {"midline": (30, 30)}), {}, "everybody answered alike"),
        (measured(RISING), {"targets": aim(day="2023-01-01")}, "not after the last round"),
    ],
)
def test_what_cannot_be_said_is_said_with_its_reason(estimates: Estimates, options: dict[str, Any], why: str) -> None:
    row = projected(estimates, options.pop("targets", None), **options)
    assert row["status"] == "cannot_say"
    assert np.isnan([row[name] for name in ("estimate", "se", "ci_low", "ci_high", "chance")]).all()
    assert why in row["note"]


def test_all_or_none_lies_at_the_end_of_the_scale() -> None:
    row = projected(measured(RISING), aim(1.0))
    assert np.isfinite(row["estimate"])
    assert np.isnan(row["chance"])
    assert (row["status"], "end of the scale" in row["note"]) == ("unclear", True)


def test_a_target_without_a_date_is_not_projected_unless_asked_and_then_refused() -> None:
    undated = aim(day=None, where={})
    table = compare(measured(RISING), targets=undated, dates=DATES).table
    assert not (table["measure"] == "projection").any()
    with pytest.raises(InputError) as error:
        compare(measured(RISING), targets=undated, dates=DATES, project=["heard"])
    assert error.value.codes == ("TARGET_WITHOUT_DATE",)
    assert "everybody" in str(error.value)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"dates": {"town": {}}}, "DATES_UNKNOWN"),
        ({"dates": {"village": {"middle": "2022-01-01"}}}, "DATES_UNKNOWN"),
        ({"dates": {"village": {"midline": "in May"}}}, "DATE_NOT_A_DAY"),
        ({"dates": DATES, "project": ["hered"]}, "TARGET_NONE_TO_PROJECT"),
    ],
)
def test_what_is_not_there_is_named(options: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as error:
        compare(measured(RISING), targets=aim(), **options)
    assert error.value.codes == (code,)


def test_a_projection_asked_for_needs_the_rounds_dates() -> None:
    with pytest.raises(InputError) as error:
        compare(measured(RISING), targets=aim(), project=["heard"])
    assert error.value.codes == ("PROJECTION_WITHOUT_DATES",)


def test_where_people_say_it_no_rule_does() -> None:
    """Laws, norms, movements: neither reached nor on course; advancing, holding or under attack is in the readings."""
    table = compare(measured(RISING, people=True), targets=aim(), dates=DATES).table
    for name in ("against_milestone", "projection"):
        row = table[table["measure"] == name].iloc[0]
        assert (row["status"], np.isnan(row["estimate"]), np.isnan(row["chance"])) == ("said_by_people", True, True)
        assert "advancing, holding or under attack" in row["note"]
