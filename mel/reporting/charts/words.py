"""What a chart says to those who cannot see it: what is shown, the highest, the lowest, how many; made from the same rows as the marks."""

from __future__ import annotations

from collections.abc import Sequence

from mel.reporting.blocks import Cell, Column, Table
from mel.reporting.edition import Edition
from mel.reporting.rows import Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.figures import figure_cell, interval_text, value_text


def alt_of_groups(edition: Edition, rows: Sequence[Estimate], what: str, whole: Estimate | None = None) -> str:
    """The alt text of a chart of groups: extremes among those shown, how many are not shown, how many people answered."""
    words = edition.words
    shown = [row for row in rows if row.shown and not row.too_few]
    told = [words.say("chart.alt_groups", what=what, groups=words.counted(len(rows), "group"))]
    if len(shown) > 1:
        high, low = max(shown, key=lambda r: r.value or 0.0), min(shown, key=lambda r: r.value or 0.0)
        told.append(words.say("chart.alt_highest", group=edition.group_label(high.domain), value=value_text(edition, high)))
        told.append(words.say("chart.alt_lowest", group=edition.group_label(low.domain), value=value_text(edition, low)))
    elif shown:
        told.append(words.say("chart.alt_only", group=edition.group_label(shown[0].domain), value=value_text(edition, shown[0])))
    hidden, few = sum(row.hidden for row in rows), sum(row.too_few and row.shown for row in rows)
    if hidden:
        told.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    if few:
        told.append(words.say("chart.alt_few", groups=words.counted(few, "group")))
    if whole is not None and whole.shown and not whole.too_few:
        told.append(words.say("chart.alt_whole", value=value_text(edition, whole)))
    if whole is not None and whole.n is not None:
        told.append(words.say(f"chart.alt_n_{whole.counts or 'people'}", n=write.count(words, whole.n)))
    return " ".join(told)


def data_table(edition: Edition, name: str, caption: str, rows: Sequence[tuple[str, Estimate]]) -> Table:
    """The numbers behind a chart of groups, hidden ones named as hidden."""
    words = edition.words
    counts = next((row.counts for _, row in rows), "") or "people"
    heads = words.entry(f"chart.data_columns_{counts}")
    columns = (Column(heads[0]), Column(heads[1], "end"), Column(heads[2], "end"), Column(heads[3], "end"), Column(heads[4], "end"))
    return Table(f"{name}-data", caption, columns, tuple((Cell(label), *_numbers(edition, row)) for label, row in rows))


def _numbers(edition: Edition, row: Estimate) -> tuple[Cell, ...]:
    words, share = edition.words, edition.indicators[row.id.indicator].is_share
    if not row.shown or row.too_few:
        text = words.say("hidden.short" if row.hidden else "hidden.too_few" if row.too_few else "hidden.no_figure")
        kind = "hidden" if row.hidden or row.too_few else "empty"
        n = Cell(write.count(words, row.n), float(row.n), "count") if row.n is not None else Cell("", None, "empty")
        return (Cell(text, None, kind), Cell("", None, "empty"), Cell("", None, "empty"), n)  # type: ignore[arg-type]
    between = bool(interval_text(edition, row))
    ends = [_end(edition, end, share) if between else Cell("", None, "empty") for end in (row.low, row.high)]
    n = Cell(write.count(words, row.n), float(row.n), "count") if row.n is not None else Cell("", None, "empty")
    return (figure_cell(edition, row, value_text(edition, row)), *ends, n)


def _end(edition: Edition, value: float | None, share: bool) -> Cell:
    if value is None:
        return Cell("", None, "empty")
    return (
        Cell(write.percent(edition.words, value), value, "percent") if share else Cell(write.number(edition.words, value), value, "number")
    )
