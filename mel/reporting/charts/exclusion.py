"""Who takes part and is heard less than others, what keeps them away, and whom do we not know? Dots with intervals; a radar when asked for.

The dot plot is the default because the areas of a radar mislead. The profile is a method of this project: see `mel.model.exclusion`.
"""

from __future__ import annotations

from mel.model.analyses import Analysis
from mel.reporting.blocks import Figure
from mel.reporting.charts.canvas import Canvas
from mel.reporting.charts.lines import Line, hide, note, place
from mel.reporting.charts.palette import ACCENT, INK
from mel.reporting.charts.picture import (
    Picture,
    figure_of,
    level_of,
    scale_of,
    sheet,
    upright,
)
from mel.reporting.charts.profile import PARITY, Point, alt_of, data_of, heading_of, points_of, title_of, what_of
from mel.reporting.charts.radar import draw_radar
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.words import numbers as write


def exclusion(edition: Edition, analysis: Analysis, *, radar: bool = False) -> Figure | None:
    """A profile of exclusion, measure by measure, parity as a dashed line; None when nothing of it may be shown.

    `radar`: its ratios as spokes around a ring of parity. Missing: a group that is withheld keeps its line, hatched.
    Raises: UsageError for a radar with fewer than three ratios.
    """
    return figure_of(edition, draw_exclusion(edition, analysis, radar=radar))


def draw_exclusion(edition: Edition, analysis: Analysis, *, radar: bool = False) -> Picture | None:
    points = points_of(edition, analysis)
    if not any(p.state == "shown" for p in points):
        return None
    if radar:
        return draw_radar(edition, analysis, points)
    canvas, alt = sheet(edition), alt_of(edition, points)
    for measure in dict.fromkeys(p.measure for p in points):
        _draw(canvas, edition, measure, [p for p in points if p.measure == measure], level_of(edition, analysis))
    name = slug("chart", analysis.dataset, analysis.indicator, "exclusion")
    return Picture(name, title_of(edition, points), alt, canvas, data_of(edition, name, points))


def _draw(canvas: Canvas, edition: Edition, measure: str, points: list[Point], level: str) -> None:
    words = edition.words
    place(canvas, [heading_of(edition, measure)])
    note(canvas, what_of(edition, measure))
    placed = place(canvas, [_line(p) for p in points])
    both = list(zip(placed, points, strict=True))
    shown = [(p, point, point.value) for p, point in both if point.state == "shown" and point.value is not None]
    parity = PARITY.get(measure)
    numbers = [v for _, point, value in shown for v in (value, *point.ends) if v is not None]
    whole = [1.0] if parity is None and not any(numbers) else []  # shares that are all zero: of the whole
    scale, at = scale_of([*numbers, *([parity] if parity is not None else whole)])
    top, bottom = placed[0].y - 8, canvas.height
    canvas.axis(top, bottom, [(scale(v), _tick(edition, measure, shown[0][1] if shown else None, v)) for v in at])
    if parity is not None:
        upright(canvas, scale(parity), [p.y for p in placed if p.line.state != "hidden"], colour=INK)
    ends = [
        (scale(low), p.y, scale(high), p.y) for p, point, _ in shown for low, high in [point.ends] if low is not None and high is not None
    ]
    canvas.lines(ends, width=3)
    shape = "diamond" if measure == "barrier_median" else "circle"
    for filled in (True, False):
        places = [(scale(v), p.y) for p, point, v in shown if (point.clear or parity is None) == filled]
        canvas.points(places, shape=shape, hollow=not filled, colour=ACCENT)
    canvas.height = bottom + 30
    hide(canvas, edition, placed)
    if measure == "barrier_median":
        note(canvas, words.say("picture.how_ratings"))
    elif ends:
        note(canvas, words.say("picture.how_profile", level=level))
        note(canvas, words.say("picture.how_parity") if parity is not None else "")
    canvas.height += 10


def _line(point: Point) -> Line:
    state = {"hidden": "hidden", "shown": "shown"}.get(point.state, "too_few")
    n = point.row.n
    label = point.label
    if point.state == "shown" and n is not None:
        label = f"{label}, {point.edition.words.say('picture.n', n=write.count(point.edition.words, n))}"
    return Line(label, point.text, state)


def _tick(edition: Edition, measure: str, point: Point | None, value: float) -> str:
    words = edition.words
    if point is not None and point.is_share:
        return write.points_bare(words, value) if measure == "access_gap" else write.percent(words, value)
    return write.number(words, value)
