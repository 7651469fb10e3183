"""The manual of `rank_groups`: every crossing, steadied before it is ranked, with intervals that hold together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mel.comparison import rank_groups
from mel.errors import CannotSay, UsageError
from tests.spec.comparison.furthest_people import CHANCE, FOUR, NAMES, VILLAGES, WEIGHTED, estimated, heard, people

QUICK = {"draws": 2000}


def ranked(groups: Any = FOUR, design: Any = VILLAGES, names: list[str] = NAMES, **more: Any) -> Any:
    return rank_groups(estimated(people(groups, names), names, design), "heard", names, **(QUICK | more))


def row(ranking: Any, **domain: str) -> Any:
    wanted = {name: (category,) for name, category in domain.items()}
    return next(one for one in ranking.table.to_dict("records") if dict(one["domain"]) == wanted)


def test_every_crossing_has_its_row() -> None:
    ranking = ranked()
    assert len(ranking.table) == 3 * 2 + 3 * 4 + 8
    assert ranking.table["place"].tolist() == list(range(1, 27))
    assert dict(ranking.table["domain"].iloc[0]) == {"residence": ("rural",), "gender": ("woman",), "disability": ("with",)}
    assert len(ranked(up_to=1).table) == 6
    assert len(ranked(up_to=2).table) == 18


def test_a_group_has_its_own_figure_and_one_that_was_steadied() -> None:
    one = row(ranked(), residence="rural", gender="woman", disability="with")
    assert one["observed"] == pytest.approx(0.1)
    assert one["estimate"] == pytest.approx(one["expected"] + one["shrinkage"] * (one["observed"] - one["expected"]))
    assert 0 < one["shrinkage"] < 1
    assert one["observed"] < one["estimate"] < one["expected"]


def test_a_small_noisy_group_is_not_crowned_by_chance() -> None:
    """Four people in thirty, where nobody else is below a half: it stands last in the data, and next to what its parts lead one to expect."""
    names = ["place", "side"]
    groups = {(p, s): (300, 170 + 10 * k) for k, p in enumerate("abcdef") for s in ("left", "right")} | {
        ("g", "left"): (26, 9),
        ("g", "right"): (300, 200),
    }
    ranking = ranked(groups, CHANCE, names)
    small = row(ranking, place="g", side="left")
    assert small["observed"] == ranking.table["observed"].min()
    assert small["shrinkage"] < 0.6
    assert small["estimate"] > small["observed"] + 0.05


@pytest.mark.parametrize("design", [VILLAGES, CHANCE, WEIGHTED], ids=["villages", "people", "weighted people"])
def test_a_groups_own_precision_is_the_designs(design: Any) -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES, design)
    ranking = rank_groups(estimates, "heard", NAMES, **QUICK)
    for one in estimates.table[(estimates.table[NAMES] != "all").all(axis=1)].to_dict("records"):
        mine = row(ranking, **{name: one[name] for name in NAMES})
        assert mine["observed"] == pytest.approx(one["estimate"], rel=1e-12)
        assert mine["observed_se"] == pytest.approx(one["se"], rel=1e-10)
        assert mine["observed_low"] < one["ci_low"] < one["ci_high"] < mine["observed_high"], "wider than alone: all hold together"


def test_who_is_behind_everyone_and_who_cannot_be_told() -> None:
    ranking = ranked()
    assert row(ranking, residence="rural", gender="woman", disability="with")["status"] == "behind"
    assert row(ranking, residence="town", gender="man")["status"] == "ahead"
    assert set(ranking.table["status"]) == {"behind", "ahead", "unclear"}
    apart = row(ranking, residence="rural", gender="woman", disability="with")
    assert apart["apart"] == pytest.approx(0.1 - 362 / 600)
    assert apart["apart_high"] < 0


def test_where_lower_is_better_the_order_is_turned() -> None:
    estimates = estimated(people(FOUR, NAMES), NAMES, indicator=heard("lower_is_better"))
    table = rank_groups(estimates, "heard", NAMES, **QUICK).table
    assert table["estimate"].is_monotonic_decreasing
    assert table["status"].iloc[0] == "behind"


def test_chances_of_standing_lowest() -> None:
    table = ranked(among=3).table
    assert table["chance_lowest"].sum() == pytest.approx(1.0)
    assert table["chance_among"].sum() == pytest.approx(3.0)
    assert table["chance_lowest"].iloc[0] == table["chance_lowest"].max() > 0.9
    assert (table["chance_among"] >= table["chance_lowest"]).all()


def test_groups_too_small_to_rank_are_counted() -> None:
    ranking = ranked(FOUR | {("town", "non_binary", "with"): (9, 0)}, fewest=25)
    one = ranking.summary.iloc[0]
    assert (one["groups"], one["left_out_groups"], one["left_out_people"]) == (26, 4, 36)
    assert "4 groups were heard but too few answered" in ranking.table["note"].iloc[0]
    assert not any("non_binary" in str(domain) for domain in ranking.table["domain"])


def test_who_did_not_say_is_in_no_ranked_group() -> None:
    ranking = ranked(FOUR | {("town", "prefer_not_to_say", "with"): (60, 6)})
    assert ranking.summary["silent_groups"].iloc[0] == 4
    assert row(ranking, residence="town", disability="with")["n"] == 50 + 50 + 60
    assert "did not say" in ranking.table["note"].iloc[0]


def test_a_group_in_which_all_answered_alike_has_no_interval_of_its_own() -> None:
    one = row(ranked(FOUR | {("town", "man", "with"): (50, 50)}), residence="town", gender="man", disability="with")
    assert (one["observed"], one["observed_se"]) == (1.0, 0.0)
    assert np.isnan(one["observed_low"])
    assert one["estimate"] < 1.0
    assert "everybody answered alike" in one["note"]
    assert np.isnan(one["apart_low"])
    assert one["status"] == "unclear", "that nobody varied is no certainty of how far they are from everyone"


def test_a_rare_answer_missing_among_thirty_is_not_called_behind() -> None:
    """Where one in five says yes, of fifteen such groups one with one yes is common; a straight interval around it is far too short."""
    names = ["place", "side"]
    groups = {(p, s): (30, 6) for p in "abcd" for s in ("left", "right")} | {("e", "left"): (31, 1), ("e", "right"): (40, 8)}
    ranking = ranked(groups, CHANCE, names)
    rare = row(ranking, place="e", side="left")
    assert rare["apart"] < -0.14
    assert rare["apart_low"] < 0 < rare["apart_high"]
    assert rare["status"] == "unclear"


@pytest.mark.parametrize("share", [0.05, 0.1, 0.9])
def test_of_small_groups_that_are_all_the_same_few_samples_call_any_behind_or_ahead(share: float) -> None:
    """Twelve groups of about thirty, each crossing and each part of it: with straight intervals a third to nine tenths of samples did."""
    rng, names, called = np.random.default_rng(3), ["place", "side"], 0
    for _ in range(25):
        groups = {}
        for p in "abcd":
            for s in ("left", "middle", "right"):
                n = int(rng.integers(26, 41))
                groups[(p, s)] = (n, int(rng.binomial(n, share)))
        table = ranked(groups, CHANCE, names, draws=1000).table
        called += bool(table["status"].isin(["behind", "ahead"]).any())
    assert called <= 4


def test_what_is_steadied_leans_on_every_group() -> None:
    table = ranked().table
    own = table["inputs"].iloc[0]
    assert dict(own[0].domain) == {"residence": "rural", "gender": "woman", "disability": "with"}
    assert own[1].domain == ()
    assert len(own) == len(set(own)) == len(table) + 1


def test_it_can_be_ranked_again_without_what_must_not_be_shown() -> None:
    hidden = ranked().table["inputs"].iloc[0][0]
    again = ranked(leave_out=[hidden])
    assert len(again.table) == 25
    assert not any(hidden in inputs for inputs in again.table["inputs"])
    assert "left out on request" in again.table["note"].iloc[0]


def test_what_a_group_is_steadied_towards_is_said() -> None:
    assert set(ranked(up_to=1).table["towards"]) == {"mean"}
    assert set(ranked(towards="mean").table["towards"]) == {"mean"}
    three = ranked().table
    assert set(three[three["domain"].map(len) == 3]["towards"]) == {"additive"}


def test_nobody_drawn_by_chance_figures_as_they_are() -> None:
    ranking = ranked(design={"basis": "purposive"})
    table = ranking.table
    assert (table["estimate"] == table["observed"]).all()
    assert table[["se", "observed_low", "ci_high", "shrinkage", "chance_lowest"]].isna().all(axis=None)
    assert set(table["status"]) == {"no_test"}
    assert "Nobody was drawn by chance" in table["note"].iloc[0]
    assert ranking.summary["draws"].iloc[0] == 0


def test_the_shape_that_all_analyses_share() -> None:
    shared = ranked().as_analysis()
    assert (shared.kind, shared.method["fewest"]) == ("ranking", 25)
    assert all({"n", "inputs", "disclosure", "note"} <= set(table) for table in shared.tables.values())


def test_of_everyone_drawn_the_figures_are_exact() -> None:
    """A sample that took whole strata has no sampling error: every interval is its figure."""
    frame = people(FOUR, NAMES).assign(fpc=8)
    table = rank_groups(estimated(frame, NAMES, VILLAGES | {"fpc": "fpc"}), "heard", NAMES, **QUICK).table
    assert (table["observed_se"] == 0).all()
    np.testing.assert_allclose(table["observed_low"], table["observed"])
    np.testing.assert_allclose(table["estimate"], table["observed"], atol=1e-4)
    assert not table["note"].str.contains("alike").any()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"up_to": 4}, "FURTHEST_OPTION"),
        ({"fewest": 1}, "FURTHEST_OPTION"),
        ({"towards": "median"}, "FURTHEST_OPTION"),
        ({"draws": 10}, "FURTHEST_OPTION"),
        ({"among": 0}, "FURTHEST_OPTION"),
        ({"version": "9"}, "FURTHEST_NOT_THERE"),
        ({"dataset": "town"}, "FURTHEST_NOT_THERE"),
    ],
)
def test_a_wrong_call(more: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as told:
        ranked(**more)
    assert told.value.codes == (code,)


def test_too_many_groups_to_rank_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mel.comparison.furthest.groups.MOST", 20)
    with pytest.raises(CannotSay, match="RANKING_TOO_MANY"):
        ranked()


def test_what_it_cannot_say() -> None:
    with pytest.raises(CannotSay, match="RANKING_TOO_FEW"):
        ranked(fewest=500)
    with pytest.raises(CannotSay, match="FURTHEST_SIDE"):
        rank_groups(estimated(people(FOUR, NAMES), NAMES, indicator=heard("neither")), "heard", NAMES)
