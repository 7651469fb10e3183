"""What charts of groups share: one line a group, its name above its mark and its figure at the end, readable on a narrow screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mel.reporting.charts.canvas import FONT_SIZE, LEFT, LETTER, RIGHT, WIDTH, Canvas, wrapped
from mel.reporting.charts.palette import INK, MUTED
from mel.reporting.edition import Edition

LINE, MARK, SPACE = FONT_SIZE + 5, 18, 8
"""Heights in pixels: a line of text, the band of its mark, the space after it."""
Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Line:
    """One group: its label, what is said of it at the end of the line, and why it has no mark when it has none."""

    label: str
    value: str = ""
    state: str = "shown"  # shown | hidden | too_few | heading


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and the middle of its mark's band."""

    line: Line
    y: float


def place(canvas: Canvas, lines: Sequence[Line]) -> list[Placed]:
    """Write the labels and figures from the top down and return where each mark belongs; the canvas grows as needed."""
    top, placed, labels, values, heads = canvas.height, [], [], [], []
    for line in lines:
        if line.state == "heading":
            parts = wrapped(line.label, WIDTH * 0.86)  # bold letters are wider
            heads += [(0.0, top + SPACE + LINE * (at + 0.5), part) for at, part in enumerate(parts)]
            top += LINE * len(parts) + SPACE
            continue
        parts = wrapped(line.label, WIDTH - len(line.value) * LETTER - 12)
        labels += [(0.0, top + LINE * (at + 0.5), part) for at, part in enumerate(parts)]
        values.append((float(WIDTH), top + LINE / 2, line.value))
        top += LINE * len(parts)
        placed.append(Placed(line, top + MARK / 2))
        top += MARK + SPACE
    canvas.text(heads, bold=True)
    canvas.text(labels)
    canvas.text([v for v in values if v[2]], align="right", colour=INK)
    canvas.height = top
    return placed


def hide(canvas: Canvas, edition: Edition, placed: Sequence[Placed]) -> None:
    """Hatch the lines that are not shown and say below why; a line with too few answers stays without a mark."""
    hidden = [p for p in placed if p.line.state == "hidden"]
    for p in hidden:
        canvas.hatched(LEFT, p.y - 5, RIGHT, p.y + 5)
    if hidden:
        note(canvas, edition.words.say("chart.hatched"))


def note(canvas: Canvas, text: str) -> None:
    """A note below what is drawn so far."""
    for part in wrapped(text, WIDTH) if text else ():
        canvas.text([(0.0, canvas.height + LINE / 2, part)], colour=MUTED)
        canvas.height += LINE


def scale_to(highest: float, *, least: float = 0.0) -> tuple[Scale, float]:
    """A scale from zero to a round number at or above `highest`, and that number."""
    top = max(highest, least, 1e-9)
    step = 10 ** _exponent(top)
    nice = next(m * step for m in (1, 2, 3, 4, 5, 6, 8, 10) if m * step >= top * 0.9999)
    return (lambda value: LEFT + (RIGHT - LEFT) * value / nice), nice


def _exponent(value: float) -> int:
    import math

    return math.floor(math.log10(value))
