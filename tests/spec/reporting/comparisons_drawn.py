"""An invented survey with comparisons of many groups, as protection leaves them: some rows withheld, every number of these null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from releases import AGE, DISABILITY, GENDER, ROUNDS, Rows, about, dimension_labels, facts, indicator, release

from mel.model.analyses import Analysis
from mel.model.exclusion import OF_PROFILE
from mel.model.figure import FigureId
from mel.model.furthest import OF_GROUP, OF_LEAF, OF_RANKING, OF_SPLIT, OF_TREE
from mel.model.intersections import OF_INTERSECTION
from mel.model.overlaps import OF_PEOPLE
from mel.model.release import Release

LEVEL = {"level": 0.95}
SETS = {"displaced": "Displaced people", "young": "Young people", "indigenous": "Indigenous people"}
LONG = "A group whose members named it themselves in sixty letters."


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str], **every: Any) -> pd.DataFrame:
    """Rows with all columns; what is not given is null. A row with `hidden` has lost all its numbers."""
    base = {"basis": "probability", "counts": "people", "inputs": (FigureId("heard"),), "note": "", **every}
    made = []
    for given in rows:
        row = dict(given)
        hidden = row.pop("hidden", False)
        made.append({"disclosure": "withheld" if hidden else "open", **base, **row})
    return pd.DataFrame(made, columns=list(dict.fromkeys([*every, *columns])))


def _keys(name: str = "heard") -> dict[str, Any]:
    return {"dataset": "survey", "indicator": name, "version": "1", "round": "midline"}


def tree_found(**more: Any) -> Analysis:
    """Everyone parted by disability, those with one by gender; the leaf of men with a disability is withheld."""
    leaves = [
        {"leaf": 4, "place": "furthest_behind", "depth": 2, "n": 70, "share": 0.086, "estimate": 0.18, "ci_low": 0.11, "ci_high": 0.28,
         "domain": (("disability", ("with_disability",)), ("gender", ("woman", "non_binary")))},
        {"leaf": 5, "place": "between", "depth": 2, "domain": (("disability", ("with_disability",)), ("gender", ("man",))), "hidden": True},
        {"leaf": 3, "place": "furthest_ahead", "depth": 1, "n": 660, "share": 0.813, "estimate": 0.43, "ci_low": 0.38, "ci_high": 0.48,
         "domain": (("disability", ("without_disability",)),)},
    ]  # fmt: skip
    splits = [
        {"node": 1, "depth": 0, "dimension": "disability", "below": ("with_disability",), "above": ("without_disability",), "n": 790},
        {"node": 2, "depth": 1, "dimension": "gender", "below": ("woman", "non_binary"), "above": ("man",), "n": 130},
    ]
    summary = [{"leaves": 3, "n": 790, "everyone": 0.41, "same_again": 0.83, "gap": 0.25}]
    tables = {
        "leaves": _table(leaves, OF_LEAF, **_keys()), "splits": _table(splits, OF_SPLIT, **_keys()), "summary": _table(summary, OF_TREE, **_keys()),
    }  # fmt: skip
    return Analysis("furthest_behind", "survey", "heard", "1", "midline", ("disability", "gender"), tables, LEVEL | more)


def ranking_found() -> Analysis:
    def group(place: int, gender: str, disability: str, n: int, said: float, half: float, status: str, steadied: float) -> dict[str, Any]:
        return {
            "place": float(place), "domain": (("gender", (gender,)), ("disability", (disability,))), "n": float(n), "observed": said,
            "observed_low": said - half, "observed_high": said + half, "status": status, "estimate": steadied,
        }  # fmt: skip

    groups = [
        group(1, "woman", "with_disability", 70, 0.18, 0.12, "behind", 0.2),
        group(2, "woman", "without_disability", 350, 0.33, 0.07, "behind", 0.33),
        group(3, "man", "not_known", 21, 0.35, 0.3, "unclear", 0.4),
        group(4, "man", "without_disability", 300, 0.55, 0.08, "ahead", 0.54),
        {"place": 5.0, "domain": (("gender", ("man",)), ("disability", ("with_disability",))), "hidden": True},
    ]
    summary = [{"groups": 5, "n": 790, "everyone": 0.41, "silent_groups": 1}]
    tables = {"groups": _table(groups, OF_GROUP, **_keys()), "summary": _table(summary, OF_RANKING, **_keys())}
    return Analysis("ranking", "survey", "heard", "1", "midline", ("gender", "disability"), tables, LEVEL)


def intersections_found() -> Analysis:
    """A model in which women with a disability are heard less than the two parts lead one to expect."""

    def one(gender: str, disability: str, n: int, estimate: float, additive: float, status: str) -> dict[str, Any]:
        return {
            "gender": gender, "disability": disability, "n": float(n), "estimate": estimate, "ci_low": estimate - 0.05,
            "ci_high": estimate + 0.05, "additive": additive, "interaction": estimate - additive, "status": status,
        }  # fmt: skip

    rows = [
        one("woman", "with_disability", 70, 0.22, 0.3, "lower"), one("woman", "without_disability", 350, 0.33, 0.34, "unclear"),
        one("man", "without_disability", 300, 0.55, 0.53, "unclear"),
        {"gender": "man", "disability": "with_disability", "status": "", "hidden": True},
    ]  # fmt: skip
    table = _table(rows, ("gender", "disability", *OF_INTERSECTION), **_keys())
    return Analysis("intersections", "survey", "heard", "1", "midline", ("gender", "disability"), {"intersections": table}, LEVEL)


def overlaps_found() -> Analysis:
    def people(measure: str, codes: str, n: int | None, share: float | None, **more: Any) -> dict[str, Any]:
        named = dict(zip(SETS, ({"y": "yes", "n": "no", "?": "not_known", ".": "all"}[c] for c in codes), strict=True))
        row = {"measure": measure, "answer": "", "at_least": "no", **named, **more}
        if n is None or share is None:
            return row | {"hidden": True}
        return row | {"n": float(n), "estimate": share, "ci_low": share * 0.9, "ci_high": share * 1.1}

    rows = [
        people("membership", "y..", 150, 0.19), people("membership", ".y.", 240, 0.3), people("membership", "..y", None, None),
        people("any_of", "...", 350, 0.44, answer="yes"),
        people("combination", "nnn", 430, 0.55, rank=1.0), people("combination", "nyn", 160, 0.2, rank=2.0),
        people("combination", "yyn", 80, 0.1, rank=3.0), people("combination", "y?n", 40, 0.05, rank=4.0),
        people("combination", "yyy", None, None),
    ]  # fmt: skip
    columns = ("dataset", "round", *SETS, *OF_PEOPLE)
    table = _table(rows, columns, dataset="survey", round="midline")
    return Analysis("overlaps", "survey", "", "", "midline", tuple(SETS), {"people": table}, LEVEL)


def profile_found() -> Analysis:
    def row(
        measure: str, dimension: str, category: str, value: float, half: float | None, n: int, status: str, **more: Any
    ) -> dict[str, Any]:
        ends = {} if half is None else {"ci_low": value - half, "ci_high": value + half}
        return {
            "measure": measure, "indicator": "", "version": "", "dimension": dimension, "category": category, "factor": "", "rater_kind": "",
            "n": float(n), "estimate": value, "status": status, **ends, **more,
        }  # fmt: skip

    def raters(low: float, high: float) -> dict[str, Any]:
        return {"basis": "purposive", "factor": "discrimination", "middle_low": low, "middle_high": high}

    rows = [
        row("participation_ratio", "gender", "woman", 1.06, 0.05, 430, "above_parity"),
        row("participation_ratio", "gender", "man", 0.95, 0.08, 371, "unclear"),
        row("participation_ratio", "disability", "with_disability", 0.62, 0.12, 130, "below_parity"),
        {"measure": "participation_ratio", "indicator": "", "version": "", "dimension": "gender", "category": "non_binary", "factor": "",
         "rater_kind": "", "status": "", "hidden": True},
        row("access_gap", "disability", "with_disability", -0.2, 0.06, 130, "behind", indicator="heard"),
        row("access_gap", "gender", "man", 0.11, 0.05, 371, "ahead", indicator="heard"),
        row("barrier_median", "disability", "with_disability", 3.0, None, 12, "no_test", rater_kind="community", **raters(2.0, 4.0)),
        row("barrier_median", "disability", "with_disability", 1.0, None, 14, "no_test", rater_kind="outsider", **raters(0.0, 2.0)),
        row("not_known", "disability", "", 0.03, 0.01, 22, ""),
    ]  # fmt: skip
    table = _table(rows, OF_PROFILE, dataset="survey", round="midline")
    return Analysis("exclusion_profile", "survey", "", "", "midline", ("gender", "disability"), {"profile": table}, LEVEL)


def rows_of_two_rounds() -> Rows:
    rows = Rows(("gender", "disability", "age", *SETS))
    for name, by in (("heard", 0.0), ("invited", 0.12)):
        for round_, step in (("baseline", 0.0), ("midline", 0.05)):
            rows.estimate(name, round_, 0.36 + step + by, 800, half=0.04)
            for domain, value, n in (
                ({"gender": "woman"}, 0.25 + step + by, 430), ({"gender": "man"}, 0.42 + 2 * step + by, 371),
                ({"disability": "with_disability"}, 0.2 + by, 130), ({"disability": "without_disability"}, 0.38 + step + by, 660),
                ({"age": "15-24"}, 0.25 + by, 240), ({"age": "25-59"}, 0.4 + step + by, 470), ({"age": "60+"}, 0.39 + step, 102),
            ):  # fmt: skip
                rows.estimate(name, round_, round(value, 4), n, domain, half=0.05)
            rows.estimate(name, round_, None, None, {"gender": "non_binary"}, hidden=True)
            rows.estimate(name, round_, 0.3, 11, {"gender": "prefer_not_to_say"}, half=0.25, reliability="too_few")
    for domain, before, after, half in (
        ({}, 0.36, 0.41, 0.04), ({"gender": "woman"}, 0.25, 0.30, 0.06), ({"gender": "man"}, 0.42, 0.52, 0.06),
        ({"disability": "with_disability"}, 0.2, 0.2, 0.06), ({"disability": "without_disability"}, 0.38, 0.43, 0.045),
    ):  # fmt: skip
        rows.change("heard", (after, before), half, domain)
    rows.change("heard", None, domain={"gender": "non_binary"})
    for round_, a, b in (("baseline", 0.25, 0.42), ("midline", 0.30, 0.52)):
        rows.gap("heard", round_, "gender", "woman", "man", (a, b), 0.06)
    rows.compare(
        "gap_change",
        "heard",
        "midline",
        (-0.22, -0.17),
        half=0.07,
        dimension="gender",
        group_a="woman",
        group_b="man",
        from_round="baseline",
        status="unclear",
    )
    return rows


def crossed(rows: Rows) -> Rows:
    """Gender by disability: one crossing hidden, one with nobody, one without a row, the others shown."""
    for gender, disability, value, n in (
        ("woman", "with_disability", 0.18, 70), ("woman", "without_disability", 0.33, 350), ("man", "without_disability", 0.55, 300),
        ("man", "not_known", 0.4, 40), ("woman", "not_known", 0.31, 33),
    ):  # fmt: skip
        rows.estimate("heard", "midline", value, n, {"gender": gender, "disability": disability}, half=0.05)
    rows.estimate("heard", "midline", None, None, {"gender": "man", "disability": "with_disability"}, hidden=True)
    rows.estimate("heard", "midline", None, 0, {"gender": "non_binary", "disability": "with_disability"})
    return rows


def labels_of(rows: Rows) -> dict[str, Any]:
    dimensions = dimension_labels([d for d in rows.dimensions if d not in SETS])
    dimensions |= {
        name: {"label": label, "categories": {"yes": "Yes", "no": "No"}, "ordered": False, "sensitive": False, "reference": None,
               "reference_reason": ""}
        for name, label in SETS.items()
    }  # fmt: skip
    names = {
        "heard": indicator("Heard in village meetings", claim="were heard in village meetings"),
        "invited": indicator("Invited to village meetings", claim="were invited to village meetings"),
        "meetings": indicator("Meetings gone to in a year", kind="mean", unit="meetings"),
    }
    return {"dimensions": dimensions, "indicators": names, "rounds": ROUNDS}


def compared() -> Release:
    """Two rounds of a survey with a crossing, changes, gaps and one of each analysis."""
    rows = crossed(rows_of_two_rounds())
    told = about("Every Step", [facts("survey", rounds={"baseline": "2021-06-01", "midline": "2024-06-01"}, rows={"midline": 812})])
    return release(rows.tables(), told, labels_of(rows), analyses=(tree_found(), ranking_found(), overlaps_found(), profile_found()))


CATEGORIES = {"gender": GENDER, "disability": DISABILITY, "age": AGE}
