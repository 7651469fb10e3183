"""The manual of `opportunity`: how much would have to change hands, and which circumstance adds how much."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mel.comparison import opportunity
from mel.comparison.furthest.logit import NotFitted, fit_logit
from mel.comparison.furthest.shares import MEASURES, METHODS, Cells, all_of, shapley
from mel.errors import CannotSay, UsageError
from tests.spec.comparison.furthest_people import CHANCE, FOUR, NAMES, estimated, heard, people

MANY = {group: (20 * count, 20 * yes) for group, (count, yes) in FOUR.items()}


def golden(method: str) -> dict[str, float]:
    """Shares .30, .45 and .25 of people, of whom .20, .60 and .90 have access."""
    share, access = np.array([0.30, 0.45, 0.25]), np.array([0.20, 0.60, 0.90])
    cells = Cells(np.array([[0], [1], [2]]), share, share * access)
    return {name: value.value for name, value in all_of(METHODS[method](cells, (0,))).items()}


@pytest.mark.parametrize("method", ["cells", "logit"])
def test_the_golden_numbers(method: str) -> None:
    """As the World Bank's definition gives them; one circumstance leaves a logit nothing to smooth."""
    found = golden(method)
    assert found["coverage"] == pytest.approx(0.555, abs=1e-12)
    assert found["d_index"] == pytest.approx(0.1918918918918919, abs=1e-10)
    assert found["hoi"] == pytest.approx(0.4485, abs=1e-10)
    assert found["hoi_geometric"] == pytest.approx(np.exp(0.3 * np.log(0.2) + 0.45 * np.log(0.6) + 0.25 * np.log(0.9)), abs=1e-10)


def test_what_would_have_to_change_hands() -> None:
    """Two groups alike in size, 20 % and 60 %: a quarter of all opportunities is in the wrong hands."""
    cells = Cells(np.array([[0], [1]]), np.array([1.0, 1.0]), np.array([0.2, 0.6]))
    assert all_of(METHODS["cells"](cells, (0,)))["d_index"].value == pytest.approx(0.25)


def test_from_people() -> None:
    found = opportunity(estimated(people(FOUR, NAMES), NAMES), "heard", NAMES)
    count, yes = np.array(list(FOUR.values()), dtype=float).T
    mean = yes.sum() / count.sum()
    d = (count / count.sum() * abs(yes / count - mean)).sum() / (2 * mean)
    table = found.table.set_index("measure")
    assert list(table.index) == list(MEASURES)
    assert table.loc["coverage", "estimate"] == pytest.approx(mean)
    assert table.loc["d_index", "estimate"] == pytest.approx(d)
    assert table.loc["hoi", "estimate"] == pytest.approx(mean * (1 - d))
    assert (table["ci_low"] <= table["estimate"]).all()
    assert (table["cells"] == 8).all()


def test_contributions_add_up_and_the_largest_comes_first() -> None:
    found = opportunity(estimated(people(MANY, NAMES), NAMES), "heard", NAMES)
    index = found.table.set_index("measure").loc["d_index", "estimate"]
    parts = found.contributions
    assert parts["estimate"].sum() == pytest.approx(index, rel=1e-12)
    assert parts["part"].sum() == pytest.approx(1.0)
    assert parts["estimate"].is_monotonic_decreasing
    assert parts[["ci_low", "ci_high"]].notna().all(axis=None)


def test_a_circumstance_that_does_not_matter_adds_nothing() -> None:
    codes = np.array([[a, b] for a in range(2) for b in range(3)])
    w = np.ones(6)
    both = shapley(Cells(codes, w, np.where(codes[:, 0] == 0, 0.2, 0.6)), "cells", 2)
    assert both[0].value == pytest.approx(0.25)
    assert both[1].value == pytest.approx(0.0, abs=1e-15)


def test_a_barrier_is_turned_round() -> None:
    """Never on a barrier: those without it are counted, and the result says so."""
    estimates = estimated(people(FOUR, NAMES), NAMES, indicator=heard("lower_is_better"))
    found = opportunity(estimates, "heard", NAMES)
    count, yes = np.array(list(FOUR.values()), dtype=float).T
    assert found.complement
    assert found.table["estimate"].iloc[0] == pytest.approx(1 - yes.sum() / count.sum())
    assert "barrier" in found.table["note"].iloc[0]


def test_small_groups_lie_apart_by_chance_and_it_says_so() -> None:
    """Twelve people in each of 24 groups, all with the same access: the index is not zero, its interval begins there."""
    rng = np.random.default_rng(4)
    names = ["a", "b", "c"]
    groups = {(f"a{i}", f"b{j}", f"c{k}"): (12, int(rng.binomial(12, 0.5))) for i in range(2) for j in range(3) for k in range(4)}
    found = opportunity(estimated(people(groups, names), names, CHANCE), "heard", names)
    table = found.table.set_index("measure")
    assert table.loc["d_index", "estimate"] > 0.08
    assert table.loc["d_index", "ci_low"] == 0.0
    assert table.loc["d_index", "ci_high"] >= table.loc["d_index", "estimate"]
    assert "chance would still" in table.loc["d_index", "note"]
    assert found.contributions[["ci_low", "ci_high"]].isna().all(axis=None)


def test_every_finest_figure_is_an_input() -> None:
    found = opportunity(estimated(people(FOUR, NAMES), NAMES), "heard", NAMES)
    assert all(len(inputs) == 8 for inputs in [*found.table["inputs"], *found.contributions["inputs"]])
    shared = found.as_analysis()
    assert shared.kind == "opportunity"
    assert all({"n", "inputs", "disclosure", "note"} <= set(table) for table in shared.tables.values())


def test_nobody_drawn_by_chance_no_interval() -> None:
    found = opportunity(estimated(people(FOUR, NAMES), NAMES, {"basis": "self_selected"}), "heard", NAMES)
    assert found.table[["se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert found.contributions[["se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert "Nobody was drawn by chance" in found.table["note"].iloc[0]


def test_without_access_somewhere_the_geometric_mean_is_zero() -> None:
    groups = FOUR | {("rural", "woman", "with"): (60, 0)}
    table = opportunity(estimated(people(groups, NAMES), NAMES), "heard", NAMES).table.set_index("measure")
    assert table.loc["hoi_geometric", "estimate"] == 0
    assert np.isnan(table.loc["hoi_geometric", "se"])
    assert "nobody is reached" in table.loc["hoi_geometric", "note"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"circumstances": NAMES[:1]}, "FURTHEST_CIRCUMSTANCES"),
        ({"circumstances": [f"x{k}" for k in range(9)]}, "FURTHEST_CIRCUMSTANCES"),
        ({"circumstances": ["gender", "cast"]}, "FURTHEST_DIMENSION_UNKNOWN"),
        ({"method": "probit"}, "FURTHEST_OPTION"),
        ({"silences": "no"}, "FURTHEST_OPTION"),
        ({"level": 0}, "FURTHEST_OPTION"),
    ],
)
def test_a_wrong_call(more: dict[str, Any], code: str) -> None:
    call = {"circumstances": NAMES} | more
    with pytest.raises(UsageError) as told:
        opportunity(estimated(people(FOUR, NAMES), NAMES), "heard", call.pop("circumstances"), **call)
    assert told.value.codes == (code,)


def test_what_it_cannot_say() -> None:
    nobody = {group: (count, 0) for group, (count, _) in FOUR.items()}
    apart = {(r, g): (40, 0 if r == "rural" else 20) for r in ("rural", "town") for g in ("woman", "man")}
    refused = [
        ("OPPORTUNITY_NOBODY_REACHED", lambda: opportunity(estimated(people(nobody, NAMES), NAMES), "heard", NAMES)),
        ("OPPORTUNITY_LOGIT", lambda: opportunity(estimated(people(apart, NAMES[:2]), NAMES[:2]), "heard", NAMES[:2], method="logit")),
        ("FURTHEST_SIDE", lambda: opportunity(estimated(people(FOUR, NAMES), NAMES, indicator=heard("neither")), "heard", NAMES)),
        ("FURTHEST_KIND", lambda: opportunity(estimated(people(FOUR, NAMES), NAMES, indicator=heard(kind="mean")), "heard", NAMES)),
    ]
    for code, call in refused:
        with pytest.raises(CannotSay) as told:
            call()
        assert told.value.codes == (code,)


def test_a_logit_of_answers_that_are_all_alike_has_no_answer() -> None:
    with pytest.raises(NotFitted, match="alike"):
        fit_logit(np.array([[0], [1]]), np.ones(2), np.ones(2))
