"""Is a change, a change of a gap and a projection what R makes of the same people? survey's svyglm, svyby and svycontrast, nlme's gls.

`expected.json` and the invented people are written by r_change/make.R with R alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.estimation import measure
from mel.model.alliance import Design, Target
from mel.model.comparisons import Comparisons
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.multiplicity import false_discovery
from mel.model.sample import Dimension, Sample

HERE = Path(__file__).parent / "r_change"
EXPECTED = json.loads((HERE / "expected.json").read_text())
ROUNDS = ("baseline", "midline", "endline")
PAIRS = [tuple(name.split()) for name in EXPECTED["designs"]["independent"]["change"]]
GROUPS = {"woman": "woman", "man": "man", "non_binary": "non_binary"}
MORE: dict[str, Any] = {"source": "invented", "status": "confirmed", "polarity": "higher_is_better"}
Y = Indicator(id="y", label="y", kind="proportion", numerator={"column": "y", "is": ["1"]}, **MORE)
V = Indicator(id="v", label="v", kind="mean", numerator={"value": "v"}, **MORE)


def compared(relation: str, *, reference: str | None = "man", **options: Any) -> Comparisons:
    people = pd.read_csv(HERE / "people.csv")
    frame = people.assign(
        y=people["y"].map({1.0: "1", 0.0: "0"}),
        y__silence=np.where(people["y"].isna(), "not_known", None),
        v__silence=None,
        weight=people["w"],
    )
    design = Design(basis="probability", weights="expansion", weight="w", stratum="stratum", psu="psu", rounds=relation)
    dimension = Dimension("g", "Gender", GROUPS, reference=reference, reference_reason="as an example" if reference else "")
    estimates = measure(Sample("survey", frame, design, (dimension,), rounds=ROUNDS), [Y, V], by=each("g"))
    return compare(estimates, change=PAIRS, **options)


def rows(table: pd.DataFrame, **keys: str) -> pd.DataFrame:
    wanted = np.logical_and.reduce([(table[name] == value).to_numpy() for name, value in keys.items()])
    return table[wanted]


def one(table: pd.DataFrame, **keys: str) -> pd.Series:
    found = rows(table, **keys)
    assert len(found) == 1, keys
    return found.iloc[0]


@pytest.mark.parametrize("relation", ["independent", "same_clusters"])
def test_the_change_of_a_gap_is_the_interaction_of_a_saturated_model(relation: str) -> None:
    table = compared(relation).table
    r = EXPECTED["designs"][relation]["did"]
    for indicator in ("y", "v"):
        for before, after in PAIRS:
            row = one(table, measure="gap_change", indicator=indicator, from_round=before, round=after, group_a="woman", group_b="man")
            theirs = r[indicator][f"{before} {after}"]
            assert (row["estimate"], row["se"]) == pytest.approx((theirs["by_means"]["est"], theirs["by_means"]["se"]), rel=1e-11)
            assert (row["estimate"], row["se"]) == pytest.approx((theirs["est"], theirs["se"]), rel=1e-8)  # svyglm iterates


@pytest.mark.parametrize("relation", ["independent", "same_clusters"])
def test_against_everyone_counts_that_she_is_part_of_everyone(relation: str) -> None:
    table = compared(relation, reference=None, against="everyone").table
    for before, after in PAIRS:
        theirs = EXPECTED["designs"][relation]["everyone"][f"{before} {after}"]
        keys = {"indicator": "y", "round": after, "group_a": "woman", "group_b": "all"}
        gap = one(table, measure="gap_difference", **keys)
        moved = one(table, measure="gap_change", from_round=before, **keys)
        assert (gap["estimate"], gap["se"]) == pytest.approx((theirs["gap"]["est"], theirs["gap"]["se"]), rel=1e-11)
        assert (moved["estimate"], moved["se"]) == pytest.approx((theirs["change"]["est"], theirs["change"]["se"]), rel=1e-10)


@pytest.mark.parametrize("relation", ["independent", "same_clusters"])
def test_a_change_as_a_difference_and_as_a_ratio(relation: str) -> None:
    table = compared(relation).table
    for before, after in PAIRS:
        theirs = EXPECTED["designs"][relation]["change"][f"{before} {after}"]
        keys = {"indicator": "y", "from_round": before, "round": after, "g": "all"}
        difference, ratio = one(table, measure="change", **keys), one(table, measure="change_ratio", **keys)
        assert (difference["estimate"], difference["se"]) == pytest.approx((theirs["est"], theirs["se"]), rel=1e-11)
        assert np.log(ratio["estimate"]) == pytest.approx(theirs["log_ratio"], rel=1e-10)
        assert ratio["se"] / ratio["estimate"] == pytest.approx(theirs["log_se"], rel=1e-11)


@pytest.mark.parametrize("relation", ["independent", "same_clusters"])
def test_a_projection_is_generalised_least_squares(relation: str) -> None:
    """R's error of the line alone; where the rounds lie off it, ours is wider by the root of chi squared over its one degree."""
    day = EXPECTED["day"]
    targets = {"y": [Target(round="endline", value=0.7, date=day)], "v": [Target(round="endline", value=41.0, date=day)]}
    table = compared(relation, targets=targets, dates={"survey": EXPECTED["dates"]}).table
    for indicator in ("y", "v"):
        theirs = EXPECTED["designs"][relation]["carried"][indicator]
        row = one(table, measure="projection", indicator=indicator)
        value, se = theirs["scale_value"], theirs["scale_se"] * max(1.0, np.sqrt(theirs["chi2"]))
        if indicator == "y":
            value = 1 / (1 + np.exp(-value))
            se *= value * (1 - value)
        assert row["estimate"] == pytest.approx(value, rel=1e-9)
        assert row["se"] == pytest.approx(se, rel=1e-8)  # nlme's own decomposition keeps about so many digits
        assert len(row["inputs"]) == 3


def test_the_adjustment_for_many_is_p_adjust() -> None:
    found = false_discovery(np.array(EXPECTED["bh"]["p"]))
    assert found == pytest.approx(EXPECTED["bh"]["adjusted"], rel=1e-14)
