"""The analyses of many groups that an alliance asked for, each done or said to be impossible; one that cannot be done stops no report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pandas as pd

from mel.codes import ALL, AUDIENCES, Audience
from mel.comparison import exclusion_profile, furthest_behind, intersections, opportunity, overlaps, rank_groups
from mel.comparison.furthest.ranking import WITHOUT
from mel.errors import CannotSay, Problem, UsageError
from mel.model.alliance import Alliance
from mel.model.analyses import Analysis
from mel.model.analysis_use import WITHOUT_INDICATOR, AnalysisUse
from mel.model.estimates import Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.furthest import TreeRules
from mel.model.records import Records

NOT_IN_THE_REPORT = "Groups that this report does not show are not ranked."
NO_REGISTERS: Mapping[str, Records] = MappingProxyType({})
RULES = ("depth", "fewest", "share")


def analyse(
    alliance: Alliance,
    estimates: Estimates,
    shown: Callable[[], Collection[FigureId]],
    records: Mapping[str, Records] = NO_REGISTERS,
    audience: Audience = "public",
) -> tuple[tuple[Analysis, ...], tuple[Problem, ...]]:
    """Each analysis in the order asked for, and what kept some of them from being done.

    `shown`: the figures that this audience will see; asked only where groups are ranked, since a ranking leaves the others out rather
    than being withheld for their sake. `records`: the registers, by dataset; those that do not go as far as this `audience` are not read.
    Raises: InputError with what is wrong with a register of benchmarks or barriers.
    """
    measured = {indicator for indicator, _ in estimates.indicators}
    done, problems = [], []
    for use in alliance.analyses:
        if not set(use.named) <= measured:  # no column is mapped to it, which the report says elsewhere
            continue
        try:
            where = _where(alliance, use, estimates)
            if use.kind in WITHOUT_INDICATOR:
                done.append(_of_everybody(alliance, use, estimates, where, records, audience))
            else:
                done.append(_done(use, str(use.indicator), estimates, where, shown))
        except (CannotSay, UsageError) as error:
            if isinstance(error, UsageError) and use.kind not in WITHOUT_INDICATOR:
                raise
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
    rows = estimates.table[estimates.table["dataset"] == dataset]
    rows = rows if use.indicator is None else rows[rows["indicator"] == use.indicator]
    order = sorted(alliance.dataset(dataset).rounds, key=lambda each: each.date)
    there = [each.name for each in order if each.name in set(rows["round"])]
    return {"dataset": dataset, "round": use.round or (there[-1] if there else ALL)}


def _done(
    use: AnalysisUse, indicator: str, estimates: Estimates, where: Mapping[str, Any], shown: Callable[[], Collection[FigureId]]
) -> Analysis:
    options = dict(use.options)
    if use.kind == "furthest_behind":
        rules = {name: options.pop(name) for name in RULES if name in options}
        tree = furthest_behind(estimates, indicator, use.dimensions, rules=TreeRules(**rules), **where, **options)
        return tree.as_analysis()
    if use.kind == "ranking":
        return _ranked(estimates, indicator, use.dimensions, {**where, **options}, shown)
    if use.kind == "intersections":
        return intersections(estimates, indicator, use.dimensions, **where, **options).as_analysis()
    return opportunity(estimates, indicator, use.dimensions, **where, **options).as_analysis()


def _of_everybody(
    alliance: Alliance,
    use: AnalysisUse,
    estimates: Estimates,
    where: Mapping[str, Any],
    records: Mapping[str, Records],
    audience: Audience,
) -> Analysis:
    """What looks at all people of a dataset: to which groups they belong, or who of them is kept away."""
    options = dict(use.options)
    if use.kind == "overlaps":
        belonging = options.pop("belonging", {})
        wanted = {name: belonging.get(name, ("yes",)) for name in use.dimensions} if belonging else use.dimensions
        return overlaps(estimates, wanted, indicators=use.named, **where).as_analysis()
    registers = (("benchmark", "benchmarks"), ("ratings", "barriers"))
    given: dict[str, Any] = {name: _register(alliance, kind, records, audience) for name, kind in registers}
    made = exclusion_profile(estimates, use.dimensions, taking_part=use.indicator, audience=audience, **given, **where, **options)
    return replace(made.as_analysis(), round=where["round"])


def _register(alliance: Alliance, kind: str, records: Mapping[str, Records], audience: Audience) -> pd.DataFrame | None:
    """The rows of every register of this kind that goes as far as this audience; None where there is none."""
    far = [each.name for each in alliance.datasets if each.kind == kind and AUDIENCES.index(each.share) >= AUDIENCES.index(audience)]
    frames = [records[name].frame for name in far if name in records]
    return pd.concat(frames, ignore_index=True) if frames else None


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
    version = next((version for indicator, version in estimates.indicators if indicator == use.indicator), "")
    return Analysis(use.kind, where["dataset"], use.indicator or "", version, where["round"], use.dimensions, {}, cannot_say=problem.code)
