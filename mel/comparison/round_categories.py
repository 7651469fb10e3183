"""Do two rounds cut people, and their answers, into the same categories? A group that was renamed or recut is another group.

A rare category that nobody happens to be in is no recutting. What is refused are two rounds of which each has categories of its own
that hold a real part of those who answered; a table in which every such row is missing would hide that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from mel.codes import SILENCES
from mel.comparison.change import Pair
from mel.comparison.figures import Figures
from mel.errors import InputError, Problem
from mel.errors.comparison import ROUNDS_CATEGORIES

PART = 0.05
"""Of those who answered in a round: fewer than this in categories of its own are taken for rare, not recut."""
LEAST = 5
"""People; fewer in a category of its own may have come by chance."""


def checked_categories(figures: Figures, rounds: Sequence[tuple[str, Pair]]) -> None:
    """Raises: InputError naming each dimension, or indicator's answers, whose categories two compared rounds do not share."""
    problems = list(dict.fromkeys(problem for dataset, pair in rounds for problem in _of(figures, dataset, pair)))
    if problems:
        raise InputError(problems)


def _of(figures: Figures, dataset: str, pair: Pair) -> Iterator[Problem]:
    table = figures.table
    here = table[(table["dataset"] == dataset) & table["round"].isin(pair) & (table["counts"] == "people")]
    single = figures.broken[here.index].sum(axis=1)
    for at, name in enumerate(figures.dimensions):
        alone = here[(single == 1) & figures.broken[here.index, at] & ~here[name].isin(SILENCES).to_numpy()]
        most = alone.groupby(["round", name])["n"].max()
        yield from _unlike(most, f"the dimension '{name}'", dataset, pair)
    whole = here[single == 0]
    kinds = figures.kinds(whole.index.to_numpy())
    for indicator, rows in whole[kinds == "distribution"].groupby("indicator", sort=False):
        answers = rows[~rows["category"].isin(SILENCES)].groupby(["round", "category"])["n_yes"].max()
        yield from _unlike(answers, f"the answers to '{indicator}'", dataset, pair)


def _unlike(people: pd.Series, what: str, dataset: str, pair: Pair) -> Iterator[Problem]:
    """`people`: how many, by round and category."""
    sets = [people.loc[[name]].droplevel(0) if name in people.index.get_level_values(0) else people.iloc[:0] for name in pair]
    there = [one[one > 0] for one in sets]
    if any(not len(one) for one in there):
        return
    own = [one[~one.index.isin(other.index)] for one, other in zip(there, reversed(there), strict=True)]
    if all(mine.sum() >= max(LEAST, PART * one.sum()) for mine, one in zip(own, there, strict=True)):
        yield ROUNDS_CATEGORIES.at(
            what=what, dataset=dataset, before=pair[0], after=pair[1], only_before=list(own[0].index), only_after=list(own[1].index)
        )
