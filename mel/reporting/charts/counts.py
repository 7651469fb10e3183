"""How many of each: counts of things as bars, longest first."""

from __future__ import annotations

from collections.abc import Mapping

from mel.reporting.blocks import Cell, Column, Figure, Table
from mel.reporting.charts.canvas import LEFT, RIGHT, Canvas
from mel.reporting.charts.lines import Line, place
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.words import numbers as write

MOST = 15
"""Bars drawn; the table has them all."""


def count_bars(edition: Edition, name: str, title: str, counts: Mapping[str, int]) -> Figure | None:
    """Bars of counts in the order given; None when there is nothing to count."""
    if not counts:
        return None
    words, name = edition.words, slug("chart", name)
    drawn = dict(list(counts.items())[:MOST])
    canvas = Canvas()
    placed = place(canvas, [Line(label, write.count(words, n)) for label, n in drawn.items()])
    longest = max(drawn.values())
    canvas.boxes([(LEFT, p.y - 6, LEFT + (RIGHT - LEFT) * n / longest, p.y + 6) for p, n in zip(placed, drawn.values(), strict=True) if n])
    most = max(drawn, key=lambda label: drawn[label])
    least = min(drawn, key=lambda label: drawn[label])
    alt = words.say(
        "chart.alt_counts",
        title=title,
        most=most,
        n_most=write.count(words, drawn[most]),
        least=least,
        n_least=write.count(words, drawn[least]),
    )
    heads = words.entry("chart.count_columns")
    rows = tuple((Cell(label), Cell(write.count(words, n), float(n), "count")) for label, n in counts.items())
    return Figure(name, title, alt, canvas.svg(name, alt), Table(f"{name}-data", title, (Column(heads[0]), Column(heads[1], "end")), rows))
