"""A survey whose file carries replicate weights, from alliance.toml to the figures: every number here by hand or by plain sums."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.checks import check
from mel.collection import collect_dataset, load_alliance
from mel.collection.alliance_workbook import write_alliance_workbook
from mel.estimation import measure
from mel.formats.packs import load_packs
from mel.model.domains import each
from mel.variables import derive

ALLIANCE = """
packs = ["lnob", "own.toml"]

[alliance]
id = "wells"
name = "Wells (invented)"
invented = true
period = { start = 2021-01-01, end = 2025-12-31 }

[[members]]
id = "well-house"
name = "Well House"
side = "south"
country = "UG"

[[datasets]]
name = "survey"
kind = "answers"
owner = "well-house"
share = "public"

[datasets.design]
basis = "probability"
weights = "expansion"
weight = "weight"
replicates = { kind = "fay", fay = 0.5, columns = "wt_rep*", combined = true }

[datasets.map]
gender = { column = "sex", codes = { f = "woman", m = "man" } }
heard = "heard"

[[datasets.rounds]]
name = "midline"
date = 2024-05-01
files = ["midline.csv"]

[[dimensions]]
name = "gender"
from = "gender"

[[indicators]]
id = "heard_in_meetings"
dataset = "survey"
by = [["gender"]]
"""
PACK = """
id = "own"
version = "1"
label = "Own"
source = "invented"
status = "confirmed"

[[variables]]
id = "heard"
label = "Was heard"
type = "category"
codes = [{ code = "yes", label = "Yes" }, { code = "no", label = "No" }]

[[indicators]]
id = "heard_in_meetings"
label = "People heard in meetings"
kind = "proportion"
numerator = { column = "heard", is = ["yes"] }
source = "invented"
status = "confirmed"
"""
SIGNS = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
"""Which of two villages each of four replicates leans to; the rows after the first are the districts'."""


def answers() -> pd.DataFrame:
    """48 invented people: three districts of two villages, eight people in each; Fay's weights at 0.5."""
    chance = np.random.default_rng(11)
    district, village = np.repeat(np.arange(3), 16), np.repeat(np.arange(6), 8)
    weight = np.round(10 + 5 * district + chance.random(48), 2)
    factors = 1 + 0.5 * SIGNS[district + 1] * np.where(village % 2, -1, 1)[:, None]
    replicates = {f"wt_rep{k + 1}": weight * factors[:, k] for k in range(4)}
    return pd.DataFrame({"weight": weight, **replicates, "sex": chance.choice(["f", "m"], 48), "heard": chance.choice(["yes", "no"], 48)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "alliance.toml").write_text(ALLIANCE, encoding="utf-8")
    (tmp_path / "own.toml").write_text(PACK, encoding="utf-8")
    answers().to_csv(tmp_path / "midline.csv", index=False)
    return tmp_path


def travelled(folder: Path) -> Any:
    alliance = load_alliance(folder)
    dataset, packs = alliance.datasets[0], load_packs(alliance.packs, folder)
    records = check(collect_dataset(dataset, folder))
    assert dataset.design is not None
    sample = derive(
        records,
        design=dataset.design,
        map=dataset.map,
        dimensions=alliance.dimensions,
        packs=packs,
        variables=("heard",),
        counts=dataset.counts,
    )
    indicator = next(i for i in packs.indicators.values() if i.id == "heard_in_meetings")
    return measure(sample, [indicator], by=each("gender")).table.set_index("gender")


def test_from_the_file_to_the_figures(folder: Path) -> None:
    table, people = travelled(folder), answers()
    for gender, there in (("all", people["sex"].notna()), ("woman", people["sex"] == "f"), ("man", people["sex"] == "m")):
        yes = (people["heard"] == "yes")[there]
        share = np.average(yes, weights=people["weight"][there])
        replicates = [np.average(yes, weights=people[f"wt_rep{k}"][there]) for k in range(1, 5)]
        assert table.loc[gender, "estimate"] == pytest.approx(share, rel=1e-13)
        assert table.loc[gender, "se"] == pytest.approx(np.std(replicates) / 0.5, rel=1e-11)
        assert table.loc[gender, "df"] == 3
        assert table.loc[gender, "ci_low"] < share < table.loc[gender, "ci_high"]


def test_the_same_from_a_workbook(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("workbook")
    for name in ("own.toml", "midline.csv"):
        (other / name).write_bytes((folder / name).read_bytes())
    write_alliance_workbook(load_alliance(folder), other / "alliance.xlsx")
    pd.testing.assert_frame_equal(travelled(other), travelled(folder))
