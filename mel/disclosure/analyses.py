"""Which analyses of many figures may be shown? Those that tell nothing beyond figures that are shown.

An analysis is made of figures (its `inputs`). Where each of them is open, it can be worked out from the release, and so gives nothing
back; a figure that open rows add up to is as good. Any other figure that is no row of the estimates is judged from the counts, and more
strictly: nothing at all may be hidden in its dataset and round, and no group of that crossing may be under the floor, since the others
and a total would give that one back.

Intersections, trees, rankings and opportunity lean on all their groups at once (a shrunken figure on every other, a tree's shape on
everyone), so they are shown whole or not at all. So are overlaps: their rows part everybody in several ways, and what others add up to
gives a combination back. A withheld analysis keeps one row a table without any number or group: how many groups
a tree has, and which, is told by hidden people too. Profiles are decided row by row, but the shares of one
dimension together, since they add up to everybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, AUDIENCES, Audience
from mel.disclosure.differences import open_figures
from mel.disclosure.linked import dimensions_of
from mel.disclosure.marks import Marks, sensitive_dimensions
from mel.disclosure.names import Unnamed
from mel.errors import Problem, ProtectionRefused
from mel.errors import disclosure as say
from mel.model.analyses import ANALYSES, Analysis
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.policy import Policy
from mel.model.release import Context

BY_ROW = ("exclusion_profile",)
PARTING = ("overlaps",)
"""Kinds whose rows part people: a row of nobody is made of nothing."""
TOGETHER = ("participation_ratio", "not_known")
"""Measures of a profile whose rows add up, by round and dimension."""
KEPT = ("dataset", "indicator", "version", "round", "basis", "counts")
NEEDED = ("n", "inputs", "disclosure", "note")
WORDS = ("status", "note", "publish")
UNTOLD = ("left_out_people", "n_missing")
"""Counts of people who are in no figure that is shown (in groups too small to be ranked, silent in one combination): never shown."""
NOT_SHOWN = "Not shown, to protect the people who answered: it was computed from figures that are not shown."


@dataclass(frozen=True)
class Judge:
    """Which figures may enter something that is shown."""

    shown: frozenset[FigureId]
    listed: frozenset[FigureId]
    quiet: frozenset[tuple[str, str]]
    """Datasets and rounds in which nothing is hidden."""
    sensitive: frozenset[tuple[str, str]]
    """Indicators whose answers disclose something of a person."""
    estimates: Estimates
    threshold: int
    _crossings: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    @cached_property
    def _tables(self) -> Mapping[tuple[Any, ...], Mapping[frozenset[str], tuple[FigureId, ...]]]:
        """The rows of each figure, by the dimensions they are broken down by."""
        found: dict[tuple[Any, ...], dict[frozenset[str], list[FigureId]]] = defaultdict(lambda: defaultdict(list))
        for one in self.listed:
            found[_key(one)][frozenset(name for name, _ in one.domain)].append(one)
        return {key: {names: tuple(rows) for names, rows in margins.items()} for key, margins in found.items()}

    def allows(self, figure: FigureId) -> bool:
        one = _unordered(figure)
        if one in self.listed:
            return one in self.shown
        if self._added_up(one):
            return True
        key = (*_key(one), tuple(name for name, _ in one.domain))
        if key not in self._crossings:
            self._crossings[key] = self._whole_crossing(one)
        return self._crossings[key]

    def _added_up(self, one: FigureId) -> bool:
        """Rows of one table that are all open add up to this figure; `measure` lists every group of a crossing, also the empty ones."""
        names, domain = {name for name, _ in one.domain}, set(one.domain)
        for broken, rows in self._tables.get(_key(one), {}).items():
            parts = [row for row in rows if domain <= set(row.domain)] if names < broken else []
            if parts and all(row in self.shown for row in parts):
                return True
        return False

    def _whole_crossing(self, one: FigureId) -> bool:
        """No group of this figure's crossing is under the floor, and nothing is hidden beside it."""
        cube = self.estimates.cubes.get(one.dataset)
        unsafe = (one.dataset, one.round) not in self.quiet or (one.indicator, one.version) in self.sensitive
        names = tuple(name for name, _ in one.domain)
        if cube is None or unsafe or one.round not in cube.rounds or not set(names) <= set(cube.levels):
            return False
        try:
            quantity = cube.quantity(one.indicator, one.version, one.category)
        except KeyError:
            return False
        margin, here = cube.margin(names), cube.rounds.index(one.round)
        reached = np.sum([margin.by_domain(name) for name in quantity.asked], axis=0)
        counts = [margin.by_domain(quantity.counted), reached]
        if quantity.kind == "composition":  # its own groups are those of its categories
            counts.append(margin.by_domain(str(quantity.yes)))
        people = [sums.reshape(margin.shape)[here] for sums in counts]
        return not any(bool(((n > 0) & (n < self.threshold)).any()) for n in people)


def judge_of(table: pd.DataFrame, status: npt.NDArray[np.str_], marked: Marks, estimates: Estimates, threshold: int) -> Judge:
    """What the decided states of all figures say about those made of them."""
    names = tuple(dimensions_of(table))
    both = (open_figures(table, at, names) for at in (status, np.full(len(table), "open")))
    shown, listed = (frozenset(map(_unordered, figures)) for figures in both)
    places = table[["dataset", "round"]].agg(tuple, axis=1) if len(table) else pd.Series(dtype=object)
    loud = set(places[status != "open"])
    keys = zip(table["indicator"][marked.sensitive], table["version"][marked.sensitive], strict=True)
    return Judge(shown, listed, frozenset(set(places) - loud), frozenset(keys), estimates, threshold)


def protected_analyses(
    analyses: Iterable[Analysis], judge: Judge, context: Context, policy: Policy, audience: Audience, unnamed: Unnamed
) -> tuple[tuple[Analysis, ...], int]:
    """The analyses this audience may know of, each row decided, and how many of them are not shown (whole or in part)."""
    given = tuple(analyses)
    _checked(given, context)
    may = {d.name for d in context.alliance.datasets if AUDIENCES.index(d.share) >= AUDIENCES.index(audience)}
    levels = sensitive_dimensions(judge.estimates, context, policy)
    kept, withheld = [], 0
    for one in given:
        if one.dataset not in may or _broken_by(one, levels) or _names_someone(one, judge.estimates, unnamed):
            withheld += 1
            continue
        decided = _by_row(one, judge, levels) if one.kind in BY_ROW else _whole(one, judge)
        kept.append(decided)
        withheld += any((table["disclosure"] != "open").any() for table in decided.tables.values())
    return tuple(kept), withheld


def _whole(one: Analysis, judge: Judge) -> Analysis:
    """All of it or nothing."""
    inputs = {figure for table in one.tables.values() for given in table["inputs"] for figure in given}
    if one.kind in PARTING:
        inputs = set(_with_everyone(tuple(inputs)))
    else:
        inputs.add(FigureId(one.indicator, one.version, one.round, (), ALL, dataset=one.dataset))
    few = any(bool((_few(table, judge.threshold)).any()) for table in one.tables.values())
    known = all(
        bool(given) or (one.kind in PARTING and n == 0)
        for table in one.tables.values()
        for given, n in zip(table["inputs"], table["n"], strict=True)
    )
    if not one.tables or (known and not few and all(judge.allows(figure) for figure in inputs)):
        return one.with_tables({name: _open(table) for name, table in one.tables.items()})
    method = {key: value for key, value in one.method.items() if key == "level"}
    return replace(one, tables={name: _emptied(table) for name, table in one.tables.items()}, method=method)


def _open(table: pd.DataFrame) -> pd.DataFrame:
    untold = {name: np.nan for name in UNTOLD if name in table}
    return _plain(table.assign(disclosure="open", **untold))


def _emptied(table: pd.DataFrame) -> pd.DataFrame:
    """One row that says only what was asked."""
    plain = _plain(table).iloc[:1].reset_index(drop=True)
    return _without_numbers(plain, np.ones(1, dtype=bool), [str(c) for c in plain if c not in KEPT])


def _by_row(one: Analysis, judge: Judge, levels: dict[str, str]) -> Analysis:
    """Each row is shown where all it was made from is."""
    made = {}
    for name, table in one.tables.items():
        plain = _plain(table)
        known = [bool(g) and all(judge.allows(f) and _not_broken(f, levels) for f in _with_everyone(g)) for g in plain["inputs"]]
        hidden = _together(plain, ~np.array(known, dtype=bool) | _few(plain, judge.threshold))
        made[name] = _without_numbers(plain.assign(disclosure="open"), hidden, [str(c) for c in plain if c in WORDS])
    return one.with_tables(made)


def _together(table: pd.DataFrame, hidden: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Shares of a dimension that add up go together: without one of them, the others would give it back."""
    if "measure" not in table:
        return hidden
    keys = list(zip(table["measure"].isin(TOGETHER), table["round"], table["dimension"], strict=True))
    gone = {key for key, h in zip(keys, hidden, strict=True) if h and key[0]}
    flags: npt.NDArray[np.bool_] = hidden | (np.array([key in gone for key in keys]) & (table["measure"] == TOGETHER[0]).to_numpy())
    return flags


def _without_numbers(table: pd.DataFrame, hidden: npt.NDArray[np.bool_], words: list[str]) -> pd.DataFrame:
    """Hidden rows lose every number, what they were made from, and these words."""
    result = table.copy()
    for name in result.columns:
        if result[name].dtype == "float64":
            result.loc[hidden, name] = np.nan
        elif result[name].dtype == object:
            result[name] = pd.Series([() if h else v for h, v in zip(hidden, result[name], strict=True)], index=result.index, dtype=object)
        elif name in words:
            result.loc[hidden, name] = ""
    result.loc[hidden, "disclosure"] = "withheld"
    result.loc[hidden, "note"] = NOT_SHOWN
    return result


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Numbers as float, tuples as they are, everything else as text."""
    columns: dict[str, pd.Series] = {}
    for name in table.columns:
        given = table[name]
        if pd.api.types.is_numeric_dtype(given) and not pd.api.types.is_bool_dtype(given):
            columns[str(name)] = given.astype("float64")
        elif given.dtype == object and given.map(lambda value: isinstance(value, tuple)).all():
            columns[str(name)] = given
        else:
            columns[str(name)] = given.astype("str")
    return pd.DataFrame(columns, index=table.index).reset_index(drop=True)


def _few(table: pd.DataFrame, threshold: int) -> npt.NDArray[np.bool_]:
    n = table["n"].to_numpy(dtype=float)
    flags: npt.NDArray[np.bool_] = (table["counts"] == "people").to_numpy() & ~((n == 0) | (n >= threshold))
    return flags


def _broken_by(one: Analysis, levels: dict[str, str]) -> bool:
    """It tells people apart by a sensitive dimension further than the policy lets."""
    crossed = len(one.dimensions) > 1 and one.kind != "exclusion_profile"
    return any(levels.get(name) == "never" or (name in levels and crossed) for name in one.dimensions)


def _with_everyone(inputs: tuple[FigureId, ...]) -> tuple[FigureId, ...]:
    """A part of everybody tells how many everybody are."""
    return (*inputs, *(replace(figure, domain=()) for figure in inputs))


def _not_broken(figure: FigureId, levels: dict[str, str]) -> bool:
    return not any(levels.get(name) == "never" or (name in levels and len(figure.domain) > 1) for name, _ in figure.domain)


def _names_someone(one: Analysis, estimates: Estimates, unnamed: Unnamed) -> bool:
    """A group in it is a partner or country at risk."""
    if not unnamed:
        return False
    groups = {pair for table in one.tables.values() for given in table["inputs"] for figure in given for pair in figure.domain}
    labels = {d.name: d.categories for d in estimates.dimensions}
    return any(unnamed.is_category(name, code, labels.get(name, {}).get(code, "")) for name, code in groups)


def _key(figure: FigureId) -> tuple[str, str, str, str, str]:
    return figure.dataset, figure.indicator, figure.version, figure.round, figure.category


def _unordered(figure: FigureId) -> FigureId:
    return replace(figure, domain=tuple(sorted(figure.domain)))


def _checked(analyses: tuple[Analysis, ...], context: Context) -> None:
    """Fails closed: what protection does not know stops the run."""
    problems = [problem for one in analyses for problem in _problems(one)]
    strangers = sorted({one.dataset for one in analyses} - {d.name for d in context.alliance.datasets})
    problems += [say.DATASET_UNKNOWN.at(datasets=strangers)] if strangers else []
    if problems:
        raise ProtectionRefused(problems)


def _problems(one: Analysis) -> Iterator[Problem]:
    if one.kind not in ANALYSES:
        yield say.ANALYSIS_UNKNOWN.at(kind=one.kind, available=ANALYSES)
    for name, table in one.tables.items():
        called = f"{one.kind}, {name}"
        missing = [column for column in (*NEEDED, "counts") if column not in table]
        if missing or not len(table):
            yield say.TABLE_COLUMNS.at(table=called, missing=missing or ["any row"], unknown=[])
            continue
        decided = int((table["disclosure"] != "unchecked").sum())
        if decided:
            yield say.ALREADY_CHECKED.at(rows=decided, table=called)
        if not table["inputs"].map(lambda given: isinstance(given, tuple) and all(isinstance(i, FigureId) for i in given)).all():
            yield say.TABLE_TYPE.at(table=called, column="inputs", expected="the figures each row was made from")
        if not pd.api.types.is_numeric_dtype(table["n"]):
            yield say.TABLE_TYPE.at(table=called, column="n", expected="numbers")
