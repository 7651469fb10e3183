"""The NCHS presentation standards for proportions, held against their steps computed in R (`r_traps/make.R`) from svymean, qt and qbeta.

Invented people, again and again (`r_live/people.csv`): copies in other PSUs or in the same ones, answers as they are, or mixed, rare, or
nearly everybody's, so that each step of the standards decides somewhere.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.estimation import measure
from mel.formats.packs import load_packs
from mel.model.domains import Domains

HERE = Path(__file__).parent
NCHS = json.loads((HERE / "r_traps" / "expected.json").read_text())["nchs"]
RULE = load_packs(["reliability"]).reliability["nchs_proportions"]
DESIGNS: dict[str, dict[str, Any]] = {"strata_clusters": {"weight": "w", "stratum": "stratum", "psu": "psu"}, "weights": {"weight": "w"}}
NAMES = [f"{s['times']} times, {'other PSUs' if s['apart'] else 'the same PSUs'}, {s['how']}" for s in NCHS]


def people_of(case: dict[str, Any]) -> pd.DataFrame:
    """The same people and answers as `grow` in make.R."""
    once = pd.read_csv(HERE / "r_live" / "people.csv", dtype={"psu": str}).query("round == 'r1'")
    many = pd.concat([once.assign(row=np.arange(1, len(once) + 1), copy=k) for k in range(1, case["times"] + 1)], ignore_index=True)
    if case["apart"]:
        many["psu"] = many["psu"] + " " + many["copy"].astype(str)
    drawn = many["row"] * 7 + many["copy"] * 3
    answers = {"even": drawn % 5 == 0, "rare": drawn % 61 == 0, "most": drawn % 61 != 0}
    return many if case["how"] == "as_it_is" else many.assign(y=answers[case["how"]].astype(float))


@pytest.mark.parametrize("case", NCHS, ids=NAMES)
@pytest.mark.parametrize("design", list(DESIGNS))
def test_every_verdict(case: dict[str, Any], design: str, build: Any) -> None:
    sample = build.sample(people_of(case), dimensions=("g", "d"), **DESIGNS[design])
    asked = [build.indicator("y", "proportion", {"column": "y", "is": [1]})]
    by = Domains((("g",), ("d",), ("g", "d")))
    table = measure(sample, asked, by=by, interval="korn_graubard_capped", reliability=RULE).table.set_index(["g", "d"])
    for r in case[design]:
        where = dict(r["where"] or {})
        row = table.loc[(where.get("g", "all"), where.get("d", "all"))]
        assert row["n"] == r["n"]
        assert row["reliability"] == r["verdict"], (where, row["note"], r)
        assert row["note"] or row["reliability"] == "ok", where
        if np.isfinite(row["ci_low"]) and r["df"] > 0:
            np.testing.assert_allclose([row["ci_low"], row["ci_high"]], [r["low"], r["high"]], rtol=1e-12)


def test_each_step_decides_somewhere(build: Any) -> None:
    notes: Counter[str] = Counter()
    for case in NCHS:
        for design in DESIGNS.values():
            sample = build.sample(people_of(case), dimensions=("g", "d"), **design)
            asked = [build.indicator("y", "proportion", {"column": "y", "is": [1]})]
            table = measure(sample, asked, by=Domains((("g",), ("d",), ("g", "d"))), reliability=RULE).table
            notes.update(table["note"])
    for said in (
        "Fewer than 30 answered",
        "drawn one by one",
        "30 points wide",
        "wider than 130 % of the share",
        "degrees of freedom",
        "others (1",
    ):
        assert any(said in note for note in notes), (said, notes)
