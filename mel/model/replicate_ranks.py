"""How many degrees of freedom do replicate weights leave? The rank of the weights of those behind a figure.

Variances are `mel.model.replicates`'.

Source: Lumley, R package survey (`degf.svyrep.design`). Checked: tests/reference/survey/test_replicates.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mel.model.quantities import Floats, Indexes, Quantity
from mel.model.replicates import RoundReplicates, Span, rank, replicates_of, rounds_of

if TYPE_CHECKING:
    from mel.model.cube import Linearised, Margin


def replicate_df(found: Linearised) -> Floats:
    """Degrees of freedom of each domain: the rank of the replicate weights of those who were asked, minus one.

    R's `degf` of a replicate design, and of its subset: rank of `weights(design, "analysis")`, tolerance 1e-5. Where weights are
    made and PSUs held whole strata at a time this is PSUs minus strata, as elsewhere; a domain that holds only some PSUs of its
    strata has more, up to its PSUs minus one.
    """
    return replicate_rank(found, asked=True) - 1


def replicate_rank(found: Linearised, *, asked: bool) -> Floats:
    """Rank of the replicate weights of those who were asked, or of those who are counted, by domain."""
    margin, quantity = found.margin, found.quantity
    span = replicates_of(margin).spans.get(span_key(quantity, asked=asked))
    people = found.asked() if asked else margin.by_pair(quantity.counted)
    out = _counted_ranks(margin, people)
    for rows, part in rounds_of(margin):
        if span is not None or not part.regular:
            out[rows] = [_rank_of_units(margin, _units_held(margin, people, int(row)), part, span) for row in rows]
    return out


def replicate_df_together(places: Sequence[tuple[Linearised, int]]) -> float:
    """Degrees of freedom of several domains of one cube and round taken together, as `replicate_df` of all of their people."""
    margin = places[0][0].margin
    spans = replicates_of(margin).spans
    held = [_units_held(one.margin, one.asked(), row) for one, row in places]
    if spans:
        rows = [spans[span_key(one.quantity, asked=True)].of(units) for (one, _), units in zip(places, held, strict=True)]
        return float(rank(np.concatenate(rows))) - 1
    units = np.unique(np.concatenate(held))
    part = next(
        (part for part in replicates_of(margin).by_round if len(units) and part.first <= units[0] < part.last),
        replicates_of(margin).by_round[0],
    )
    return float(_rank_of_units(margin, units, part, None)) - 1


def span_key(quantity: Quantity, *, asked: bool) -> tuple[str, ...]:
    """The sums that are above 0 for those behind a figure: everyone who was asked, or who is counted."""
    return quantity.asked if asked else (quantity.counted,)


def _units_held(margin: Margin, people: Floats, row: int) -> Indexes:
    start, end = np.searchsorted(margin.pair_domain, [row, row + 1])
    return margin.pair_unit[start:end][people[start:end] > 0]


def _counted_ranks(margin: Margin, people: Floats) -> Floats:
    """Units held, minus one for each stratum held whole, plus one if any is: so do the factors of PSUs depend on each other."""
    strata = margin.cube.strata
    key, of_pair = np.unique(margin.pair_domain * len(strata) + margin.stratum_of(margin.pair_unit), return_inverse=True)
    held = np.bincount(of_pair, weights=people > 0, minlength=len(key))
    domain, h = key // len(strata), key % len(strata)
    own, whole = _in_stratum(margin, h, held)
    any_whole = np.bincount(domain, weights=whole, minlength=margin.size) > 0
    return np.asarray(np.bincount(domain, weights=own, minlength=margin.size) + any_whole, dtype=np.float64)


def _rank_of_units(margin: Margin, units: Indexes, part: RoundReplicates, span: Span | None) -> int:
    if span is not None:
        return span.rank(units)
    if not part.regular:
        assert part.factors is not None
        return rank(part.factors[units - part.first])
    h, held = np.unique(margin.stratum_of(units), return_counts=True)
    own, whole = _in_stratum(margin, h, held)
    return int(own.sum() + whole.any())


def _in_stratum(margin: Margin, h: Indexes, held: Floats | Indexes) -> tuple[Floats, Floats]:
    """What the units held add in each stratum, and 1 where they are all of it. A stratum taken with certainty is not varied."""
    strata = margin.cube.strata
    ones = (strata.size[h] == 1) | (strata.fraction[h] >= 1)
    whole = ((held > 0) & (ones | (held == strata.size[h]))).astype(np.float64)
    return np.where(ones, 0.0, held - whole), whole
