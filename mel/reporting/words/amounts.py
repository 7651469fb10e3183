"""How are the figures of an analysis written: a share as percents, an amount with its unit, a distance between two of them?

For the rows of `mel.model.analyses`, which are not rows of the table of results. What may be said of them is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mel.reporting.blocks import Cell
from mel.reporting.edition import Edition
from mel.reporting.rows import Asked
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import inside
from mel.reporting.words.groups import group_of

Bounds = tuple[tuple[str, tuple[str, ...]], ...]
"""A group: for each dimension that bounds it, the categories it holds."""
EMPTY = Cell("", None, "empty")


def amount(edition: Edition, asked: Asked, value: float) -> str:
    """`21 %`, `3.4 meetings`."""
    return write.percent(edition.words, value) if asked.is_share else write.number(edition.words, value, asked.unit)


def with_ends(edition: Edition, asked: Asked, value: float, low: float | None, high: float | None) -> str:
    """`21 % (17 to 26)`; without an interval the figure alone."""
    if low is None or high is None:
        return amount(edition, asked, value)
    decimals = write.decimals_together(value, low, high)
    ends = [write.percent_short(edition.words, e) if asked.is_share else write.amount(edition.words, e, decimals) for e in (low, high)]
    return edition.words.say("progress.cell", value=amount(edition, asked, value), low=ends[0], high=ends[1])


def distance(edition: Edition, asked: Asked, value: float, low: float | None = None, high: float | None = None) -> str:
    """`−22 points (−28 to −16)`: a difference between two figures, with its sign."""
    words, decimals = edition.words, write.decimals_together(value, low, high)
    said = write.signed_points(words, value) if asked.is_share else write.signed(words, value, asked.unit, decimals)
    if low is None or high is None:
        return said
    ends = write.point_ends(words, low, high) if asked.is_share else [write.amount(words, end, decimals) for end in (low, high)]
    return words.say("change.cell", change=said, low=ends[0], high=ends[1])


def size(edition: Edition, asked: Asked, value: float) -> str:
    """`22 points`: how far apart, without a sign."""
    return write.points(edition.words, value) if asked.is_share else write.number(edition.words, abs(value), asked.unit)


def cell(edition: Edition, asked: Asked, value: float | None) -> Cell:
    """A figure for a data table; an empty cell where there is none."""
    if value is None:
        return EMPTY
    return Cell(amount(edition, asked, value), value, "percent" if asked.is_share else "number")


def distance_cell(edition: Edition, asked: Asked, value: float | None) -> Cell:
    """A difference for a data table, in points where the figures are shares."""
    if value is None:
        return EMPTY
    return Cell(distance(edition, asked, value), value * 100 if asked.is_share else value, "points" if asked.is_share else "number")


def share_cell(edition: Edition, value: float | None) -> Cell:
    return EMPTY if value is None else Cell(write.percent(edition.words, value), value, "percent")


def count_cell(edition: Edition, n: float | None) -> Cell:
    return EMPTY if n is None else Cell(write.count(edition.words, n), float(n), "count")


def bounds_label(edition: Edition, bounds: Bounds) -> str:
    """A group's name for a chart or table: `Woman, Northern Region or Coast`; everyone where nothing bounds it."""
    parts = [condition_label(edition, name, codes, first=not at) for at, (name, codes) in enumerate(bounds)] or [
        edition.words.say("group.all")
    ]
    return str(edition.words.entry("group.joined").join(parts))


def condition_label(edition: Edition, name: str, codes: Sequence[str], *, first: bool = True) -> str:
    """One condition of a group: `Northern Region or Coast`; `first`: with a capital letter whatever it is."""
    head, *rest = codes
    labels = [edition.category_label(name, head) if first else edition.category_inside(name, head)]
    return str(edition.words.entry("picture.or").join((*labels, *(edition.category_inside(name, code) for code in rest))))


def bounds_people(edition: Edition, bounds: Bounds, counts: str = "people") -> str:
    """The same group inside a sentence: `women with a disability (region: northern region or coast)`."""
    single: Mapping[str, str] = {name: codes[0] for name, codes in bounds if len(codes) == 1}
    said = group_of(edition, single, counts).many
    several = [
        edition.words.say(
            "group.bracket", dimension=inside(edition.dimension_label(name)), category=condition_label(edition, name, codes, first=False)
        )
        for name, codes in bounds
        if len(codes) > 1
    ]
    return f"{said} ({edition.words.entry('list.comma').join(several)})" if several else said


def by_words(edition: Edition, dimensions: Sequence[str]) -> str:
    """Dimensions inside a sentence: `gender and disability`."""
    return edition.words.listed([inside(edition.dimension_label(name)) for name in dimensions])
