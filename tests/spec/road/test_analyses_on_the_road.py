"""An analysis that cannot be done stops no report; a ranking leaves out what will not be shown rather than being withheld for it."""

from __future__ import annotations

import importlib.util
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.codes import Audience
from mel.comparison import rank_groups
from mel.estimation import measure
from mel.model.alliance import Alliance, Dataset, Design
from mel.model.domains import crossings
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.records import Records
from mel.model.sample import Dimension, Sample
from mel.portfolio.analyses import NOT_IN_THE_REPORT, analyse

_spec = importlib.util.spec_from_file_location("protection_tables_four", Path(__file__).parents[2] / "privacy" / "protection_tables.py")
tables = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(tables)

HEARD = Indicator(id="heard", label="heard", kind="proportion", numerator={"column": "heard", "is": ["yes"]}, source="invented",
                  status="confirmed", polarity="higher_is_better")  # fmt: skip
LEVELS = {"gender": ("woman", "man"), "place": ("camp", "village", "town")}


def measured() -> Estimates:
    rows = [(*key, "yes" if k % 3 else "no") for key in product(*LEVELS.values()) for k in range(40)]
    frame = pd.DataFrame(rows, columns=[*LEVELS, "heard"]).assign(round="midline", heard__silence=None)
    dimensions = tuple(Dimension(name, name, {c: c for c in codes}) for name, codes in LEVELS.items())
    sample = Sample("survey", frame, Design(basis="census"), dimensions, rounds=("midline",))
    return measure(sample, [HEARD], by=crossings(tuple(LEVELS)))


def alliance(*analyses: dict[str, Any]) -> Alliance:
    made: Alliance = tables.alliance(
        dimensions=[{"name": name} for name in LEVELS], indicators=[{"id": "heard", "dataset": "survey"}], analyses=list(analyses)
    )
    return made


def ask(kind: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "indicator": "heard", "dimensions": list(LEVELS), **more}


def never() -> frozenset[FigureId]:
    raise AssertionError("asked what is shown without a ranking")


def test_each_is_done_in_the_order_asked_for_and_the_last_round_is_meant() -> None:
    done, problems = analyse(alliance(ask("opportunity"), ask("furthest_behind", fewest=10)), measured(), never)
    assert [one.kind for one in done] == ["opportunity", "furthest_behind"]
    assert {one.round for one in done} == {"midline"}
    assert not [p for p in problems if p.severity == "stop"]


def test_what_cannot_be_done_is_said_and_stops_nothing() -> None:
    done, problems = analyse(alliance(ask("furthest_behind", fewest=4000), ask("opportunity")), measured(), never)
    assert [(one.cannot_say, bool(one.tables)) for one in done] == [("FURTHEST_NO_SPLIT", False), ("", True)]
    assert [(p.code, p.severity) for p in problems] == [("FURTHEST_NO_SPLIT", "warn")]


def test_a_ranking_leaves_out_what_is_not_shown() -> None:
    estimates = measured()
    every = {figure for given in rank_groups(estimates, "heard", list(LEVELS)).table["inputs"] for figure in given}
    hidden = next(figure for figure in every if dict(figure.domain) == {"gender": "woman", "place": "camp"})
    (done,), _ = analyse(alliance(ask("ranking")), estimates, lambda: every - {hidden})
    ranked = {figure for given in done.tables["groups"]["inputs"] for figure in given}
    assert ranked == every - {hidden}
    for table in done.tables.values():
        assert table["note"].str.contains(NOT_IN_THE_REPORT, regex=False).all()
        assert not table["note"].str.contains("on request", regex=False).any()


def test_an_indicator_that_was_not_measured_has_no_analysis() -> None:
    """No column is mapped to it, which the report says elsewhere."""
    estimates = measured()
    later = [{"id": "later", "dataset": "survey"}]
    given = tables.alliance(
        dimensions=[{"name": name} for name in LEVELS], indicators=later, analyses=[ask("opportunity", indicator="later")]
    )
    assert analyse(given, estimates, never) == ((), ())


WHO = Indicator(id="who", label="who", kind="composition", numerator={"value": "place"}, source="invented", status="confirmed")
CENSUS = pd.DataFrame({"dimension": "gender", "category": ["woman", "man"], "share": [0.6, 0.4], "source": "Invented census", "year": 2021})


def everybody_measured() -> Estimates:
    rows = [(*key, "yes" if k % 3 else "no") for key in product(*LEVELS.values()) for k in range(40)]
    frame = pd.DataFrame(rows, columns=[*LEVELS, "heard"]).assign(round="midline", heard__silence=None)
    dimensions = tuple(Dimension(name, name, {c: c for c in codes}) for name, codes in LEVELS.items())
    sample = Sample("survey", frame, Design(basis="census"), dimensions, rounds=("midline",))
    return measure(sample, [HEARD, WHO], by=crossings(tuple(LEVELS)))


def test_overlaps_need_no_indicator_and_say_who_belongs() -> None:
    asked = {"kind": "overlaps", "dataset": "survey", "dimensions": list(LEVELS), "belonging": {"gender": ["woman"], "place": ["camp"]}}
    (one,), problems = analyse(alliance(asked), everybody_measured(), never)
    assert (one.kind, one.indicator, one.round, set(one.tables), problems) == ("overlaps", "", "midline", {"people"}, ())
    rows = one.tables["people"]
    assert rows.loc[(rows["measure"] == "any_of") & (rows["answer"] == "yes"), "n"].item() == 160
    assert one.method["belonging_place"] == "camp"


def test_overlaps_of_an_indicator_have_its_figures() -> None:
    asked = {"kind": "overlaps", "indicator": "heard", "dimensions": list(LEVELS), "belonging": {"gender": ["woman"], "place": ["camp"]}}
    (one,), _ = analyse(alliance(asked), everybody_measured(), never)
    assert (one.indicator, set(one.tables)) == ("heard", {"people", "figures"})


def test_what_nobody_said_who_belongs_to_is_said_to_be_impossible() -> None:
    (one,), problems = analyse(alliance({"kind": "overlaps", "dataset": "survey", "dimensions": list(LEVELS)}), everybody_measured(), never)
    assert (one.cannot_say, one.tables) == ("OVERLAP_NOT_A_MEMBERSHIP", {})
    assert {p.severity for p in problems} == {"warn"}


@pytest.mark.parametrize(("audience", "seen"), [("public", False), ("alliance", True)])
def test_a_profile_reads_only_registers_that_go_as_far_as_its_audience(audience: Audience, seen: bool) -> None:
    register = {"name": "census", "kind": "benchmarks", "owner": "amani", "share": "alliance",
                "rounds": [{"name": "all", "date": "2026-06-01", "files": ["census.csv"]}]}  # fmt: skip
    asked = {"kind": "exclusion_profile", "dataset": "survey", "dimensions": ["gender"], "voice": ["heard"]}
    given = alliance(asked)
    given = given.model_copy(update={"datasets": (*given.datasets, Dataset.model_validate(register))})
    records = {"census": Records("census", "benchmarks", CENSUS)}
    (one,), _ = analyse(given, everybody_measured(), never, records, audience)
    measures = set(one.tables["profile"]["measure"])
    assert measures == {"voice_ratio", "not_known"} | ({"participation_ratio"} if seen else set())
    if seen:
        rows = one.tables["profile"].set_index(["measure", "category"])
        assert rows.loc[("participation_ratio", "woman"), "estimate"] == pytest.approx(0.5 / 0.6)
