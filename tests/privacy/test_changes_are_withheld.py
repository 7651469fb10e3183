"""A change of a gap, a ratio of rounds and a projection are made of several figures: where one is hidden, they leave with it.

With the others open, each of them is one equation with one unknown. And how surprising the open differences are is worked out without
the hidden ones: in an adjustment over all of them, a hidden p stands in the place of an open one.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.disclosure import protect
from mel.disclosure.differences import protected_comparisons, without_intervals
from mel.errors import ProtectionRefused
from mel.estimation import measure
from mel.formats.release import read_release, write_release
from mel.model.alliance import Design, Target
from mel.model.comparisons import NUMBERS, Comparisons
from mel.model.domains import each
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.multiplicity import false_discovery
from mel.model.policy import Policy
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample

_spec = importlib.util.spec_from_file_location("protection_tables_again", Path(__file__).parent / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented",
                  status="confirmed", polarity="higher_is_better")  # fmt: skip
ROUNDS = ("baseline", "midline", "endline")
DATES = {"survey": {"baseline": "2020-01-01", "midline": "2022-01-01", "endline": "2024-01-01"}}
SIZES = {"baseline": {"woman": (60, 12), "man": (60, 30)}, "midline": {"woman": (60, 20), "man": (60, 33)},
         "endline": {"woman": (60, 26), "man": (60, 35)}}  # fmt: skip
FEW = {**SIZES, "baseline": {"woman": (4, 1), "man": (60, 30)}}
"""Four women at baseline: too few to show."""


def measured(sizes: dict[str, dict[str, tuple[int, int]]]) -> Estimates:
    rows = [
        (round_, group, "yes" if k < yes else "no")
        for round_, groups in sizes.items()
        for group, (n, yes) in groups.items()
        for k in range(n)
    ]
    frame = pd.DataFrame(rows, columns=["round", "gender", "heard"]).assign(heard__silence=None)
    design = Design(basis="probability", weights="none", stratum=False, psu=False, rounds="independent")
    gender = Dimension("gender", "Gender", {"woman": "Women", "man": "Men"}, reference="man", reference_reason="as an example")
    made = measure(Sample("survey", frame, design, (gender,), rounds=ROUNDS), [HEARD], by=each("gender"))
    return made.with_table(made.table.assign(reliability="ok"))  # only protection decides here


def compared(estimates: Estimates, against: Any = "lowest") -> Comparisons:
    targets = {"heard": [Target(round="endline", value=0.5, date="2025-01-01", where={"gender": "woman"}),
                         Target(round="endline", value=0.5, date="2025-01-01")]}  # fmt: skip
    pairs = [("baseline", "midline"), ("midline", "endline"), ("baseline", "endline")]
    return compare(estimates, change=pairs, targets=targets, dates=DATES, against=against)


def released(estimates: Estimates, against: Any = "lowest") -> Release:
    made = compared(estimates, against)
    return protect(estimates, made, Narratives(), policy=Policy(), audience="public", context=tables.context())


def hidden_inputs(release: Release) -> set[tuple[str, str]]:
    hidden = release.estimates[release.estimates["disclosure"] != "open"]
    return set(zip(hidden["round"], hidden["gender"], strict=True))


def test_where_everyone_is_shown_everything_is_open() -> None:
    found = released(measured(SIZES)).comparisons
    assert set(found["measure"]) >= {"change", "change_ratio", "gap_change", "projection"}
    assert (found["disclosure"] == "open").all()


@pytest.mark.parametrize("against", ["lowest", "everyone", "right"])
def test_one_hidden_figure_takes_every_comparison_with_it(against: str) -> None:
    estimates = measured(FEW)
    release = released(estimates, against)
    assert ("baseline", "woman") in hidden_inputs(release)
    whole = compared(estimates, against).table
    hidden = hidden_inputs(release)
    touched = [any((i.round, dict(i.domain).get("gender", "all")) in hidden for i in inputs) for inputs in whole["inputs"]]
    rows = release.comparisons
    assert (rows["disclosure"] == "withheld").tolist() == touched
    gone = rows[rows["disclosure"] == "withheld"]
    assert {"change", "change_ratio", "projection"} <= set(gone["measure"])
    assert gone[list(NUMBERS)].isna().all(axis=None)
    assert (gone[["note", "status"]] == "").all(axis=None)
    assert (gone["inputs"].map(len) == 0).all()
    if against != "right":
        assert "gap_change" in set(gone["measure"])


def test_how_surprising_is_worked_out_from_what_is_shown() -> None:
    estimates = measured(FEW)
    rows = released(estimates).comparisons
    for name in ("change", "gap_difference", "gap_change"):
        family = rows[(rows["measure"] == name) & (rows["disclosure"] == "open")]
        assert family["p_adjusted"].to_numpy() == pytest.approx(false_discovery(family["p"].to_numpy()), nan_ok=True)


def test_an_adjustment_over_all_of_them_would_hand_out_a_hidden_p() -> None:
    """Why: of three differences the middle one is hidden, and its p times three halves stands as the adjusted p of the first."""
    p = np.array([0.034, 0.030, 0.9])
    assert false_discovery(p)[1] == pytest.approx(0.034 * 3 / 2)
    shown = np.array([np.nan, 0.030, 0.9])
    assert false_discovery(shown)[1] == pytest.approx(0.030 * 2)


def test_without_its_interval_a_difference_keeps_no_p_and_no_chance() -> None:
    """An interval can be worked out from either."""
    made = compare(measured(SIZES), dates=DATES, targets={"heard": [Target(round="endline", value=0.5, date="2025-01-01")]})
    figures = frozenset(i for inputs in made.table["inputs"] for i in inputs)
    opened, _ = protected_comparisons(made.table, figures, np.zeros(len(made.table), dtype=bool))
    bare = without_intervals(opened, figures)
    assert opened["p"].notna().any()
    assert opened["chance"].notna().any()
    assert bare[["se", "ci_low", "ci_high", "p", "p_adjusted", "chance"]].isna().all(axis=None)
    assert bare["estimate"].notna().any()


def test_a_release_comes_back_with_what_is_new_in_it(tmp_path: Path) -> None:
    release = released(measured(FEW))
    write_release(release, tmp_path / "release")
    pd.testing.assert_frame_equal(read_release(tmp_path / "release").comparisons, release.comparisons)


def test_who_says_where_it_stands_leaves_only_with_the_reason() -> None:
    reading = {
        "reading_id": "r1", "indicator": "heard", "round": "endline", "domain": None, "measure": "estimate", "group": "Young women's circle",
        "date": "2024-02-01", "language": "en", "where_it_stands": "under_attack", "what_it_means": "The bill is back on the table.",
        "what_is_wrong": None, "dissent": None, "may_be_quoted": "yes", "publish": "public",
    }  # fmt: skip
    rows = pd.DataFrame([reading, reading | {"reading_id": "r2", "may_be_quoted": "no"}])
    estimates = measured(SIZES)
    made = compare(estimates)
    release = protect(estimates, made, Narratives(readings=rows), policy=Policy(), audience="public", context=tables.context())
    kept = release.narratives.readings.set_index("reading_id")
    assert kept.loc["r1", ["where_it_stands", "what_it_means"]].tolist() == ["under_attack", "The bill is back on the table."]
    assert kept.loc["r2", ["where_it_stands", "what_it_means"]].isna().all()
    wrong = Narratives(readings=rows.assign(where_it_stands="red"))
    with pytest.raises(ProtectionRefused) as error:
        protect(estimates, made, wrong, policy=Policy(), audience="public", context=tables.context())
    assert error.value.codes == ("STANDING_UNKNOWN",)
