"""How do two questions vary together where each respondent is drawn alone? The sums of products that the pass must add.

Where PSUs are drawn their rows say it already, and nothing is added here.

Source: as `mel.model.covariance`; the products Σw²·ab stand in for the rows of PSUs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from mel.errors import CannotSay, UsageError, closest
from mel.errors import contrasts as say
from mel.errors.estimation import INDICATOR_UNKNOWN
from mel.estimation.questions import Columns, Schema, is_multiple
from mel.model.contrasts import NOT_SUMS
from mel.model.indicator import Indicator
from mel.model.quantities import Cross, Key, Quantity
from mel.model.sample import Sample

Pairs = Sequence[tuple[str, str]]


def check_together(indicators: Sequence[Indicator], together: Pairs) -> None:
    """Raises: UsageError for what is not a pair of indicators asked for; CannotSay for one that is not made of sums."""
    ids = [i.id for i in indicators]
    wrong = [pair for pair in together if isinstance(pair, str) or len(pair) != 2]
    if wrong:
        raise UsageError([say.TOGETHER_NOT_PAIRS.at(given=repr(pair)) for pair in wrong])
    named = dict.fromkeys(name for pair in together for name in pair)
    unknown = [name for name in named if name not in ids]
    if unknown:
        raise UsageError([INDICATOR_UNKNOWN.at(name=name, available=ids, near=closest(name, ids) or "none") for name in unknown])
    kinds = {i.id: i.kind for i in indicators}
    problems = [say.CONTRAST_OF_KIND.at(indicator=name, kind=kinds[name]) for name in named if kinds[name] in NOT_SUMS]
    if problems:
        raise CannotSay(problems)


def add_products(sample: Sample, indicators: Sequence[Indicator], schema: Schema, columns: Columns, together: Pairs) -> None:
    """Each quantity is told where its products with others are: those asked for, and the answers of one question.

    Two answers that exclude each other have no product: their sums are there already.
    """
    if not columns.respondents:
        return
    asked = {frozenset(pair) for pair in together}
    one_answer = {
        (i.id, i.version)
        for i in indicators
        if i.kind in ("distribution", "composition") and not is_multiple(sample, str(i.numerator.value), schema)
    }
    found: dict[Key, dict[Key, Cross]] = {}
    for a, b in combinations(columns.quantities, 2):
        same = (a.indicator, a.version) == (b.indicator, b.version)
        if same and (a.indicator, a.version) in one_answer and a.squares and b.squares:
            found.setdefault(a.key, {})[b.key] = ("", a.squares[0], b.squares[0], a.squares[2])
        elif frozenset((a.indicator, b.indicator)) in asked:
            found.setdefault(a.key, {})[b.key] = _products(columns, a, b)
    columns.quantities[:] = [replace(one, crossed=found.get(one.key, {})) for one in columns.quantities]


def _products(columns: Columns, a: Quantity, b: Quantity) -> Cross:
    """Σ w_a w_b of y_a y_b, y_a x_b, x_a y_b and x_a x_b."""
    weight_a, y_a, x_a = columns.factors[a.key]
    weight_b, y_b, x_b = columns.factors[b.key]
    yy, yx, xy, xx = (columns.product(weight_a, weight_b, *pair) for pair in ((y_a, y_b), (y_a, x_b), (x_a, y_b), (x_a, x_b)))
    return yy, yx, xy, xx
