"""Parts of a whole: who was reached as one bar cut in lettered parts, and how often each answer was given."""

from __future__ import annotations

from collections.abc import Sequence

from mel.reporting.blocks import Figure
from mel.reporting.charts.canvas import LEFT, RIGHT, Canvas
from mel.reporting.charts.groups import ticks
from mel.reporting.charts.lines import LINE, Line, hide, note, place, scale_to
from mel.reporting.charts.palette import INK, MUTED, PAPER, SEGMENTS
from mel.reporting.charts.words import data_table
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.figures import value_text, with_interval

THICK = 34


def composition_bars(edition: Edition, indicator: str, round_: str) -> Figure | None:
    """One bar for everyone who answered, cut by group; each part has a letter, and the letters are told below with their share.

    Missing: what is not shown is a hatched rest of the bar; it is not a part with a size of its own.
    """
    asked = edition.indicator(indicator)
    rows = edition.of(indicator, round_, ())
    shown = [row for row in rows if row.shown and row.value is not None]
    if not shown:
        return None
    name = slug("chart", indicator, "composition")
    what = edition.words.say("chart.what", label=asked.label, round=edition.round_label(asked.dataset, round_))
    alt = _alt(edition, indicator, rows, what)
    canvas = Canvas()
    hidden = any(row.hidden for row in rows)
    _stack(canvas, shown, rest_hidden=hidden)
    _key(canvas, edition, indicator, rows)
    if hidden:
        note(canvas, edition.words.say("chart.hatched"))
    data = data_table(edition, name, what, [(edition.answer_label(indicator, row.id.category), row) for row in rows])
    return Figure(name, _title(edition, indicator, shown), alt, canvas.svg(name, alt), data)


def answer_bars(edition: Edition, indicator: str, round_: str) -> Figure | None:
    """How often each answer was given, in the order of the form; None without rows."""
    asked = edition.indicator(indicator)
    rows = edition.of(indicator, round_, ())
    shown = [row for row in rows if row.shown and row.value is not None]
    if not shown:
        return None
    name = slug("chart", indicator, "answers")
    what = edition.words.say("chart.what", label=asked.label, round=edition.round_label(asked.dataset, round_))
    alt = _alt(edition, indicator, rows, what)
    canvas = Canvas()
    states = {True: "hidden", False: "shown"}
    placed = place(
        canvas, [Line(edition.answer_label(indicator, r.id.category), with_interval(edition, r), states[r.hidden]) for r in rows]
    )
    scale, top = scale_to(max(v for row in shown for v in (row.value, row.high) if v is not None))
    bottom = canvas.height
    marks = [(p, row) for p, row in zip(placed, rows, strict=True) if row.shown and row.value is not None]
    ticks(canvas, edition, asked, scale, top, placed[0].y - 8, bottom)
    canvas.boxes([(scale(0), p.y - 6, scale(row.value or 0.0), p.y + 6) for p, row in marks])
    between = [(p, row) for p, row in marks if row.basis == "probability" and row.low is not None and row.high is not None]
    ends = [(scale(row.low or 0.0), p.y, scale(row.high or 0.0), p.y) for p, row in between]
    canvas.lines(ends, colour=PAPER, width=6)
    canvas.lines(ends, colour=INK, width=2)
    canvas.height = bottom + 30
    hide(canvas, edition, placed)
    if between:
        note(canvas, edition.words.say("chart.how_answers"))
    data = data_table(edition, name, what, [(edition.answer_label(indicator, row.id.category), row) for row in rows])
    return Figure(name, _title(edition, indicator, shown), alt, canvas.svg(name, alt), data)


def _stack(canvas: Canvas, shown: Sequence[Estimate], *, rest_hidden: bool) -> None:
    """The bar. A part that is wide enough carries its letter in white."""
    left, wide, letters = float(LEFT), RIGHT - LEFT, []
    top, bottom = 4.0, 4.0 + THICK
    for at, row in enumerate(shown):
        right = left + wide * (row.value or 0.0)
        canvas.boxes([(left, top, max(right - 2, left + 0.5), bottom)], colour=SEGMENTS[at % len(SEGMENTS)])
        if right - left > 22:
            letters.append(((left + right - 2) / 2, (top + bottom) / 2, letter(at)))
        left = right
    if rest_hidden and RIGHT - left > 14:
        canvas.hatched(left, top + 1, RIGHT, bottom - 1)
    canvas.text(letters, align="center", bold=True, colour=PAPER)
    canvas.height = bottom + 10


def _key(canvas: Canvas, edition: Edition, indicator: str, rows: Sequence[Estimate]) -> None:
    at = 0
    for row in rows:
        y = canvas.height + LINE / 2 + 3
        if row.shown and row.value is not None:
            canvas.boxes([(0, y - 10, 20, y + 10)], colour=SEGMENTS[at % len(SEGMENTS)])
            canvas.text([(10, y, letter(at))], align="center", bold=True, colour=PAPER)
            at += 1
        else:
            canvas.hatched(0, y - 9, 20, y + 9)
        label = edition.answer_label(indicator, row.id.category)
        canvas.text([(30, y, label)])
        canvas.text(
            [(float(RIGHT), y, edition.words.say("hidden.short") if row.hidden else value_text(edition, row))],
            align="right",
            colour=INK if row.shown else MUTED,
        )
        canvas.height += LINE + 6


def letter(at: int) -> str:
    """A, B, C … for the parts of a bar; more than 26 parts go on with numbers."""
    return chr(65 + at) if at < 26 else str(at + 1)


def _title(edition: Edition, indicator: str, shown: Sequence[Estimate]) -> str:
    asked, ordered = edition.indicators[indicator], sorted(shown, key=lambda row: -(row.value or 0.0))
    first = ordered[0]
    if asked.kind == "composition":
        parts = [(edition.answer_label(indicator, row.id.category), value_text(edition, row)) for row in ordered[:2]]
        told = [edition.words.say("chart.alt_part", label=label, value=value) for label, value in parts]
        return edition.words.say("chart.parts_title", label=asked.label, parts=edition.words.entry("list.semicolon").join(told))
    share, answer = value_text(edition, first), edition.answer_label(indicator, first.id.category)
    return edition.words.say("chart.most", label=asked.label, answer=answer, share=share)


def _alt(edition: Edition, indicator: str, rows: Sequence[Estimate], what: str) -> str:
    words = edition.words
    shown = [row for row in rows if row.shown and row.value is not None]
    parts = [words.say("chart.alt_part", label=edition.answer_label(indicator, r.id.category), value=value_text(edition, r)) for r in shown]
    told = [words.say("chart.alt_parts", what=what, parts=words.entry("list.semicolon").join(parts))]
    hidden = sum(row.hidden for row in rows)
    if hidden:
        told.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    first = next((row for row in shown if row.n is not None), None)
    if first is not None:
        told.append(words.say(f"chart.alt_n_{first.counts or 'people'}", n=write.count(words, first.n or 0)))
    return " ".join(told)
