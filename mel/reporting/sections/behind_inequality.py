"""One number for all groups of a dimension: the measures of inequality an alliance asked for, by plain names and with how to read them."""

from __future__ import annotations

from collections.abc import Iterable

from mel.model.comparisons import INEQUALITY
from mel.reporting.blocks import Block, Cell, Heading
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Difference
from mel.reporting.sections.section import prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import Words


def inequality(edition: Edition) -> Iterable[Block | None]:
    """A table for each indicator, in its last round."""
    words = edition.words
    rows = [row for row in edition.differences if row.measure in INEQUALITY]
    names = [name for name in edition.indicators if any(row.id.indicator == name for row in rows)]
    if not names:
        return
    yield Heading("behind-inequality", words.say("behind.inequality.title"), 3)
    met = [name for name in INEQUALITY if any(row.measure == name for row in rows)]
    reads = [words.say("behind.inequality.reads", name=_label(words, name), how=words.say(f"inequality.{name}.reads")) for name in met]
    yield prose("behind-inequality-how", words.say("behind.inequality.how"), items=reads)
    for name in names:
        asked, round_ = edition.indicators[name], edition.last_round(name)
        last = [row for row in rows if row.id.indicator == name and row.id.round == round_]
        mine = [row for row in last if row.shown or row.hidden]
        cells = [_row(edition, row) for row in mine]
        notes = dict.fromkeys(row.note for row in mine if row.note)
        columns = words.entry("behind.inequality.columns")
        yield table(slug("behind-inequality", name), words.say("behind.inequality.caption", label=asked.label), columns, cells, list(notes))


def _row(edition: Edition, row: Difference) -> tuple[Cell, ...]:
    words = edition.words
    key = row.status if words.has(f"behind.inequality.status.{row.status}") else "cannot_compare"
    verdict = words.say(f"behind.inequality.status.{key}") if row.shown else ""
    head = text_cell(edition.dimension_label(row.dimension) + _answer(edition, row))
    return head, text_cell(_label(words, row.measure)), _value(edition, row), text_cell(verdict)


def _answer(edition: Edition, row: Difference) -> str:
    return "" if row.id.category == "all" else f" ({edition.answer_label(row.id.indicator, row.id.category)})"


def _label(words: Words, measure: str) -> str:
    return words.say(f"inequality.{measure}.label")


def _value(edition: Edition, row: Difference) -> Cell:
    words = edition.words
    if row.hidden:
        return Cell(words.say("hidden.short"), None, "hidden")
    if row.value is None:
        return Cell(words.say("hidden.no_figure"), None, "empty")
    unit = words.say(f"inequality.{row.measure}.unit")
    share = unit == "indicator" and edition.indicators[row.id.indicator].is_share
    shown = [None if v is None else v * 100 if share else v for v in (row.value, row.low, row.high)]
    value, low, high = shown
    assert value is not None
    decimals = max(1, write.decimals_together(value, low, high)) if share else write.decimals_together(value, low, high)
    decimals = min(decimals, 1) if share else decimals
    text = write.amount(words, value, decimals)
    text += "\u00a0" + words.say("inequality.units.points") if share else ""
    if low is not None and high is not None:
        text = words.say("progress.cell", value=text, low=write.amount(words, low, decimals), high=write.amount(words, high, decimals))
    kind = {"percent of the mean": "inequality.units.of_mean", "thousandths": "inequality.units.thousandths"}.get(unit)
    return Cell(text + (f" {words.say(kind)}" if kind else ""), value, "points" if share else "number")
