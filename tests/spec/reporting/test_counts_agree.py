"""Two places of a report that count the same thing give the same number, and a count says what was counted."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from releases import ROUNDS, Rows, about, dimension_labels, facts, indicator, outcome, release

from mel.model.release import Narratives, Release
from mel.reporting import sections as tell
from mel.reporting.blocks import Figure, Table


def small(rows: Rows, **more: Any) -> Release:
    told = about("Invented", [facts("survey", rows={"baseline": 300, "midline": 300})])
    labels = {
        "dimensions": dimension_labels(("gender",)), "rounds": ROUNDS, "indicators": {"heard": indicator("People heard", claim="were heard")},
    }  # fmt: skip
    return release(rows.tables(), told, labels, **more)


def plain(blocks: Any) -> str:
    return " ".join(str(block) for block in blocks).replace("\u00a0", " ")


@pytest.fixture
def rows() -> Rows:
    made = Rows(("gender",))
    for round_ in ("baseline", "midline"):
        made.estimate("heard", round_, 0.4, 290, n_yes=116, n_not_known=10, half=0.05)
        made.estimate("heard", round_, 0.3, 150, {"gender": "woman"}, n_yes=45, n_not_known=6, half=0.05)
        made.estimate("heard", round_, 0.5, 90, {"gender": "prefer_not_to_say"}, n_yes=45, n_not_known=4, half=0.05)
    made.estimate("heard", "baseline", 0.5, 12, {"gender": "man"}, n_yes=6, reliability="too_few", half=0.2)
    made.estimate("heard", "midline", 0.6, 50, {"gender": "man"}, n_yes=30, half=0.1)
    made.change("heard", (0.4, 0.4), 0.05)
    made.change("heard", (0.3, 0.3), 0.05, {"gender": "woman"})
    made.change("heard", (0.6, 0.5), 0.2, {"gender": "man"})
    return made


def test_a_round_with_enough_answers_keeps_its_figure_beside_one_with_too_few(rows: Rows) -> None:
    tables = [b.data for b in tell.progress(small(rows)) if isinstance(b, Figure) and b.id.endswith("change")]
    men = next(row for row in tables[0].rows if row[0].text == "Men" or row[0].text == "Man")
    assert [cell.text.replace("\u00a0", " ") for cell in men[1:]] == ["too few answers", "60 %", "too few answers", "12", "50"]


def test_who_did_not_say_their_gender_is_counted_though_this_question_stayed_open(rows: Rows) -> None:
    for row in rows.estimates:
        row |= {name: row.get(name) or 0 for name in ("n_prefer_not_to_say", "n_not_known", "n_not_asked", "n_not_applicable")}
    table = next(b for b in tell.who_is_reached(small(rows)) if isinstance(b, Table) and b.id == "reached-unknown-table")
    assert [cell.text for cell in table.rows[0]][-1] == "94"


def test_every_target_with_a_figure_is_counted(rows: Rows) -> None:
    for target, status in ((0.3, "reached"), (0.6, "not_reached"), (0.4, "no_rule")):
        rows.target("heard", 0.4, target, status, 0.05)
    said = plain(tell.summary(small(rows)))
    assert "3 targets with a figure, 1 is reached, 1 is not reached yet and of 1 it is not said whether it is reached" in said


def test_a_mixed_change_is_not_called_a_setback(rows: Rows) -> None:
    mixed = pd.DataFrame([outcome(1, "KE", "mixed"), outcome(2, "KE"), outcome(3, "KE", "negative", backlash="yes")])
    said = plain(tell.summary(dataclasses.replace(small(rows), narratives=Narratives(outcomes=mixed))))
    assert "Of the 3 changes told here, 2 were for the worse, were mixed or met backlash" in said
