"""Who is furthest behind, told: the same numbers as in the release, counts first where nobody was drawn by chance, absence said."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import pytest
from releases import survey

from mel.comparison.catalogue import CATALOGUE
from mel.model.analyses import Analysis
from mel.model.comparisons import INEQUALITY
from mel.model.figure import FigureId
from mel.model.release import Release
from mel.reporting import sections as tell
from mel.reporting.blocks import Blocks, Callout, Figure, Finding, Heading, Prose, Table
from mel.reporting.words import words_in

BASE = survey()
HEARD = str(BASE.estimates["indicator"].iloc[0])
NAMES = ("gender", "disability")
KEYS = {"dataset": "survey", "indicator": HEARD, "version": "1", "round": "midline"}
WOMEN = (("gender", ("woman",)), ("disability", ("with_disability",)))
MEN = (("gender", ("man",)),)


def one(figure: str = "woman") -> tuple[FigureId, ...]:
    return (FigureId(HEARD, "1", "midline", (("gender", figure),), dataset="survey"),)


def rows(*given: dict[str, Any], basis: str = "probability", disclosure: str = "open") -> pd.DataFrame:
    shared = {"basis": basis, "counts": "people", "inputs": one(), "disclosure": disclosure, "note": ""}
    return pd.DataFrame([{**KEYS, **row, **shared} for row in given])


def tree(basis: str = "probability", **more: Any) -> Analysis:
    leaf = {"depth": 2.0, "se": 0.02, "df": 30.0}
    sure = {} if basis == "probability" else {"ci_low": None, "ci_high": None, "behind_again": None}
    leaves = rows(
        {**leaf, "leaf": 2.0, "place": "furthest_behind", "domain": WOMEN, "n": 90.0, "share": 0.14, "estimate": 0.2, "ci_low": 0.17,
         "ci_high": 0.26, "gap": 0.35, "behind_again": 0.81, **sure},
        {**leaf, "leaf": 3.0, "place": "furthest_ahead", "domain": MEN, "n": 300.0, "share": 0.86, "estimate": 0.55, "ci_low": 0.5,
         "ci_high": 0.6, "gap": 0.0, "behind_again": 0.01, **sure}, basis=basis,
    )  # fmt: skip
    splits = rows(
        {"node": 1.0, "depth": 0.0, "dimension": "gender", "below": ("woman",), "above": ("man",), "n": 390.0, "share": 1.0, "estimate": 0.5,
         "explained": 0.06}
    )  # fmt: skip
    honest = {"gap_honest": 0.22, "ci_low": 0.12, "ci_high": 0.36, "same_again": 0.81, "overlap": 0.9, "draws": 200.0}
    none = dict.fromkeys(honest) | {"draws": 0.0}
    summary = rows({"leaves": 2.0, "n": 390.0, "gap": 0.35, **(honest if basis == "probability" else none)}, basis=basis)
    method = {"depth": 6, "fewest": 49, "share": 0.09, "seed": 1, "level": 0.95}
    return Analysis(
        "furthest_behind", "survey", HEARD, "1", "midline", NAMES, {"leaves": leaves, "splits": splits, "summary": summary}, method, **more
    )


def release(*analyses: Analysis) -> Release:
    return dataclasses.replace(BASE, analyses=analyses)


def told(*analyses: Analysis) -> Blocks:
    return tell.who_is_furthest_behind(tell.edition_of(release(*analyses), sections=["who_is_furthest_behind"]))


def text(blocks: Blocks, kind: type) -> str:
    return "\n".join(block.as_text() for block in blocks if isinstance(block, kind)).replace("\u00a0", " ")


def test_nothing_asked_nothing_told() -> None:
    assert len(told()) == 0


def test_a_tree_says_who_is_furthest_behind_by_how_much_and_how_sure_that_is() -> None:
    blocks = told(tree())
    found, prose = text(blocks, Finding), text(blocks, Prose)
    assert "Furthest behind: women with a disability, 20 % (17 to 26). They are 14 % of the people." in found
    assert "Furthest ahead: men, 55 % (50 to 60). They are 86 % of the people." in found
    assert "Between the two lie 35 points." in prose
    assert "the gap is 22 points (95 % interval 12 to 36)" in prose
    assert "In 81 % of 200 samples drawn again the very same group came out furthest behind" in prose
    assert "at least 49 people who answered and 9 % of all people" in prose
    groups = next(block for block in blocks if isinstance(block, Table))
    assert [cell.text for cell in groups.rows[0]][1:3] == ["90", "20\u00a0% (17 to 26)"]
    assert any(isinstance(block, Figure) for block in blocks)


def test_who_was_not_drawn_by_chance_is_counted_before_a_percent() -> None:
    blocks = told(tree("census"))
    assert "women with a disability, 18 of 90 (20 %)" in text(blocks, Finding)
    assert "interval" not in text(blocks, Prose)
    assert "samples drawn" not in text(blocks, Prose)


def test_a_withheld_analysis_is_said_to_be_and_has_no_number() -> None:
    hidden = {name: table.assign(disclosure="withheld") for name, table in tree().tables.items()}
    blocks = told(tree().with_tables(hidden))
    assert "This is withheld, to protect the people who answered" in text(blocks, Callout)
    assert not any(isinstance(block, Table | Finding | Figure) for block in blocks)


@pytest.mark.parametrize(
    ("code", "says"), [("FURTHEST_NO_SPLIT", "none of these ways to look at people"), ("NEW_CODE", "the answers do not carry it")]
)
def test_what_cannot_be_said_is_said_with_its_reason(code: str, says: str) -> None:
    blocks = told(dataclasses.replace(tree(), tables={}, cannot_say=code))
    assert f"could not be said, because {says}" in text(blocks, Callout)


def test_titles_name_what_was_asked_and_not_the_people() -> None:
    heads = [block.text for block in told(tree()) if isinstance(block, Heading)]
    assert heads[0] == "Who is furthest behind"
    assert heads[1].endswith(": who is furthest behind?")


def test_every_measure_of_inequality_has_plain_words() -> None:
    words = words_in("en")
    assert set(INEQUALITY) == set(CATALOGUE) - {"gap_difference", "gap_ratio"}
    for name in INEQUALITY:
        measure = CATALOGUE[name]
        assert words.say(f"inequality.{name}.label").lower() == measure.label.lower()
        assert words.say(f"inequality.{name}.unit") == measure.unit
        assert words.say(f"inequality.{name}.reads") == measure.sign
