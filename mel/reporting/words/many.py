"""How many of the differences shown would look clear by chance alone, and how many stay clear when that is allowed for?

The adjustment is Benjamini and Hochberg's, worked out over exactly the comparisons that this release shows.
"""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.words import numbers as write

CHANCE = 0.05
"""One in twenty: what goes with the 95 % intervals of a report."""
FEWEST = 2
"""Of a single difference there is nothing to allow for."""


def many_sentence(edition: Edition, measure: str, key: str) -> str:
    """The sentence for all rows of one measure; empty where fewer than two were tested."""
    tested = [row for row in edition.compared(measure) if row.shown and row.p is not None]
    if len(tested) < FEWEST:
        return ""
    words = edition.words
    clear = sum(row.excludes(0.0) for row in tested)
    stay = sum(row.excludes(0.0) and row.p_adjusted is not None and row.p_adjusted < CHANCE for row in tested)
    by_chance = max(1, round(len(tested) * CHANCE))
    n, x, clear_, stay_ = (write.count(words, number) for number in (len(tested), by_chance, clear, stay))
    return words.say(f"many.{key}", n=n, x=x, clear=clear_, stay=stay_)
