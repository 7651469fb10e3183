"""A real multi-sector form with four repeats, and every expression of the real forms beside the project."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from mel.checks import check, write_problems
from mel.collection import collect
from mel.errors import CannotSay, MelError
from mel.formats.xlsform import read_xlsform
from mel.formats.xpath import holds

pytestmark = pytest.mark.shared
REPEATS = re.compile(r"\b(sum|count|join|indexed-repeat|position)\s*\(")


def test_a_five_sheet_export_is_checked_repeats_too(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "kobo" / "reach_msna_2024"
    given = collect(folder / "dummy_raw_data.xlsx", form=folder / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx")
    result = check(given, raise_on_stop=False)
    assert len(result.frame) == 241
    found = Counter((p.severity, p.code) for p in result.problems if p.code != "TICKS_UNANSWERED")
    assert {severity for severity, _ in found} == {"warn"}
    assert {p.sheet for p in result.problems} >= {"main", "roster", "edu_ind", "health_ind", "nut_ind"}
    # The drawn answers break the form's own rule that 'none' stands alone: counted here by hand from the columns.
    frame = given.frame
    name = "aap_priority_challenge"
    ticks = frame[[c for c in frame if str(c).startswith(f"{name}/")]].astype("float64")
    alone = ticks[[f"{name}/{c}" for c in ("none", "dnk", "pnta")]].eq(1).any(axis=1) & (ticks.sum(axis=1) > 1)
    expected = int(((alone | (ticks.sum(axis=1) >= 4)) & (ticks.sum(axis=1) > 0)).sum())
    assert sum(p.code == "CONSTRAINT_BROKEN" and str(p.column).startswith(f"{name}/") for p in result.problems) == expected
    write_problems(result, tmp_path / "problems.xlsx")


def test_every_relevance_and_constraint_of_the_real_forms_is_computed_or_refused_by_name(shared: Path) -> None:
    computed, refused = 0, []
    for path in sorted((shared / "data" / "kobo").glob("*/*.xls*")):
        try:
            form = read_xlsform(path)
        except MelError:
            continue  # what cannot be read as a form is the collection's to say
        blank = pd.DataFrame({q.name: pd.Series(["1", ""], dtype="str") for q in form.questions})
        for question in form.questions:
            for expression in (question.relevant, question.constraint):
                if expression:
                    try:
                        holds(expression, blank, this=question.name, today=pd.Series(["2024-05-01", "2024-05-02"]))
                        computed += 1
                    except CannotSay:
                        refused.append(expression)
    assert computed > 200
    for expression in refused:
        assert REPEATS.search(expression) or re.fullmatch(r".*(\(|and |or |^)\s*\$\{\w+\}\s*(\)|and|or|$).*", expression, re.DOTALL), (
            expression
        )
