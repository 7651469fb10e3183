"""Who belongs to several marginalised groups at once, and what do they say? Any of, how many, and which together.

The groups themselves are dimensions, as `mel.variables` makes them; one label of "most excluded" is never made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL
from mel.comparison.everybody import Everybody, Found, everybody, figure_of_group, figures, groups_of, regrouped
from mel.comparison.furthest.tables import held
from mel.comparison.memberships import NO, UNKNOWN, WORDS, YES, Memberships, memberships, wrong_indicators, wrong_round
from mel.errors import UsageError
from mel.model.estimates import Estimates
from mel.model.indicator import Indicator
from mel.model.overlaps import KEYS, OF_FIGURE, OF_PEOPLE, Overlaps
from mel.model.quantities import Floats, Indexes, Quantity
from mel.model.sample import Dimension

KINDS = ("proportion", "mean", "score", "ratio")
VERB = "overlaps"
Masks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Group:
    """One row of results: what is said of it, and which rows of the cube are its people."""

    keys: Mapping[str, Any]
    rows: Masks


def overlaps(
    estimates: Estimates,
    dimensions: Sequence[str] | Mapping[str, Sequence[str]],
    *,
    factors: Mapping[str, str] | None = None,
    indicators: Sequence[str] = (),
    dataset: str | None = None,
    round: str | None = None,  # noqa: A002  (the field's word)
) -> Overlaps:
    """How many people belong to any of these groups, to how many, and to which together; and what they said, by the same.

    `dimensions`: names of yes/no dimensions, or a mapping that says which categories belong ({"disability": ["with_disability"]}).
    They must have been crossed when measuring, and one indicator must count everybody, best the composition of yet another dimension. `factors`: dimension →
    factor, where what counts is how many of a few factors somebody faces, however many dimensions say so (UNDP 2018 names five:
    discrimination, geography, governance, socio-economic status, shocks and fragility). `indicators`: whose figures are wanted by the
    same groups. `round`: one of them; None is every round.

    Source: shares and figures of domains as `measure`'s; five factors: UNDP (2018), What does it mean to leave no one behind?
    Unit: shares of everybody from 0 to 1; figures in the indicator's unit. Intervals: t, of shares on the log odds.
    Shape: see `mel.model.overlaps`. Combinations part people: they add up to everybody, as do how many and any of.
    Missing: somebody of whom it is not known whether they belong is never a no. They belong to "at least" the groups that are known;
    any of is yes as soon as one is yes, and no only when all are known.
    Raises: UsageError for a wrong call, for dimensions that were not crossed, and where no indicator counts everybody.
    Checked: tests/reference/comparison (R survey).
    """
    asked = memberships(estimates, dimensions, factors, dataset, verb=VERB)
    problems = [*wrong_round(asked.cube, round), *wrong_indicators(estimates, asked.cube.dataset, indicators, VERB, "indicators", KINDS)]
    if problems:
        raise UsageError(problems)
    people = everybody(estimates, asked.cube.dataset, asked.dimensions)
    groups = list(_groups(asked))
    rounds = [round] if round is not None else list(asked.cube.rounds)
    rows = _people_rows(people, asked, groups, rounds)
    of_figures = [row for name in indicators for row in _figure_rows(people, asked, groups, rounds, name)]
    labels = {d.name: d.label for d in estimates.dimensions}
    return Overlaps(
        people=_table(rows, people, [*KEYS, *asked.sets, *OF_PEOPLE]),
        figures=_table(of_figures, people, [*KEYS, "indicator", "version", *asked.sets, *OF_FIGURE]),
        sets={name: labels.get(name, name) for name in asked.sets},
        belonging=asked.belonging,
        factors=dict(factors or {}),
        dimensions=tuple(_dimension(estimates, asked, name) for name in asked.dimensions),
        level=estimates.level,
    )


def _dimension(estimates: Estimates, asked: Memberships, name: str) -> Dimension:
    return estimates.dimension(name) or Dimension(name, name, {c: c for c in asked.cube.levels[name]})


# ---- groups ---------------------------------------------------------------------------------------------------------


def _groups(asked: Memberships) -> Iterator[Group]:
    """Every row that is wanted, in the order it is shown."""
    states, names = asked.states, list(asked.sets)
    for k, name in enumerate(names):
        for state in (YES, NO, UNKNOWN):
            yield Group({"measure": "membership", name: WORDS[state]}, states[:, k] == state)
    yes, unknown = (states == YES).sum(axis=1), (states == UNKNOWN).any(axis=1)
    for word, rows in (("yes", yes > 0), ("no", (yes == 0) & ~unknown), ("not_known", (yes == 0) & unknown)):
        yield Group({"measure": "any_of", "answer": word}, rows)
    for at_least, of_these in (("no", ~unknown), ("yes", unknown)):
        for count in range(len(names) + (at_least == "no")):
            yield Group({"measure": "how_many", "count": float(count), "at_least": at_least}, of_these & (yes == count))
    found, at = asked.combinations
    for k, combination in enumerate(found):
        said = dict(zip(names, (WORDS[state] for state in combination), strict=True))
        belongs, some = float((combination == YES).sum()), "yes" if (combination == UNKNOWN).any() else "no"
        yield Group({"measure": "combination", "count": belongs, "at_least": some, **said}, at == k)


def _people_rows(people: Everybody, asked: Memberships, groups: Sequence[Group], rounds: Sequence[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for group in groups:
        found = people.share(group.rows)
        for round_ in rounds:
            one = found[people.cube.rounds.index(round_)]
            if one.n or not _may_be_left_out(group):
                inputs = people.held(group.rows, round_, asked.dimensions)
                rows.append({"round": round_, **group.keys, **_said(one), "inputs": inputs})
    return _ranked(sorted(rows, key=lambda row: rounds.index(row["round"])))


def _may_be_left_out(group: Group) -> bool:
    """A combination that nobody of a round has, and silences that do not occur, have no row; nobody who belongs is an answer."""
    keys = group.keys
    return keys["measure"] == "combination" or keys.get("at_least") == "yes" or "not_known" in keys.values()


def _said(one: Found) -> dict[str, Any]:
    return {
        "n": one.n, "estimate": one.estimate, "se": one.se, "ci_low": one.low, "ci_high": one.high, "df": one.df, "note": one.note,
    }  # fmt: skip


def _ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each combination with its rank in its round. Rows stay in their order: that of how frequent they are would outlive protection."""
    by_round: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["measure"] == "combination":
            by_round.setdefault(row["round"], []).append(row)
    for listed in by_round.values():
        for rank, row in enumerate(sorted(listed, key=lambda row: (-row["estimate"], -row["n"])), start=1):
            row["rank"] = float(rank)
    return rows


# ---- figures ----------------------------------------------------------------------------------------------------------


def _figure_rows(
    people: Everybody, asked: Memberships, groups: Sequence[Group], rounds: Sequence[str], name: str
) -> Iterator[dict[str, Any]]:
    """The figure of an indicator in each of these groups."""
    estimates = people.estimates
    quantity = next(q for q in people.cube.quantities if q.indicator == name)
    indicator = estimates.indicators[quantity.indicator, quantity.version]
    parts = _partitions(groups)
    for members in parts:
        at = np.full(len(people.cube.round), len(members), dtype=np.int64)
        for k, group in enumerate(members):
            at[group.rows] = k
        found, missing = _figures_by(people, quantity, members, at)
        for round_ in rounds:
            r = people.cube.rounds.index(round_)
            for k, group in enumerate(members):
                one, silent = found[r * (len(members) + 1) + k], float(missing[r * (len(members) + 1) + k])
                if not (one.n or silent) and _may_be_left_out(group):
                    continue
                inputs = _inputs(people, indicator, quantity, group, round_, asked.dimensions)
                keys = {"round": round_, "indicator": indicator.id, "version": indicator.version}
                yield {**keys, **group.keys, **_said(one), "n_missing": silent, "inputs": inputs}


def _partitions(groups: Sequence[Group]) -> list[list[Group]]:
    """The groups that part people, together: those of each set, any of, how many, combinations."""
    parts: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        measure = str(group.keys["measure"])
        names = tuple(group.keys) if measure == "membership" else (measure,)
        parts.setdefault(names, []).append(group)
    return list(parts.values())


def _figures_by(people: Everybody, quantity: Quantity, members: Sequence[Group], at: Indexes) -> tuple[list[Found], Floats]:
    """By round and group: the figure, and how many did not answer."""
    labels = [str(k) for k in range(len(members) + 1)]  # one more for rows that are in none of them
    margin = regrouped(people.cube, "_group", labels, at).margin(("_group",))
    found = margin.linearise(quantity)
    shares = quantity.kind == "proportion"
    n = margin.by_domain(quantity.counted)
    silent = sum((margin.by_domain(quantity.silences[reason]) for reason in quantity.missing), start=np.zeros(margin.size))
    return figures(found, people.basis, n, shares=shares, level=people.estimates.level), silent


def _inputs(
    people: Everybody, indicator: Indicator, quantity: Quantity, group: Group, round_: str, names: Sequence[str]
) -> tuple[Any, ...]:
    """The figures of this indicator by the finest groups of these people that were asked."""
    cube = people.cube
    rows = group.rows & (sum((cube.sums[name] for name in quantity.asked), start=np.zeros(len(cube.round))) > 0)
    return tuple(
        figure_of_group(people.estimates, cube.dataset, indicator, quantity.category, round_, one)
        for one in groups_of(cube, rows, round_, names)
    )


def _table(rows: Sequence[Mapping[str, Any]], people: Everybody, columns: Sequence[str]) -> pd.DataFrame:
    """Keys, values and what every row knows of itself; a set that does not tell people apart in a row holds `all`."""
    shared = {"dataset": people.cube.dataset, "basis": people.basis, "counts": people.counts, "disclosure": "unchecked"}
    numbers = ("count", "rank", "n", "n_missing", "estimate", "se", "ci_low", "ci_high", "df")
    made: dict[str, Any] = {}
    for name in columns:
        if name == "inputs":
            made[name] = held([row[name] for row in rows])
        elif name in numbers:
            made[name] = np.array([row.get(name, np.nan) for row in rows], dtype=np.float64)
        else:
            missing = "" if name in ("at_least", "note") else ALL
            made[name] = pd.array([str(shared.get(name, row.get(name, missing))) for row in rows], dtype="str")
    return pd.DataFrame(made, columns=list(columns))
