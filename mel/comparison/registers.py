"""Do the tables an alliance brings say what they must? Benchmarks of a population, and ratings of barriers: all that is wrong, at once.

The files themselves are `collect`'s and `check`'s, which know rows and cells; here the same rules are held for any table, and what a
file alone cannot show: that its groups are groups of these people. No rating and no reason is ever quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mel.codes import AUDIENCES
from mel.errors import InputError, Problem, closest
from mel.errors import exclusion as say
from mel.formats.numbers import as_code, is_blank, to_numbers
from mel.model.exclusion import FACTORS, RATER_KINDS
from mel.model.records import Records

ROUNDED = 0.005
"""How far from 1 the sum of shares may be: what rounding to two or three decimals leaves."""
Levels = Mapping[str, Sequence[str]]
"""Dimension: the categories a group can be; silences are none."""
OF_BENCHMARK = ("dimension", "category", "source", "year")
OF_BARRIER = ("rater", "rater_kind", "dimension", "category", "factor", "rating", "date", "consent", "publish")


@dataclass(frozen=True)
class Benchmark:
    """The make-up of a population by one dimension, as one source has it."""

    dimension: str
    source: str
    year: int
    shares: Mapping[str, float]


def frame_of(given: pd.DataFrame | Records, words: Sequence[str]) -> pd.DataFrame:
    """The rows, their words without spaces around."""
    table = (given.frame if isinstance(given, Records) else given).reset_index(drop=True)
    return table.assign(**{name: as_code(table[name]) for name in words if name in table})


def benchmarks_of(given: pd.DataFrame | Records, levels: Levels) -> list[Benchmark]:
    """Each dimension of each source and year. Raises: InputError with everything that is wrong with the table."""
    table = frame_of(given, ("dimension", "category", "source"))
    _must("benchmarks", table, OF_BENCHMARK)
    if not {"share", "count"} & set(table):
        raise InputError(say.REGISTER_COLUMN_MISSING.at(register="benchmarks", name="share", available=list(table), near="none"))
    numbers = {name: to_numbers(table[name])[0] if name in table else pd.Series(np.nan, table.index) for name in ("share", "count", "year")}
    problems = [*_cells_of_benchmark(table, numbers), *_unknown("benchmarks", table, levels)]
    if problems:
        raise InputError(problems)
    table = table.assign(**numbers)
    found: list[Benchmark] = []
    keys = ["dimension", "source", "year"]
    for dimension, source, year in table[keys].drop_duplicates().itertuples(index=False):
        rows = table[(table[keys] == [dimension, source, year]).all(axis=1)]
        problems += _wrong_population(rows, {"name": dimension, "source": source, "year": int(year)})
        found.append(Benchmark(str(dimension), str(source), int(year), {} if problems else _shares(rows)))
    if problems:
        raise InputError(problems)
    return found


def _shares(rows: pd.DataFrame) -> dict[str, float]:
    part = rows["share"] if rows["share"].notna().all() else rows["count"] / rows["count"].sum()
    return dict(zip(rows["category"].astype(str), part.astype(float), strict=True))


def _wrong_population(rows: pd.DataFrame, told: Mapping[str, Any]) -> Iterator[Problem]:
    for category, times in rows["category"].value_counts().items():
        if times > 1:
            yield say.BENCHMARK_TWICE.at(category=category, count=times, **told)
    if rows["share"].notna().all():
        total = float(rows["share"].sum())
        if abs(total - 1) > ROUNDED:
            yield say.BENCHMARK_SUM.at(total=f"{total:.3f}", **told)
    elif not rows["count"].notna().all():
        yield say.BENCHMARK_SHARE_OR_COUNT.at(**told)
    elif not rows["count"].sum() > 0:
        yield say.BENCHMARK_NOBODY.at(**told)


def _cells_of_benchmark(table: pd.DataFrame, numbers: Mapping[str, pd.Series]) -> Iterator[Problem]:
    yield from _blank("benchmarks", table, OF_BENCHMARK)
    for name, low, high in (("share", 0, 1), ("count", 0, np.inf), ("year", 1900, 2100)):
        if name in table:
            wrong = _filled(table[name]) & ~numbers[name].between(low, high)
            yield from _rows(
                "benchmarks", name, wrong, f"hold no number from {low} to {high}" if high < np.inf else "hold no number from 0"
            )
    whole = numbers["year"].isna() | (numbers["year"] % 1 == 0)
    yield from _rows("benchmarks", "year", ~whole, "hold no whole year")


def barriers_of(given: pd.DataFrame | Records, levels: Levels, scale: tuple[float, float], audience: str) -> pd.DataFrame:
    """The ratings that may be used: those agreed to, for this audience, each rater's latest. `rating` is a number, `date` a date.

    Raises: InputError with everything that is wrong with the table.
    """
    table = frame_of(given, ("rater", "rater_kind", "dimension", "category", "factor", "consent", "publish"))
    _must("barriers", table, OF_BARRIER)
    rating = to_numbers(table["rating"])[0]
    date = pd.to_datetime(table["date"].astype("str"), format="ISO8601", errors="coerce")
    problems = [*_blank("barriers", table, OF_BARRIER)]
    words = {"rater_kind": RATER_KINDS, "factor": FACTORS, "consent": ("yes", "no"), "publish": AUDIENCES}
    for name, allowed in words.items():
        wrong = _filled(table[name]) & ~table[name].isin(allowed)
        problems += _rows("barriers", name, wrong, f"hold none of {', '.join(allowed)}")
    outside = _filled(table["rating"]) & ~rating.between(*scale)
    problems += _rows("barriers", "rating", outside, f"hold no number from {scale[0]:g} to {scale[1]:g}")
    problems += _rows("barriers", "date", _filled(table["date"]) & date.isna(), "hold no date such as 2026-05-31")
    problems += _unknown("barriers", table, levels)
    table = table.assign(rating=rating, date=date)
    problems += _wrong_raters(table)
    if problems:
        raise InputError(problems)
    latest = table.sort_values("date", kind="stable").drop_duplicates(["rater", "dimension", "category", "factor"], keep="last")
    far = latest["publish"].map(AUDIENCES.index) >= AUDIENCES.index(audience)
    return latest[(latest["consent"] == "yes") & far].sort_index().reset_index(drop=True)


def _wrong_raters(table: pd.DataFrame) -> Iterator[Problem]:
    both = int((table.groupby("rater")["rater_kind"].nunique() > 1).sum())
    if both:
        yield say.BARRIER_TWO_KINDS.at(count=both)
    twice = int(table.duplicated(["rater", "dimension", "category", "factor", "date"]).sum())
    if twice:
        yield say.BARRIER_TWICE.at(count=twice)


def _must(register: str, table: pd.DataFrame, names: Sequence[str]) -> None:
    there = [str(name) for name in table if not str(name).startswith("_")]
    absent = [name for name in names if name not in there]
    if absent:
        template = say.REGISTER_COLUMN_MISSING
        near = {name: closest(name, there) or "none" for name in absent}
        raise InputError([template.at(register=register, name=name, available=there, near=near[name]) for name in absent])


def _filled(column: pd.Series) -> pd.Series:
    return ~is_blank(column)


def _blank(register: str, table: pd.DataFrame, names: Sequence[str]) -> Iterator[Problem]:
    for name in names:
        yield from _rows(register, name, ~_filled(table[name]), "are blank")


def _rows(register: str, name: str, wrong: pd.Series, fault: str) -> Iterator[Problem]:
    at = [int(k) + 1 for k in np.flatnonzero(wrong.to_numpy(dtype=bool))]
    if at:
        yield say.REGISTER_CELL.at(register=register, name=name, count=len(at), rows=len(wrong), fault=fault, which=at)


def _unknown(register: str, table: pd.DataFrame, levels: Levels) -> Iterator[Problem]:
    """Groups these people do not have."""
    named = table[["dimension", "category"]].dropna().astype("str").drop_duplicates()
    for name in named["dimension"].unique():
        if name not in levels:
            near = closest(name, list(levels)) or "none"
            yield say.REGISTER_DIMENSION_UNKNOWN.at(register=register, name=name, available=list(levels), near=near)
            continue
        for category in named.loc[named["dimension"] == name, "category"]:
            if category not in levels[name]:
                near = closest(category, list(levels[name])) or "none"
                told = {"name": name, "category": category, "available": list(levels[name]), "near": near}
                yield say.REGISTER_CATEGORY_UNKNOWN.at(register=register, **told)
