"""A median goes the whole road: hours in a form, quantiles with Woodruff intervals, what protection shows of them, their sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mel.codes import ALL
from mel.collection import load_alliance
from mel.formats.release import read_release, write_release
from mel.learning import learn
from mel.model.release import Release
from mel.portfolio.road import travel
from mel.reporting import report
from mel.reporting.charts import group_dots
from mel.reporting.edition import edition_of
from mel.reporting.sections import progress, summary, who_is_reached
from mel.reporting.words.figures import level_sentence
from mel.reporting.words.rounds import change_sentence
from tests.spec.road.conftest import CHOICES, SURVEY, Small, answers, write_form

OWN = """
[[variables]]
id = "hours"
label = "Hours of care yesterday"
type = "number"

[[indicators]]
id = "care"
label = "Hours of care a day"
kind = "quantile"
probabilities = [0.25, 0.5, 0.98]
polarity = "lower_is_better"
numerator = { value = "hours" }
unit = "hours"
source = "invented"
status = "confirmed"

[[indicators]]
id = "care_median"
label = "Hours of care a day, the middle"
kind = "quantile"
polarity = "lower_is_better"
numerator = { value = "hours" }
unit = "hours"
source = "invented"
status = "confirmed"
"""


def with_hours(seed: int) -> pd.DataFrame:
    """Women care about twice as long; 23 people would not say their gender; some leave the hours empty."""
    rng = np.random.default_rng(seed)
    frame = answers(seed)
    frame.loc[rng.choice(len(frame), 23, replace=False), "sex"] = "pns"
    hours = np.round(rng.gamma(4, 1.4, len(frame)) * np.where(frame["sex"] == "f", 1.0, 0.5), 0).astype(int)
    frame["hours"] = pd.Series(hours, dtype="object").where(rng.random(len(frame)) > 0.05, "")
    return frame


@pytest.fixture
def caring(small: Small) -> Small:
    write_form(small.folder / "form.xlsx", [*SURVEY, ("integer", "hours", "Hours", "", "${consent} = 'yes'", "")], CHOICES)
    small.put(with_hours(1), "baseline.csv")
    small.put(with_hours(2), "midline.csv")
    (small.folder / "own.toml").write_text((small.folder / "own.toml").read_text() + OWN)
    text = (small.folder / "alliance.toml").read_text().replace('heard = "heard"', 'heard = "heard"\nhours = "hours"')
    text += '\n[[indicators]]\nid = "care"\ndataset = "survey"\nby = [["gender"]]\n'
    text += '\n[[indicators]]\nid = "care_median"\ndataset = "survey"\ntargets = [{ round = "midline", value = 5, rule = "point" }]\n'
    (small.folder / "alliance.toml").write_text(text)
    return small


def released(small: Small) -> Release:
    return travel(small.folder, load_alliance(small.folder)).release


def by_hand(frame: pd.DataFrame, p: float) -> float:
    """The lowest answer that a share of at least p of the weight is at or below."""
    there = frame[frame["hours"] != ""].assign(hours=lambda t: t["hours"].astype(float)).sort_values("hours")
    return float(there["hours"][there["weight"].cumsum() >= p * there["weight"].sum()].iloc[0])


def test_the_numbers_are_those_of_the_files(caring: Small) -> None:
    rows = released(caring).estimates.set_index(["indicator", "round", "gender", "category"])
    for round_, seed in (("baseline", 1), ("midline", 2)):
        frame = with_hours(seed)
        for group, people in ((ALL, frame), ("woman", frame[frame["sex"] == "f"]), ("man", frame[frame["sex"] == "m"])):
            for p in (0.25, 0.5):
                row = rows.loc[("care", round_, group, str(p))]
                assert row["estimate"] == by_hand(people, p)
                assert row["n"] == (people["hours"] != "").sum()
                assert row["ci_low"] <= row["estimate"] <= row["ci_high"]


def test_what_only_a_few_are_beyond_is_not_shown(caring: Small) -> None:
    """A quantile with fewer than ten people at or below it, or at or above it, is hidden; an interval that ends there is left out."""
    release = released(caring)
    rows = release.estimates[release.estimates["indicator"] == "care"].set_index(["round", "gender", "category"])
    seen: set[str] = set()
    for round_, seed in (("baseline", 1), ("midline", 2)):
        frame = with_hours(seed)
        for group, code in ((ALL, None), ("woman", "f"), ("man", "m"), ("prefer_not_to_say", "pns")):
            hours = frame.loc[(frame["hours"] != "") & ((frame["sex"] == code) | (code is None)), "hours"].astype(float)
            people = frame.loc[hours.index].assign(hours=hours)
            for p in (0.25, 0.5, 0.98):
                row, number = rows.loc[(round_, group, str(p))], by_hand(people, p)
                few = min((hours <= number).sum(), (hours >= number).sum()) < 10
                assert (row["disclosure"] == "primary") == few, (round_, group, p)
                seen.add(row["disclosure"])
                if few:
                    assert row[["estimate", "ci_low", "ci_high", "se", "n"]].isna().all()
                elif np.isfinite(row["ci_low"]):
                    assert min((hours <= row["ci_low"]).sum(), (hours >= row["ci_high"]).sum()) >= 10
                else:
                    seen.add("bare")
                    assert "interval" in row["note"]
                    assert row[["se", "ci_high", "cv"]].isna().all()
    assert seen == {"open", "primary", "bare"}


def test_what_is_said_of_it(caring: Small, tmp_path: Path) -> None:
    write_release(released(caring), tmp_path / "release")
    release = read_release(tmp_path / "release")
    edition = edition_of(release)
    whole = edition.whole("care", "midline")
    assert whole is not None
    assert whole.id.category == "0.5"
    assert f": for half of people in the area it is {whole.value:.0f}\u00a0hours or less (95\u00a0% interval" in level_sentence(
        edition, whole
    )
    quarter = edition.whole("care", "midline", "0.25")
    assert quarter is not None
    assert "for 25\u00a0% of" in level_sentence(edition, quarter)
    change = next(c for c in edition.compared("change", "care") if c.id.category == "0.5" and not c.domain)
    assert change.value is None
    assert "is not known here" in change_sentence(edition, change)
    assert not edition.compared("gap_difference", "care")
    target = edition.compared("against_milestone", "care_median")
    assert [t.status for t in target] == ["reached" if (target[0].value_a or 9) <= 5 else "not_reached"]
    chart = group_dots(edition, "care", "midline")
    assert chart is not None
    assert "half at or below" in chart.caption
    assert chart.svg.count("<svg") == 1


def test_the_sections_hold_it(caring: Small) -> None:
    release = released(caring)
    tables = {block.id: block for block in progress(release) if block.kind == "table"}
    labels = [row[0].text for row in tables["progress-care-groups"].rows]
    assert "Woman: Half at or below" in labels
    assert "Everyone: 25\u00a0% at or below" in labels
    assert summary(release)
    heard = [block for block in who_is_reached(release) if block.kind == "table"]
    assert all(len({tuple(c.text for c in row) for row in t.rows}) == len(t.rows) for t in heard)  # a group once, not once a quantile
    assert len(learn(release).table)


@pytest.mark.slow
def test_the_whole_report_has_it(caring: Small, tmp_path: Path) -> None:
    made = report(released(caring), tmp_path / "report")
    html = made.files["html"].read_text(encoding="utf-8").replace("&nbsp;", "\u00a0")
    assert "hours or less" in html
    assert made.files["xlsx"].stat().st_size > 0
    assert made.files["docx"].stat().st_size > 0
