"""The invented alliances' figures, from the raw files by plain reading and sums, held against the whole road.

Nothing of the package reads a file, places a code or takes a variance on the left side of these comparisons.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from mel.collection import load_alliance
from mel.formats.packs import load_packs
from mel.portfolio import road
from mel.portfolio.facts import facts_of

USED = {
    "every-step": ("heard_in_community_meetings", "barriers_met"),
    "loud-and-clear": ("spoke_to_official", "unpaid_care_hours", "what_stands_in_the_way"),
    "shade-and-rain": ("water_within_half_an_hour", "had_a_say", "acted_on_warning", "reached_by_gender"),
}


@dataclass(frozen=True)
class Road:
    """What the road gives for one alliance."""

    estimates: pd.DataFrame
    compared: pd.DataFrame
    facts: Any

    def row(self, indicator: str, round_: str = "midline", category: str = "all", **domain: str) -> Any:
        return _one(self.estimates, {"indicator": indicator, "round": round_, "category": category}, domain)

    def comparison(self, measure: str, indicator: str, **domain: str) -> Any:
        return _one(self.compared, {"measure": measure, "indicator": indicator, "category": "all"}, domain)


def _one(table: pd.DataFrame, keys: dict[str, str], domain: dict[str, str]) -> Any:
    names = list(table.columns[list(table.columns).index("round") + 1 : list(table.columns).index("category")])
    wanted = {**dict.fromkeys(names, "all"), **domain, **keys}
    found = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
    assert len(found) == 1, (keys, domain, len(found))
    return found.iloc[0]


@pytest.fixture(scope="module")
def travelled(root: Path) -> Callable[[str], Road]:
    made: dict[str, Road] = {}

    def of(name: str) -> Road:
        if name not in made:
            folder = root / "data" / "alliances" / name
            whole = load_alliance(folder)
            people = next(d for d in whole.datasets if d.kind == "answers")
            uses = tuple(use for use in whole.indicators if use.id in USED[name])
            alliance = whole.model_copy(update={"datasets": (people,), "indicators": uses})
            records = road.gather(alliance, folder)
            estimates = road.measure_all(alliance, load_packs(alliance.packs, folder), records)
            compared = road._compare(alliance, estimates)
            made[name] = Road(estimates.table, compared.table, facts_of(people, records[people.name]))
        return made[name]

    return of


def read(path: Path, sheet: str | int = 0) -> pd.DataFrame:
    """A file as text without spaces around it, whatever its separator and encoding; empty is null."""
    if path.suffix == ".xlsx":
        table = pd.read_excel(path, sheet_name=sheet, dtype=str, engine="openpyxl", keep_default_na=False, na_values=[""])
    else:
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
        comma = text.split("\n", 1)[0].count(",") >= text.split("\n", 1)[0].count(";")
        table = pd.read_csv(io.StringIO(text), sep="," if comma else ";", dtype=str, keep_default_na=False, na_values=[""])
    table = table.map(lambda cell: cell.strip() or np.nan if isinstance(cell, str) else cell)
    return table.rename(columns=lambda name: name.split("/", 1)[1] if name.split("/")[0] in ("intro", "you", "voice", "access") else name)


def usable(table: pd.DataFrame, yes: tuple[str, ...]) -> pd.DataFrame:
    agreed = table[table["consent"].isin(yes)]
    return agreed[agreed["_uuid"].isna() | ~agreed["_uuid"].duplicated()].reset_index(drop=True)


# ---- a probability sample, two rounds in the same villages -------------------------------------------------------------


@pytest.fixture(scope="module")
def villages(root: Path) -> pd.DataFrame:
    folder = root / "data" / "alliances" / "every-step" / "answers"
    parts = [usable(read(folder / file), ("1",)).assign(round=name) for name, file in ROUNDS.items()]
    return pd.concat(parts, ignore_index=True).assign(w=lambda table: table["weight"].astype(float))


ROUNDS = {"baseline": "baseline_2022.xlsx", "midline": "midline_2024.xlsx"}
HEARD = {"1": 1.0, "2": 1.0, "3": 0.0}


def by_hand(table: pd.DataFrame, y: pd.Series, here: pd.Series) -> dict[str, Any]:
    """Weighted mean in a domain with its variance between villages: n/(n−1) Σ(z − z̄)² in each stratum, times 1 − n/N."""
    counted = here & y.notna()
    w = table["w"].where(counted, 0.0)
    value = float((w * y.fillna(0)).sum() / w.sum())
    z = (w * (y.fillna(0) - value) / w.sum()).groupby([table["stratum"], table["village"]]).sum()
    # Everyone of the round gives the villages: those without a member of the domain count as zero.
    round_ = table.loc[here, "round"].iloc[0]
    places = pd.MultiIndex.from_frame(table.loc[table["round"] == round_, ["stratum", "village"]].drop_duplicates())
    return {"value": value, "n": int(counted.sum()), "z": z.reindex(places), "spread": float((w * (y - value) ** 2).sum() / w.sum())}


def together(a: pd.Series, b: pd.Series) -> float:
    """Covariance of two linearised means in the same 12 of 100 villages of each stratum."""
    total = 0.0
    for _, x in a.groupby(level="stratum"):
        assert len(x) == 12
        y = b.reindex(x.index)
        total += (1 - 12 / 100) * 12 / 11 * float(((x - x.mean()) * (y - y.mean())).sum())
    return total


@pytest.mark.parametrize("gender", ["", "woman", "man"])
def test_a_share_its_interval_and_its_design_effect(travelled: Callable[[str], Road], villages: pd.DataFrame, gender: str) -> None:
    y = villages["heard"].map(HEARD)
    here = villages["round"] == "midline"
    if gender:
        here &= villages["gender"] == {"woman": "1", "man": "2"}[gender]
    mine = by_hand(villages, y, here)
    row = travelled("every-step").row("heard_in_community_meetings", **({"gender": gender} if gender else {}))
    se = math.sqrt(together(mine["z"], mine["z"]))
    odds, wide = math.log(mine["value"] / (1 - mine["value"])), stats.t.ppf(0.975, row["df"]) * se / (mine["value"] * (1 - mine["value"]))
    assert (row["n"], row["n_yes"]) == (mine["n"], (y[here] == 1).sum())
    assert row[["estimate", "se", "ci_low", "ci_high", "deff", "weighted_total"]].astype(float).tolist() == pytest.approx(
        [mine["value"], se, 1 / (1 + math.exp(wide - odds)), 1 / (1 + math.exp(-wide - odds)),
         se**2 * (mine["n"] - 1) / mine["spread"], villages.loc[here & y.notna(), "w"].sum()], rel=1e-9)  # fmt: skip
    silent = villages.loc[here, "heard"]
    assert row["n_not_applicable"] == (silent == "4").sum()
    assert (row["n_not_known"], row["n_prefer_not_to_say"]) == ((silent == "98").sum(), (silent == "99").sum())
    assert row["n_missing"] == silent.isin(["98", "99"]).sum()  # where there are no meetings nobody failed to answer


def test_df_are_villages_less_strata_that_were_asked(travelled: Callable[[str], Road], villages: pd.DataFrame) -> None:
    asked = villages[(villages["round"] == "midline") & (villages["heard"] != "4")]
    assert travelled("every-step").row("heard_in_community_meetings")["df"] == asked["village"].nunique() - asked["stratum"].nunique()


@pytest.mark.parametrize("indicator", ["heard_in_community_meetings", "barriers_met"])
def test_change_in_the_same_villages_takes_their_covariance(
    travelled: Callable[[str], Road], villages: pd.DataFrame, indicator: str
) -> None:
    y = villages["heard"].map(HEARD) if indicator.startswith("heard") else villages["barriers_number"].astype(float)
    before, after = (by_hand(villages, y, villages["round"] == name) for name in ROUNDS)
    row = travelled("every-step").comparison("change", indicator)
    a, b = after["z"], before["z"].reindex(after["z"].index)
    se = math.sqrt(together(a, a) + together(b, b) - 2 * together(a, b))
    change, wide = after["value"] - before["value"], stats.t.ppf(0.975, row["df"]) * se
    assert row[["value_b", "value_a", "estimate", "se", "ci_low", "ci_high"]].astype(float).tolist() == pytest.approx(
        [before["value"], after["value"], change, se, change - wide, change + wide], rel=1e-9
    )
    assert row["status"] == ("up" if change > 0 else "down")


def test_fewer_barriers_than_the_target_is_reached(travelled: Callable[[str], Road], villages: pd.DataFrame) -> None:
    mine = by_hand(villages, villages["barriers_number"].astype(float), villages["round"] == "midline")
    row = travelled("every-step").comparison("against_milestone", "barriers_met")
    high = mine["value"] + stats.t.ppf(0.975, row["df"]) * math.sqrt(together(mine["z"], mine["z"]))
    assert high < row["target"] and row["status"] == "reached"
    assert row["estimate"] == pytest.approx(mine["value"] - 1.25)


def test_a_village_that_could_not_be_visited_again(root: Path, villages: pd.DataFrame) -> None:
    """Each round has the variance of its own villages; only those of both rounds vary together."""
    folder = root / "data" / "alliances" / "every-step"
    whole = load_alliance(folder)
    alliance = whole.model_copy(
        update={"datasets": (whole.dataset("survey"),), "indicators": tuple(u for u in whole.indicators if u.id == "barriers_met")}
    )
    records = road.gather(alliance, folder)["survey"]
    gone = villages["village"].drop_duplicates().iloc[[0, 1, 15]]
    left = ~((records.frame["_round"] == "midline") & records.frame["village"].isin(gone)).to_numpy()
    fewer = {"survey": replace(records, frame=records.frame[left].reset_index(drop=True), repeats={})}
    table = road._compare(alliance, road.measure_all(alliance, load_packs(alliance.packs, folder), fewer)).table
    row = _one(table, {"measure": "change", "indicator": "barriers_met", "category": "all"}, {})

    seen = villages[~((villages["round"] == "midline") & villages["village"].isin(gone))].reset_index(drop=True)
    y = seen["barriers_number"].astype(float)
    before, after = (by_hand(seen, y, seen["round"] == name) for name in ROUNDS)
    a, b = after["z"], before["z"]
    assert (len(a), len(b)) == (69, 72)
    total = _spread(a, a, a.index) + _spread(b, b, b.index) - 2 * _spread(a, b, a.index, a, b)
    assert row["estimate"] == pytest.approx(after["value"] - before["value"])
    assert row["se"] == pytest.approx(math.sqrt(total), rel=1e-9)


def _spread(a: pd.Series, b: pd.Series, both: pd.Index, all_a: pd.Series | None = None, all_b: pd.Series | None = None) -> float:
    """Over the villages of both: m/(m−1) Σ (a − ā)(b − b̄), times the part not drawn of each round."""
    total = 0.0
    for stratum in both.get_level_values("stratum").unique():
        x, y = (z[both].xs(stratum, level="stratum") for z in (a, b))
        drawn = [len(x if z is None else z.xs(stratum, level="stratum")) / 100 for z in (all_a, all_b)]
        unseen = math.sqrt((1 - drawn[0]) * (1 - drawn[1]))
        total += unseen * len(x) / (len(x) - 1) * float(((x - x.mean()) * (y - y.mean())).sum())
    return total


# ---- a census typed by many hands, in two languages --------------------------------------------------------------------


@pytest.fixture(scope="module")
def everyone(root: Path) -> pd.DataFrame:
    files = sorted((root / "data" / "alliances" / "loud-and-clear" / "answers").iterdir())
    return usable(pd.concat([read(path).assign(partner=path.stem) for path in files], ignore_index=True), ("yes", "Yes", "Sí"))


def test_codes_and_labels_of_two_languages_are_one_answer(travelled: Callable[[str], Road], everyone: pd.DataFrame) -> None:
    said = everyone["spoke"].map({"yes": 1, "Yes": 1, "Sí": 1, "no": 0, "No": 0})
    women = everyone["gender"].isin(["woman", "Woman", "Mujer"])
    for here, row in (
        (pd.Series(True, index=said.index), travelled("loud-and-clear").row("spoke_to_official")),
        (women, travelled("loud-and-clear").row("spoke_to_official", gender="woman")),
    ):
        assert (row["n"], row["n_yes"]) == (said[here].notna().sum(), said[here].sum())
        assert row["estimate"] == pytest.approx(said[here].mean())
        assert np.isnan(row["se"])


def test_decimal_commas_and_ticks(travelled: Callable[[str], Road], everyone: pd.DataFrame) -> None:
    hours = everyone["care_hours"].str.replace(",", ".").astype(float)
    assert everyone["care_hours"].str.contains(",").any()
    row = travelled("loud-and-clear").row("unpaid_care_hours")
    assert (row["n"], row["n_not_known"], row["estimate"]) == (hours.notna().sum(), hours.isna().sum(), pytest.approx(hours.mean()))
    named = everyone["in_the_way"].str.split()
    for code in ("distance", "not_safe", "nothing"):
        row = travelled("loud-and-clear").row("what_stands_in_the_way", category=code)
        assert (row["n"], row["n_yes"]) == (named.notna().sum(), sum(code in each for each in named.dropna()))


def test_listed_and_answered(travelled: Callable[[str], Road], everyone: pd.DataFrame) -> None:
    facts = travelled("loud-and-clear").facts
    assert facts.listed == {"midline": everyone.groupby("partner")["people_on_list"].first().astype(int).sum()}
    assert facts.rows == {"midline": len(everyone)}


# ---- conversations: a question that was changed, and one asked of some -------------------------------------------------


@pytest.fixture(scope="module")
def conversations(root: Path) -> pd.DataFrame:
    return usable(read(root / "data" / "alliances" / "shade-and-rain" / "answers" / "conversations_2024.xlsx"), ("yes",))


def test_two_wordings_are_one_variable(travelled: Callable[[str], Road], conversations: pd.DataFrame) -> None:
    near = (conversations["water_minutes"] == "1") | (conversations["water_distance"] == "near")
    unknown = (conversations["water_minutes"] == "98") | (conversations["water_distance"] == "dk")
    row = travelled("shade-and-rain").row("water_within_half_an_hour")
    assert (row["n"], row["n_yes"], row["n_not_known"]) == (len(near) - unknown.sum(), near.sum(), unknown.sum())


def test_who_is_not_in_a_population_is_nowhere_and_who_may_be_is_missing(
    travelled: Callable[[str], Road], conversations: pd.DataFrame
) -> None:
    row = travelled("shade-and-rain").row("acted_on_warning")
    warned = conversations[conversations["warned"] == "yes"]
    assert (row["n"], row["n_yes"]) == (warned["acted"].notna().sum(), (warned["acted"] == "yes").sum())
    assert row["n_missing"] == (conversations["warned"] == "dk").sum()  # whether they were warned nobody knows


def test_a_composition_of_people_counts_those_who_did_not_say(travelled: Callable[[str], Road], conversations: pd.DataFrame) -> None:
    row = travelled("shade-and-rain").row("reached_by_gender", category="prefer_not_to_say")
    assert (row["n"], row["n_yes"]) == (len(conversations), (conversations["gender"] == "pnts").sum())
    nobody = travelled("shade-and-rain").row("reached_by_gender", category="self_described")
    assert (nobody["n_yes"], nobody["estimate"]) == (0, 0)


@pytest.mark.parametrize(("name", "questions"), [("every-step", 21), ("loud-and-clear", 19), ("shade-and-rain", 18)])
def test_a_question_is_what_a_person_is_asked(travelled: Callable[[str], Road], name: str, questions: int) -> None:
    """Counted on the printed forms: neither start, end and today, which the device writes, nor notes."""
    assert travelled(name).facts.questions == questions
