"""Can this measure be taken of these groups? Each says what it lacks; nothing is replaced by a tiny number to make it work."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mel.comparison.catalogue import Measure, Needs
from mel.comparison.inequality import Groups
from mel.errors import Problem, Template
from mel.errors import comparison as say

Lacks = Callable[[Groups], bool]


def _no_mean(groups: Groups) -> bool:
    mu = float(groups.mu)
    return mu == 0 or abs(mu) <= 1e-12 * float(np.max(np.abs(groups.y), initial=0.0))


def _at_an_end(groups: Groups) -> bool:
    return groups.low is not None and groups.high is not None and not groups.low < float(groups.mu) < groups.high


_OF_THE_MEAN: dict[Needs, Lacks] = {"mean": _no_mean, "inside": _at_an_end}
_LACKS: dict[Needs, tuple[Lacks, Template]] = {
    "order": (lambda groups: not groups.ordered, say.MEASURE_NEEDS_ORDER),
    "side": (lambda groups: groups.side == 0, say.MEASURE_NEEDS_SIDE),
    "reference": (lambda groups: groups.reference is None, say.MEASURE_NEEDS_REFERENCE),
    "range": (lambda groups: groups.low is None or groups.high is None, say.MEASURE_NEEDS_RANGE),
    "shares": (lambda groups: not bool((np.isfinite(groups.p) & (groups.p > 0)).all()), say.MEASURE_NEEDS_SHARES),
    "not negative": (lambda groups: bool((groups.y < 0).any()), say.MEASURE_NEEDS_POSITIVE),
    "above zero": (lambda groups: bool((groups.y <= 0).any()), say.MEASURE_NEEDS_POSITIVE),
}


def lacking(measure: Measure, groups: Groups) -> Iterator[Problem]:
    """Everything this measure needs and these groups do not have."""
    if groups.count < measure.groups:
        yield say.MEASURE_NEEDS_GROUPS.at(measure=measure.label, needed=measure.groups, count=groups.count)
        return
    found = False
    for need in measure.needs:
        if need in _OF_THE_MEAN:
            continue
        lacks, template = _LACKS[need]
        if lacks(groups):
            found = True
            yield template.at(measure=measure.label, bound="above zero" if need == "above zero" else "of zero or more")
    if not found and any(need in measure.needs and lost(groups) for need, lost in _OF_THE_MEAN.items()):
        yield say.MEASURE_ZERO_MEAN.at(measure=measure.label)


def unfitted(measure: Measure, groups: Groups) -> Iterator[Problem]:
    """What can only be seen by trying: a curve that does not settle, a line that passes below zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        found = float(measure.of(groups))
        if not np.isfinite(found) or (measure.unit == "ratio" and found <= 0):
            yield say.MEASURE_NOT_FITTED.at(measure=measure.label)
