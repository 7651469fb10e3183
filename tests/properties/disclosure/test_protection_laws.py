"""Laws of protection that hold for any people."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from mel.disclosure import protect
from mel.formats.release import read_release, write_release
from mel.model.estimates import figure_of
from mel.model.policy import Policy
from mel.model.release import Narratives

_spec = importlib.util.spec_from_file_location("protection_tables", Path(__file__).parents[2] / "privacy" / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)
NAMES = ("gender", "age")
CODES = [(g, a) for g in ("w", "m", "x") for a in ("young", "old")]
people = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 4)), min_size=6, max_size=6)
calm = settings(max_examples=25, deadline=None)


def estimates(drawn, sensitive=False):
    cells = tables.people(dict(zip(CODES, drawn, strict=True)), NAMES)
    rows = tables.rows_of(cells, [("gender",), ("age",), NAMES], NAMES)
    asked = tables.indicator(sensitivity="sensitive" if sensitive else "none")
    return tables.estimates(rows, NAMES, [asked]) if rows else None


def released(given_, compared=()):
    return protect(
        given_,
        tables.comparisons(given_, compared),
        Narratives(),
        policy=Policy(),
        audience="public",
        context=tables.context(made_on="2026-11-23"),
    )


@calm
@given(people, st.booleans())
def test_what_is_shown_is_true_and_above_the_floors(drawn, sensitive):
    before = estimates(drawn, sensitive)
    if before is None:
        return
    after = released(before).estimates
    shown = after["disclosure"] == "open"
    pd.testing.assert_series_equal(after.loc[shown, "n"], before.table.loc[shown, "n"])
    assert (
        (after.loc[shown, "n"] >= 10) | (after.loc[shown, "n"] + after.loc[shown, "n_missing"] == 0) | (after.loc[shown, "n"] == 0)
    ).all()
    numbers = after.select_dtypes("number").columns
    assert after.loc[~shown, numbers].isna().all(axis=None)
    if sensitive:
        no = after["n"] - after["n_yes"]
        assert not (shown & (after["n"] > 0) & (after["n_yes"].isin([0, 1, 2]) | no.isin([0, 1, 2]))).any()


@calm
@given(people)
def test_no_difference_is_shown_without_all_its_inputs(drawn):
    before = estimates(drawn)
    if before is None:
        return
    ids = [figure_of(row, NAMES) for row in before.table.to_dict("records")]
    pairs = [(a, b) for a in ids[:4] for b in ids[-4:]]
    release = released(before, [{"measure": "gap_difference", "estimate": 0.1, "inputs": pair} for pair in pairs])
    open_ids = {figure_of(row, NAMES) for row in release.estimates[release.estimates["disclosure"] == "open"].to_dict("records")}
    for pair, row in zip(pairs, release.comparisons.to_dict("records"), strict=True):
        assert (row["disclosure"] == "open") == (set(pair) <= open_ids)
        assert np.isnan(row["estimate"]) == (row["disclosure"] != "open")


@calm
@given(drawn=people)
def test_the_same_estimates_give_the_same_release_and_it_survives_the_disk(drawn, tmp_path_factory):
    before = estimates(drawn)
    if before is None:
        return
    one, two = released(before), released(before)
    place = tmp_path_factory.mktemp("release") / "r"
    write_release(one, place)
    for other in (two, read_release(place)):
        pd.testing.assert_frame_equal(one.estimates, other.estimates)
        assert (one.about, one.labels, one.protection, one.provenance) == (other.about, other.labels, other.protection, other.provenance)
