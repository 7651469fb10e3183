"""Is this figure precise enough to say aloud? A named rule held against rows: `ok`, `caution` or `too_few`, and why.

The numbers are the rule's (`mel.model.reliability`); nothing here hides a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mel.errors import UsageError
from mel.errors.contrasts import RELIABILITY_NO_RULE
from mel.estimation.intervals import clopper_pearson, effective_people
from mel.model.cube import ROUNDING
from mel.model.reliability import ReliabilityRule
from mel.model.spread import Floats

Masks = npt.NDArray[np.bool_]
Why = tuple[str, Masks, str]
"""`too_few`, `caution` or `ok` (worth a note all the same), where, and the reason."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The rows of one figure: what a rule may ask of them. Without sampling error (`chance` false) only n counts."""

    kind: str
    chance: bool
    n: Floats
    estimate: Floats
    se: Floats
    df: Floats
    exact: Masks
    """Everybody in the domain was drawn: the figure has no sampling error."""


def reliability(rows: Judged, rules: Sequence[ReliabilityRule]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """`ok`, `caution` or `too_few` for each row by the first rule that was written for this kind, and why.

    Without a rule a row is `too_few` only where nobody answered. Of a kind that no rule was written for only the number of answers
    is judged, by the first rule, and each row says so. Where the precision a rule asks for is not known, the row is `too_few`.

    Source: the rule's own. Checked: tests/reference/survey/test_reliability_rules.py.
    """
    word, note = np.full(len(rows.n), "ok", dtype=object), np.full(len(rows.n), "", dtype=object)
    if not rules:
        return np.where(rows.n > 0, "ok", "too_few").astype(object), note
    rule = next((rule for rule in rules if rule.fits(rows.kind)), None)
    reasons = list(_by_size(rows, rule or rules[0]))
    with np.errstate(invalid="ignore", divide="ignore"):
        if rule is not None and rows.chance:
            reasons += [*_by_sample(rows, rule), *_by_width(rows, rule), *_by_spread(rows, rule)]
    for verdict in ("too_few", "caution", "ok"):  # the gravest reason is the one that is said
        for _, where, why in (reason for reason in reasons if reason[0] == verdict):
            here = where & (note == "")
            word[here], note[here] = verdict, why
    if rule is None:
        note[note == ""] = NOT_FOR_THIS.format(rule=rules[0].label, kinds=", ".join(rules[0].kinds))
    return word, note


def rules_of(given: ReliabilityRule | Sequence[ReliabilityRule] | None) -> tuple[ReliabilityRule, ...]:
    """One rule, several, or none, as several. Raises: UsageError for anything else."""
    rules = (given,) if isinstance(given, ReliabilityRule) else tuple(given or ())
    wrong = [rule for rule in rules if not isinstance(rule, ReliabilityRule)]
    if wrong:
        raise UsageError([RELIABILITY_NO_RULE.at(given=repr(rule)) for rule in wrong])
    return rules


def _by_size(rows: Judged, rule: ReliabilityRule) -> Iterator[Why]:
    yield "too_few", rows.n < rule.too_few_below, FEW.format(n=rule.too_few_below)
    yield "caution", rows.n < rule.caution_below, FEW.format(n=rule.caution_below)


def _by_sample(rows: Judged, rule: ReliabilityRule) -> Iterator[Why]:
    if rule.effective_too_few_below is not None:
        people = np.where(_alike(rows) | rows.exact, rows.n, np.minimum(rows.estimate * (1 - rows.estimate) / rows.se**2, rows.n))
        yield "too_few", ~np.isfinite(people), UNKNOWN
        yield "too_few", people < rule.effective_too_few_below, EFFECTIVE.format(n=_number(rule.effective_too_few_below))
    if rule.caution_df_below is not None:
        yield "caution", ~rows.exact & ~(rows.df >= rule.caution_df_below), DF.format(df=_number(rule.caution_df_below))
    if rule.caution_all_alike:
        yield "caution", _alike(rows), ALIKE


def _by_width(rows: Judged, rule: ReliabilityRule) -> Iterator[Why]:
    if rule.interval is None:
        return
    p, level = np.where(_alike(rows), np.round(rows.estimate), rows.estimate), rule.interval_level
    people = np.where(_alike(rows), rows.n, np.minimum(effective_people(p, rows.se, rows.n, rows.df, level), rows.n))
    low, high = clopper_pearson(p, people, level)
    width = np.where(rows.exact, 0.0, high - low)
    yield "too_few", ~np.isfinite(width), UNKNOWN
    if rule.too_wide_from is not None:
        yield "too_few", width >= rule.too_wide_from, WIDE.format(points=_number(100 * rule.too_wide_from))
    if rule.relative_width_above is not None:
        asked = ~(width <= rule.narrow_up_to) if rule.narrow_up_to is not None else np.ones(len(width), dtype=bool)
        percent = _number(100 * rule.relative_width_above)
        yield "too_few", asked & (width > rule.relative_width_above * p), RELATIVE.format(percent=percent)
        yield "ok", asked & (width > rule.relative_width_above * (1 - p)), REST.format(percent=percent)


def _by_spread(rows: Judged, rule: ReliabilityRule) -> Iterator[Why]:
    """The coefficient of variation; nothing can be said of it where the estimate is zero."""
    cv = np.where(rows.exact, 0.0, rows.se / np.abs(rows.estimate))
    if rule.cv_caution_from is not None or rule.cv_too_few_above is not None:
        yield "too_few", ~np.isfinite(cv), UNKNOWN
    if rule.cv_too_few_above is not None:
        yield "too_few", cv > rule.cv_too_few_above, CV.format(percent=_number(100 * rule.cv_too_few_above))
    if rule.cv_caution_from is not None:
        yield "caution", cv >= rule.cv_caution_from, CV_FROM.format(percent=_number(100 * rule.cv_caution_from))


def _alike(rows: Judged) -> Masks:
    """Everybody, or nobody, said yes; what is left of adding up is not a person."""
    return np.asarray(np.minimum(np.abs(rows.estimate), np.abs(1 - rows.estimate)) <= ROUNDING, dtype=np.bool_)


def _number(value: float) -> str:
    return f"{value:.10g}"


FEW = "Fewer than {n} answered."
UNKNOWN = "How sure this figure is, is not known, so it cannot meet the rule."
EFFECTIVE = "The people who answered say as much as fewer than {n} drawn one by one would."
DF = "Fewer than {df} degrees of freedom stand behind how sure this is: a person should look first."
ALIKE = "Everybody, or nobody, said yes: a person should look first."
WIDE = "Its interval is {points} points wide or more."
RELATIVE = "Its interval is wider than {percent} % of the share itself."
REST = "The share of the others (1 − this one) is less sure: its interval is wider than {percent} % of it."
CV = "Its standard error is more than {percent} % of it."
CV_FROM = "Its standard error is {percent} % of it or more."
NOT_FOR_THIS = "The rule '{rule}' was written for {kinds}; of this figure only the number of answers was judged."
