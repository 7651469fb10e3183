"""Is the distance between two groups closing? A line for each round, the distance and its interval on it, and zero as the place to be."""

from __future__ import annotations

from mel.codes import ALL
from mel.model.figure import FigureId
from mel.reporting.blocks import Cell, Figure, Table
from mel.reporting.charts.canvas import Canvas
from mel.reporting.charts.lines import Line, hide, note, place
from mel.reporting.charts.palette import ACCENT, INK
from mel.reporting.charts.picture import Picture, figure_of, level_of, scale_of, sheet, table_of, upright
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Difference
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import count_cell, distance, distance_cell, size
from mel.reporting.words.catalogue import capital
from mel.reporting.words.groups import group_of
from mel.reporting.words.pairs import RIGHT, pair_names

VERDICTS = {"closing": "picture.apart_smaller", "widening": "picture.apart_larger", "unclear": "picture.apart_unclear"}
"""What a comparison found of a gap between two rounds, and how a title says it; of any other it says how large the gap is."""
Series = list[Difference]


def gap_over_time(edition: Edition, indicator: str, dimension: str) -> Figure | None:
    """The differences between the same two groups of a dimension, round by round; None where no two groups were compared twice.

    Sign: first group − second group. Missing: a round whose gap is withheld keeps its line, hatched.
    """
    return figure_of(edition, draw_gap_over_time(edition, indicator, dimension))


def draw_gap_over_time(edition: Edition, indicator: str, dimension: str) -> Picture | None:
    asked = edition.indicator(indicator)
    series = _series(edition, indicator, dimension)
    if not any(gap.shown for one in series for gap in one):
        return None
    name = slug("chart", indicator, dimension, "gap")
    alt, canvas = _alt(edition, asked, series), sheet(edition)
    _draw(canvas, edition, asked, series)
    caption = edition.words.say("picture.data_gap", label=asked.label)
    return Picture(name, _title(edition, asked, series), alt, canvas, _data(edition, asked, name, caption, series))


def _series(edition: Edition, indicator: str, dimension: str) -> list[Series]:
    """Each pair of groups that was compared in two rounds or more, its rounds first to last, in the order of the first pair."""
    order = edition.rounds_of(indicator)
    found: dict[tuple[str, str], Series] = {}
    for gap in edition.compared("gap_difference", indicator):
        if gap.dimension == dimension and not gap.domain and gap.id.category == edition.main(indicator) and gap.group_a:
            turned = (gap.group_b, gap.group_a) in found
            if not turned:
                found.setdefault((gap.group_a, gap.group_b), []).append(gap)
    kept = [sorted(one, key=lambda g: order.index(g.id.round) if g.id.round in order else len(order)) for one in found.values()]
    return [one for one in kept if len({gap.id.round for gap in one}) > 1 and any(gap.shown for gap in one)]


def _draw(canvas: Canvas, edition: Edition, asked: Asked, series: list[Series]) -> None:
    start, placed = canvas.height, []
    for one in series:
        a, b = _sides(edition, asked, one[0])
        placed.append(
            place(
                canvas, [Line(edition.words.say("gaps.pair", a=capital(a), b=b), state="heading"), *(_line(edition, asked, g) for g in one)]
            )
        )
    both = [(p, gap) for lines, one in zip(placed, series, strict=True) for p, gap in zip(lines, one, strict=True)]
    shown = [(p, gap, gap.value) for p, gap in both if p.line.state == "shown" and gap.value is not None]
    scale, at = scale_of([v for _, gap, value in shown for v in (value, gap.low, gap.high) if v is not None])
    bottom = canvas.height
    canvas.axis(start + 8, bottom, [(scale(v), _tick(edition, asked, v)) for v in at])
    upright(canvas, scale(0), [p.y for p, _ in both], dash=(), colour=INK)
    canvas.lines([(scale(g.low), p.y, scale(g.high), p.y) for p, g, _ in shown if g.low is not None and g.high is not None], width=3)
    for clear in (True, False):
        canvas.points([(scale(v), p.y) for p, g, v in shown if g.excludes(0.0) == clear], hollow=not clear, colour=ACCENT)
    canvas.height = bottom + 30
    hide(canvas, edition, [p for p, _ in both])
    if any(g.has_interval for _, g, _ in shown):
        note(canvas, edition.words.say("picture.how_gap", level=level_of(edition)))


def _line(edition: Edition, asked: Asked, gap: Difference) -> Line:
    words, label = edition.words, edition.round_label(gap.id.dataset, gap.id.round)
    n, few = [k for k in _people(edition, gap) if k is not None], _few(edition, gap)
    if not gap.shown or few or not n:
        state = "hidden" if gap.hidden else "too_few"
        return Line(label, words.say("hidden.short" if gap.hidden else "hidden.too_few" if few else "hidden.no_figure"), state)
    if n:
        heard = words.listed([write.count(words, k) for k in n]).replace(" ", write.NBSP)
        label = f"{label}, {words.say('picture.n', n=heard)}"
    return Line(label, distance(edition, asked, gap.value or 0.0, gap.low, gap.high))


def _few(edition: Edition, gap: Difference) -> bool:
    rows = [edition.figure(figure) for figure in gap.inputs]
    counted = gap.basis != "probability" and any(r is not None and (r.n or 0) < write.SMALLEST_FOR_PERCENT for r in rows)
    return counted or any(r is not None and r.too_few for r in rows)


def _people(edition: Edition, gap: Difference) -> list[int | None]:
    """How many people answered in the first group and in the second; None where that is not shown, or there is no such group."""
    rows = [None if code in (ALL, RIGHT) else edition.figure(_figure(gap, code)) for code in (gap.group_a, gap.group_b)]
    if gap.group_b == ALL:
        rows[1] = edition.whole(gap.id.indicator, gap.id.round, gap.id.category)
    return [row.n if row is not None and row.shown and gap.shown else None for row in rows]


def _figure(gap: Difference, code: str) -> FigureId:
    return FigureId(gap.id.indicator, gap.id.version, gap.id.round, ((gap.dimension, code),), gap.id.category, "estimate", gap.id.dataset)


def _tick(edition: Edition, asked: Asked, value: float) -> str:
    return write.points_bare(edition.words, value) if asked.is_share else write.number(edition.words, value)


def _sides(edition: Edition, asked: Asked, gap: Difference) -> tuple[str, str]:
    """What the two groups are called in a sentence, each in full: more words follow the second."""
    a, b = pair_names(edition, gap, (gap.group_a, gap.group_b), asked.counts)
    if {ALL, RIGHT}.isdisjoint((gap.group_a, gap.group_b)):
        a, b = (group_of(edition, {gap.dimension: code}, asked.counts).many for code in (gap.group_a, gap.group_b))
    return a, b or edition.words.say("picture.right")


def _title(edition: Edition, asked: Asked, series: list[Series]) -> str:
    """What is said of the first pair: whether its distance changed, where that was tested; else how large it is."""
    words, one = edition.words, series[0]
    a, b = _sides(edition, asked, one[0])
    named = {"label": asked.label, "a": a, "b": b}
    same = [
        c
        for c in edition.compared("gap_change", asked.id)
        if (c.dimension, c.group_a, c.group_b) == (one[0].dimension, one[0].group_a, one[0].group_b) and not c.domain and c.shown
    ]
    change = next((c for c in same if c.id.round == one[-1].id.round), None)
    if change is not None and change.value_a is not None and change.value_b is not None and change.status in VERDICTS:
        sizes = {"before": size(edition, asked, change.value_b), "after": size(edition, asked, change.value_a)}
        return words.say(VERDICTS[change.status], **named, **sizes)
    last = next(gap for gap in reversed(one) if gap.shown)
    return words.say("picture.apart_title", **named, size=size(edition, asked, last.value or 0.0))


def _alt(edition: Edition, asked: Asked, series: list[Series]) -> str:
    words = edition.words
    said = [words.say("picture.alt_gap", rounds=words.counted(max(map(len, series)), "round"), label=asked.label)]
    for one in series:
        a, b = _sides(edition, asked, one[0])
        told = [
            words.say("picture.alt_gap_one", round=edition.round_inside(g.id.dataset, g.id.round), value=_line(edition, asked, g).value)
            for g in one
        ]
        said.append(words.say("picture.alt_gap_row", a=capital(a), b=b, told=words.entry("list.semicolon").join(told)))
    return " ".join(said)


def _data(edition: Edition, asked: Asked, name: str, caption: str, series: list[Series]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    empty = Cell("", None, "empty")
    for one in series:
        for gap in one:
            a, b = _sides(edition, asked, gap)
            head = (Cell(edition.words.say("gaps.pair", a=capital(a), b=b)), Cell(edition.round_label(gap.id.dataset, gap.id.round)))
            line: Line = _line(edition, asked, gap)
            if line.state != "shown":
                kind = "hidden" if line.state == "hidden" else "empty"
                rows.append((*head, Cell(line.value, None, kind), empty, empty, empty, empty))  # type: ignore[arg-type]
                continue
            figures = [distance_cell(edition, asked, v) for v in (gap.value, gap.low, gap.high)]
            rows.append((*head, *figures, *(count_cell(edition, n) for n in _people(edition, gap))))
    return table_of(name, caption, edition.words.entry("picture.columns_gap"), rows)
