"""How marks become an SVG: a narrow sheet in pixels, drawn by Altair and vl-convert, with a name for those who cannot see it.

The sheet is 400 px wide so that its letters are still 11 px high on a phone of 360 px. It knows nothing of figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mel.reporting.charts.palette import ACCENT, GRID, INK, MUTED, PAPER
from mel.reporting.markup import clean

if TYPE_CHECKING:
    import altair as alt

WIDTH = 400
FONT_SIZE = 15
FONT = "Noto Sans, Helvetica, Arial, sans-serif"
LETTER = 8.1
"""Pixels a letter takes on average, on the safe side."""
LEFT, RIGHT = 16, WIDTH - 24
"""Where the plot's scale begins and ends, so that its end labels stay on the sheet."""

Mark = tuple[list[dict[str, Any]], str, dict[str, Any], dict[str, Any]]
"""Its rows, what it is, how it looks, and which of its places the rows name."""


class Canvas:
    """Collects marks in pixels from the top left and draws them as one Altair chart."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self.height = 0.0

    def text(self, places: Sequence[tuple[float, float, str]], *, align: str = "left", bold: bool = False, colour: str = INK) -> None:
        """Texts at (x, y of the middle, text)."""
        if places:
            mark: dict[str, Any] = {
                "align": align, "baseline": "middle", "fontSize": FONT_SIZE, "font": FONT, "fontWeight": "bold" if bold else "normal", "color": colour,
            }  # fmt: skip
            self._add([{"x": x, "y": y, "text": text} for x, y, text in places], "mark_text", mark, text="text:N")

    def lines(
        self, ends: Sequence[tuple[float, float, float, float]], *, colour: str = ACCENT, width: float = 2, dash: Sequence[int] = ()
    ) -> None:
        """Straight lines from (x, y) to (x, y)."""
        if ends:
            rows = [{"x": a, "y": b, "x2": c, "y2": d} for a, b, c, d in ends]
            self._add(rows, "mark_rule", {"color": colour, "strokeWidth": width, "strokeDash": list(dash)}, x2="x2:Q", y2="y2:Q")

    def boxes(self, corners: Sequence[tuple[float, float, float, float]], *, colour: str = ACCENT, hollow: bool = False) -> None:
        """Rectangles from (left, top) to (right, bottom); hollow ones have an edge only."""
        if corners:
            rows = [{"x": a, "y": b, "x2": c, "y2": d} for a, b, c, d in corners]
            fill = {"fill": PAPER if hollow else colour, "stroke": colour, "strokeWidth": 1.5 if hollow else 0}
            self._add(rows, "mark_rect", fill, x2="x2:Q", y2="y2:Q")

    def points(
        self, places: Sequence[tuple[float, float]], *, shape: str = "circle", hollow: bool = False, colour: str = ACCENT, size: int = 120
    ) -> None:
        """Marks at (x, y) that differ in shape and filling, not in colour alone."""
        if places:
            look = {"shape": shape, "size": size, "fill": PAPER if hollow else colour, "stroke": colour, "strokeWidth": 2, "opacity": 1}
            self._add([{"x": x, "y": y} for x, y in places], "mark_point", look)

    def hatched(self, left: float, top: float, right: float, bottom: float) -> None:
        """A hatched band: something is here, and it is not shown."""
        tall, step = bottom - top, 9
        starts = [left + step * k for k in range(int((right - left - tall) // step) + 1)]
        self.lines([(x, bottom, x + tall, top) for x in starts], colour=MUTED, width=1)
        self.lines([(left, top, right, top), (left, bottom, right, bottom)], colour=MUTED, width=1)

    def hatched_box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A hatched cell of any shape, with an edge all round."""
        tall, wide, step = bottom - top, right - left, 9
        ends = [(max(0.0, d), min(wide, d + tall), d) for d in (-tall + step * k for k in range(1, int((wide + tall) // step) + 1))]
        self.lines([(left + a, bottom - (a - d), left + b, bottom - (b - d)) for a, b, d in ends if b > a], colour=MUTED, width=1)
        self.outline(left, top, right, bottom)

    def outline(self, left: float, top: float, right: float, bottom: float, *, dash: Sequence[int] = ()) -> None:
        """The four edges of a cell that is not filled."""
        edges = [(left, top, right, top), (right, top, right, bottom), (left, bottom, right, bottom), (left, top, left, bottom)]
        self.lines(edges, colour=MUTED, width=1, dash=dash)

    def axis(self, top: float, bottom: float, ticks: Sequence[tuple[float, str]]) -> None:
        """Faint upright lines with their labels below."""
        self.lines([(x, top, x, bottom) for x, _ in ticks], colour=GRID, width=1)
        self.text([(x, bottom + 14, text) for x, text in ticks], align="center", colour=MUTED)

    def spec(self) -> dict[str, Any]:
        """The whole drawing as Vega-Lite holds it: pixels and texts, so that no number can travel in it unseen."""
        import altair as alt

        height = round(self.height)
        layers = [self._layer(height, *mark) for mark in _merged(self._marks)]
        chart = alt.layer(*layers).properties(width=WIDTH, height=height, padding=0, autosize="none", background=PAPER)
        drawn: dict[str, Any] = _cleaned(chart.configure_view(stroke=None).to_dict())
        return drawn

    def svg(self, name: str, alt_text: str) -> str:
        """The drawing, with `alt_text` as its name. `name` makes its ids its own on a page of many."""
        import vl_convert

        return _named(vl_convert.vegalite_to_svg(self.spec()), name, clean(alt_text))

    def _add(self, rows: list[dict[str, Any]], mark: str, look: dict[str, Any], **encodings: Any) -> None:
        self._marks.append((rows, mark, {key: value for key, value in look.items() if value != []}, encodings))

    def _layer(self, height: int, rows: list[dict[str, Any]], mark: str, look: dict[str, Any], encodings: dict[str, Any]) -> alt.Chart:
        import altair as alt

        x = alt.X("x:Q", scale=alt.Scale(domain=[0, WIDTH], nice=False, zero=False), axis=None)
        y = alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False, zero=False), axis=None)
        drawn: alt.Chart = getattr(alt.Chart(alt.InlineData(values=rows)), mark)(**look, clip=False).encode(x=x, y=y, **encodings)
        return drawn


def _merged(marks: Sequence[Mark]) -> list[Mark]:
    """Fewer, equal layers, for each costs time: neighbours that look alike as one, and all texts above all shapes."""
    merged: list[Mark] = []
    for rows, mark, look, encodings in sorted(marks, key=lambda one: one[1] == "mark_text"):
        alike = [at for at, one in enumerate(merged) if one[1:] == (mark, look, encodings)] if mark == "mark_text" else []
        at = alike[0] if alike else len(merged) - 1
        if at >= 0 and merged[at][1:] == (mark, look, encodings):
            merged[at] = ([*merged[at][0], *rows], mark, look, encodings)
        else:
            merged.append((rows, mark, look, encodings))
    return merged


def wrapped(text: str, room: float) -> list[str]:
    """A label in lines that fit into `room` pixels."""
    import textwrap

    return textwrap.wrap(text, max(int(room / LETTER), 8)) or [""]


def _cleaned(value: Any) -> Any:
    """Without signs that no drawing can carry: the renderer would end the whole process at one of them."""
    if isinstance(value, dict):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_cleaned(part) for part in value]
    return clean(value) if isinstance(value, str) else value


def _named(svg: str, name: str, alt_text: str) -> str:
    from xml.sax.saxutils import quoteattr

    own = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    own = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", own)
    own = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", own)
    style = f"width:100%;max-width:{WIDTH * 1.25:.0f}px;height:auto"
    # On a page that is read from right to left, "start" would be the right edge, and every label would leave the sheet.
    return own.replace("<svg ", f'<svg role="img" direction="ltr" aria-label={quoteattr(alt_text)} style="{style}" ', 1)
