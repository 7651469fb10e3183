"""A scale's mean goes the whole road: items in a form, a score, its mean with a standard error, its change, its gaps, its sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.codes import ALL
from mel.collection import load_alliance
from mel.formats.release import read_release, write_release
from mel.model.release import Release
from mel.portfolio.road import travel
from mel.reporting import report
from mel.reporting.edition import edition_of
from mel.reporting.rows import Estimate
from mel.reporting.words.figures import level_sentence, with_interval
from mel.reporting.words.pairs import pair_sentence, pairs_of
from mel.reporting.words.rounds import change_sentence
from tests.spec.road.conftest import CHOICES, SURVEY, Small, answers, write_form

ITEMS = ("worthy", "able", "useless", "failure", "proud")
SCALE = """
[[scales]]
id = "esteem"
label = "Self-esteem, five items"
items = [{ id = "worthy" }, { id = "able" }, { id = "useless", reverse = true }, { id = "failure", reverse = true }, { id = "proud" }]
low = 0
high = 3
source = "invented"
status = "confirmed"

[[indicators]]
id = "esteem"
label = "Self-esteem"
kind = "score"
polarity = "higher_is_better"
numerator = { value = "esteem" }
points = [0, 15]
unit = "points"
claim = "thought well of themselves"
source = "invented"
status = "confirmed"
"""


def with_items(seed: int, lift: float) -> pd.DataFrame:
    """Women stand 1.5 points a person lower at baseline; everyone rises by `lift`; some items are left empty."""
    rng = np.random.default_rng(seed)
    frame = answers(seed)
    people = 1.6 + lift - 0.3 * (frame["sex"] == "f") + rng.normal(0, 0.4, len(frame))
    for name in ITEMS:
        points = np.clip(np.round(people + rng.normal(0, 0.6, len(frame))), 0, 3).astype(int)
        points = 3 - points if name in ("useless", "failure") else points
        frame[name] = pd.Series(points, dtype="object").where(rng.random(len(frame)) > 0.06, "")
    return frame


@pytest.fixture
def scored(small: Small) -> Small:
    write_form(small.folder / "form.xlsx", [*SURVEY, *(("integer", n, n, "", "${consent} = 'yes'", "") for n in ITEMS)], CHOICES)
    small.put(with_items(1, 0.0), "baseline.csv")
    small.put(with_items(2, 0.4), "midline.csv")
    (small.folder / "own.toml").write_text((small.folder / "own.toml").read_text() + SCALE)
    text = (small.folder / "alliance.toml").read_text()
    text = text.replace('heard = "heard"', 'heard = "heard"\n' + "\n".join(f'{name} = "{name}"' for name in ITEMS))
    text += '\n[[indicators]]\nid = "esteem"\ndataset = "survey"\nby = [["gender"]]\ntargets = [{ round = "midline", value = 9 }]\n'
    (small.folder / "alliance.toml").write_text(text)
    return small


def released(small: Small) -> Release:
    return travel(small.folder, load_alliance(small.folder)).release


def by_hand(frame: pd.DataFrame) -> pd.Series:
    """Four of five answered are enough; they stand for the fifth."""
    points = frame[list(ITEMS)].replace("", np.nan).astype(float)
    points[["useless", "failure"]] = 3 - points[["useless", "failure"]]
    return points.mean(axis=1).where(points.notna().sum(axis=1) >= 4) * 5


def test_from_the_items_to_the_sentences(scored: Small, tmp_path: Path) -> None:
    release = released(scored)
    rows = release.estimates[release.estimates["indicator"] == "esteem"].set_index(["round", "gender"])
    for round_, frame in (("baseline", with_items(1, 0.0)), ("midline", with_items(2, 0.4))):
        score, weight = by_hand(frame), frame["weight"]
        there = score.notna()
        row = rows.loc[(round_, ALL)]
        assert row["estimate"] == pytest.approx((score * weight)[there].sum() / weight[there].sum(), rel=1e-12)
        assert (row["n"], row["n_missing"]) == (there.sum(), (~there).sum())
        assert 0 < row["se"] < 1
        assert row["ci_low"] < row["estimate"] < row["ci_high"]
    about = release.labels["indicators"]["esteem"]
    assert (about["kind"], about["points"]) == ("score", [0, 15])
    write_release(release, tmp_path / "release")
    _is_said(read_release(tmp_path / "release"))


def _is_said(release: Release) -> None:
    edition = edition_of(release)
    asked = edition.indicators["esteem"]
    whole = edition.whole("esteem", "midline")
    assert isinstance(whole, Estimate)
    value = f"{whole.value:.2f}".rstrip("0") if (whole.value or 0) < 10 else f"{whole.value:.1f}"
    assert asked.points == (0.0, 15.0)
    assert f"{value} of 15\u00a0points on average" in level_sentence(edition, whole)
    assert with_interval(edition, whole).startswith(f"{value}\u00a0points (")
    change = next(c for c in edition.compared("change", "esteem") if not c.domain)
    assert change.value is not None
    assert change.value > 1
    said = change_sentence(edition, change)
    assert "rose" in said
    assert "of 15" not in said.split("by", 1)[-1]
    pairs = [p for p in pairs_of(edition, "esteem", "midline") if p.shown]
    assert pairs
    assert all(p.ratio is None for p in pairs)
    assert "twice" not in pair_sentence(edition, pairs[0])
    assert {m.measure for m in edition.compared("against_milestone", "esteem")} == {"against_milestone"}


@pytest.mark.slow
def test_the_whole_report_has_it(scored: Small, tmp_path: Path) -> None:
    made = report(released(scored), tmp_path / "report")
    html = made.files["html"].read_text(encoding="utf-8")
    assert "of 15\u00a0points on average" in html or "of 15&nbsp;points on average" in html
    assert made.files["xlsx"].stat().st_size > 0
    assert made.files["docx"].stat().st_size > 0
