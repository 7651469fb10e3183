"""Overlaps part everybody in several ways, so they are shown together or not at all; of a profile, what adds up goes together.

Held against an outsider who has release.json and every csv: what is hidden stands in none of them, and cannot be added up from them.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.comparison import compare, exclusion_profile, overlaps
from mel.disclosure import protect
from mel.disclosure.analyses import NOT_SHOWN
from mel.estimation import measure
from mel.formats.release import read_release, write_release
from mel.model.alliance import Design
from mel.model.analyses import Analysis
from mel.model.domains import Domains, crossings
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.policy import Policy, SensitiveDimension
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample

_spec = importlib.util.spec_from_file_location("protection_tables_five", Path(__file__).parent / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

SHARED: dict[str, Any] = {"source": "invented", "status": "confirmed", "polarity": "higher_is_better"}
HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, **SHARED)
WHERE = Indicator(id="where", label="where", kind="composition", numerator={"value": "place"}, **SHARED)
LEVELS = {"young": ("yes", "no"), "disabled": ("yes", "no", "not_known"), "place": ("camp", "village")}
NAMES = tuple(LEVELS)
BOTH = ("young", "disabled")
EVERY = crossings(BOTH)
CENSUS = pd.DataFrame(
    [("disabled", "yes", 0.4), ("disabled", "no", 0.6), ("young", "yes", 0.5), ("young", "no", 0.5)],
    columns=["dimension", "category", "share"],
).assign(source="Invented census", year=2021)
RATED = pd.DataFrame(
    [
        {"rater": f"{kind}{k}", "rater_kind": kind, "dimension": "disabled", "category": "yes", "factor": "geography", "rating": float(r),
         "date": "2026-03-01", "consent": "yes", "publish": reach}
        for kind, reach, ratings in (("community", "public", (1, 2, 3, 4) * 3), ("outsider", "alliance", (2, 3) * 6))
        for k, r in enumerate(ratings)
    ]
)  # fmt: skip


def people(**few: int) -> dict[tuple[str, ...], int]:
    """How many in each group, by its codes joined with `_` where a test wants another number."""
    return {key: few.get("_".join(key), 31 + 4 * at) for at, key in enumerate(product(*LEVELS.values()))}


def measured(cells: Mapping[tuple[str, ...], int], by: Domains = EVERY) -> Estimates:
    rows = [(*key, "yes" if k % 3 else "no") for key, n in cells.items() for k in range(n)]
    frame = pd.DataFrame(rows, columns=[*NAMES, "heard"]).assign(round="midline", heard__silence=None)
    dimensions = tuple(Dimension(name, name, {code: code for code in codes}) for name, codes in LEVELS.items())
    sample = Sample("survey", frame, Design(basis="census"), dimensions, rounds=("midline",))
    return measure(sample, [HEARD, WHERE], by=by)


def released(estimates: Estimates, *analyses: Analysis, audience: Any = "public", policy: Policy = Policy()) -> Release:  # noqa: B008
    compared = dataclasses.replace(compare(estimates, gaps=[], change=[]), analyses=tuple(analyses))
    listed = tables.alliance(dimensions=[{"name": name} for name in NAMES])
    return protect(estimates, compared, Narratives(), policy=policy, audience=audience, context=tables.context(alliance=listed))


def belong(estimates: Estimates) -> Analysis:
    return overlaps(estimates, BOTH, indicators=["heard"]).as_analysis()


def profile(estimates: Estimates, audience: Any = "public") -> Analysis:
    made = exclusion_profile(estimates, BOTH, benchmark=CENSUS, access=["heard"], voice=["heard"], ratings=RATED, audience=audience)
    return made.as_analysis()


def few(key: str, n: int = 4) -> Estimates:
    """Four people of one combination, all in the village."""
    return measured(people(**{f"{key}_camp": 0, f"{key}_village": n}))


FULL = measured(people())
SMALL = few("yes_yes")


@pytest.mark.parametrize("made", [belong, profile])
def test_made_of_open_figures_it_is_shown_as_it_was_computed(made: Any) -> None:
    given = made(FULL)
    (found,) = released(FULL, given).analyses
    for name, table in given.tables.items():
        shown = found.tables[name]
        assert (shown["disclosure"] == "open").all()
        for column in ("n", "estimate"):
            pd.testing.assert_series_equal(shown[column], table[column].astype("float64"))


def test_who_is_silent_within_a_combination_is_never_counted() -> None:
    given = belong(FULL)
    assert given.tables["figures"]["n_missing"].notna().all()
    (found,) = released(FULL, given).analyses
    assert found.tables["figures"]["n_missing"].isna().all()


@pytest.mark.parametrize("key", ["yes_yes", "yes_no", "no_yes", "no_no", "yes_not_known", "no_not_known"])
def test_one_small_combination_withholds_every_table_of_overlaps(key: str) -> None:
    """The others and everybody would give it back, by any of, how many or each set alone."""
    release = released(few(key), belong(few(key)))
    (found,) = release.analyses
    assert release.protection.analyses_withheld == 1
    assert set(found.tables) == {"people", "figures"}
    for table in found.tables.values():
        assert len(table) == 1
        assert table["disclosure"].item() == "withheld"
        assert table["note"].item() == NOT_SHOWN
        assert table.select_dtypes("number").isna().all(axis=None)
        assert table["inputs"].item() == ()
        assert not set(table[[*BOTH, "measure", "answer", "at_least"]].iloc[0]) & {"yes", "no", "not_known", "combination"}


def test_a_combination_of_nobody_is_no_reason_to_withhold() -> None:
    estimates = few("yes_yes", 0)
    release = released(estimates, belong(estimates))
    assert release.protection.analyses_withheld == 0
    rows = release.analyses[0].tables["people"]
    assert rows.loc[(rows["measure"] == "how_many") & (rows["count"] == 2), "n"].tolist() == [0.0]


def test_overlaps_that_were_not_crossed_are_judged_by_their_people() -> None:
    """Nothing is hidden where each dimension is measured alone; four people of a combination are still four."""
    for cells, shown in ((people(), True), (people(yes_yes_camp=0, yes_yes_village=4), False), (people(yes_yes_camp=0), True)):
        estimates = measured(cells, crossings(BOTH, up_to=1))
        release = released(estimates, belong(estimates))
        assert (release.estimates["disclosure"] == "open").all()
        assert (release.protection.analyses_withheld == 0) is shown


@pytest.mark.parametrize("publish", ["never", "whole_only"])
def test_overlaps_by_a_sensitive_dimension_leave_no_trace(publish: str) -> None:
    policy = Policy(sensitive={"disabled": SensitiveDimension(publish=publish, reason="few and known")})
    release = released(FULL, belong(FULL), policy=policy)
    assert release.analyses == ()
    assert release.protection.analyses_withheld == 1


@pytest.mark.parametrize("made", [belong, profile])
def test_nothing_that_is_hidden_is_on_disk(made: Any, tmp_path: Path) -> None:
    estimates = measured({key: (2 if key[1] == "not_known" else n) for key, n in people().items()})
    given = made(estimates)
    release = released(estimates, given)
    (found,) = release.analyses
    write_release(release, tmp_path / "r")
    text = "\n".join(file.read_text(encoding="utf-8") for file in (tmp_path / "r").iterdir())
    told = {round(float(number), 12) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)}
    open_rows = [table[table["disclosure"] == "open"] for table in (release.estimates, *found.tables.values())]
    known = {round(v, 12) for table in open_rows for v in table.select_dtypes("number").stack()}
    numbers = {round(v, 12) for table in given.tables.values() for v in table.select_dtypes("number").stack() if pd.notna(v)}
    secret = {value for value in numbers - known if value != round(value, 3)}
    assert len(secret) >= 2
    assert not secret & told
    back = read_release(tmp_path / "r").analyses[0]
    assert dataclasses.replace(back, tables={}) == dataclasses.replace(found, tables={})
    for name, table in found.tables.items():
        pd.testing.assert_frame_equal(back.tables[name], table)


def test_shares_of_a_dimension_go_together_and_the_rest_of_a_profile_stays() -> None:
    """Two people in each place did not say: with the others' number and everybody's, theirs could be told."""
    estimates = measured({key: (2 if key[1] == "not_known" else n) for key, n in people().items()})
    rows = released(estimates, profile(estimates)).analyses[0].tables["profile"]
    parts = rows[(rows["measure"] == "participation_ratio") & (rows["dimension"] == "disabled")]
    assert len(parts) == 2
    assert (parts["disclosure"] == "withheld").all()
    assert parts[["n", "value", "held_against", "estimate", "year"]].isna().all(axis=None)
    assert (rows.loc[(rows["measure"] == "not_known") & (rows["dimension"] == "disabled"), "disclosure"] == "withheld").all()
    others = rows[(rows["measure"] == "participation_ratio") & (rows["dimension"] == "young")]
    assert (others["disclosure"] == "open").all()


def test_ratings_go_no_further_than_their_raters_let_them() -> None:
    for audience, kinds in (("public", {"community"}), ("alliance", {"community", "outsider"})):
        rows = released(FULL, profile(FULL, audience), audience=audience).analyses[0].tables["profile"]
        rated = rows[(rows["measure"] == "barrier_median") & (rows["disclosure"] == "open")]
        assert set(rated["rater_kind"]) == kinds
