"""The dirt in the invented exports is realistic: every run goes on, says what it left out, and stops nowhere."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from mel.checks.check import check
from mel.collection.alliance import load_alliance
from mel.collection.records import collect_dataset
from mel.model.records import Records

from .conftest import IDS


@cache
def _checked(folder: Path) -> dict[str, Records]:
    alliance = load_alliance(folder)
    return {d.name: check(collect_dataset(d, folder), consent=d.consent) for d in alliance.datasets}


@pytest.mark.parametrize("name", IDS)
def test_no_problem_stops_the_run(name: str, alliances: Path) -> None:
    checked = _checked(alliances / name)
    assert [str(p) for records in checked.values() for p in records.problems if p.severity == "stop"] == []
    assert all(len(records.frame) for records in checked.values())


def test_what_is_left_out_is_what_was_spoiled(alliances: Path) -> None:
    survey = _checked(alliances / "every-step")["survey"]
    assert dict(survey.dropped) == {"NO_CONSENT": 9, "SENT_TWICE": 5}
    assert len(survey.frame) == 2 * 1440
    warned = Counter(p.code for p in survey.problems if p.severity == "warn")
    assert warned["AGE_IMPOSSIBLE"] == 1
    assert warned["CONSTRAINT_BROKEN"] == 4


def test_both_export_shapes_give_the_same_columns(alliances: Path) -> None:
    """Group prefixes and words in one cell, or a column an option: after collect nobody can tell."""
    frame = _checked(alliances / "every-step")["survey"].frame
    ticked = frame.groupby("_round")[["barriers/steps", "services/school", "barriers/none"]].sum()
    assert (ticked > 50).all(axis=None)
    assert set(frame["barriers/steps"].dropna().unique()) <= {0, 1}


def test_labels_typed_from_paper_become_codes(alliances: Path) -> None:
    frame = _checked(alliances / "loud-and-clear")["everyone"].frame
    assert set(frame["gender"].dropna()) <= {"woman", "man", "nb", "self", "pnts"}
    assert frame.loc[frame["_partner"] == "gt-03", "spoke"].isin(["yes", "no", "dk", "pnts"]).all()


def test_decimal_commas_are_read_as_numbers(alliances: Path) -> None:
    import pandas as pd

    frame = _checked(alliances / "loud-and-clear")["everyone"].frame
    hours = pd.to_numeric(frame["care_hours"], errors="coerce")
    assert hours.notna().sum() >= len(frame) - 20
    assert hours.median() < 8


def test_twelve_voices_are_twelve(root: Path) -> None:
    voices = _checked(root / "tests" / "spec" / "alliances" / "twelve_voices")["voices"]
    assert len(voices.frame) == 12
    assert [p for p in voices.problems if p.severity == "stop"] == []
