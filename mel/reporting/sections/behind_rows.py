"""What the parts of one section share: the figures behind a row, its counted or shared value, the notes of a table."""

from __future__ import annotations

from collections.abc import Sequence

from mel.model.analyses import Analysis
from mel.model.figure import FigureId
from mel.reporting.blocks import Cell
from mel.reporting.charts.picture import Told, told
from mel.reporting.edition import Edition
from mel.reporting.rows import Asked
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import EMPTY, amount, with_ends
from mel.reporting.words.figures import yes_of

MOST_FIGURES = 12
"""Figures named with a sentence; an analysis may be made of hundreds."""


def rows_of(edition: Edition, analysis: Analysis, table: str) -> list[Told]:
    return told(edition, analysis.tables[table])


def figures_of(row: Told) -> tuple[FigureId, ...]:
    given = row.row.get("inputs") or ()
    return tuple(given)[:MOST_FIGURES]


def said(edition: Edition, asked: Asked, row: Told, name: str = "estimate", ends: tuple[str, str] = ("ci_low", "ci_high")) -> str:
    """`21 % (17 to 26)` of a sample; of those who were counted `9 of 45 (20 %)`, the count first; that it is not shown."""
    value, n = row.number(name), row.n
    if value is None:
        return edition.words.say("hidden.short" if not row.open else "hidden.no_figure")
    if row.text("basis") != "probability" and asked.is_share and n is not None:
        return yes_of(edition.words, round(value * n), round(n))
    return with_ends(edition, asked, value, row.number(ends[0]), row.number(ends[1]))


def figure_cell(edition: Edition, asked: Asked, row: Told, name: str = "estimate", ends: tuple[str, str] = ("ci_low", "ci_high")) -> Cell:
    value = row.number(name)
    if value is None:
        return Cell(said(edition, asked, row, name, ends), None, "empty" if row.open else "hidden")
    counted = row.text("basis") != "probability" and asked.is_share and row.n is not None
    if counted:
        return Cell(said(edition, asked, row, name, ends), float(round(value * (row.n or 0))), "count")
    return Cell(said(edition, asked, row, name, ends), value, "percent" if asked.is_share else "number")


def plain_cell(edition: Edition, asked: Asked, value: float | None) -> Cell:
    """A figure without an interval."""
    return EMPTY if value is None else Cell(amount(edition, asked, value), value, "percent" if asked.is_share else "number")


def share_of(edition: Edition, value: float | None) -> str:
    return "" if value is None else write.percent(edition.words, value)


def ratio_text(edition: Edition, value: float, low: float | None, high: float | None) -> str:
    """`1.42 (1.10 to 1.83)`."""
    text = write.amount(edition.words, value, 2)
    if low is None or high is None:
        return text
    return edition.words.say(
        "progress.cell", value=text, low=write.amount(edition.words, low, 2), high=write.amount(edition.words, high, 2)
    )


def notes_of(rows: Sequence[Told]) -> tuple[str, ...]:
    """What the rows of a table say of themselves, each once."""
    return tuple(dict.fromkeys(row.text("note") for row in rows if row.text("note")))
