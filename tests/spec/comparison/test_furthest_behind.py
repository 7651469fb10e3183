"""The manual of `furthest_behind`: which groups a tree finds, what each row says, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import furthest_behind
from mel.errors import CannotSay, MelError, UsageError
from mel.model.furthest import TreeRules
from mel.model.replicates import Replicates
from tests.spec.comparison.furthest_people import CHANCE, FOUR, NAMES, VILLAGES, WEIGHTED, estimated, heard, people

SMALL = TreeRules(fewest=20, share=0.05)
FEW = {"draws": 40, "folds": 3, "repeats": 1}
NONE = {"draws": 0, "folds": 0}


def found(**more: Any) -> Any:
    return furthest_behind(estimated(people(FOUR, NAMES), NAMES), "heard", NAMES, **({"rules": SMALL} | NONE | more))


def leaf(tree: Any, **domain: tuple[str, ...]) -> Any:
    rows = [row for row in tree.leaves.to_dict("records") if dict(row["domain"]) == domain]
    assert len(rows) == 1, tree.leaves["domain"].tolist()
    return rows[0]


def test_the_group_furthest_behind_comes_first_with_its_size_and_figure() -> None:
    first = found().leaves.iloc[0]
    assert dict(first["domain"]) == {"residence": ("rural",), "gender": ("woman",), "disability": ("with",)}
    assert (first["place"], first["n"], first["estimate"]) == ("furthest_behind", 60, 0.1)
    assert first["share"] == 60 / 600


def test_a_group_is_bounded_only_by_what_parted_it() -> None:
    ahead = found().leaves.iloc[-1]
    assert ahead["place"] == "furthest_ahead"
    assert [name for name, _ in ahead["domain"]] == ["residence", "gender"]
    assert (ahead["n"], ahead["estimate"]) == (140, 0.8)


def test_gaps_are_measured_from_the_furthest_ahead() -> None:
    tree = found()
    assert tree.leaves["gap"].iloc[-1] == 0
    assert tree.leaves["gap"].iloc[0] == pytest.approx(0.7)
    assert tree.summary["gap"].iloc[0] == pytest.approx(0.7)


def test_where_lower_is_better_the_highest_is_behind() -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES, indicator=heard("lower_is_better"))
    tree = furthest_behind(estimates, "heard", NAMES, rules=SMALL, **NONE)
    assert tree.leaves.iloc[0]["estimate"] == 0.8
    assert tree.summary["gap"].iloc[0] == pytest.approx(0.7)


def test_the_published_rules_are_the_default() -> None:
    assert TreeRules() == TreeRules(depth=6, fewest=49, share=0.09)
    tree = furthest_behind(estimated(people(FOUR, NAMES), NAMES), "heard", NAMES, **NONE)
    assert tree.leaves["n"].min() >= 49
    assert tree.leaves["share"].min() >= 0.09


def test_a_parting_that_the_rules_forbid_is_passed_over() -> None:
    tree = found(rules=TreeRules(fewest=61, share=0.0))
    assert tree.leaves["n"].min() >= 61


@pytest.mark.parametrize("design", [VILLAGES, CHANCE, WEIGHTED], ids=["villages", "people", "weighted people"])
def test_the_precision_of_a_group_is_that_of_its_figure(design: dict[str, Any]) -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES, design)
    tree = furthest_behind(estimates, "heard", NAMES, rules=SMALL, **NONE)
    mine = leaf(tree, residence=("rural",), gender=("woman",), disability=("with",))
    table = estimates.table
    row = table[(table["residence"] == "rural") & (table["gender"] == "woman") & (table["disability"] == "with")].iloc[0]
    for name in ("estimate", "se", "ci_low", "ci_high", "df", "n"):
        assert mine[name] == pytest.approx(row[name], rel=1e-12), name


def test_every_row_carries_the_figures_of_its_people() -> None:
    """A group's own figures first; then those of the furthest ahead, from which its gap is taken, and everyone's, for its share."""
    tree = found()
    mine = leaf(tree, residence=("rural",), gender=("woman",), disability=("with",))
    own, *others = [dict(figure.domain) for figure in mine["inputs"]]
    assert own == {"residence": "rural", "gender": "woman", "disability": "with"}
    assert others == [{}, {"residence": "town", "gender": "man"}]
    assert len(tree.summary["inputs"].iloc[0]) == len(tree.leaves) + 1
    assert set(tree.leaves["disclosure"]) | set(tree.splits["disclosure"]) | set(tree.summary["disclosure"]) == {"unchecked"}


@pytest.mark.parametrize("silences", ["as_category", "left_out"])
def test_the_people_of_a_group_are_those_of_its_figures(silences: str) -> None:
    names = NAMES[:2]
    groups = {(r, g): (80, 10 + 20 * (r == "town") + 10 * (g == "man")) for r in ("rural", "town") for g in ("woman", "man")}
    estimates = estimated(people(groups | {("rural", "not_known"): (60, 5)}, names), names)
    one = furthest_behind(estimates, "heard", names, rules=SMALL, silences=silences, **NONE)
    n = dict(zip(map(tuple, estimates.table[names].to_numpy()), estimates.table["n"], strict=True))
    for row in one.leaves.to_dict("records"):
        bounded = [
            figure
            for figure in row["inputs"]
            if len(figure.domain) == 2 and all(category in dict(row["domain"]).get(name, (category,)) for name, category in figure.domain)
        ]
        if len(row["domain"]) == 2 or silences == "left_out":
            assert sum(n[tuple(c for _, c in figure.domain)] for figure in bounded) == row["n"]


def test_the_shape_that_all_analyses_share() -> None:
    shared = found().as_analysis()
    assert (shared.kind, shared.indicator, shared.round, shared.dimensions) == ("furthest_behind", "heard", "once", tuple(NAMES))
    assert all({"n", "inputs", "disclosure", "note"} <= set(table) for table in shared.tables.values())


def test_who_did_not_say_is_a_group_of_its_own() -> None:
    groups = {(r, "woman"): (80, 40) for r in ("rural", "town")} | {("rural", "prefer_not_to_say"): (40, 2), ("town", "man"): (80, 60)}
    estimates = estimated(people(groups, NAMES[:2]), NAMES[:2])
    tree = furthest_behind(estimates, "heard", NAMES[:2], rules=SMALL, **NONE)
    assert dict(tree.leaves.iloc[0]["domain"])["gender"] == ("prefer_not_to_say",)
    left = furthest_behind(estimates, "heard", NAMES[:2], rules=SMALL, silences="left_out", **NONE)
    assert left.summary["n_left_out"].iloc[0] == 40
    assert left.leaves["n"].sum() == 160 + 80
    assert "40 people who did not say" in left.leaves["note"].iloc[0]
    assert {len(figure.domain) for figure in left.leaves["inputs"].iloc[0]} == {0, 2}, "without them only the finest figures add up"


def test_along_an_order_a_silence_takes_the_side_where_it_belongs() -> None:
    groups = {
        ("18-24", "a"): (40, 4), ("25-49", "a"): (40, 20), ("50+", "a"): (40, 36), ("not_known", "a"): (40, 36), ("18-24", "b"): (40, 4),
        ("25-49", "b"): (40, 20), ("50+", "b"): (40, 36), ("not_known", "b"): (40, 36),
    }  # fmt: skip
    order = {"age": ["18-24", "25-49", "50+", "not_known"]}
    estimates = estimated(people(groups, ["age", "side"]), ["age", "side"], ordered=order)
    tree = furthest_behind(estimates, "heard", ["age", "side"], rules=TreeRules(fewest=20, share=0.05, depth=2), **NONE)
    domains = [dict(domain)["age"] for domain in tree.leaves["domain"]]
    assert domains == [("18-24",), ("25-49",), ("50+", "not_known")]


def test_an_order_is_not_broken() -> None:
    groups = {(age, side): (60, yes) for side in "ab" for age, yes in (("18-24", 10), ("25-49", 50), ("50+", 10))}
    frame = people(groups, ["age", "side"])
    along = estimated(frame, ["age", "side"], ordered={"age": ["18-24", "25-49", "50+"]})
    free = estimated(frame, ["age", "side"])
    first = furthest_behind(free, "heard", ["age", "side"], rules=SMALL, **NONE).leaves.iloc[0]
    assert dict(first["domain"]) == {"age": ("18-24", "50+")}
    domains = [dict(d)["age"] for d in furthest_behind(along, "heard", ["age", "side"], rules=SMALL, **NONE).leaves["domain"]]
    assert ("18-24", "50+") not in domains


def test_what_draws_and_folds_say() -> None:
    tree = found(**FEW)
    one = tree.summary.iloc[0]
    assert (one["draws"], one["folds"]) == (40, 3)
    assert one["same_again"] > 0.5
    assert one["overlap"] >= one["same_again"]
    assert one["ci_low"] < one["gap_honest"] < one["ci_high"]
    assert one["ci_high"] >= one["gap"]
    assert tree.leaves["behind_again"].iloc[0] > 0.5 > tree.leaves["behind_again"].iloc[-1]
    again = found(**FEW)
    assert again.summary.drop(columns="inputs").equals(tree.summary.drop(columns="inputs")), "the same seed gives the same numbers"
    assert not found(**FEW, seed=2).summary["gap_honest"].equals(tree.summary["gap_honest"])


def test_people_drawn_alone_are_drawn_again_among_those_alike() -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES, CHANCE)
    one = furthest_behind(estimates, "heard", NAMES, rules=SMALL, **FEW).summary.iloc[0]
    assert one["same_again"] > 0.5
    assert one["se"] > 0


def test_nobody_drawn_by_chance_no_interval_and_no_draws() -> None:
    for basis, words in (("purposive", "Nobody was drawn by chance"), ("census", "Everyone listed was asked")):
        estimates = estimated(people(FOUR, NAMES), NAMES, {"basis": basis})
        tree = furthest_behind(estimates, "heard", NAMES, rules=SMALL)
        assert tree.leaves[["se", "ci_low", "ci_high", "behind_again"]].isna().all(axis=None)
        assert tree.summary[["gap_honest", "se", "same_again"]].isna().all(axis=None)
        assert tree.summary["draws"].iloc[0] == 0
        assert words in tree.leaves["note"].iloc[0]
        assert tree.leaves.iloc[0]["estimate"] == 0.1


def test_a_mean_keeps_its_unit() -> None:
    frame = people(FOUR, NAMES)
    frame["hours"] = 1000 + frame["hours"] + 40 * (frame["residence"] == "town") - 30 * (frame["gender"] == "woman")
    tree = furthest_behind(estimated(frame, NAMES, indicator=heard(kind="mean")), "heard", NAMES, rules=SMALL, **NONE)
    first = tree.leaves.iloc[0]
    mine = frame[(frame["residence"] == "rural") & (frame["gender"] == "woman")]
    assert dict(first["domain"])["residence"] == ("rural",)
    assert mine["hours"].min() < first["estimate"] < mine["hours"].max()
    assert first["ci_low"] < first["estimate"] < first["ci_high"]


def test_a_stratum_of_one_psu_is_said() -> None:
    frame = people(FOUR, NAMES)
    frame.loc[frame["psu"] == "v0", "stratum"] = "alone"
    design = VILLAGES | {"lonely_psu": "certainty"}
    tree = furthest_behind(estimated(frame, NAMES, design), "heard", NAMES, rules=SMALL, **FEW)
    assert "stratum of one PSU" in tree.summary["note"].iloc[0]
    assert np.isfinite(tree.summary["se"].iloc[0])


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"circumstances": ["gender"]}, "FURTHEST_CIRCUMSTANCES"),
        ({"circumstances": "gender"}, "FURTHEST_CIRCUMSTANCES"),
        ({"circumstances": ["gender", "gender"]}, "FURTHEST_CIRCUMSTANCES"),
        ({"circumstances": ["gender", "residense"]}, "FURTHEST_DIMENSION_UNKNOWN"),
        ({"indicator": "herd"}, "FURTHEST_INDICATOR_UNKNOWN"),
        ({"round": "midline"}, "FURTHEST_NOT_THERE"),
        ({"rules": TreeRules(share=0.7)}, "FURTHEST_OPTION"),
        ({"rules": TreeRules(fewest=0)}, "FURTHEST_OPTION"),
        ({"silences": "kept"}, "FURTHEST_OPTION"),
        ({"folds": 1}, "FURTHEST_OPTION"),
        ({"draws": -1}, "FURTHEST_OPTION"),
        ({"level": 95}, "FURTHEST_OPTION"),
    ],
)
def test_a_wrong_call(more: dict[str, Any], code: str) -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES)
    call = {"indicator": "heard", "circumstances": NAMES} | more
    with pytest.raises(UsageError) as told:
        furthest_behind(estimates, call.pop("indicator"), call.pop("circumstances"), **call)
    assert told.value.codes == (code,)


def test_several_rounds_one_must_be_picked() -> None:
    frame = people(FOUR, NAMES)
    both = pd.concat([frame, frame.assign(round="later")], ignore_index=True)
    estimates = estimated(both, NAMES)
    with pytest.raises(UsageError, match="FURTHEST_WHICH"):
        furthest_behind(estimates, "heard", NAMES)
    assert furthest_behind(estimates, "heard", NAMES, round="later", **NONE).summary["n"].iloc[0] == len(frame)


def test_what_it_cannot_say() -> None:
    refused: list[tuple[str, Any]] = [
        ("FURTHEST_NO_SPLIT", lambda: found(rules=TreeRules(fewest=400))),
        ("FURTHEST_SIDE", lambda: furthest_behind(estimated(people(FOUR, NAMES), NAMES, indicator=heard("neither")), "heard", NAMES)),
        ("FURTHEST_PEOPLE_ALONE", lambda: furthest_behind(estimated(people(FOUR, NAMES), NAMES, WEIGHTED), "heard", NAMES, rules=SMALL)),
        (
            "FURTHEST_PEOPLE_ALONE",
            lambda: furthest_behind(
                estimated(people(FOUR, NAMES), NAMES, CHANCE, heard(kind="mean")), "heard", NAMES, rules=TreeRules(fewest=5, share=0.0)
            ),
        ),
    ]
    for code, call in refused:
        with pytest.raises(CannotSay) as told:
            call()
        assert told.value.codes == (code,)


def test_all_alike_is_not_parted_by_rounding() -> None:
    groups = {group: (count, 0) for group, (count, _) in FOUR.items()}
    frame = people(groups, NAMES)
    frame["weight"] = 0.1 + frame["weight"] / 3
    with pytest.raises(CannotSay, match="FURTHEST_NO_SPLIT"):
        furthest_behind(estimated(frame, NAMES, WEIGHTED), "heard", NAMES, rules=SMALL)


def test_replicate_weights_are_refused() -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES)
    cube = replace(estimates.cubes["village"], replicates=Replicates("jackknife", False, ()))
    with pytest.raises(CannotSay, match="FURTHEST_REPLICATES"):
        furthest_behind(replace(estimates, cubes={"village": cube}), "heard", NAMES)


def test_without_the_cube_nothing_can_be_said() -> None:
    with pytest.raises(MelError, match="COMPARISON_NEEDS_CUBE"):
        furthest_behind(replace(estimated(people(FOUR, NAMES), NAMES), cubes={}), "heard", NAMES)
