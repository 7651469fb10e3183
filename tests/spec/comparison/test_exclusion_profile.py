"""The manual of `exclusion_profile`: who takes part, is reached and is heard, what stands in the way, whom we do not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mel.checks import check
from mel.collection import collect
from mel.comparison import exclusion_profile
from mel.errors import InputError, UsageError
from mel.estimation import measure
from mel.model.domains import each
from mel.model.exclusion import FACTORS, RATER_KINDS, ExclusionProfile

BY = {"gender": "woman man non_binary prefer_not_to_say", "residence": "rural urban"}
WHO = ("who", "composition", {"value": "gender"})
INDICATORS = [(name, "proportion", {"column": name, "is": ["yes"]}) for name in ("came", "reached", "spoke")]
CHANCE = {"basis": "probability", "weights": "none", "stratum": False, "psu": False}

EIGHT = """
gender            | residence | came | reached | spoke
woman             | rural     | yes  | no      | no
woman             | urban     | yes  | yes     | yes
man               | rural     | yes  | yes     | yes
man               | rural     | yes  | yes     | yes
man               | urban     | no   | yes     | yes
man               | urban     | yes  | yes     | no
non_binary        | urban     | no   | no      | no
prefer_not_to_say | rural     | yes  | no      | .
"""
CENSUS = """dimension,category,share,count,source,year
gender,woman,0.5,,census,2021
gender,man,0.5,,census,2021
residence,rural,,3000,village lists,2025
residence,urban,,1000,village lists,2025
"""


def table(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text))


def rated(*ratings: float, kind: str = "community", **more: str) -> pd.DataFrame:
    keys = {
        "dimension": "gender",
        "category": "woman",
        "factor": "discrimination",
        "date": "2026-03-01",
        "consent": "yes",
        "publish": "public",
    }
    return pd.DataFrame([{**keys, "rater": f"{kind}{k}", "rater_kind": kind, "rating": r, **more} for k, r in enumerate(ratings)])


Profiled = Callable[..., ExclusionProfile]


@pytest.fixture
def profiled(draw: Any, ask: Any) -> Profiled:
    def made(text: str = EIGHT, dimensions: Any = ("gender",), *, design: dict[str, Any] | None = None, **options: Any) -> ExclusionProfile:
        indicators = [ask(*WHO), *(ask(*one, polarity="higher_is_better") for one in INDICATORS)]
        return exclusion_profile(measure(draw(text, by=BY, **(design or {})), indicators, by=each(*BY)), dimensions, **options)

    return made


def one(profile: ExclusionProfile, measure_: str, **keys: Any) -> pd.Series:
    rows = profile.of(measure_)
    for name, value in keys.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


# ---- who takes part ------------------------------------------------------------------------------------------------------


def test_a_groups_part_in_the_programme_over_its_part_in_the_population(profiled: Profiled) -> None:
    woman = one(profiled(benchmark=table(CENSUS)), "participation_ratio", category="woman")
    # two women and four men: a third of those whose group the census has, where they are half of the people
    assert woman["value"] == pytest.approx(2 / 6)
    assert woman["held_against"] == 0.5
    assert woman["estimate"] == pytest.approx(2 / 3)
    assert (woman["n"], woman["source"], woman["year"]) == (2, "census", 2021)


def test_who_takes_part_may_be_an_answer(profiled: Profiled) -> None:
    woman = one(profiled(benchmark=table(CENSUS), taking_part="came"), "participation_ratio", category="woman")
    assert woman["value"] == pytest.approx(2 / 5)  # two women and three men came
    assert woman["estimate"] == pytest.approx(0.8)
    assert woman["indicator"] == "came"


def test_where_nobody_takes_part_nobody_has_a_part(profiled: Profiled) -> None:
    rows = profiled(EIGHT.replace("yes  |", "no   |"), benchmark=table(CENSUS), taking_part="came").of("participation_ratio")
    assert rows["estimate"].isna().all()
    assert rows["n"].eq(0).all()


def test_of_people_who_were_chosen_there_is_no_interval_and_no_test(profiled: Profiled) -> None:
    rows = profiled(benchmark=table(CENSUS), access=["reached"], voice=["spoke"], design={"basis": "purposive"}).table
    assert rows[["se", "ci_low", "ci_high"]].isna().all(axis=None)
    assert set(rows.loc[rows["measure"] != "not_known", "status"]) == {"no_test"}


def test_two_sources_stand_side_by_side(profiled: Profiled) -> None:
    other = table(CENSUS)[lambda t: t["dimension"] == "gender"].assign(source="household survey", share=[0.6, 0.4])
    rows = profiled(benchmark=pd.concat([table(CENSUS), other])).of("participation_ratio")
    assert rows[rows["category"] == "woman"]["held_against"].tolist() == [0.5, 0.6]
    assert rows[rows["category"] == "woman"]["source"].tolist() == ["census", "household survey"]


def test_rounds_stand_apart(profiled: Profiled) -> None:
    lines = EIGHT.strip().splitlines()
    text = "\n".join([f"{lines[0]} | round", *(f"{line} | {'midline' if k % 2 else 'baseline'}" for k, line in enumerate(lines[1:]))])
    rows = profiled(text, benchmark=table(CENSUS), design={"rounds": "independent"}).of("participation_ratio")
    woman = rows[rows["category"] == "woman"].set_index("round")
    assert woman.loc["baseline", "value"] == pytest.approx(1 / 3)
    only = profiled(text, benchmark=table(CENSUS), design={"rounds": "independent"}, round="midline")
    assert set(only.table["round"]) == {"midline"}


def test_a_population_may_be_counted_instead_of_shared_out(profiled: Profiled) -> None:
    rural = one(profiled(dimensions=("residence",), benchmark=table(CENSUS)), "participation_ratio", category="rural")
    assert rural["held_against"] == 0.75
    assert rural["estimate"] == pytest.approx(0.5 / 0.75)


def test_a_group_that_the_census_does_not_know_has_a_row_without_a_ratio(profiled: Profiled) -> None:
    other = one(profiled(benchmark=table(CENSUS)), "participation_ratio", category="non_binary")
    assert other["n"] == 1
    assert pd.isna(other["estimate"])
    assert "does not have this group" in other["note"]


def test_a_group_of_the_population_that_nobody_here_belongs_to(profiled: Profiled) -> None:
    text = "\n".join(line for line in EIGHT.strip().splitlines() if not line.startswith("woman"))
    woman = one(profiled(text, benchmark=table(CENSUS)), "participation_ratio", category="woman")
    assert (woman["n"], woman["estimate"]) == (0, 0)


def test_drawn_by_chance_the_ratio_has_the_interval_of_the_share(profiled: Profiled) -> None:
    lines = EIGHT.strip().splitlines()
    text = "\n".join([lines[0], *lines[1:5] * 10])  # twenty women, twenty men
    plain = table("dimension,category,share,source,year\ngender,woman,0.8,census,2021\ngender,man,0.2,census,2021\n")
    woman = one(profiled(text, benchmark=plain, design=CHANCE), "participation_ratio", category="woman")
    assert woman["estimate"] == pytest.approx(0.5 / 0.8)
    assert woman["se"] == pytest.approx((0.25 / 39) ** 0.5 / 0.8)
    assert woman["status"] == "below_parity"
    assert "population's own error is not known" in woman["note"]
    man = one(profiled(text, benchmark=plain, design=CHANCE), "participation_ratio", category="man")
    assert man["status"] == "above_parity"


def test_a_dimension_without_a_benchmark_has_no_ratio_but_its_other_rows(profiled: Profiled) -> None:
    only = table(CENSUS)[lambda t: t["dimension"] == "gender"]
    profile = profiled(dimensions=("residence",), benchmark=only, access=["reached"])
    assert profile.of("participation_ratio").empty
    assert len(profile.of("access_gap")) == 2


# ---- who is reached, who is heard -------------------------------------------------------------------------------------------


def test_access_is_held_against_everyone_and_no_group_is_the_standard(profiled: Profiled) -> None:
    woman = one(profiled(access=["reached"]), "access_gap", category="woman")
    assert (woman["value"], woman["held_against"]) == (0.5, 0.625)
    assert woman["estimate"] == pytest.approx(-0.125)
    assert len(woman["inputs"]) == 2


def test_or_against_the_right_itself(profiled: Profiled) -> None:
    profile = profiled(access=["reached"], against="right")
    assert one(profile, "access_gap", category="woman")["estimate"] == pytest.approx(-0.5)
    assert one(profile, "access_gap", category="man")["estimate"] == 0


def test_voice_is_the_share_of_the_voices_over_the_share_of_the_room(profiled: Profiled) -> None:
    profile = profiled(voice=["spoke"])
    woman = one(profile, "voice_ratio", category="woman")
    assert woman["estimate"] == pytest.approx((1 / 4) / (2 / 7))  # one of four who spoke, two of seven who were there
    silent = one(profile, "voice_ratio", category="non_binary")
    assert silent["estimate"] == 0
    assert "Nobody of this group" in silent["note"]


def test_who_did_not_say_who_they_are_is_shown_too(profiled: Profiled) -> None:
    assert one(profiled(access=["reached"]), "access_gap", category="prefer_not_to_say")["estimate"] == pytest.approx(-0.625)


def test_a_gap_is_behind_by_the_indicators_polarity(profiled: Profiled) -> None:
    lines = EIGHT.strip().splitlines()
    text = "\n".join([lines[0], *lines[1:5] * 10, lines[1], lines[3]])
    gap = profiled(text, access=["reached"], design=CHANCE).of("access_gap").set_index("category")["status"]
    assert gap["woman"] == "behind"


# ---- what stands in the way ---------------------------------------------------------------------------------------------------


def test_community_and_outsiders_are_never_added_up(profiled: Profiled) -> None:
    both = pd.concat([rated(4, 4, 3, 4, 3), rated(1, 0, 1, 2, 1, 1, kind="outsider")])
    profile = profiled(ratings=both)
    own, outside = (one(profile, "barrier_median", rater_kind=kind) for kind in RATER_KINDS)
    assert (own["estimate"], own["n"]) == (4, 5)
    assert (outside["estimate"], outside["n"]) == (1, 6)
    assert (own["middle_low"], own["middle_high"]) == (3, 4)
    assert len(profile.of("barrier_median")) == 2


def test_of_a_few_raters_nothing_is_shown(profiled: Profiled) -> None:
    few = one(profiled(ratings=rated(4, 4, 3, 4)), "barrier_median")
    assert pd.isna(few["estimate"])
    assert pd.isna(few["n"])
    assert "Fewer than 5 raters" in few["note"]


def test_ratings_without_consent_are_left_out(profiled: Profiled) -> None:
    ratings = pd.concat([rated(4, 4, 4, 4, 4), rated(0, 0, consent="no").assign(rater=["x", "y"])])
    assert one(profiled(ratings=ratings), "barrier_median")["n"] == 5


def test_somebody_who_takes_back_their_consent_is_no_longer_counted(profiled: Profiled) -> None:
    later = rated(4, consent="no", date="2026-04-01")
    assert pd.isna(one(profiled(ratings=pd.concat([rated(4, 4, 4, 4, 4), later])), "barrier_median")["estimate"])


def test_a_rater_who_rated_again_counts_once(profiled: Profiled) -> None:
    ratings = pd.concat([rated(4, 4, 4, 4, 4), rated(0, 0, 0, 0, 0, date="2026-04-01")])
    again = one(profiled(ratings=ratings), "barrier_median")
    assert (again["n"], again["estimate"]) == (5, 0)


def test_ratings_go_as_far_as_the_narrowest_of_them(profiled: Profiled) -> None:
    ratings = pd.concat([rated(4, 4, 4, 4), rated(4, publish="own").assign(rater="z")])
    assert one(profiled(ratings=ratings, audience="own"), "barrier_median")["publish"] == "own"


def test_a_rating_that_was_not_meant_for_this_audience_is_not_counted(profiled: Profiled) -> None:
    ratings = pd.concat([rated(4, 4, 4, 4, 4), rated(0, 0, publish="alliance").assign(rater=["x", "y"])])
    assert one(profiled(ratings=ratings), "barrier_median")["n"] == 5  # for the public, unless said otherwise
    assert one(profiled(ratings=ratings, audience="alliance"), "barrier_median")["n"] == 7


def test_what_is_said_of_a_group_goes_where_the_group_goes(profiled: Profiled) -> None:
    (figure,) = one(profiled(ratings=rated(4, 4, 4, 4, 4)), "barrier_median")["inputs"]
    assert (figure.indicator, figure.category) == ("who", "woman")


def test_no_reason_and_no_rater_is_in_the_result(profiled: Profiled) -> None:
    told = profiled(ratings=rated(4, 4, 4, 4, 4, reason="they laughed")).table.to_csv()
    assert "laughed" not in told
    assert "community0" not in told


# ---- whom we do not know --------------------------------------------------------------------------------------------------------


def test_whom_we_do_not_know_has_a_row_for_every_dimension(profiled: Profiled) -> None:
    unknown = profiled(dimensions=("gender", "residence")).of("not_known").set_index("dimension")
    assert unknown.loc["gender", "n"] == 1
    assert unknown.loc["gender", "estimate"] == pytest.approx(1 / 8)
    assert unknown.loc["residence", "estimate"] == 0


def test_every_row_of_people_carries_its_inputs_and_is_unchecked(profiled: Profiled) -> None:
    rows = profiled(benchmark=table(CENSUS), access=["reached"], voice=["spoke"]).table
    assert (rows["disclosure"] == "unchecked").all()
    assert all(rows.loc[rows["n"] > 0, "inputs"])


# ---- what is wrong with the tables ------------------------------------------------------------------------------------------------


def test_a_population_that_does_not_add_up_is_refused(profiled: Profiled) -> None:
    with pytest.raises(InputError) as error:
        profiled(benchmark=table(CENSUS.replace("woman,0.5", "woman,50")))
    assert error.value.codes == ("REGISTER_CELL",)
    with pytest.raises(InputError) as error:
        profiled(benchmark=table(CENSUS.replace("woman,0.5", "woman,0.4")))
    assert error.value.codes == ("BENCHMARK_SUM",)
    assert "0.900" in str(error.value)


def test_everything_wrong_with_a_benchmark_is_said_at_once(profiled: Profiled) -> None:
    wrong = CENSUS.replace("gender,man", "gender,men").replace("residence", "residance").replace("2025", "25")
    with pytest.raises(InputError) as error:
        profiled(benchmark=table(wrong))
    assert set(error.value.codes) == {"REGISTER_CATEGORY_UNKNOWN", "REGISTER_DIMENSION_UNKNOWN", "REGISTER_CELL"}
    assert "'man'" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (",source,", ",sourse,", "REGISTER_COLUMN_MISSING"),
        ("rural,,3000", "rural,,", "BENCHMARK_SHARE_OR_COUNT"),
        ("gender,man", "gender,woman", "BENCHMARK_TWICE"),
        ("census,2021\ngender,man", ",2021\ngender,man", "REGISTER_CELL"),
    ],
)
def test_a_benchmark_that_says_half(profiled: Profiled, old: str, new: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        profiled(benchmark=table(CENSUS.replace(old, new)))
    assert code in error.value.codes


def test_everything_wrong_with_ratings_is_said_and_no_rating_is_quoted(profiled: Profiled) -> None:
    wrong = pd.concat([rated(4.5, 4, 77), rated(1, kind="outsider").assign(rater="community0"), rated(2, factor="weather", date="soon")])
    with pytest.raises(InputError) as error:
        profiled(ratings=wrong.assign(publish="everybody"))
    assert set(error.value.codes) == {"REGISTER_CELL", "BARRIER_TWO_KINDS", "BARRIER_TWICE"}
    for quoted in ("4.5", "77", "weather", "soon", "everybody", "community0"):
        assert quoted not in str(error.value)


def test_two_ratings_of_one_day_cannot_both_hold(profiled: Profiled) -> None:
    with pytest.raises(InputError) as error:
        profiled(ratings=pd.concat([rated(4), rated(3)]))
    assert error.value.codes == ("BARRIER_TWICE",)


def test_a_wrong_call_is_refused_with_all_that_is_wrong(profiled: Profiled) -> None:
    with pytest.raises(UsageError) as error:
        profiled(against="men", audience="everybody", fewest_raters=2, scale=(4, 0), voice=["spok"], access="reached", round="endline")
    assert sorted(error.value.codes) == sorted(["OVERLAP_OPTION"] * 5 + ["OVERLAP_INDICATOR_UNKNOWN", "OVERLAP_ROUND"])
    with pytest.raises(UsageError) as error:
        profiled(dimensions="gender")
    assert error.value.codes == ("PROFILE_DIMENSIONS",)


def test_an_indicator_that_was_not_broken_down_is_said(draw: Any, ask: Any) -> None:
    estimates = measure(draw(EIGHT, by=BY), [ask(*WHO), ask(*INDICATORS[1])], by={"who": each("gender")})
    with pytest.raises(UsageError) as error:
        exclusion_profile(estimates, ["gender"], access=["reached"])
    assert error.value.codes == ("PROFILE_NOT_BROKEN_DOWN",)


def test_a_file_goes_from_collect_through_check_into_the_profile(profiled: Profiled, root: Path, tmp_path: Path) -> None:
    (tmp_path / "census.csv").write_text(CENSUS, encoding="utf-8")
    schema = root / "data" / "schemas" / "benchmarks.schema.json"
    census = check(collect(tmp_path / "census.csv", kind="register"), schema=schema)
    assert one(profiled(benchmark=census), "participation_ratio", category="woman")["estimate"] == pytest.approx(2 / 3)


def test_ratings_go_the_same_way(profiled: Profiled, root: Path, tmp_path: Path) -> None:
    rated(4, 3, 4, 4, 1).assign(rating_id=list("abcde"), reason="").to_csv(tmp_path / "ratings.csv", index=False)
    schema = root / "data" / "schemas" / "barriers.schema.json"
    ratings = check(collect(tmp_path / "ratings.csv", kind="register"), schema=schema)
    assert one(profiled(ratings=ratings), "barrier_median")["estimate"] == 4


@pytest.mark.parametrize("register", ["benchmarks", "barriers"])
def test_the_registers_schemas_hold_the_same_words(register: str, root: Path) -> None:
    fields = json.loads((root / "data" / "schemas" / f"{register}.schema.json").read_text(encoding="utf-8"))["fields"]
    allowed = {field["name"]: field.get("constraints", {}).get("enum") for field in fields}
    if register == "barriers":
        assert tuple(allowed["factor"]) == FACTORS
        assert tuple(allowed["rater_kind"]) == RATER_KINDS
    else:
        assert set(allowed) == set(table(CENSUS).columns)
