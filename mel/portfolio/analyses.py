"""The analyses of many groups that an alliance asked for, each done or said to be impossible; one that cannot be done stops no report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from mel.codes import ALL
from mel.comparison import furthest_behind, intersections, opportunity, rank_groups
from mel.comparison.furthest.ranking import WITHOUT
from mel.errors import CannotSay, Problem
from mel.model.alliance import Alliance
from mel.model.analyses import Analysis
from mel.model.analysis_use import AnalysisUse
from mel.model.estimates import Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.furthest import TreeRules

NOT_IN_THE_REPORT = "Groups that this report does not show are not ranked."
RULES = ("depth", "fewest", "share")


def analyse(
    alliance: Alliance, estimates: Estimates, shown: Callable[[], Collection[FigureId]]
) -> tuple[tuple[Analysis, ...], tuple[Problem, ...]]:
    """Each analysis in the order asked for, and what kept some of them from being done.

    `shown`: the figures that this audience will see; asked only where groups are ranked, since a ranking leaves the others out rather
    than being withheld for their sake.
    """
    measured = {indicator for indicator, _ in estimates.indicators}
    done, problems = [], []
    for use in alliance.analyses:
        if use.indicator not in measured:  # no column is mapped to it, which the report says elsewhere
            continue
        try:
            done.append(_done(use, estimates, _where(alliance, use, estimates), shown))
        except CannotSay as error:
            done.append(_not_done(use, estimates, _where(alliance, use, estimates), error.problems[0]))
            problems += [replace(problem, severity="warn") for problem in error.problems]
    return tuple(done), tuple(problems)


def figures_shown(table: pd.DataFrame) -> frozenset[FigureId]:
    """The open figures of a release."""
    names = tuple(table.columns[4 : list(table.columns).index("category")])
    return frozenset(
        figure_of({str(k): v for k, v in row.items()}, names) for row in table[table["disclosure"] == "open"].to_dict("records")
    )


def _where(alliance: Alliance, use: AnalysisUse, estimates: Estimates) -> Mapping[str, str]:
    """Dataset and round: those named, else the only dataset and its last round with rows of the indicator."""
    dataset = use.dataset or next(each.dataset for each in alliance.indicators if each.id == use.indicator)
    rows = estimates.table[(estimates.table["indicator"] == use.indicator) & (estimates.table["dataset"] == dataset)]
    order = sorted(alliance.dataset(dataset).rounds, key=lambda each: each.date)
    there = [each.name for each in order if each.name in set(rows["round"])]
    return {"dataset": dataset, "round": use.round or (there[-1] if there else ALL)}


def _done(use: AnalysisUse, estimates: Estimates, where: Mapping[str, Any], shown: Callable[[], Collection[FigureId]]) -> Analysis:
    options = dict(use.options)
    if use.kind == "furthest_behind":
        rules = {name: options.pop(name) for name in RULES if name in options}
        tree = furthest_behind(estimates, use.indicator, use.dimensions, rules=TreeRules(**rules), **where, **options)
        return tree.as_analysis()
    if use.kind == "ranking":
        return _ranked(estimates, use.indicator, use.dimensions, {**where, **options}, shown)
    if use.kind == "intersections":
        return intersections(estimates, use.indicator, use.dimensions, **where, **options).as_analysis()
    return opportunity(estimates, use.indicator, use.dimensions, **where, **options).as_analysis()


def _ranked(
    estimates: Estimates, indicator: str, dimensions: Sequence[str], options: Mapping[str, Any], shown: Callable[[], Collection[FigureId]]
) -> Analysis:
    """Groups ranked without those that will not be shown."""
    first = rank_groups(estimates, indicator, dimensions, **options)
    ranked = {figure for given in first.table["inputs"] for figure in given if figure.domain}
    hidden = ranked - set(shown())
    if not hidden:
        return first.as_analysis()
    ranked_again = rank_groups(estimates, indicator, dimensions, leave_out=hidden, **options)
    asked_out = WITHOUT.format(count=len(hidden))
    tables = {
        name: table.assign(note=table["note"].str.replace(asked_out, NOT_IN_THE_REPORT, regex=False))
        for name, table in ranked_again.as_analysis().tables.items()
    }
    return ranked_again.as_analysis().with_tables(tables)


def _not_done(use: AnalysisUse, estimates: Estimates, where: Mapping[str, str], problem: Problem) -> Analysis:
    """Only the reason's code travels: its text may hold numbers of people who are not shown."""
    version = next(version for indicator, version in estimates.indicators if indicator == use.indicator)
    return Analysis(use.kind, where["dataset"], use.indicator, version, where["round"], use.dimensions, {}, cannot_say=problem.code)
