"""Who takes part less than their share, is reached less, is heard less; what keeps them away, and whom do we not know?

Inspired by the question behind the Exclusion Radar; its method is not published, and this is not it. Overlapping groups are
`overlaps`'; who is furthest behind is `furthest_behind`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel.codes import ALL, AUDIENCES, SILENCES, Audience
from mel.comparison.everybody import Everybody, everybody
from mel.comparison.furthest.tables import held
from mel.comparison.memberships import cube_with, wrong_indicators, wrong_round
from mel.comparison.registers import Benchmark, barriers_of, benchmarks_of
from mel.errors import Problem, UsageError
from mel.errors import exclusion as say
from mel.model.cube import Cube
from mel.model.estimates import Estimates
from mel.model.exclusion import FACTORS, KEYS, OF_PROFILE, RATER_KINDS, ExclusionProfile
from mel.model.figure import FigureId
from mel.model.records import Records
from mel.model.sample import Dimension

VERB = "exclusion_profile"
AGAINST = ("everyone", "right")
OF_BENCHMARK = "The population's own error is not known and is not in this interval."
UNKNOWN_THERE = "The population table does not have this group, so it cannot be said whether it is reached."
NONE_THERE = "By the population table nobody of this group lives there."
LEFT_OUT = "Of those whose {dimension} is known and is a group of the population table."
SILENT_VOICE = "Nobody of this group {said}."
FEW_RATERS = "Fewer than {fewest} raters: not shown."
RATED = "What those who rated think; nobody drew them by chance."
NUMBERS = ("n", "value", "held_against", "estimate", "se", "ci_low", "ci_high", "df", "middle_low", "middle_high", "year")
Row = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is looked at: whose make-up, which groups, which rounds."""

    people: Everybody
    dimensions: tuple[str, ...]
    rounds: tuple[str, ...]
    against: str

    @property
    def cube(self) -> Cube:
        return self.people.cube

    def counted_by(self, dimension: str) -> Everybody:
        """Everybody, by figures that stand in the table of results for each group of this dimension, where there are such."""
        return everybody(self.people.estimates, self.cube.dataset, (dimension,))


def exclusion_profile(
    estimates: Estimates,
    dimensions: Sequence[str],
    *,
    benchmark: pd.DataFrame | Records | None = None,
    taking_part: str | None = None,
    access: Sequence[str] = (),
    against: str = "everyone",
    voice: Sequence[str] = (),
    ratings: pd.DataFrame | Records | None = None,
    scale: tuple[float, float] = (0, 4),
    fewest_raters: int = 5,
    audience: Audience = "public",
    dataset: str | None = None,
    round: str | None = None,  # noqa: A002  (the field's word)
) -> ExclusionProfile:
    """Every group of these dimensions: its part in the programme against its part in the population, its access, its voice, what
    stands in its way, and how many people we do not know.

    `benchmark`: rows of data/schemas/benchmarks.schema.json. `taking_part`: the indicator that says who takes part; None where
    everybody in the dataset does. `access`, `voice`: indicators (proportions, measured by each of the dimensions) of who is reached, and
    of who spoke or decided among those who were there. `against`: access is held against `everyone`, or against the `right` itself
    (all people; nobody, where lower is better): no group is the standard of another. `ratings`: rows of
    data/schemas/barriers.schema.json on a `scale`, shown from `fewest_raters` of one kind on, community and outsiders apart;
    only those count whose rater lets them go as far as this `audience`.

    Source: this project's. Five factors: UNDP (2018), What does it mean to leave no one behind?
    Unit: ratios, 1 is parity; access from 0 to 1; ratings as given. Sign: access_gap = the group − what it is held against.
    Shape: see `mel.model.exclusion`. A dimension that the benchmark does not have has no participation ratios.
    Missing: silences are no group: a make-up is of those whose group is known, and `not_known` says how many are not. A group that the
    population table lacks has a row without a ratio. Ratings without consent, or not meant for this audience, are left out. Each interval is by itself; of many
    groups some exclude parity by chance.
    Raises: UsageError for a wrong call; InputError with everything that is wrong with the two tables.
    Checked: tests/reference/comparison (R survey, shares); tests/spec/comparison/test_exclusion_profile.py (by hand).
    """
    wanted = _wanted(estimates, dimensions, taking_part, access, voice, against, scale, fewest_raters, audience, dataset, round)
    levels = {name: [c for c in found if c not in SILENCES] for name, found in wanted.cube.levels.items()}
    rows: list[Row] = []
    for one in benchmarks_of(benchmark, levels) if benchmark is not None else ():
        rows += _participation(wanted, one, taking_part) if one.dimension in wanted.dimensions else ()
    rows += [row for name in access for row in _access(wanted, name)]
    rows += [row for name in voice for row in _voice(wanted, name)]
    if ratings is not None:
        rows += _barriers(wanted, barriers_of(ratings, levels, scale, audience), levels, fewest_raters)
    rows += _not_known(wanted)
    known = (estimates.dimension(name) for name in wanted.dimensions)
    found = (d or Dimension(n, n, {c: c for c in wanted.cube.levels[n]}) for d, n in zip(known, wanted.dimensions, strict=True))
    return ExclusionProfile(
        _table(rows, wanted.people),
        tuple(found),
        against,
        fewest_raters,
        (float(scale[0]), float(scale[1])),
        estimates.level,
        taking_part or "",
    )


def _wanted(
    estimates: Estimates, dimensions: Sequence[str], taking_part: str | None, access: Sequence[str], voice: Sequence[str], against: str,
    scale: tuple[float, float], fewest_raters: int, audience: str, dataset: str | None, round_: str | None,
) -> Wanted:  # fmt: skip
    """Everything that is asked, found. Raises: UsageError with all that is wrong with it."""
    there = list(dict.fromkeys(name for cube in estimates.cubes.values() for name in cube.levels))
    listed = [dimensions] if isinstance(dimensions, str) else list(dimensions)
    if isinstance(dimensions, str) or not listed or len(set(listed)) < len(listed):
        given = f"{len(listed)} dimensions ({', '.join(map(repr, listed))})" if listed else "no dimension"
        raise UsageError(say.PROFILE_DIMENSIONS.at(given=given, available=there))
    cube = cube_with(estimates, listed, dataset)
    problems = [*wrong_round(cube, round_)]
    named = [taking_part] if taking_part is not None else []
    for option, names in (("taking_part", named), ("access", access), ("voice", voice)):
        problems += wrong_indicators(estimates, cube.dataset, names, VERB, option, ("proportion",))
    if against not in AGAINST:
        problems.append(_option("against", against, " or ".join(map(repr, AGAINST))))
    if len(scale) != 2 or not scale[0] < scale[1]:
        problems.append(_option("scale", scale, "the lowest and the highest rating there could be, such as (0, 4)"))
    if isinstance(fewest_raters, bool) or not isinstance(fewest_raters, int) or fewest_raters < 3:
        problems.append(_option("fewest_raters", fewest_raters, "a whole number of 3 or more: a median of two raters tells both"))
    if audience not in AUDIENCES:
        problems.append(_option("audience", audience, " or ".join(map(repr, AUDIENCES))))
    if not problems:
        problems += _not_broken_down(estimates, cube.dataset, (*access, *voice), listed)
    if problems:
        raise UsageError(problems)
    rounds = cube.rounds if round_ is None else (round_,)
    return Wanted(everybody(estimates, cube.dataset), tuple(listed), rounds, against)


def _option(option: str, given: object, take: str) -> Problem:
    return say.OVERLAP_OPTION.at(verb=VERB, option=option, given=repr(given), take=take)


def _not_broken_down(estimates: Estimates, dataset: str, indicators: Sequence[str], dimensions: Sequence[str]) -> Iterator[Problem]:
    table = estimates.table[estimates.table["dataset"] == dataset]
    for indicator in dict.fromkeys(indicators):
        rows = table[table["indicator"] == indicator]
        for name in dimensions:
            others = [other for other in estimates.dimension_names if other != name]
            if not ((rows[name] != ALL) & (rows[others] == ALL).all(axis=1)).any():
                yield say.PROFILE_NOT_BROKEN_DOWN.at(indicator=indicator, dimension=name)


# ---- participation ------------------------------------------------------------------------------------------------------


def _participation(wanted: Wanted, benchmark: Benchmark, taking_part: str | None) -> Iterator[Row]:
    """Each group's share of those who take part over its share of the population."""
    cube, name = wanted.cube, benchmark.dimension
    people = wanted.counted_by(name)
    of = next((q for q in cube.quantities if q.indicator == taking_part), None)
    code, levels = cube.codes[name], cube.levels[name]
    among = np.isin(code, [levels.index(category) for category in benchmark.shares])
    indicator, version = (of.indicator, of.version) if of is not None else (people.quantity.indicator, people.quantity.version)
    for category in (c for c in levels if c not in SILENCES):
        part = code == levels.index(category)
        population = benchmark.shares.get(category, np.nan)
        found = people.share(part, of, among=among if category in benchmark.shares else None)
        for round_ in wanted.rounds:
            one = found[cube.rounds.index(round_)]
            if not one.n and category not in benchmark.shares:
                continue
            usable = population > 0 and category in benchmark.shares
            b = population if usable else np.nan
            why = UNKNOWN_THERE if category not in benchmark.shares else NONE_THERE
            note = _say(one.note, LEFT_OUT.format(dimension=name), OF_BENCHMARK if np.isfinite(one.low) else "") if usable else why
            yield {
                "measure": "participation_ratio", "round": round_, "indicator": indicator, "version": version, "dimension": name,
                "category": category, "n": one.n, "value": one.estimate if usable else np.nan, "held_against": population,
                "estimate": one.estimate / b, "se": one.se / b, "ci_low": one.low / b, "ci_high": one.high / b, "df": one.df,
                "status": _parity(one.low / b, one.high / b, people.by_chance), "source": benchmark.source, "year": float(benchmark.year),
                "inputs": _people(wanted, of, name, round_, (*benchmark.shares, category)), "note": note,
            }  # fmt: skip


def _people(wanted: Wanted, of: Any, name: str, round_: str, categories: Sequence[str]) -> tuple[FigureId, ...]:
    """The figures a share is made of: its own, and those of all groups of the dimension that are counted in it."""
    people, estimates = wanted.counted_by(name), wanted.people.estimates
    if of is None:
        return tuple(people.figure(round_, {name: category}) for category in dict.fromkeys(categories))
    return tuple(
        FigureId(of.indicator, of.version, round_, ((name, category),), of.category, dataset=wanted.cube.dataset)
        for category in dict.fromkeys(categories)
        if name in estimates.dimension_names
    )


def _parity(low: float, high: float, by_chance: bool) -> str:
    if not by_chance:
        return "no_test"
    return "below_parity" if high < 1 else "above_parity" if low > 1 else "unclear"


# ---- access and voice -----------------------------------------------------------------------------------------------------


def _only(wanted: Wanted, indicator: str) -> Estimates:
    """The figures of one indicator of this dataset."""
    estimates = wanted.people.estimates
    table = estimates.table
    return estimates.with_table(table[(table["dataset"] == wanted.cube.dataset) & (table["indicator"] == indicator)])


def _groups(wanted: Wanted, indicator: str) -> Iterator[tuple[str, str, str, Mapping[Any, Any], Mapping[Any, Any]]]:
    """Dimension, category and round; the row of that group and the row of everyone. Groups in which nobody answered have none."""
    estimates = wanted.people.estimates
    rows = _only(wanted, indicator).table.to_dict("records")
    names = estimates.dimension_names
    at = {(row["round"], *(row[name] for name in names)): row for row in rows}
    for round_ in wanted.rounds:
        for dimension in wanted.dimensions:
            for category in wanted.cube.levels[dimension]:
                row = at.get((round_, *(category if name == dimension else ALL for name in names)))
                if row is not None and row["n"] > 0:
                    yield dimension, category, round_, row, at[(round_, *(ALL for _ in names))]


def _figure(wanted: Wanted, row: Mapping[Any, Any], *domain: tuple[str, str]) -> FigureId:
    keys = str(row["indicator"]), str(row["version"]), str(row["round"])
    return FigureId(*keys, tuple(domain), str(row["category"]), dataset=wanted.cube.dataset)


def _access(wanted: Wanted, name: str) -> Iterator[Row]:
    """Each group's figure minus everyone's, or minus the right."""
    estimates = _only(wanted, name)
    for dimension, category, round_, row, whole in _groups(wanted, name):
        group, everyone = _figure(wanted, row, (dimension, category)), _figure(wanted, whole)
        polarity = estimates.indicators[name, str(row["version"])].polarity
        base = {"measure": "access_gap", **_keys(row, dimension, category, round_), "value": row["estimate"]}
        if wanted.against == "right":
            right = 0.0 if polarity == "lower_is_better" else 1.0
            low, high = row["ci_low"] - right, row["ci_high"] - right
            said = {"estimate": row["estimate"] - right, "se": row["se"], "ci_low": low, "ci_high": high, "df": row["df"]}
            yield base | said | {
                "held_against": right, "status": _side(low, high, polarity, wanted), "inputs": (group,), "note": row["note"],
            }  # fmt: skip
            continue
        found = estimates.difference(group, everyone)
        said = {"estimate": found.estimate, "se": found.se, "ci_low": found.ci_low, "ci_high": found.ci_high, "df": found.df}
        yield base | said | {
            "held_against": whole["estimate"], "status": _side(found.ci_low, found.ci_high, polarity, wanted),
            "inputs": found.inputs, "note": found.note,
        }  # fmt: skip


def _keys(row: Mapping[Any, Any], dimension: str, category: str, round_: str) -> Row:
    return {
        "indicator": row["indicator"], "version": row["version"], "dimension": dimension, "category": category, "round": round_,
        "n": row["n"],
    }  # fmt: skip


def _side(low: float, high: float, polarity: str, wanted: Wanted) -> str:
    if not wanted.people.by_chance:
        return "no_test"
    if not (high < 0 or low > 0):
        return "unclear"
    if polarity == "neither":
        return "lower" if high < 0 else "higher"
    return "behind" if (high < 0) == (polarity == "higher_is_better") else "ahead"


def _voice(wanted: Wanted, name: str) -> Iterator[Row]:
    """The part of each group who spoke, over the part of everyone who did."""
    estimates = _only(wanted, name)
    for dimension, category, round_, row, whole in _groups(wanted, name):
        found = estimates.ratio(_figure(wanted, row, (dimension, category)), _figure(wanted, whole))
        nobody = row["estimate"] == 0 and whole["estimate"] > 0
        yield {
            "measure": "voice_ratio", **_keys(row, dimension, category, round_), "value": row["estimate"],
            "held_against": whole["estimate"], "estimate": 0.0 if nobody else found.estimate, "se": found.se, "ci_low": found.ci_low,
            "ci_high": found.ci_high, "df": found.df, "status": _parity(found.ci_low, found.ci_high, wanted.people.by_chance),
            "inputs": found.inputs, "note": SILENT_VOICE.format(said=f"said yes to '{name}'") if nobody else found.note,
        }  # fmt: skip


# ---- barriers, and whom we do not know --------------------------------------------------------------------------------------


def _barriers(wanted: Wanted, ratings: pd.DataFrame, levels: Mapping[str, Sequence[str]], fewest: int) -> Iterator[Row]:
    """The median of each kind of rater, for each group and factor that anyone rated."""
    for dimension in wanted.dimensions:
        people = wanted.counted_by(dimension)
        for category in levels[dimension]:
            mine = ratings[(ratings["dimension"] == dimension) & (ratings["category"] == category)]
            for factor in FACTORS:
                for kind in RATER_KINDS:
                    given = mine[(mine["factor"] == factor) & (mine["rater_kind"] == kind)]
                    if len(given):
                        keys = {"dimension": dimension, "category": category, "factor": factor, "rater_kind": kind}
                        about = tuple(people.figure(round_, {dimension: category}) for round_ in wanted.rounds)
                        yield {"measure": "barrier_median", "round": ALL, **keys, **_rated(given, fewest), "inputs": about}


def _rated(given: pd.DataFrame, fewest: int) -> Row:
    """Their median, and between which ratings the middle half lies; nothing of a few, not even how many they are."""
    said: Row = {"basis": "unknown", "counts": "people", "status": "no_test"}
    said["publish"] = min(given["publish"], key=AUDIENCES.index)
    if len(given) < fewest:
        return said | {"note": FEW_RATERS.format(fewest=fewest)}
    low, median, high = (float(given["rating"].quantile(q)) for q in (0.25, 0.5, 0.75))
    return said | {"n": float(len(given)), "estimate": median, "middle_low": low, "middle_high": high, "note": RATED}


def _not_known(wanted: Wanted) -> Iterator[Row]:
    """Of each dimension: the share of people of whom it says nothing."""
    cube = wanted.cube
    for name in wanted.dimensions:
        people = wanted.counted_by(name)
        silent = [k for k, category in enumerate(cube.levels[name]) if category in SILENCES]
        rows = np.isin(cube.codes[name], silent)
        found = people.share(rows)
        for round_ in wanted.rounds:
            one = found[cube.rounds.index(round_)]
            inputs = people.held(rows, round_, (name,)) or (people.figure(round_, {}),)  # of nobody: everyone's
            yield {
                "measure": "not_known", "round": round_, "indicator": people.quantity.indicator, "version": people.quantity.version,
                "dimension": name, "category": ALL, "n": one.n, "estimate": one.estimate, "se": one.se, "ci_low": one.low,
                "ci_high": one.high, "df": one.df, "inputs": inputs, "note": one.note if one.n else "",
            }  # fmt: skip


def _say(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _table(rows: Sequence[Row], people: Everybody) -> pd.DataFrame:
    """Keys first; what a measure has no use for is empty, a number that is not there null."""
    shared = {"dataset": people.cube.dataset, "basis": people.basis, "counts": people.counts, "disclosure": "unchecked"}
    made: dict[str, Any] = {}
    for name in (*KEYS, *OF_PROFILE):
        if name == "inputs":
            made[name] = held([row[name] for row in rows])
        elif name in NUMBERS:
            made[name] = np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)
        else:
            made[name] = pd.array([str(row.get(name, shared.get(name, ""))) for row in rows], dtype="str")
    return pd.DataFrame(made, columns=[*KEYS, *OF_PROFILE])
