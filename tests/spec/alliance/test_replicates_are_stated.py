"""Replicate weights under a design: what may be written, what contradicts itself, and the same in a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mel.collection.alliance import load_alliance
from mel.collection.alliance_workbook import write_alliance_workbook
from mel.errors import InputError
from mel.model.alliance import Design

ALLIANCE = """
[alliance]
id = "wells"
name = "Wells (invented)"
period = { start = 2024-01-01, end = 2025-12-31 }

[[members]]
id = "wells"
name = "Wells (invented)"
side = "south"
country = "UG"

[[datasets]]
name = "survey"
kind = "answers"
owner = "wells"
share = "own"
design = { basis = "probability", weights = "expansion", weight = "w", DESIGN }

[[datasets.rounds]]
name = "baseline"
date = 2024-05-01
files = ["survey.csv"]
"""


def folder(where: Path, design: str) -> Path:
    where.mkdir(exist_ok=True)
    (where / "alliance.toml").write_text(ALLIANCE.replace("DESIGN", design), encoding="utf-8")
    return where


def problems(where: Path, design: str) -> set[tuple[str, str | None]]:
    with pytest.raises(InputError) as caught:
        load_alliance(folder(where, design))
    return {(p.code, p.key) for p in caught.value.problems}


GIVEN = 'replicates = { kind = "jkn", columns = "repw_*", combined = true, rscales = [0.5, 0.5, 0.75], mse = true }'
MADE = 'stratum = "region", psu = "village", replicates = { kind = "bootstrap", count = 500, seed = 7 }'


@pytest.mark.parametrize("design", [GIVEN, MADE])
def test_what_is_stated_comes_back_from_a_workbook(design: str, tmp_path: Path) -> None:
    alliance = load_alliance(folder(tmp_path / "toml", design))
    (tmp_path / "xlsx").mkdir()
    write_alliance_workbook(alliance, tmp_path / "xlsx/alliance.xlsx")
    assert load_alliance(tmp_path / "xlsx") == alliance


def test_given_weights_carry_the_strata_and_psus(tmp_path: Path) -> None:
    design = load_alliance(folder(tmp_path, GIVEN)).datasets[0].design
    assert design is not None
    assert design.stratum is None
    assert design.replicates is not None
    assert design.replicates.columns == ("repw_*",)
    assert design.replicates.given


def test_everything_that_contradicts_itself_is_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, 'psu = "village", replicates = { kind = "fay", columns = ["r1", "r2"], scale = 0.5, seed = 3 }')
    at = "datasets[0].design.replicates."
    assert found == {("REPLICATES_CONTRADICT", at + key) for key in ("fay", "combined", "scale", "seed", "columns")}


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    assert ("KEY_UNKNOWN", "datasets[0].design.replicates.colums") in problems(
        tmp_path, 'replicates = { kind = "brr", colums = "r*", combined = true }'
    )


def test_made_weights_still_need_strata_and_psus(tmp_path: Path) -> None:
    found = problems(tmp_path, 'replicates = { kind = "jkn" }')
    assert found == {("DESIGN_PART_MISSING", f"datasets[0].design.{part}") for part in ("stratum", "psu")}


SURVEY: dict[str, Any] = {"basis": "probability", "weights": "expansion", "weight": "w", "stratum": "region", "psu": "village"}


@pytest.mark.parametrize(
    ("replicates", "more", "says"),
    [
        ({"kind": "jk1"}, {}, "jk1 is for a sample without strata"),
        ({"kind": "jkn"}, {"stratum": False}, "jkn is for a sample with strata"),
        ({"kind": "brr"}, {"stratum": False}, "brr is for a sample with strata"),
        ({"kind": "brr"}, {"fpc": "villages"}, "know no finite population correction"),
        ({"kind": "bootstrap", "count": 500, "seed": 1}, {"fpc": "villages"}, "know no finite population correction"),
        ({"kind": "bootstrap", "count": 500}, {}, "seed is written if, and only if"),
        ({"kind": "bootstrap", "seed": 1}, {}, "count is written if, and only if"),
        ({"kind": "jkn", "count": 5}, {}, "count is written if, and only if"),
        ({"kind": "jkn", "scale": 1.0}, {}, "scale is for given weights"),
        ({"kind": "fay"}, {}, "fay is written if, and only if"),
        ({"kind": "brr", "fay": 0.3}, {}, "fay is written if, and only if"),
        ({"kind": "jkn"}, {"lonely_psu": "adjust"}, "cannot be adjusted or averaged"),
        ({"kind": "jkn"}, {"rounds": "same_clusters"}, "independent rounds only"),
        ({"kind": "jkn"}, {"rounds": "panel", "respondent": "id"}, "independent rounds only"),
    ],
)
def test_made_weights_that_cannot_be(replicates: dict[str, Any], more: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Design(**SURVEY | more, replicates=replicates)


@pytest.mark.parametrize(
    ("replicates", "says"),
    [
        ({"kind": "brr", "columns": "r*"}, "combined is missing"),
        ({"kind": "brr", "columns": "r*", "combined": True, "scale": 0.1}, "has its own scale"),
        ({"kind": "jkn", "columns": "r*", "combined": True}, "need rscales"),
        ({"kind": "jk1", "columns": "r*", "combined": True, "rscales": [1.0]}, "one scale for all"),
        ({"kind": "bootstrap", "columns": "r*", "combined": True}, "need scale"),
        ({"kind": "bootstrap", "columns": "r*", "combined": True, "scale": 0.1, "count": 9}, "a bootstrap that is made"),
        ({"kind": "fay", "columns": "r*", "combined": True, "fay": 1.0}, "less than 1"),
        ({"kind": "jkn", "columns": "r*", "combined": True, "rscales": [-1.0]}, "numbers from 0 up"),
    ],
)
def test_given_weights_that_cannot_be(replicates: dict[str, Any], says: str) -> None:
    given = {key: value for key, value in SURVEY.items() if key not in ("stratum", "psu")}
    with pytest.raises(ValidationError, match=says):
        Design(**given, replicates=replicates)


def test_replicates_are_for_samples_by_chance() -> None:
    with pytest.raises(ValidationError, match="for a probability sample"):
        Design(basis="census", replicates={"kind": "jk1"})
