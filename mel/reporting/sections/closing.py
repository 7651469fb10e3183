"""Are an indicator's gaps closing? The clear ones in a sentence, every pair that was followed in one table."""

from __future__ import annotations

from collections.abc import Iterable

from mel.codes import ALL
from mel.reporting.blocks import Block, Cell, Table
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Difference
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital, inside
from mel.reporting.words.closing import VERBS, closing_sentence, closing_verdict
from mel.reporting.words.pairs import pair_names

MOST = 3
"""Sentences on closing gaps an indicator gets; the table has them all."""


def closing(edition: Edition, name: str) -> Iterable[Block | None]:
    """What the release says of this indicator's gaps between the last round and the one it is held against."""
    rows = [row for row in edition.compared("gap_change", name) if row.id.round == edition.last_round(name)]
    rows = [row for row in rows if row.from_round == rows[0].from_round]
    if not any(row.shown for row in rows):
        return
    moved = sorted((row for row in rows if row.shown and row.status in VERBS), key=lambda row: -abs(row.value or 0.0))
    for at, row in enumerate(moved[:MOST], start=1):
        yield finding(edition, slug("gap-change", name, str(at)), closing_sentence(edition, row), [row.id, *row.inputs], [row.id])
    if not moved and any(row.shown and row.status == "unclear" for row in rows):
        yield prose(slug("gap-change", name, "unclear"), edition.words.say("closing.nothing"))
    yield _table(edition, name, rows)


def _table(edition: Edition, name: str, rows: list[Difference]) -> Table | None:
    words, asked = edition.words, edition.indicators[name]
    dataset = rows[0].id.dataset
    picked = any(row.group_b != ALL and not edition.dimensions.get(row.dimension, {}).get("reference") for row in rows)
    notes = [words.say("closing.picked", round=edition.round_inside(dataset, rows[0].id.round))] if picked else []
    notes += [words.say("progress.note_hidden")] if any(row.hidden for row in rows) else []
    heads, caption = words.entry("closing.columns"), words.say("closing.caption", label=asked.label)
    return table(slug("gap-change", name, "pairs"), caption, heads, [_row(edition, asked, row) for row in rows], notes)


def _row(edition: Edition, asked: Asked, row: Difference) -> tuple[Cell, ...]:
    words = edition.words
    if row.hidden or not (row.group_a and row.group_b):
        short = Cell(words.say("hidden.short"), None, "hidden")
        named = words.say("gaps.pair_hidden", dimension=inside(edition.dimension_label(row.dimension)))
        return (text_cell(capital(named)), short, short, short, text_cell(""))
    a, b = pair_names(edition, row, (row.group_a, row.group_b), asked.counts)
    answer = "" if row.id.category == ALL else f" ({edition.answer_label(asked.id, row.id.category)})"
    head = text_cell(capital(words.say("gaps.pair", a=a, b=b)) + answer)
    if not row.shown:
        none = text_cell(words.say("change.cell_cannot"))
        return (head, none, none, none, text_cell(""))
    before, after, change = (_cell(edition, asked, value, row.shown) for value in (row.value_b, row.value_a, row.value))
    return (head, before, after, _with_interval(edition, asked, row, change), text_cell(closing_verdict(edition, row)))


def _cell(edition: Edition, asked: Asked, value: float | None, shown: bool) -> Cell:
    words = edition.words
    if value is None or not shown:
        return Cell(words.say("hidden.no_figure"), None, "empty")
    if asked.is_share:
        return Cell(write.signed_points(words, value), value * 100, "points")
    return Cell(write.signed(words, value, asked.unit), value, "number")


def _with_interval(edition: Edition, asked: Asked, row: Difference, cell: Cell) -> Cell:
    if row.low is None or row.high is None or row.value is None:
        return cell
    words = edition.words
    if asked.is_share:
        ends, said = write.point_ends(words, row.low, row.high), cell.text
    else:
        decimals = write.decimals_together(row.value, row.low, row.high)
        ends = [write.amount(words, end, decimals) for end in (row.low, row.high)]
        said = write.signed(words, row.value, asked.unit, decimals)
    return Cell(words.say("change.cell", change=said, low=ends[0], high=ends[1]), cell.value, cell.kind)
