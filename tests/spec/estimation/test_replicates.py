"""Replicate weights: the sample again and again with some PSUs counted more and others less, and how far its figures then lie apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mel.comparison import compare
from mel.errors import CannotSay, InputError
from mel.estimation import measure, notes
from mel.model.domains import each
from mel.model.sample import Sample

VILLAGES = """
    region | village | hours | gender | weight
    north  | a       | 2     | woman  | 10
    north  | a       | 4     | man    | 10
    north  | b       | 6     | woman  | 20
    south  | c       | 1     | woman  | 30
    south  | d       | 5     | man    | 10
    south  | d       | 7     | woman  | 10
"""
DESIGN: dict[str, Any] = {"basis": "probability", "weights": "expansion", "weight": "weight", "stratum": "stratum", "psu": "psu"}
ALONE: dict[str, Any] = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}


@pytest.fixture
def villages(draw: Any) -> Any:
    def made(**design: Any) -> Sample:
        text = VILLAGES.replace("region ", "stratum").replace("village", "psu    ")
        return draw(text, by={"gender": "woman man non_binary"}, **{**DESIGN, **design})

    return made


@pytest.fixture
def hours(ask: Any) -> Any:
    return ask("hours", "mean", {"value": "hours"})


@pytest.fixture
def all_hours(ask: Any) -> Any:
    return ask("all_hours", "total", {"value": "hours"})


def one(sample: Sample, indicator: Any, **options: Any) -> pd.Series:
    return measure(sample, [indicator], **options).table.iloc[0]


# ---- made -------------------------------------------------------------------------------------------------------------


def test_leaving_out_one_person_at_a_time(draw: Any, hours: Any) -> None:
    """jk1 of people drawn one by one: the standard error of a mean is its textbook one, s / √n."""
    sample = draw("hours\n2\n4\n9\n", **ALONE, replicates={"kind": "jk1"})
    row = one(sample, hours)
    assert row["estimate"] == 5
    assert row["se"] == pytest.approx(np.std([2, 4, 9], ddof=1) / np.sqrt(3), rel=1e-14)
    assert row["df"] == 2


def test_leaving_out_a_village_of_each_region(villages: Any, all_hours: Any) -> None:
    """By hand: Σ w·hours is 60 and 120 in the north, 30 and 120 in the south; with two each the variance is (60 − 120)² + (30 − 120)²."""
    row = one(villages(replicates={"kind": "jkn"}), all_hours)
    assert row["estimate"] == pytest.approx(330, rel=1e-15)
    assert row["se"] == pytest.approx(np.hypot(60, 90), rel=1e-14)
    assert row["df"] == 2


@pytest.mark.parametrize("kind", [{"kind": "brr"}, {"kind": "fay", "fay": 0.3}, {"kind": "jkn"}, {"kind": "brr", "mse": True}])
def test_of_a_total_every_kind_says_what_strata_and_psus_say(kind: dict[str, Any], villages: Any, all_hours: Any) -> None:
    plain = measure(villages(), [all_hours], by=each("gender")).table
    ours = measure(villages(replicates=kind), [all_hours], by=each("gender")).table
    assert ours["se"].tolist() == pytest.approx(plain["se"].tolist(), rel=1e-12, nan_ok=True)
    assert ours["estimate"].tolist() == pytest.approx(plain["estimate"].tolist(), rel=1e-15, nan_ok=True)
    assert ours["deff"].tolist() == pytest.approx(plain["deff"].tolist(), rel=1e-12, nan_ok=True)


def test_half_a_sample_at_a_time_by_hand(villages: Any, hours: Any) -> None:
    """Four half-samples of two regions: each takes one village of each. Weighted means of the halves around their mean."""
    halves = [(60 + 30) / (20 + 30), (60 + 120) / (20 + 20), (120 + 30) / (20 + 30), (120 + 120) / (20 + 20)]
    assert one(villages(replicates={"kind": "brr"}), hours)["se"] == pytest.approx(np.std(halves), rel=1e-14)
    around = np.sqrt(np.mean([(half - 330 / 90) ** 2 for half in halves]))
    assert one(villages(replicates={"kind": "brr", "mse": True}), hours)["se"] == pytest.approx(around, rel=1e-14)


def test_half_samples_need_pairs_and_the_strata_are_named(draw: Any, hours: Any) -> None:
    text = "stratum | psu | hours | weight\nn | a | 1 | 1\nn | b | 2 | 1\nn | c | 3 | 1\ns | a | 1 | 1\ns | b | 1 | 1\n"
    with pytest.raises(InputError, match="the strata 'n' do not have exactly two PSUs") as caught:
        measure(draw(text, **DESIGN, replicates={"kind": "brr"}), [hours])
    assert caught.value.codes == ("BRR_NEEDS_PAIRS",)


def test_a_finite_population_is_known_to_the_jackknife(draw: Any, all_hours: Any) -> None:
    """Two of three villages were drawn: the variance is a third of what it would be out of many."""
    text = "stratum | psu | hours | weight | fpc\nn | a | 1 | 1 | 3\nn | b | 5 | 1 | 3\n"
    with_all, with_many = ({**DESIGN, "fpc": "fpc"}, DESIGN)
    few, many = (one(draw(text, **design, replicates={"kind": "jkn"}), all_hours)["se"] for design in (with_all, with_many))
    assert few == pytest.approx(many * np.sqrt(1 / 3), rel=1e-14)


def test_a_lonely_village_fails_or_is_certain(draw: Any, all_hours: Any) -> None:
    text = "stratum | psu | hours | weight\nn | a | 1 | 1\nn | b | 5 | 1\ns | a | 9 | 1\n"
    with pytest.raises(InputError, match="only one PSU in the strata 's'"):
        measure(draw(text, **DESIGN, replicates={"kind": "jkn"}), [all_hours])
    row = one(draw(text, **DESIGN, lonely_psu="certainty", replicates={"kind": "jkn"}), all_hours)
    assert (row["estimate"], row["se"]) == (15, 4)


def test_a_gap_knows_how_the_groups_vary_together(villages: Any, hours: Any) -> None:
    """By hand: the difference of two weighted means with each village left out, and the other of its region counted twice."""
    sample = villages(replicates={"kind": "jkn"})
    row = compare(measure(sample, [hours], by=each("gender"))).table.set_index("measure").loc["gap_difference"]
    people, without = sample.frame, {"a": "b", "b": "a", "c": "d", "d": "c"}
    differences = []
    for village, other in without.items():
        weight = people["weight"] * people["psu"].map({**dict.fromkeys(without, 1.0), village: 0.0, other: 2.0})
        means = {g: np.average(people["hours"], weights=weight * (people["gender"] == g)) for g in ("woman", "man")}
        differences.append(means[row["group_a"]] - means[row["group_b"]])
    assert row["se"] == pytest.approx(np.sqrt(np.var(differences) * 4 / 2), rel=1e-12)
    assert row["df"] == 2


# ---- bootstrap --------------------------------------------------------------------------------------------------------


def many_villages(seed: int = 3) -> pd.DataFrame:
    """Invented: four regions of five villages, six people in each, villages apart from each other."""
    chance = np.random.default_rng(seed)
    rows = [
        {"round": "baseline", "stratum": f"r{r}", "psu": f"v{v}", "weight": float(w), "hours": float(h)}
        for r in range(4)
        for v in range(5)
        for level in [chance.normal(20 + r, 5)]
        for w, h in zip(chance.uniform(1, 4, 6), chance.normal(level, 6, 6), strict=True)
    ]
    return pd.DataFrame(rows)


def bootstrapped(draw: Any, frame: pd.DataFrame, **replicates: Any) -> Sample:
    sample = draw("stratum | psu\na | a\n", **DESIGN, replicates={"kind": "bootstrap", "count": 500, "seed": 7, **replicates})
    return type(sample)(**{**vars(sample), "frame": frame, "rounds": tuple(dict.fromkeys(frame["round"]))})


def test_the_same_seed_is_the_same_bootstrap(draw: Any, hours: Any) -> None:
    frame = many_villages()
    a, b, c = (one(bootstrapped(draw, frame, seed=seed), hours)["se"] for seed in (7, 7, 8))
    assert a == b
    assert a != c


def test_a_bootstrap_is_near_what_strata_and_psus_say(draw: Any, all_hours: Any) -> None:
    """With 4,000 replicates a standard error of a total has a chance of its own of about 1 / √8000, 1.1 %; within four of these."""
    frame = many_villages()
    plain = type(s)(**{**vars(s), "frame": frame}) if (s := draw("stratum | psu\na | a\n", **DESIGN)) else s
    taylor = one(plain, all_hours)["se"]
    assert one(bootstrapped(draw, frame, count=4000), all_hours)["se"] == pytest.approx(taylor, rel=0.045)


def test_it_is_rao_and_wu_s(draw: Any, hours: Any) -> None:
    """Of n PSUs n − 1 again, times n / (n − 1): each factor has mean 1 and variance 1, two of a stratum −1 / (n − 1), others 0."""
    replicates = measure(bootstrapped(draw, many_villages(), count=10_000), [hours]).cubes["village"].replicates
    factors = replicates.by_round[0].factors
    together = np.cov(factors)
    assert factors.sum(axis=0) == pytest.approx(np.full(10_000, 20.0), rel=1e-12)
    assert factors.mean(axis=1) == pytest.approx(np.ones(20), abs=0.05)
    assert np.diag(together) == pytest.approx(np.ones(20), abs=0.06)
    assert together[0, 1:5] == pytest.approx(np.full(4, -0.25), abs=0.05)
    assert together[0, 5:] == pytest.approx(np.zeros(15), abs=0.05)
    assert set(np.unique(factors * 4 / 5).round(9)) <= {0.0, 1.0, 2.0, 3.0, 4.0}


@pytest.mark.parametrize("replicates", [{"kind": "bootstrap", "count": 50, "seed": 1}, {"kind": "jkn"}, {"kind": "jkn", "mse": True}])
def test_a_round_is_measured_as_if_it_were_alone(replicates: dict[str, Any], draw: Any, hours: Any) -> None:
    first, second = many_villages(), many_villages(4).assign(round="midline")
    design = {**DESIGN, "rounds": "independent"}
    sample = draw("stratum | psu\na | a\n", **design, replicates=replicates)

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return measure(type(sample)(**{**vars(sample), "frame": frame, "rounds": tuple(dict.fromkeys(frame["round"]))}), [hours]).table

    both = of(pd.concat([first, second], ignore_index=True)).set_index("round")
    for alone in (first, second):
        row = of(alone).iloc[0]
        assert both.loc[row["round"], ["estimate", "se", "df"]].tolist() == pytest.approx(row[["estimate", "se", "df"]].tolist(), rel=1e-13)


@pytest.mark.parametrize("kind", [{"kind": "jkn"}, {"kind": "brr"}, {"kind": "bootstrap", "count": 9, "seed": 1}])
def test_a_round_nobody_was_asked_in(kind: dict[str, Any], villages: Any, hours: Any) -> None:
    sample = villages(replicates=kind, rounds="independent")
    table = measure(type(sample)(**{**vars(sample), "rounds": ("baseline", "endline")}), [hours]).table.set_index("round")
    assert table.loc["baseline", "se"] == one(villages(replicates=kind), hours)["se"]
    assert np.isnan(table.loc["endline", "se"])
    assert table.loc["endline", "note"] == notes.EMPTY


def test_a_change_between_independent_rounds_adds_their_variances(draw: Any, hours: Any) -> None:
    frame = pd.concat([many_villages(), many_villages(4).assign(round="midline")], ignore_index=True)
    sample = draw("stratum | psu\na | a\n", **DESIGN, rounds="independent", replicates={"kind": "jkn"})
    estimates = measure(type(sample)(**{**vars(sample), "frame": frame, "rounds": ("baseline", "midline")}), [hours])
    change = compare(estimates, gaps=()).table.iloc[0]
    assert change["se"] == pytest.approx(np.hypot(*estimates.table["se"]), rel=1e-13)


# ---- given ------------------------------------------------------------------------------------------------------------

SURVEY = """
    gender | heard | hours | weight | r1 | r2 | r3 | r4
    woman  | yes   | 2     | 10     | 20 | 20 | 0  | 0
    man    | no    | 4     | 10     | 20 | 20 | 0  | 0
    woman  | yes   | .     | 20     | 0  | 0  | 40 | 40
    man    | no    | 6     | 30     | 60 | 0  | 60 | 0
    woman  | no    | 8     | 10     | 0  | 20 | 0  | 20
"""
GIVEN: dict[str, Any] = {"basis": "probability", "weights": "expansion", "weight": "weight"}
HALVES: dict[str, Any] = {"kind": "brr", "columns": "r?", "combined": True}


def given(draw: Any, *, named: bool = True, **replicates: Any) -> Sample:
    sample = draw(SURVEY, by={"gender": "woman man"}, **GIVEN, replicates={**HALVES, **replicates})
    numbers = {name: sample.frame[name].astype(float) for name in ("r1", "r2", "r3", "r4")}
    frame = sample.frame.assign(**numbers)
    if named:
        frame = frame.rename(columns={f"r{k}": f"replicate_{k}" for k in range(1, 5)})
    return type(sample)(**{**vars(sample), "frame": frame})


def test_given_weights_by_hand(draw: Any, hours: Any, ask: Any) -> None:
    """A mean in each half-sample; of those who answered."""
    halves = [(2 * 20 + 4 * 20 + 6 * 60) / 100, (2 * 20 + 4 * 20 + 8 * 20) / 60, 6.0, 8.0]
    assert one(given(draw), hours)["se"] == pytest.approx(np.std(halves), rel=1e-14)
    shares = [20 / 100, 20 / 60, 40 / 100, 40 / 60]
    assert one(given(draw), ask("heard", "proportion", {"column": "heard", "is": ["yes"]}))["se"] == pytest.approx(
        np.std(shares), rel=1e-14
    )


def test_columns_may_keep_the_names_of_the_file(draw: Any, hours: Any) -> None:
    assert one(given(draw, named=False), hours).equals(one(given(draw), hours))


def test_a_multiplier_times_the_weight_is_a_combined_weight(draw: Any, hours: Any) -> None:
    sample = given(draw, combined=False)
    factors = {f"replicate_{k}": sample.frame[f"replicate_{k}"] / sample.frame["weight"] for k in range(1, 5)}
    multiplied = type(sample)(**{**vars(sample), "frame": sample.frame.assign(**factors)})
    assert one(multiplied, hours)["se"] == pytest.approx(one(given(draw), hours)["se"], rel=1e-14)


def engines(frame: pd.DataFrame, folder: Path) -> dict[str, Any]:
    import duckdb
    import polars as pl

    frame.to_parquet(folder / "survey.parquet")
    frame.to_csv(folder / "survey.csv", index=False)
    held = pl.from_pandas(frame)
    return {
        "polars": held, "polars, lazy": held.lazy(), "duckdb": duckdb.connect().from_df(frame), "a file": folder / "survey.parquet",
        "a csv file": folder / "survey.csv",
    }  # fmt: skip


@pytest.mark.parametrize("combined", [True, False])
def test_every_engine_gives_the_same(combined: bool, draw: Any, hours: Any, ask: Any, tmp_path: Path) -> None:
    sample = given(draw, combined=combined)
    asked = [hours, ask("all_hours", "total", {"value": "hours"}), ask("heard", "distribution", {"value": "heard"})]
    expected = measure(sample, asked, by=each("gender")).table
    numbers = ["estimate", "se", "ci_low", "ci_high", "deff", "df", "n"]
    for name, table in engines(sample.frame, tmp_path).items():
        found = measure(type(sample)(**{**vars(sample), "frame": table}), asked, by=each("gender")).table
        assert (found["note"] == expected["note"]).all(), name
        np.testing.assert_allclose(found[numbers].to_numpy(float), expected[numbers].to_numpy(float), rtol=1e-12, err_msg=name)


def test_a_group_that_some_replicates_leave_out_says_so(draw: Any, hours: Any) -> None:
    table = measure(given(draw), [hours], by=each("gender")).table.set_index("gender")
    assert table.loc["man", "note"] == notes.LOST_REPLICATES
    assert table.loc["all", "note"] == ""


def test_a_group_whose_weights_move_as_one_has_no_standard_error(draw: Any, hours: Any) -> None:
    sample = given(draw)
    same = sample.frame.assign(gender=["woman", "woman", "man", "man", "man"])
    row = measure(type(sample)(**{**vars(sample), "frame": same}), [hours], by=each("gender")).table.set_index("gender").loc["woman"]
    assert np.isnan(row["se"])
    assert row["df"] == 0
    assert row["note"] == notes.ONE_FOR_REPLICATES


# ---- refusals ---------------------------------------------------------------------------------------------------------


def test_a_quantile_of_replicates_is_refused(villages: Any, ask: Any) -> None:
    with pytest.raises(CannotSay) as caught:
        measure(villages(replicates={"kind": "jkn"}), [ask("middle", "quantile", {"value": "hours"})])
    assert caught.value.codes == ("QUANTILE_OF_REPLICATES",)


def test_everything_wrong_with_given_weights_is_told_at_once(draw: Any, ask: Any) -> None:
    sample = draw(SURVEY, **GIVEN, replicates={"kind": "jkn", "columns": "r?", "combined": True, "rscales": [0.5, 0.5]})
    numbers = {f"replicate_{k}": sample.frame[f"r{k}"].astype(float) for k in (1, 2, 3)}
    frame = sample.frame.assign(**numbers, replicate_4="many")
    own = ask("own", "mean", {"value": "hours"}, weight="weight")
    with pytest.raises(InputError) as caught:
        measure(type(sample)(**{**vars(sample), "frame": frame}), [own])
    assert set(caught.value.codes) == {"REPLICATE_SCALES_LENGTH", "WEIGHT_NOT_NUMBER", "OWN_WEIGHT_OF_REPLICATES"}


@pytest.mark.parametrize("cell", [np.nan, -1.0, np.inf])
def test_a_replicate_weight_that_cannot_be(cell: float, draw: Any, hours: Any) -> None:
    sample = given(draw)
    sample.frame.loc[2, "replicate_3"] = cell
    with pytest.raises(InputError, match="the weight 'replicate_3'"):
        measure(sample, [hours])


def test_no_replicate_weights_at_all(draw: Any, hours: Any) -> None:
    sample = given(draw)
    bare = sample.frame.drop(columns=[f"replicate_{k}" for k in range(1, 5)])
    with pytest.raises(InputError) as caught:
        measure(type(sample)(**{**vars(sample), "frame": bare}), [hours])
    assert caught.value.codes == ("REPLICATE_COLUMNS_NOT_IN_SAMPLE",)


def test_people_are_left_out_one_by_one_only_where_rows_have_an_order(draw: Any, hours: Any) -> None:
    import polars as pl

    sample = draw("hours\n2\n4\n9\n", **ALONE, replicates={"kind": "jk1"})
    lazy = type(sample)(**{**vars(sample), "frame": pl.from_pandas(sample.frame).lazy()})
    with pytest.raises(CannotSay) as caught:
        measure(lazy, [hours])
    assert caught.value.codes == ("REPLICATES_NEED_ROWS_IN_MEMORY",)
