"""What changed, who is behind, what was reached: the verb that turns Estimates into Comparisons.

`status` of a row, by measure:
* change: `up`, `down` (the interval of the difference excludes 0), `unclear`, `no_test` (no probability sample), `cannot_compare`
* gap_difference, gap_ratio: `different` (the interval excludes 0, or 1), `unclear`, `no_test`, `cannot_compare`
* a measure of inequality: `different` (equality of all groups is left out by the interval), `unclear`, `no_test`, `cannot_compare`
* against_milestone: `reached`, `not_reached`, `cannot_say` (by the target's stated rule), `no_rule` (the rule cannot be applied)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mel.comparison.catalogue import CATALOGUE, PAIRS, Measure, asked_for
from mel.comparison.change import Pair, changes, rounds_of
from mel.comparison.differences import as_one
from mel.comparison.figures import Figures
from mel.comparison.gaps import gaps as gap_rows
from mel.comparison.inequality_rows import inequality as inequality_rows
from mel.comparison.targets import against_milestones
from mel.errors import UsageError, closest
from mel.errors.comparison import GAP_DIMENSION_UNKNOWN, INEQUALITY_WITHOUT_DIMENSION, ROUND_UNKNOWN, TARGET_INDICATOR_UNKNOWN
from mel.model.alliance import Target
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates


def compare(
    estimates: Estimates,
    *,
    change: Sequence[Pair] | None = None,
    gaps: Sequence[str] | None = None,
    targets: Mapping[str, Sequence[Target]] | None = None,
    inequality: Sequence[str] | None = None,
) -> Comparisons:
    """Every difference an alliance asks about, each with the figures it was computed from.

    `change`: (from_round, round) pairs, by default each round and the next; `gaps`: dimensions, by default every one that was
    broken down on its own; `targets`: by indicator. An empty sequence asks for none. `inequality`: names of measures from
    `mel.comparison.catalogue` that sum up all groups of a dimension, over the same dimensions as `gaps`; by default none.

    Sign: change = later − earlier; gap = group_a − group_b, or a / b, where group_b is the dimension's reference if it has one
    and the lowest group if not; against_milestone = actual − target, whichever side is better.
    Missing: a row whose figures are missing stays, with `cannot_compare` or `cannot_say` and the reason in its note.
    Raises: UsageError for a round, dimension or indicator that is not there; InputError for a target without a figure or rounds
    whose relation nobody declared; CannotSay where the covariance is not held.
    Checked: tests/reference/survey.
    """
    targets = targets or {}
    figures = Figures(estimates)
    _check(figures, change or (), gaps or (), targets)
    wanted = figures.dimensions if gaps is None else tuple(dict.fromkeys(gaps))
    measures = _measures(inequality, wanted)
    parts = [*changes(figures, change), *gap_rows(figures, wanted), *inequality_rows(figures, wanted, measures)]
    parts += against_milestones(figures, targets)
    return Comparisons(as_one(parts, figures.dimensions), estimates.dimensions, estimates.indicators, estimates.level)


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
