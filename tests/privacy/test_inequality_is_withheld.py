"""A measure of inequality is made of every group's figure: where one of them is hidden, the measure and its words are, too.

With the other groups open, a mean difference or a variance would give the hidden figure back by solving one equation; and the note that
says how many people were left out would say how many they are.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.comparison.catalogue import CATALOGUE, PAIRS
from mel.disclosure import protect
from mel.estimation import measure
from mel.model.alliance import Design
from mel.model.domains import each
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.policy import Policy
from mel.model.release import Narratives
from mel.model.sample import Dimension, Sample

_spec = importlib.util.spec_from_file_location("protection_tables_too", Path(__file__).parent / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

NAMES = [name for name in CATALOGUE if name not in PAIRS]
HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented",
                  status="confirmed", polarity="higher_is_better")  # fmt: skip
ORDER = ("poorest", "middle", "rich", "richest")


def measured(sizes: dict[str, tuple[int, int]]) -> Estimates:
    """`sizes`: people and how many of them were heard, by group."""
    rows = [(group, "yes" if k < yes else "no") for group, (n, yes) in sizes.items() for k in range(n)]
    frame = pd.DataFrame(rows, columns=["wealth", "heard"]).assign(round="midline", heard__silence=None)
    dimension = Dimension(
        "wealth", "Wealth", {code: code for code in ORDER}, ordered=True, reference="middle", reference_reason="as an example"
    )
    sample = Sample(
        "survey", frame, Design(basis="probability", weights="none", stratum=False, psu=False), (dimension,), rounds=("midline",)
    )
    return measure(sample, [HEARD], by=each("wealth"))


def released(estimates: Estimates) -> Any:
    made = compare(estimates, gaps=["wealth"], inequality=NAMES)
    return protect(estimates, made, Narratives(), policy=Policy(), audience="public", context=tables.context())


def test_open_groups_have_open_measures() -> None:
    found = released(measured({"poorest": (60, 12), "middle": (60, 25), "rich": (60, 30), "richest": (60, 41)})).comparisons
    rows = found[found["measure"].isin(NAMES)]
    assert len(rows) == len(NAMES)
    assert (rows["disclosure"] == "open").all()
    assert rows["estimate"].notna().all()


@pytest.mark.parametrize("reliability", ["ok", "too_few"])
def test_a_hidden_group_takes_every_measure_with_it(reliability: str) -> None:
    """Whether its figure was in the measure or was left out as too few to say aloud."""
    estimates = measured({"poorest": (60, 12), "middle": (60, 25), "rich": (4, 1), "richest": (60, 41)})
    table = estimates.table
    few = (table["wealth"] == "rich").to_numpy()
    release = released(estimates.with_table(table.assign(reliability=np.where(few, reliability, "ok"))))
    rows = release.comparisons[release.comparisons["measure"].isin(NAMES)]
    assert len(rows) == len(NAMES)
    assert (rows["disclosure"] == "withheld").all()
    assert rows[["estimate", "se", "ci_low", "ci_high", "df"]].isna().all(axis=None)
    assert (rows[["note", "status"]] == "").all(axis=None)
    assert (rows["inputs"].map(len) == 0).all()


def test_without_withholding_one_equation_gives_the_hidden_figure_back() -> None:
    """Why: the open groups, everybody's size and one measure are enough."""
    estimates = measured({"poorest": (60, 12), "middle": (60, 25), "rich": (4, 1), "richest": (60, 41)})
    made = compare(estimates, gaps=["wealth"], inequality=["between_group_variance"]).table
    known = made.loc[made["measure"] == "between_group_variance", "estimate"].iloc[0]
    p, y = np.array([60, 60, 4, 60]) / 184, np.array([12 / 60, 25 / 60, np.nan, 41 / 60])
    guesses = [k / 4 for k in range(5)]
    fits = [abs((p * (np.where(np.isnan(y), g, y) - p @ np.where(np.isnan(y), g, y)) ** 2).sum() - known) < 1e-12 for g in guesses]
    assert [g for g, fit in zip(guesses, fits, strict=True) if fit] == [0.25]
