"""Overlaps and profiles of exclusion, told: counts before percents, not known is never a no, raters apart, the population's source named."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
from releases import survey

from mel.model.analyses import Analysis
from mel.model.exclusion import OF_PROFILE
from mel.model.figure import FigureId
from mel.model.overlaps import OF_PEOPLE
from mel.reporting import sections as tell
from mel.reporting.blocks import Blocks, Callout, Figure, Finding, Prose, Table

BASE = survey()
SETS = ("gender", "disability")
INPUTS = (FigureId("heard", "1", "midline", (("gender", "woman"),), dataset="survey"),)
NUMBERS = {"count", "rank", "n", "estimate", "se", "ci_low", "ci_high", "df", "value", "held_against", "middle_low", "middle_high", "year"}


def table(columns: tuple[str, ...], *given: dict[str, Any], basis: str = "probability", disclosure: str = "open") -> pd.DataFrame:
    shared = {"dataset": "survey", "round": "midline", "basis": basis, "counts": "people", "disclosure": disclosure, "inputs": INPUTS}
    empty = {name: None if name in NUMBERS else "all" if name in SETS else "" for name in columns}
    return pd.DataFrame([{**empty, **shared, **row} for row in given])


def belonging(basis: str = "probability", disclosure: str = "open") -> Analysis:
    def row(measure: str, n: float, **more: Any) -> dict[str, Any]:
        ends = {"ci_low": n / 120, "ci_high": n / 80} if basis == "probability" else {}
        return {"measure": measure, "n": n, "estimate": n / 100, **ends, **more}

    combination = {"measure": "combination", "at_least": "no"}
    rows = [
        row("any_of", 40, answer="yes"), row("any_of", 50, answer="no"), row("any_of", 10, answer="not_known"),
        row("how_many", 50, count=0.0, at_least="no"), row("how_many", 28, count=1.0, at_least="no"),
        row("how_many", 12, count=2.0, at_least="no"), row("how_many", 10, count=0.0, at_least="yes"),
        row(**combination, n=12, count=2.0, rank=3.0, gender="yes", disability="yes"),
        row(**combination, n=28, count=1.0, rank=2.0, gender="yes", disability="no"),
        row(**combination, n=50, count=0.0, rank=1.0, gender="no", disability="no"),
        row(**{**combination, "at_least": "yes"}, n=10, count=0.0, rank=4.0, gender="no", disability="not_known"),
    ]  # fmt: skip
    people = table((*SETS, *OF_PEOPLE), *rows, basis=basis, disclosure=disclosure)
    method = {"level": 0.95, "belonging_gender": "woman", "belonging_disability": "with_disability"}
    return Analysis("overlaps", "survey", "", "", "midline", SETS, {"people": people}, method)


def profile(**changed: Any) -> Analysis:
    group = {"dimension": "gender", "category": "woman"}
    rated = {**group, "measure": "barrier_median", "round": "all", "factor": "geography", "basis": "unknown", "status": "no_test"}
    rows = [
        {**group, "measure": "participation_ratio", "n": 40.0, "value": 0.4, "held_against": 0.5, "estimate": 0.8, "ci_low": 0.7,
         "ci_high": 0.9, "status": "below_parity", "source": "Invented census", "year": 2021.0, **changed},
        {**rated, "rater_kind": "community", "n": 12.0, "estimate": 3.5, "middle_low": 3.0, "middle_high": 4.0},
        {**rated, "rater_kind": "outsider", "n": 10.0, "estimate": 2.0, "middle_low": 1.0, "middle_high": 2.0},
        {"measure": "not_known", "dimension": "gender", "category": "all", "n": 8.0, "estimate": 0.08},
    ]  # fmt: skip
    method = {"against": "everyone", "fewest_raters": 5.0, "lowest": 0.0, "highest": 4.0, "level": 0.95}
    return Analysis("exclusion_profile", "survey", "", "", "midline", ("gender",), {"profile": table(OF_PROFILE, *rows)}, method)


def told(*analyses: Analysis) -> Blocks:
    return tell.who_is_furthest_behind(dataclasses.replace(BASE, analyses=analyses))


def texts(blocks: Blocks) -> str:
    found = [b.sentence for b in blocks if isinstance(b, Finding)]
    found += [text for b in blocks if isinstance(b, Prose) for text in (*b.paragraphs, *b.items)]
    return " ".join(found).replace("\u00a0", " ")


def cells(blocks: Blocks, name: str) -> list[list[str]]:
    (found,) = [b for b in blocks if isinstance(b, Table) and b.id == name]
    return [[cell.text.replace("\u00a0", " ") for cell in row] for row in found.rows]


def test_overlaps_of_a_sample_say_the_count_and_then_the_percent() -> None:
    blocks = told(belonging())
    assert "at least one of these groups: 40 of 100 people asked, which stands for 40 % (33 to 50) of all people." in texts(blocks)
    assert any(isinstance(b, Figure) for b in blocks)


def test_overlaps_of_those_who_were_counted_are_counts() -> None:
    blocks = told(belonging("census"))
    assert "at least one of these groups: 40 of 100 (40 %)." in texts(blocks)
    assert cells(blocks, "behind-1-overlaps-how-many")[1] == ["1 of them", "28 of 100 (28 %)"]


def test_what_is_not_known_is_never_a_no() -> None:
    blocks = told(belonging("census"))
    assert "Of 10 people nobody knows whether they belong" in texts(blocks)
    assert "at least two of them: 12 of 100 (12 %); of some people one of the groups is not known." in texts(blocks)
    rows = cells(blocks, "behind-1-overlaps-how-many")
    assert ["None of them", "50 of 100 (50 %)"] in rows
    assert ["None that is known; of another it is not known", "10 of 100 (10 %)"] in rows


def test_a_withheld_analysis_says_that_it_is() -> None:
    blocks = told(belonging(disclosure="withheld"))
    assert [b.tone for b in blocks if isinstance(b, Callout) and b.id.startswith("behind-1")] == ["care"]
    assert not any(isinstance(b, Table | Figure | Finding) and b.id.startswith("behind-1") for b in blocks)


def test_a_share_is_held_against_a_population_with_its_source_and_year() -> None:
    said = texts(told(profile()))
    assert "40 % of those who take part and 50 % of the population (Invented census, 2021), a ratio of 0.80 (0.70 to 0.90)" in said
    assert "less than their part" in said
    assert "40 of 100 (40 %) of those who take part" in texts(told(profile(basis="census", ci_low=None, ci_high=None, status="no_test")))


def test_people_of_the_community_and_others_are_never_added_up() -> None:
    blocks = told(profile())
    assert "rated by the community: geography, median 3.5 (12 raters)." in texts(blocks)
    assert "rated by others: geography, median 2.0 (10 raters)." in texts(blocks)
    assert [row[2:5] for row in cells(blocks, "behind-1-exclusion-profile-barriers")] == [
        ["The community", "12", "3.5"],
        ["Others", "10", "2.0"],
    ]


def test_whom_we_do_not_know_is_counted_and_no_other_method_is_claimed() -> None:
    said = texts(told(profile()))
    assert "nothing is known of 8 people (8 %)." in said
    assert "A method of this project" in said
    assert "radar" not in said.lower()


def test_a_hidden_row_has_no_number_and_no_sentence() -> None:
    hidden = profile(disclosure="withheld", n=None, value=None, held_against=None, estimate=None, ci_low=None, ci_high=None, year=None)
    blocks = told(hidden)
    assert "of those who take part and" not in texts(blocks)
    assert cells(blocks, "behind-1-exclusion-profile-part")[0][1:5] == ["not shown", "", "", "not shown"]
