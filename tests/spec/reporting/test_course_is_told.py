"""What a report says of closing gaps, of where a figure is heading, of many comparisons, of references, and of who says where a law stands."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.comparison import compare
from mel.disclosure import protect
from mel.estimation import measure
from mel.model.alliance import Design, Target
from mel.model.analyses import Analysis
from mel.model.domains import each
from mel.model.indicator import Indicator
from mel.model.policy import Policy
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample
from mel.reporting import sections as tell
from mel.reporting.edition import edition_of

_tables = Path(__file__).parents[2] / "privacy" / "protection_tables.py"
_spec = importlib.util.spec_from_file_location("protection_tables_for_reports", _tables)
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

ROUNDS = ("baseline", "midline", "endline")
DATES = {"survey": {"baseline": "2020-01-01", "midline": "2022-01-01", "endline": "2024-01-01"}}
SIZES = {"baseline": {"woman": (150, 15), "man": (150, 110)}, "midline": {"woman": (150, 40), "man": (150, 112)},
         "endline": {"woman": (150, 70), "man": (150, 115)}}  # fmt: skip
READING = {
    "reading_id": "r1", "indicator": "heard", "round": "endline", "domain": None, "measure": "estimate", "group": "Young women's circle",
    "date": "2024-02-01", "language": "en", "where_it_stands": "under_attack", "what_it_means": "The bill is back on the table.",
    "what_is_wrong": None, "dissent": None, "may_be_quoted": "yes", "publish": "public",
}  # fmt: skip


def released(
    *, against: Any = "lowest", reference: str | None = None, people: bool = False, readings: Any = (), day: str = "2026-06-01"
) -> Release:
    rows = [(r, g, "yes" if k < yes else "no") for r, groups in SIZES.items() for g, (n, yes) in groups.items() for k in range(n)]
    frame = pd.DataFrame(rows, columns=["round", "gender", "heard"]).assign(heard__silence=None)
    heard = Indicator(id="heard", label="Heard in meetings", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented",
                      status="confirmed", polarity="higher_is_better", claim="were heard in village meetings", judged_by_people=people)  # fmt: skip
    design = Design(basis="probability", weights="none", stratum=False, psu=False, rounds="independent")
    reason = "the meetings were made for them" if reference else ""
    gender = Dimension("gender", "Gender", {"woman": "Women", "man": "Men"}, reference=reference, reference_reason=reason)
    estimates = measure(Sample("survey", frame, design, (gender,), rounds=ROUNDS), [heard], by=each("gender"))
    made = compare(estimates, against=against, dates=DATES, targets={"heard": [Target(round="endline", value=0.6, date=day)]})
    told = Narratives(readings=pd.DataFrame(list(readings))) if readings else Narratives()
    return protect(estimates, made, told, policy=Policy(), audience="public", context=tables.context())


def text(name: str, release: Release) -> str:
    edition = edition_of(release)
    return "\n".join(block.as_text() for block in getattr(tell, name)(edition)).replace("\u00a0", " ")


def test_a_gap_that_is_closing_is_told_with_its_pair_and_its_interval() -> None:
    said = text("gaps", released())
    assert "The distance between men and women shrank from 48 points to 30 points" in said
    assert "It is closing" in said
    assert "that choice alone makes a gap look as if it had grown" in said


def test_the_system_is_named_and_no_group_is_its_subject() -> None:
    assert "Village meetings heard a smaller share of women (47 %" in text("gaps", released())


def test_a_reference_is_printed_with_its_reason() -> None:
    said = text("gaps", released(reference="man"))
    assert "Gender: compared with men. The reason given: the meetings were made for them." in said
    assert "that choice alone" not in said
    assert "compared with men" not in text("gaps", released())


def test_how_many_would_look_clear_by_chance() -> None:
    assert "3 pairs of figures were tested. If nowhere were a difference, about 1 of them would look clear by chance alone" in text(
        "gaps", released()
    )
    assert "6 changes were tested" in text("progress", released())


@pytest.mark.parametrize(
    ("against", "sentence", "pair"),
    [("everyone", "Village meetings heard a smaller share of women (47 %", "Women and everyone together"),
     ("right", "Heard in meetings: 47 % of women, 95 % interval 39 to 55; 53 points are missing until it is all of them", "Women, and the right of all")],
)  # fmt: skip
def test_held_against_everyone_or_the_right_itself(against: str, sentence: str, pair: str) -> None:
    said = text("gaps", released(against=against))
    assert sentence in said
    assert pair in said
    assert "highest and the lowest figure stand side by side" not in said


def test_where_it_is_heading_and_the_chance() -> None:
    said = text("progress", released())
    assert "If it goes on as between baseline and endline, it will be" in said
    assert "on 1 June 2026; the target is 60 %. The chance of reaching it is then about" in said


def test_where_it_is_heading_cannot_always_be_said() -> None:
    assert "we cannot say. The day of this target is not after the last round" in text("progress", released(day="2023-01-01"))


def test_of_a_law_people_say_where_it_stands() -> None:
    nobody = text("progress", released(people=True))
    assert "Whether this is advancing, holding or under attack nobody has said yet." in nobody
    assert "is not reached" not in nobody
    assert "The aim for endline was 60 %; the figure is 62 %" in nobody
    said = text("progress", released(people=True, readings=[READING]))
    assert "Young women's circle, 1 February 2024: under attack" in said
    assert "Under attack. The bill is back on the table." in said


def test_beside_a_gap_stands_what_keeps_that_group_away_and_who_says_so() -> None:
    base = {"measure": "barrier_median", "dimension": "gender", "category": "woman", "factor": "discrimination", "rater_kind": "community",
            "estimate": 4.5, "n": 12.0, "inputs": (), "disclosure": "open", "note": ""}  # fmt: skip
    rows = [base, base | {"factor": "geography", "estimate": 3.0}, base | {"rater_kind": "outsider", "estimate": 2.0},
            base | {"category": "man", "estimate": 5.0}, base | {"factor": "governance", "disclosure": "withheld", "estimate": None}]  # fmt: skip
    profile = Analysis("exclusion_profile", "survey", "heard", "1", "endline", ("gender",), {"profile": pd.DataFrame(rows)})
    release = released()
    assert "What stands in the way" not in text("gaps", release)
    said = text("gaps", replace(release, analyses=(profile,)))
    assert "What stands in the way of women: discrimination (4.5) and geography (3), " in said
    assert "discrimination (2), rated by others" in said
    assert "(5)" not in said  # of those whom the meetings heard more
    assert "does not show that it made the gap" in said
