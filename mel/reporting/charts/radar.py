"""The ratios of a profile as spokes around a ring of parity, for those who asked for a radar. Its areas say nothing, and it says so."""

from __future__ import annotations

import math

from mel.errors import UsageError
from mel.errors.pictures import PICTURE_RADAR
from mel.model.analyses import Analysis
from mel.reporting.charts.canvas import LETTER, WIDTH, Canvas, wrapped
from mel.reporting.charts.lines import LINE, note, scale_to
from mel.reporting.charts.palette import GRID, INK, MUTED
from mel.reporting.charts.picture import Picture, level_of, sheet
from mel.reporting.charts.profile import RATIOS, Point, alt_of, data_of, title_of
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.words import numbers as write

FEWEST = 3
RADIUS = 140.0


def draw_radar(edition: Edition, analysis: Analysis, points: list[Point]) -> Picture:
    """The first ratio of a profile as a radar. Raises: UsageError with fewer than three spokes."""
    measure = next((m for m in RATIOS if any(p.measure == m and p.state == "shown" for p in points)), RATIOS[0])
    spokes = [p for p in points if p.measure == measure]
    shown = [p for p in spokes if p.state == "shown"]
    if len(shown) < FEWEST:
        raise UsageError(PICTURE_RADAR.at(count=len(shown), least=FEWEST))
    canvas, alt = sheet(edition), alt_of(edition, spokes)
    _draw(canvas, edition, spokes, level_of(edition, analysis))
    name = slug("chart", analysis.dataset, analysis.indicator, "exclusion", "radar")
    return Picture(name, title_of(edition, spokes), alt, canvas, data_of(edition, name, spokes))


def _draw(canvas: Canvas, edition: Edition, spokes: list[Point], level: str) -> None:
    shown = [(at, p) for at, p in enumerate(spokes) if p.state == "shown"]
    _, top = scale_to(max(1.0, *(v for _, p in shown for v in (p.value, p.ends[1]) if v is not None)))
    middle = (WIDTH / 2, canvas.height + RADIUS + LINE * 1.5)

    def at_(spoke: float, value: float) -> tuple[float, float]:
        angle = 2 * math.pi * spoke / len(spokes) - math.pi / 2
        return middle[0] + RADIUS * value / top * math.cos(angle), middle[1] + RADIUS * value / top * math.sin(angle)

    canvas.lines([(*middle, *at_(k, top)) for k in range(len(spokes))], colour=GRID, width=1)
    _ring(canvas, middle, RADIUS, dash=())
    _ring(canvas, middle, RADIUS / top, dash=(4, 4))
    ends = [(*at_(k, low), *at_(k, high)) for k, p in shown for low, high in [p.ends] if low is not None and high is not None]
    canvas.lines(ends, width=3)
    for clear in (True, False):
        canvas.points([at_(k, p.value) for k, p in shown if p.value is not None and p.clear == clear], hollow=not clear)
    hidden = [k for k, p in enumerate(spokes) if p.state != "shown"]
    canvas.lines([(*middle, *at_(k, top)) for k in hidden], colour=MUTED, width=1.5, dash=(2, 5))
    letters = [(*at_(k, top * (1 + 14 / RADIUS)), _letter(k)) for k in range(len(spokes))]
    canvas.text(letters, align="center", bold=True)
    words = edition.words
    between = at_(0.5, 1 + 0.1 * top)
    canvas.text([(*between, write.number(words, 1.0))], align="center", colour=INK)
    canvas.height = middle[1] + RADIUS + LINE * 1.5
    _key(canvas, spokes)
    if hidden and any(spokes[k].state == "hidden" for k in hidden):
        note(canvas, words.say("picture.how_radar_hidden"))
    note(canvas, words.say("picture.how_radar", level=level))


def _ring(canvas: Canvas, middle: tuple[float, float], radius: float, dash: tuple[int, ...]) -> None:
    """A circle as a line of many short steps, every second one left out where it is dashed."""
    steps = 72
    around = [
        (middle[0] + radius * math.cos(2 * math.pi * k / steps), middle[1] + radius * math.sin(2 * math.pi * k / steps))
        for k in range(steps + 1)
    ]
    parts = [(*around[k], *around[k + 1]) for k in range(steps) if not dash or k % 2 == 0]
    canvas.lines(parts, colour=INK if dash else GRID, width=1.5)


def _key(canvas: Canvas, spokes: list[Point]) -> None:
    for at, point in enumerate(spokes):
        n = point.row.n
        label = point.label
        if point.state == "shown" and n is not None:
            label = f"{label}, {point.edition.words.say('picture.n', n=write.count(point.edition.words, n))}"
        canvas.text([(0.0, canvas.height + LINE / 2, _letter(at))], bold=True)
        canvas.text([(float(WIDTH), canvas.height + LINE / 2, point.text)], align="right")
        for part in wrapped(label, WIDTH - 34 - len(point.text) * LETTER):
            canvas.text([(22.0, canvas.height + LINE / 2, part)])
            canvas.height += LINE
    canvas.height += 8


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else str(at + 1)
