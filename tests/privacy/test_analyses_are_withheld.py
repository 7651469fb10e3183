"""An analysis of many groups is made of their figures: where one of these is hidden, the analysis is, too, down to its shape.

Held against an outsider who has release.json and every csv: no number of a withheld analysis stands in them.
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

from mel.comparison import compare, furthest_behind, intersections, opportunity, rank_groups
from mel.disclosure import protect
from mel.disclosure.analyses import NOT_SHOWN, Judge
from mel.errors import ProtectionRefused
from mel.estimation import measure
from mel.formats.release import read_release, write_release
from mel.model.alliance import Design
from mel.model.analyses import Analysis
from mel.model.domains import Domains, crossings
from mel.model.estimates import Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.furthest import TreeRules
from mel.model.indicator import Indicator
from mel.model.policy import Policy, SensitiveDimension
from mel.model.release import Narratives, Release
from mel.model.sample import Dimension, Sample

_spec = importlib.util.spec_from_file_location("protection_tables_three", Path(__file__).parent / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented",
                  status="confirmed", polarity="higher_is_better")  # fmt: skip
LEVELS = {"gender": ("woman", "man"), "place": ("camp", "village", "town"), "disability": ("with", "without")}
NAMES = tuple(LEVELS)
KINDS = ("intersections", "furthest_behind", "opportunity", "ranking")
EVERY = crossings(NAMES)
Cells = Mapping[tuple[str, ...], tuple[int, int]]


def cells(**few: tuple[int, int]) -> dict[tuple[str, ...], tuple[int, int]]:
    """People and how many were heard; `few`: other numbers for one cell, by its codes joined with `_`."""
    found = {}
    for at, key in enumerate(product(*LEVELS.values())):
        n = 30 + 3 * at
        share = 0.25 + 0.3 * (key[0] == "man") + 0.25 * (key[2] == "without") + 0.05 * (at % 3)
        found[key] = few.get("_".join(key), (n, round(n * share)))
    return found


def measured(people: Cells, by: Domains = EVERY, **fields: Any) -> Estimates:
    rows = [(*key, "yes" if k < yes else "no") for key, (n, yes) in people.items() for k in range(n)]
    frame = pd.DataFrame(rows, columns=[*NAMES, "heard"]).assign(round="midline", heard__silence=None)
    dimensions = tuple(Dimension(name, name, {code: code for code in codes}) for name, codes in LEVELS.items())
    design = Design(basis="probability", weights="none", stratum=False, psu=False)
    return measure(Sample("survey", frame, design, dimensions, rounds=("midline",)), [HEARD.model_copy(update=fields)], by=by)


def analysed(estimates: Estimates, kind: str) -> Analysis:
    made: dict[str, Any] = {
        "intersections": lambda: intersections(estimates, "heard", NAMES),
        "furthest_behind": lambda: furthest_behind(estimates, "heard", NAMES, rules=TreeRules(fewest=20), draws=10, folds=2, repeats=1),
        "opportunity": lambda: opportunity(estimates, "heard", NAMES),
        "ranking": lambda: rank_groups(estimates, "heard", NAMES, draws=1000, fewest=2),
    }
    found: Analysis = made[kind]().as_analysis()
    return found


def released(estimates: Estimates, *analyses: Analysis, policy: Policy = Policy(), **context: Any) -> Release:  # noqa: B008
    compared = dataclasses.replace(compare(estimates, gaps=[], change=[]), analyses=tuple(analyses))
    return protect(estimates, compared, Narratives(), policy=policy, audience="public", context=tables.context(**context))


FULL = measured(cells())
SMALL = measured(cells(woman_camp_with=(4, 1)))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_made_of_open_figures_is_open_and_unchanged(kind: str) -> None:
    given = analysed(FULL, kind)
    (found,) = released(FULL, given).analyses
    for name, table in given.tables.items():
        shown = found.tables[name]
        assert (shown["disclosure"] == "open").all()
        for column in set(shown) - {"disclosure", "left_out_people"}:
            if column in ("inputs", "domain", "below", "above"):
                assert list(shown[column]) == list(table[column])
            elif shown[column].dtype == "float64":
                pd.testing.assert_series_equal(shown[column], table[column].astype("float64"))


@pytest.mark.parametrize("kind", KINDS)
def test_one_hidden_group_takes_the_whole_analysis_with_it(kind: str) -> None:
    release = released(SMALL, analysed(SMALL, kind))
    (found,) = release.analyses
    assert release.protection.analyses_withheld == 1
    for table in found.tables.values():
        assert len(table) == 1
        assert table["disclosure"].item() == "withheld"
        assert table["note"].item() == NOT_SHOWN
        assert table.select_dtypes("number").isna().all(axis=None)
        assert table["inputs"].item() == ()
        texts = set(table.columns) - {"dataset", "indicator", "version", "round", "basis", "counts", "disclosure", "note"}
        assert all(table[name].item() in ("", ()) for name in texts if table[name].dtype != "float64")


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_of_a_withheld_analysis_is_on_disk(kind: str, tmp_path: Path) -> None:
    given = analysed(SMALL, kind)
    release = released(SMALL, given)
    write_release(release, tmp_path / "r")
    text = "\n".join(file.read_text(encoding="utf-8") for file in (tmp_path / "r").iterdir())
    told = {round(float(number), 12) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", text)}
    known = {round(value, 12) for value in release.estimates.select_dtypes("number").stack()}
    numbers = {round(value, 12) for table in given.tables.values() for value in table.select_dtypes("number").stack() if pd.notna(value)}
    secret = {value for value in numbers - known if value != round(value, 3)}
    assert len(secret) >= 2
    assert not secret & told


@pytest.mark.parametrize("kind", KINDS)
def test_groups_that_are_no_row_are_judged_by_their_people(kind: str) -> None:
    """Measured one dimension at a time: nothing is hidden there. Whether a crossing may be used depends on how many people are in each."""
    for people, shown in ((cells(), True), (cells(woman_camp_with=(9, 3)), False), (cells(woman_camp_with=(10, 3)), True)):
        estimates = measured(people, crossings(NAMES, up_to=1))
        release = released(estimates, analysed(estimates, kind))
        assert (release.estimates["disclosure"] == "open").all()
        assert (release.protection.analyses_withheld == 0) is shown, people


def test_a_crossing_that_is_no_row_is_not_used_beside_something_hidden() -> None:
    """Disability is measured alone and hidden; the crossing of the others would be open, and is withheld all the same."""
    people = {key: ((2, 1) if key[2] == "with" else n_yes) for key, n_yes in cells().items()}
    people |= {("man", place, "with"): (0, 0) for place in LEVELS["place"]}
    estimates = measured(people, crossings(NAMES, up_to=1))
    assert (released(estimates).estimates["disclosure"] != "open").any()
    made = opportunity(estimates, "heard", ["gender", "place"]).as_analysis()
    assert released(estimates, made).protection.analyses_withheld == 1


def test_figures_that_open_rows_add_up_to_are_as_good_as_open() -> None:
    """Only the finest crossing is in the estimates; something of another crossing is hidden beside it, so nothing is judged from counts."""
    estimates = measured(cells(), Domains((NAMES,)))
    given = analysed(estimates, "furthest_behind")
    used = {len(figure.domain) for table in given.tables.values() for inputs in table["inputs"] for figure in inputs}
    assert used & {1, 2}
    assert released(estimates, given).protection.analyses_withheld == 0
    judged = judge(estimates, {("woman", "camp", "with")})
    of = dict(zip(NAMES, ("woman", "camp", "with"), strict=True))
    for names, allowed in ((("gender",), False), (("place", "disability"), False), (NAMES, False)):
        figure = FigureId("heard", "1", "midline", tuple((name, of[name]) for name in names), dataset="survey")
        assert judged.allows(figure) is allowed
    assert judged.allows(FigureId("heard", "1", "midline", (("gender", "man"),), dataset="survey"))


def judge(estimates: Estimates, hidden: set[tuple[str, ...]]) -> Judge:
    """Who may use which figure, where these cells are not shown."""
    names = estimates.dimension_names
    listed = {figure_of({str(k): v for k, v in row.items()}, names) for row in estimates.table.to_dict("records")}
    listed = {dataclasses.replace(figure, domain=tuple(sorted(figure.domain))) for figure in listed}
    shown = {figure for figure in listed if tuple(dict(figure.domain).get(name, "") for name in NAMES) not in hidden}
    return Judge(frozenset(shown), frozenset(listed), frozenset(), frozenset(), estimates, 10)


def test_profiles_are_decided_row_by_row() -> None:
    """What was made of a hidden group, of too few people or of nothing known loses its numbers; the rows beside it keep theirs."""
    of = dict(zip(NAMES, ("woman", "camp", "with"), strict=True))
    hidden = FigureId("heard", "1", "midline", tuple(of.items()), dataset="survey")
    shown = FigureId("heard", "1", "midline", (("gender", "man"),), dataset="survey")
    rows = [("a", 60, (shown,)), ("b", 60, (shown, hidden)), ("c", 4, (shown,)), ("d", 60, ())]
    table = pd.DataFrame(
        [{"dataset": "survey", "round": "midline", "group": g, "n": n, "estimate": 0.5, "status": "behind", "basis": "census",
          "counts": "people", "inputs": inputs, "disclosure": "unchecked", "note": f"{n} people"} for g, n, inputs in rows]
    )  # fmt: skip
    release = released(SMALL, Analysis("exclusion_profile", "survey", "", "", "midline", NAMES, {"profile": table}))
    found = release.analyses[0].tables["profile"].set_index("group")
    assert found["disclosure"].to_dict() == {"a": "open", "b": "withheld", "c": "withheld", "d": "withheld"}
    gone = found.drop(index="a")
    assert gone[["n", "estimate"]].isna().all(axis=None)
    assert (gone["status"] == "").all()
    assert (gone["note"] == NOT_SHOWN).all()
    assert found.loc["a", "estimate"] == 0.5
    assert release.protection.analyses_withheld == 1


def test_an_indicator_that_discloses_is_not_crossed_beyond_its_rows() -> None:
    estimates = measured(cells(), crossings(NAMES, up_to=1), sensitivity="sensitive")
    assert released(estimates, analysed(estimates, "opportunity")).protection.analyses_withheld == 1


@pytest.mark.parametrize("publish", ["never", "whole_only"])
def test_an_analysis_by_a_sensitive_dimension_leaves_no_trace(publish: str) -> None:
    policy = Policy(sensitive={"disability": SensitiveDimension(publish=publish, reason="few and known")})
    listed = tables.alliance(dimensions=[{"name": name} for name in NAMES])
    release = released(FULL, analysed(FULL, "furthest_behind"), policy=policy, alliance=listed)
    assert release.analyses == ()
    assert release.protection.analyses_withheld == 1


def test_people_of_groups_too_small_to_rank_are_never_counted() -> None:
    """With their number, and the total of all hidden groups, one group who did not say could be told."""
    made = rank_groups(FULL, "heard", NAMES, draws=1000, fewest=60).as_analysis()
    assert made.tables["summary"]["left_out_people"].item() > 0
    (found,) = released(FULL, made).analyses
    assert found.tables["summary"]["disclosure"].item() == "open"
    assert found.tables["summary"]["left_out_people"].isna().all()


def test_what_cannot_be_said_travels_without_numbers() -> None:
    said = Analysis("ranking", "survey", "heard", "1", "midline", NAMES, {}, cannot_say="RANKING_TOO_FEW")
    assert released(FULL, said).analyses == (said,)


def test_what_protection_does_not_know_stops_the_run() -> None:
    given = analysed(FULL, "opportunity")
    wrong = {
        "PROTECT_ANALYSIS_UNKNOWN": dataclasses.replace(given, kind="lottery"),
        "PROTECT_COLUMNS": given.with_tables({"measures": given.tables["measures"].drop(columns="inputs")}),
        "PROTECT_NOT_UNCHECKED": given.with_tables({"measures": given.tables["measures"].assign(disclosure="open")}),
        "PROTECT_COLUMN_TYPE": given.with_tables({"measures": given.tables["measures"].assign(inputs="all")}),
        "PROTECT_DATASET_UNKNOWN": dataclasses.replace(given, dataset="elsewhere"),
    }
    for code, analysis in wrong.items():
        with pytest.raises(ProtectionRefused) as error:
            released(FULL, analysis)
        assert error.value.codes == (code,)


@pytest.mark.parametrize("estimates", [FULL, SMALL], ids=["shown", "withheld"])
def test_analyses_come_back_from_disk_equal(estimates: Estimates, tmp_path: Path) -> None:
    silent = Analysis("ranking", "survey", "heard", "1", "midline", NAMES, {}, cannot_say="RANKING_TOO_FEW")
    release = released(estimates, *(analysed(estimates, kind) for kind in KINDS), silent)
    write_release(release, tmp_path / "r")
    back = read_release(tmp_path / "r")
    assert len(back.analyses) == len(KINDS) + 1
    for one, other in zip(release.analyses, back.analyses, strict=True):
        assert dataclasses.replace(one, tables={}) == dataclasses.replace(other, tables={})
        assert list(one.tables) == list(other.tables)
        for name, table in one.tables.items():
            pd.testing.assert_frame_equal(table, other.tables[name])
    write_release(back, tmp_path / "again")
    for file in (tmp_path / "r").iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()
