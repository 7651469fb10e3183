"""How far apart do the groups of one dimension lie? An equiplot: a line for each round or indicator, a mark for each group on it.

Groups are told apart by the shape of their mark, which the key names; the line joins the lowest and the highest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mel.errors import UsageError
from mel.errors.pictures import PICTURE_UNITS
from mel.reporting.blocks import Cell, Figure, Table
from mel.reporting.charts.canvas import WIDTH, Canvas, wrapped
from mel.reporting.charts.groups import group_title, ticks
from mel.reporting.charts.lines import LINE, Line, note, place, scale_to
from mel.reporting.charts.palette import GRID, MUTED, SEGMENTS, SHAPES
from mel.reporting.charts.picture import Picture, State, figure_of, hidden_row, sheet, table_of
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import amount, cell, count_cell
from mel.reporting.words.catalogue import inside
from mel.reporting.words.groups import group_of

MOST = 2 * len(SHAPES)
"""Groups whose marks can be told apart: eight shapes, filled and hollow."""


def equiplot(edition: Edition, indicators: str | Sequence[str], dimension: str, round_: str | None = None) -> Figure | None:
    """One indicator round by round, or several in one round each (their last by default); None with nothing to set side by side.

    Missing: a group that is not shown has no mark; it is named below its line with the reason.
    Raises: UsageError when indicators of different units are to share a scale.
    """
    return figure_of(edition, draw_equiplot(edition, indicators, dimension, round_))


def draw_equiplot(edition: Edition, indicators: str | Sequence[str], dimension: str, round_: str | None = None) -> Picture | None:
    names = [indicators] if isinstance(indicators, str) else list(dict.fromkeys(indicators))
    asked = [edition.indicator(name) for name in names]
    if len({(one.is_share, "" if one.is_share else one.unit) for one in asked}) > 1:
        raise UsageError(PICTURE_UNITS.at(indicators=names))
    rows = [row for row in _rows(edition, asked, dimension, round_) if row.shown]
    codes = _codes(edition, dimension, rows)
    if not rows or len(codes) > MOST or not any(len(row.shown) > 1 for row in rows):
        return None
    name = slug("chart", *names, dimension, "equiplot")
    alt, canvas = _alt(edition, rows, dimension), sheet(edition)
    _key(canvas, edition, dimension, codes)
    _draw(canvas, edition, rows, codes)
    label = names[0] if len(names) > 1 else asked[0].label
    caption = edition.words.say("picture.data_equiplot", label=label, dimension=inside(edition.dimension_label(dimension)))
    if len(names) > 1:
        listed = edition.words.listed([one.label for one in asked])
        caption = edition.words.say("picture.data_equiplot", label=listed, dimension=inside(edition.dimension_label(dimension)))
    return Picture(name, _title(edition, asked, rows, dimension), alt, canvas, _data(edition, name, caption, dimension, rows))


@dataclass(frozen=True)
class _Row:
    """One line: its label, and its groups by code."""

    label: str
    asked: Asked
    round: str
    groups: dict[str, Estimate] = field(default_factory=dict)

    @property
    def shown(self) -> dict[str, Estimate]:
        return {code: row for code, row in self.groups.items() if _state(self.asked, row) == "shown"}

    @property
    def ends(self) -> tuple[tuple[str, float], tuple[str, float]]:
        """The codes and figures of the lowest and the highest group shown."""
        found = sorted(((code, row.value or 0.0) for code, row in self.shown.items()), key=lambda pair: pair[1])
        return found[0], found[-1]


def _state(asked: Asked, row: Estimate) -> State:
    if row.hidden:
        return "hidden"
    if row.n == 0:
        return "nobody"
    if row.value is None or row.n is None:
        return "missing"
    if row.too_few:
        return "too_few"
    counted = asked.is_share and row.basis != "probability" and row.n < write.SMALLEST_FOR_PERCENT
    return "few" if counted else "shown"


def _rows(edition: Edition, asked: Sequence[Asked], dimension: str, round_: str | None) -> list[_Row]:
    wanted = [
        (one, r)
        for one in asked
        for r in ([round_] if round_ else edition.rounds_of(one.id) if len(asked) == 1 else edition.rounds_of(one.id)[-1:])
    ]
    made, rounds = [], {edition.round_label(one.dataset, at) for one, at in wanted}
    for one, at in wanted:
        main = edition.main(one.id)
        groups = {row.domain[dimension]: row for row in edition.of(one.id, at, [dimension]) if row.id.category == main}
        when = edition.round_label(one.dataset, at)
        label = when if len(asked) == 1 else one.label if len(rounds) == 1 else f"{one.label}, {when}"
        made.append(_Row(label, one, at, groups))
    return made


def _codes(edition: Edition, dimension: str, rows: Sequence[_Row]) -> list[str]:
    """The groups that have a mark in some line, in the dimension's order."""
    order = list(edition.dimensions.get(dimension, {}).get("categories", {}))
    found = dict.fromkeys(code for row in rows for code in row.shown)
    return sorted(found, key=lambda code: order.index(code) if code in order else len(order))


def _look(at: int) -> dict[str, object]:
    return {"shape": SHAPES[at % len(SHAPES)], "hollow": at >= len(SHAPES), "colour": SEGMENTS[at % len(SEGMENTS)]}


def _key(canvas: Canvas, edition: Edition, dimension: str, codes: Sequence[str]) -> None:
    for at, code in enumerate(codes):
        canvas.points([(8, canvas.height + LINE / 2)], **_look(at))  # type: ignore[arg-type]
        for part in wrapped(edition.category_label(dimension, code), WIDTH - 24):
            canvas.text([(22, canvas.height + LINE / 2, part)])
            canvas.height += LINE
    canvas.height += 8


def _draw(canvas: Canvas, edition: Edition, rows: Sequence[_Row], codes: Sequence[str]) -> None:
    asked = rows[0].asked
    start, ys = canvas.height, []
    for row in rows:
        low, high = row.ends
        both = edition.words.say("picture.range", low=amount(edition, asked, low[1]), high=amount(edition, asked, high[1]))
        ys.append(place(canvas, [Line(row.label, both)])[0].y)
        _unmarked(canvas, edition, row)
    values = [r.value or 0.0 for row in rows for r in row.shown.values()]
    scale, top = scale_to(max(map(abs, values)))
    bottom = canvas.height
    ticks(canvas, edition, asked, scale, top, start, bottom)
    canvas.lines([(scale(0), y, scale(top), y) for y in ys], colour=GRID, width=1)
    canvas.lines([(scale(row.ends[0][1]), y, scale(row.ends[1][1]), y) for row, y in zip(rows, ys, strict=True)], colour=MUTED, width=3)
    for at, code in enumerate(codes):
        places = [(scale(row.shown[code].value or 0.0), y) for row, y in zip(rows, ys, strict=True) if code in row.shown]
        canvas.points(places, **_look(at))  # type: ignore[arg-type]
    canvas.height = bottom + 30
    heard = [r.n or 0 for row in rows for r in row.shown.values()]
    words, ends = edition.words, [write.count(edition.words, n) for n in (min(heard), max(heard))]
    note(canvas, words.say("picture.how_equiplot"))
    note(canvas, words.say("picture.n_groups" if ends[0] != ends[1] else "picture.n_groups_one", low=ends[0], high=ends[1]))


def _unmarked(canvas: Canvas, edition: Edition, row: _Row) -> None:
    """The groups of a line that have no mark, with the reason, under it; a small hatch before those that are hidden."""
    canvas.height -= 4
    for state, key in (("hidden", "not_shown"), ("few", "few"), ("too_few", "too_few"), ("missing", "no_figure"), ("nobody", "no_figure")):
        named = [edition.group_label(r.domain) for r in row.groups.values() if _state(row.asked, r) == state]
        if not named:
            continue
        indent = 24.0 if state == "hidden" else 0.0
        if indent:
            canvas.hatched_box(0, canvas.height + 4, 18, canvas.height + LINE - 4)
        for part in wrapped(edition.words.say(f"picture.{key}", groups=edition.words.entry("list.comma").join(named)), WIDTH - indent):
            canvas.text([(indent, canvas.height + LINE / 2, part)], colour=MUTED)
            canvas.height += LINE
    canvas.height += 8


def _title(edition: Edition, asked: Sequence[Asked], rows: Sequence[_Row], dimension: str) -> str:
    words, last = edition.words, rows[-1]
    if len(asked) == 1:
        return group_title(edition, asked[0], last.round, None, [(dimension,)])
    widest = max(rows, key=lambda row: abs(row.ends[1][1] - row.ends[0][1]))
    low, high = widest.ends
    a, b = (group_of(edition, {dimension: code}, widest.asked.counts).many for code, _ in (low, high))
    shares = {"share_a": amount(edition, widest.asked, low[1]), "share_b": amount(edition, widest.asked, high[1])}
    key = "widest" if widest.asked.is_share else "widest_value"
    return words.say(f"picture.{key}", dimension=inside(edition.dimension_label(dimension)), label=widest.asked.label, a=a, b=b, **shares)


def _alt(edition: Edition, rows: Sequence[_Row], dimension: str) -> str:
    words = edition.words
    said = [
        words.say("picture.alt_equiplot", rows=words.counted(len(rows), "line"), dimension=inside(edition.dimension_label(dimension))),
    ]
    for row in rows:
        (a, low), (b, high) = row.ends
        ends = {"low": amount(edition, row.asked, low), "high": amount(edition, row.asked, high)}
        groups = {"a": edition.category_label(dimension, a), "b": edition.category_label(dimension, b)}
        said.append(words.say("picture.alt_equiplot_row", row=row.label, **ends, **groups))
    hidden = len({code for row in rows for code, r in row.groups.items() if r.hidden})
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    return " ".join(said)


def _data(edition: Edition, name: str, caption: str, dimension: str, rows: Sequence[_Row]) -> Table:
    cells = []
    for row in rows:
        for code, r in row.groups.items():
            head = (Cell(row.label), Cell(edition.category_label(dimension, code)))
            state = _state(row.asked, r)
            if state != "shown":
                cells.append((*head, *hidden_row(edition, state, 4, r.n)))
                continue
            figures = [cell(edition, row.asked, v) for v in (r.value, r.low, r.high)]
            cells.append((*head, *figures, count_cell(edition, r.n)))
    return table_of(name, caption, edition.words.entry("picture.columns_equiplot"), cells)
