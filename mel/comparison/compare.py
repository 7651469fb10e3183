"""What changed, who is behind, what was reached: the verb that turns Estimates into Comparisons.

`status` of a row, by measure:
* change, change_ratio: `up`, `down` (the interval excludes 0, or 1), `unclear`, `no_test` (no probability sample), `cannot_compare`
* gap_change: `closing`, `widening` (the interval of how much smaller the distance became excludes 0), `unclear`, `no_test`,
  `cannot_compare`
* gap_difference, gap_ratio: `different` (the interval excludes 0, or 1), `unclear`, `no_test`, `cannot_compare`
* a measure of inequality: `different` (equality of all groups is left out by the interval), `unclear`, `no_test`, `cannot_compare`
* against_milestone: `reached`, `not_reached`, `cannot_say` (by the target's stated rule), `no_rule` (the rule cannot be applied),
  `said_by_people` (whether it advances, holds or is under attack is for people to say)
* projection: `on_course`, `off_course` (the interval at the target's day is past, or short of, the target), `unclear`, `no_rule`,
  `said_by_people`, `cannot_say` (the note says why)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mel.comparison.catalogue import CATALOGUE, PAIRS, Measure, asked_for
from mel.comparison.change import Pair, changes, round_pairs, rounds_of
from mel.comparison.differences import as_one
from mel.comparison.figures import Figures
from mel.comparison.gap_changes import gap_changes
from mel.comparison.gap_pairs import Against, checked_against
from mel.comparison.gap_pairs import pairs as gap_pairs
from mel.comparison.gaps import gaps as gap_rows
from mel.comparison.inequality_rows import inequality as inequality_rows
from mel.comparison.projection import Dates, projections
from mel.comparison.round_categories import checked_categories
from mel.comparison.targets import against_milestones, in_words
from mel.errors import InputError, Problem, UsageError, closest
from mel.errors import comparison as say
from mel.errors.comparison import GAP_DIMENSION_UNKNOWN, INEQUALITY_WITHOUT_DIMENSION, ROUND_UNKNOWN, TARGET_INDICATOR_UNKNOWN
from mel.model.alliance import Target
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates
from mel.model.multiplicity import adjusted


def compare(
    estimates: Estimates,
    *,
    change: Sequence[Pair] | None = None,
    gaps: Sequence[str] | None = None,
    targets: Mapping[str, Sequence[Target]] | None = None,
    inequality: Sequence[str] | None = None,
    against: Against = "lowest",
    dates: Mapping[str, Mapping[str, date | str]] | None = None,
    project: Sequence[str] | None = None,
) -> Comparisons:
    """Every difference an alliance asks about, each with the figures it was computed from.

    `change`: (from_round, round) pairs, by default each round and the next; `gaps`: dimensions, by default every one that was
    broken down on its own; `targets`: by indicator. An empty sequence asks for none. `inequality`: names of measures from
    `mel.comparison.catalogue` that sum up all groups of a dimension, over the same dimensions as `gaps`; by default none.
    `against`: whom groups are held against: `lowest`, the reference if the dimension names one, else highest and lowest; `everyone`,
    themselves among them; `right`, the right itself: all people, or nobody where the share is of those who were wronged.
    `dates`: by dataset and round, for projections. `project`: indicators whose targets are projected to their dates; by default all
    whose target has a date.

    Two groups that were picked as the highest and the lowest have a p and an interval that hold for all pairs they were picked from
    (Bonferroni), also in `gap_change`: of six like groups the two furthest apart would else be called different in four of ten samples.

    Sign: change = later − earlier; gap = group_a − group_b, or a / b, where group_b is the dimension's reference if it has one
    and the lowest group if not; gap_change = later gap − earlier gap; against_milestone = actual − target, whichever side is better.
    Missing: a row whose figures are missing stays, with `cannot_compare` or `cannot_say` and the reason in its note.
    Raises: UsageError for a round, dimension, indicator or date that is not there; InputError for a target without a figure or (in
    `project`) a date, a reference without a reason, rounds with different categories, or rounds whose relation nobody declared;
    CannotSay where the covariance is not held.
    Checked: tests/reference/survey, tests/reference/comparison/r_change.
    """
    targets = targets or {}
    figures = Figures(estimates)
    _check(figures, change or (), gaps or (), targets)
    days = _days(figures, dates or {})
    carried = _projected(figures, targets, days, project)
    wanted = figures.dimensions if gaps is None else tuple(dict.fromkeys(gaps))
    measures = _measures(inequality, wanted)
    checked_against(figures, wanted, against)
    rounds = round_pairs(figures, change)
    checked_categories(figures, rounds)
    sides = [gap_pairs(figures, name, against) for name in wanted]
    parts = [*changes(figures, rounds), *gap_rows(figures, sides), *gap_changes(figures, sides, rounds)]
    parts += [*inequality_rows(figures, wanted, measures), *against_milestones(figures, targets), *projections(figures, carried, days)]
    table = adjusted(as_one(parts, figures.dimensions))
    return Comparisons(table, estimates.dimensions, estimates.indicators, estimates.level)


def _days(figures: Figures, dates: Mapping[str, Mapping[str, date | str]]) -> Dates:
    """The dates as days. Raises: UsageError with every dataset, round or date that is not one."""
    problems: list[Problem] = []
    known = [str(name) for name in dict.fromkeys(figures.table["dataset"])]
    found: dict[str, dict[str, date]] = {}
    for dataset, given in dates.items():
        if dataset not in known:
            problems.append(say.DATES_UNKNOWN.at(what="the dataset", name=dataset, available=known, near=closest(dataset, known) or "none"))
            continue
        rounds = rounds_of(figures.estimates, dataset)
        for name, day in given.items():
            if name not in rounds:
                problems.append(say.DATES_UNKNOWN.at(what="the round", name=name, available=rounds, near=closest(name, rounds) or "none"))
                continue
            try:
                found.setdefault(dataset, {})[name] = _day(day)
            except (TypeError, ValueError):
                problems.append(say.DATE_NOT_A_DAY.at(round=name, dataset=dataset))
    if problems:
        raise UsageError(problems)
    return found


def _day(given: object) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    if not isinstance(given, str):
        raise TypeError
    return date.fromisoformat(given)


def _projected(
    figures: Figures, targets: Mapping[str, Sequence[Target]], dates: Dates, project: Sequence[str] | None
) -> list[tuple[str, Target]]:
    """The targets to project: those of the indicators named, every one of which then needs a date; else all that have one."""
    if project is None:
        return [(name, target) for name, listed in targets.items() for target in listed if target.date]
    with_targets = [name for name, listed in targets.items() if listed]
    unknown = [name for name in dict.fromkeys(project) if name not in with_targets]
    if unknown:
        near = [closest(name, with_targets) or "none" for name in unknown]
        raise UsageError(
            [say.TARGET_NONE_TO_PROJECT.at(name=n, available=with_targets, near=c) for n, c in zip(unknown, near, strict=True)]
        )
    asked = [(name, target) for name in dict.fromkeys(project) for target in targets[name]]
    problems = [say.TARGET_WITHOUT_DATE.at(indicator=n, value=t.value, where=in_words(t.where)) for n, t in asked if t.date is None]
    table = figures.table
    datasets = dict.fromkeys(str(name) for name in table.loc[table["indicator"].isin(list(project)), "dataset"])
    problems += [say.PROJECTION_WITHOUT_DATES.at(dataset=name) for name in datasets if name not in dates]
    if problems:
        raise InputError(problems)
    return asked


def _measures(names: Sequence[str] | None, dimensions: Sequence[str]) -> tuple[Measure, ...]:
    """The measures asked for; the gaps are in every report and are not asked for here."""
    if not names:
        return ()
    if not dimensions:
        raise UsageError(INEQUALITY_WITHOUT_DIMENSION.at())
    return asked_for(names, tuple(name for name in CATALOGUE if name not in PAIRS))


def _check(figures: Figures, change: Sequence[Pair], gaps: Sequence[str], targets: Mapping[str, Sequence[Target]]) -> None:
    rounds = list(dict.fromkeys(r for d in dict.fromkeys(figures.table["dataset"]) for r in rounds_of(figures.estimates, d)))
    indicators = list(dict.fromkeys(name for name, _ in figures.estimates.indicators))
    known = (
        (ROUND_UNKNOWN, (name for pair in change for name in pair), rounds),
        (GAP_DIMENSION_UNKNOWN, gaps, list(figures.dimensions)),
        (TARGET_INDICATOR_UNKNOWN, targets, indicators),
    )
    problems = [
        template.at(name=name, available=there, near=closest(name, there))
        for template, names, there in known
        for name in dict.fromkeys(names)
        if name not in there
    ]
    if problems:
        raise UsageError(problems)
