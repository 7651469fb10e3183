"""Is the distance between two groups shrinking or growing, and how is that said? Only what the comparison itself found is claimed."""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.rows import Asked, Difference
from mel.reporting.words import numbers as write
from mel.reporting.words.pairs import pair_names

VERBS = {"closing": "closing.closed", "widening": "closing.widened"}


def closing_sentence(edition: Edition, row: Difference) -> str:
    """A gap that clearly became smaller or larger. For any other row use no sentence."""
    words, asked = edition.words, edition.indicators[row.id.indicator]
    a, b = pair_names(edition, row, (row.group_a, row.group_b), asked.counts)
    low, high = row.low or 0.0, row.high or 0.0
    ends = sorted((abs(low), abs(high))) if low * high > 0 else [low, high]
    dataset = row.id.dataset
    return words.say(
        "closing.sentence", a=a, b=b, verb=words.say(VERBS[row.status]), before=size(edition, asked, row.value_b or 0.0),
        after=size(edition, asked, row.value_a or 0.0), change=size(edition, asked, row.value or 0.0),
        interval=write.interval(words, *ends, kind="points" if asked.is_share else "number"),
        from_round=edition.round_inside(dataset, row.from_round), round=edition.round_inside(dataset, row.id.round),
    )  # fmt: skip


def size(edition: Edition, asked: Asked, value: float) -> str:
    """How far apart, without a sign: the sentence says which way."""
    return write.points(edition.words, value) if asked.is_share else write.number(edition.words, abs(value), asked.unit)


def closing_verdict(edition: Edition, row: Difference) -> str:
    """What a table says of a change of a gap; nothing for those that were counted and not drawn by chance."""
    return edition.words.say(f"closing.{row.status if row.status in ('closing', 'widening', 'unclear') else 'none'}")
