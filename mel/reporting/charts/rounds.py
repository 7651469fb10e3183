"""One indicator in two rounds, group by group: where it was, where it is, and whether the step between is clear."""

from __future__ import annotations

from itertools import groupby

from mel.codes import ALL
from mel.reporting.blocks import Cell, Column, Figure, Table
from mel.reporting.charts.canvas import WIDTH, Canvas, wrapped
from mel.reporting.charts.groups import ticks
from mel.reporting.charts.lines import LINE, Line, Placed, hide, note, place, scale_to
from mel.reporting.charts.palette import ACCENT, INK, MUTED
from mel.reporting.charts.picture import Picture, figure_of, sheet
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Difference
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import count_cell
from mel.reporting.words.catalogue import inside
from mel.reporting.words.groups import group_of
from mel.reporting.words.rounds import CANNOT_COMPARE, before_after, change_cell, change_title, direction, sides


def change_dumbbell(edition: Edition, indicator: str) -> Figure | None:
    """The last change of an indicator, the whole and each single dimension.

    None without two rounds that can be compared, or with one line only: a sentence says that better. Only a probability sample is
    drawn: other rounds are people who answered, told in the table.
    """
    return figure_of(edition, draw_dumbbell(edition, indicator))


def dumbbell(edition: Edition, indicator: str, dimension: str) -> Figure | None:
    """The same for the groups of one dimension, the whole first; its title says of which groups the change is clear."""
    return figure_of(edition, draw_dumbbell(edition, indicator, dimension))


def draw_dumbbell(edition: Edition, indicator: str, dimension: str | None = None) -> Picture | None:
    asked = edition.indicator(indicator)
    changes = [c for c in _changes(edition, indicator) if dimension is None or not c.domain or dimension in c.domain]
    shown = [c for c in changes if c.shown and direction(c) != CANNOT_COMPARE]
    if len(shown) < 2 or asked.kind not in ("proportion", "mean", "score", "ratio"):
        return None
    name, first = slug("chart", indicator, *([dimension] if dimension else []), "change"), shown[0]
    rounds = [edition.round_label(first.id.dataset, r) for r in (first.from_round, first.id.round)]
    alt = _alt(edition, asked, changes, rounds)
    canvas = sheet(edition)
    _legend(canvas, rounds)
    _draw(canvas, edition, asked, changes)
    return Picture(name, _title(edition, asked, shown, dimension), alt, canvas, _data(edition, name, asked, changes, rounds))


def _title(edition: Edition, asked: Asked, shown: list[Difference], dimension: str | None) -> str:
    words = edition.words
    if dimension is None:
        whole = next((c for c in shown if not c.domain), None)
        return change_title(edition, whole) if whole else words.say("gap.title.change_plain", label=asked.label)
    groups = [c for c in shown if c.domain and _line(edition, c).state == "shown"]
    told = [
        words.say(f"picture.changed_{way}", told=words.listed([_step(edition, asked, c) for c in groups if direction(c) == way]))
        for way in ("up", "down")
        if any(direction(c) == way for c in groups)
    ]
    if not told:
        return words.say("picture.changed_none", label=asked.label, dimension=inside(edition.dimension_label(dimension)))
    rest = [words.say("picture.changed_rest")] if any(direction(c) not in ("up", "down") for c in groups) else []
    return words.say("picture.changed_title", label=asked.label, told=words.entry("list.semicolon").join((*told, *rest)))


def _step(edition: Edition, asked: Asked, change: Difference) -> str:
    before, after = before_after(edition, change)
    group = group_of(edition, change.domain, asked.counts).many
    return edition.words.say("picture.changed_one", group=group, before=_value(edition, asked, before), after=_value(edition, asked, after))


def _changes(edition: Edition, indicator: str) -> list[Difference]:
    """Those of the last round, from the earliest round it is held against."""
    last = edition.last_round(indicator)
    found = [
        c
        for c in edition.compared("change", indicator)
        if c.id.round == last and len(c.domain) <= 1 and c.id.category == ALL and c.basis == "probability"
    ]
    order = edition.rounds_of(indicator)
    since = min((c.from_round for c in found), key=lambda r: order.index(r) if r in order else len(order), default="")
    return list(edition.in_order([c for c in found if c.from_round == since]))


def _draw(canvas: Canvas, edition: Edition, asked: Asked, changes: list[Difference]) -> None:
    lines, drawn = _lines(edition, changes)
    placed = place(canvas, lines)
    both = [(p, c, before_after(edition, c)) for p, c in zip(placed, drawn, strict=True)]
    open_ = [(p, c, b, a) for p, c, (b, a) in both if p.line.state == "shown" and b is not None and a is not None]
    scale, top = scale_to(max((abs(v) for _, _, b, a in open_ for v in (b, a)), default=1.0))
    start, bottom = placed[0].y - 8, canvas.height
    ticks(canvas, edition, asked, scale, top, start, bottom)
    clear = [(scale(b), p.y, scale(a), p.y) for p, c, b, a in open_ if c.excludes(0.0)]
    vague = [(scale(b), p.y, scale(a), p.y) for p, c, b, a in open_ if not c.excludes(0.0)]
    canvas.lines(clear, width=4)
    canvas.lines(vague, colour=MUTED, width=1.5, dash=(4, 3))
    canvas.points([(scale(b), p.y) for p, _, b, _ in open_], shape="square", hollow=True, colour=MUTED, size=110)
    canvas.points([(scale(a), p.y) for p, _, _, a in open_])
    canvas.height = bottom + 30
    _close(canvas, edition, placed)


def _lines(edition: Edition, changes: list[Difference]) -> tuple[list[Line], list[Difference]]:
    """The lines with their headings, and the change of each line that is not a heading; one line for a dimension that is all hidden."""
    words, lines, drawn = edition.words, [], []
    for dimension, found in groupby(changes, key=lambda change: next(iter(change.domain), "")):
        group = list(found)
        if dimension:
            lines.append(Line(edition.dimension_label(dimension), state="heading"))
        if len(group) > 1 and all(change.hidden for change in group):
            label = words.say("chart.all_groups", groups=words.counted(len(group), "group"))
            lines.append(Line(label, words.say("hidden.short"), "hidden"))
            drawn.append(group[0])
            continue
        lines += [_line(edition, change) for change in group]
        drawn += group
    return lines, drawn


def _line(edition: Edition, change: Difference) -> Line:
    few = not change.hidden and any(row is not None and row.too_few for row in sides(edition, change))
    text = edition.words.say("hidden.too_few") if few else change_cell(edition, change)
    return Line(edition.group_label(change.domain), text, "hidden" if change.hidden else "too_few" if few else "shown")


def _close(canvas: Canvas, edition: Edition, placed: list[Placed]) -> None:
    hide(canvas, edition, placed)
    note(canvas, edition.words.say("chart.how_change"))


def _legend(canvas: Canvas, rounds: list[str]) -> None:
    """Which mark is which round, by shape and filling."""
    for at, round_ in enumerate(rounds):
        y = canvas.height + LINE / 2
        canvas.points([(8, y)], shape="circle" if at else "square", hollow=not at, colour=ACCENT if at else MUTED, size=120 if at else 110)
        for part in wrapped(round_, WIDTH - 22):
            canvas.text([(22, canvas.height + LINE / 2, part)], colour=INK)
            canvas.height += LINE
    canvas.height += 8


def _alt(edition: Edition, asked: Asked, changes: list[Difference], rounds: list[str]) -> str:
    words = edition.words
    clear = [c for c in changes if c.excludes(0.0) and _line(edition, c).state == "shown"]
    told = [words.say("chart.alt_change", label=asked.label, before=rounds[0], after=rounds[1], groups=words.counted(len(changes), "line"))]
    whole = next((c for c in changes if c.shown and not c.domain), None)
    if whole:
        before, after = before_after(edition, whole)
        told.append(words.say("chart.alt_change_whole", before=_value(edition, asked, before), after=_value(edition, asked, after)))
    groups = [
        words.say("chart.alt_change_group", group=edition.group_label(c.domain), change=change_cell(edition, c)) for c in clear if c.domain
    ]
    told.append(words.say("chart.alt_change_clear", told=words.listed(groups)) if groups else words.say("chart.alt_change_none"))
    hidden = sum(c.hidden for c in changes)
    if hidden:
        told.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    return " ".join(told)


def _data(edition: Edition, name: str, asked: Asked, changes: list[Difference], rounds: list[str]) -> Table:
    words = edition.words
    rows = []
    for change in changes:
        before, after = before_after(edition, change)
        cells = [
            Cell(words.say("hidden.too_few"), None, "hidden")
            if row is not None and row.too_few and not change.hidden
            else _cell(edition, asked, v, hidden=change.hidden)
            for row, v in zip(sides(edition, change), (before, after), strict=True)
        ]
        heard = [count_cell(edition, None if change.hidden or row is None else row.n) for row in sides(edition, change)]
        rows.append((Cell(edition.group_label(change.domain)), *cells, Cell(_line(edition, change).value), *heard))
    columns = (
        Column(words.say("progress.group")),
        Column(rounds[0], "end"),
        Column(rounds[1], "end"),
        Column(words.say("progress.change").removeprefix(">"), "end"),
        *(Column(words.say("picture.people_in", round=round_), "end") for round_ in rounds),
    )
    return Table(f"{name}-data", words.say("chart.change_data", label=asked.label), columns, tuple(rows))


def _cell(edition: Edition, asked: Asked, value: float | None, *, hidden: bool) -> Cell:
    if value is None:
        return Cell(edition.words.say("hidden.short" if hidden else "hidden.no_figure"), None, "hidden" if hidden else "empty")
    return Cell(_value(edition, asked, value), value, "percent" if asked.is_share else "number")


def _value(edition: Edition, asked: Asked, value: float | None) -> str:
    if value is None:
        return edition.words.say("hidden.short")
    return write.percent(edition.words, value) if asked.is_share else write.number(edition.words, value, asked.unit)
