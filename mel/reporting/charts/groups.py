"""One indicator, group by group: dots with intervals for a probability sample; for all others, bars of people, because they are counted."""

from __future__ import annotations

from collections.abc import Sequence

from mel.codes import ALL
from mel.reporting.blocks import Figure
from mel.reporting.charts.canvas import Canvas
from mel.reporting.charts.lines import Line, Placed, Scale, hide, note, place, scale_to
from mel.reporting.charts.palette import MUTED
from mel.reporting.charts.words import alt_of_groups, data_table
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Estimate
from mel.reporting.words import Words
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import inside
from mel.reporting.words.claims import active
from mel.reporting.words.figures import value_text, with_interval
from mel.reporting.words.groups import Group, group_of
from mel.reporting.words.pairs import pair_title, pairs_of

Drawn = list[tuple[Line, Estimate | None]]


def group_dots(edition: Edition, indicator: str, round_: str, margins: Sequence[Sequence[str]] | None = None) -> Figure | None:
    """The groups of one round, by each single dimension (or the margins given); None when there are none.

    Missing: a hidden group keeps its line, hatched; a group with too few answers keeps its line without a mark.
    """
    asked = edition.indicator(indicator)
    wanted = [tuple(m) for m in margins] if margins is not None else [m for m in edition.margins(indicator) if len(m) == 1]
    drawn = lines_of(edition, indicator, round_, wanted)
    rows = [row for _, row in drawn if row is not None]
    groups = [row for margin in wanted for row in _one_each(edition, indicator, round_, margin)]
    if not any(row.shown for row in rows) or not groups or (margins is not None and not any(row.shown for row in groups)):
        return None
    name = slug("chart", indicator, *(d for m in margins for d in m)) if margins is not None else slug("chart", indicator)
    whole = edition.whole(indicator, round_)
    title = group_title(edition, asked, round_, whole, wanted)
    what = edition.words.say("chart.what", label=_label(edition, asked), round=edition.round_label(asked.dataset, round_))
    alt = alt_of_groups(edition, groups, what, whole)
    canvas = Canvas()
    draw_groups(canvas, edition, asked, rows, place(canvas, [line for line, _ in drawn]))
    data = data_table(edition, name, what, [(edition.group_label(row.domain), row) for row in ([whole] if whole else []) + groups])
    return Figure(name, title, alt, canvas.svg(name, alt), data)


def group_title(edition: Edition, asked: Asked, round_: str, whole: Estimate | None, margins: Sequence[tuple[str, ...]]) -> str:
    """The finding as a title: the largest clear gap among what is drawn, else the figure of the whole. The system is the subject
    where the claim names one; no title says what a group lacks.
    """
    words = edition.words
    drawn = {frozenset(margin) for margin in margins}
    clear = [
        p for p in pairs_of(edition, asked.id, round_) if p.clear and frozenset({*p.difference.domain, p.difference.dimension}) in drawn
    ]
    if clear:
        return pair_title(edition, min(clear, key=lambda pair: pair.rank))
    if whole is None or not whole.shown or whole.too_few:
        return words.say("gap.title.plain", label=asked.label)
    value, group = value_text(edition, whole), group_of(edition, {}, asked.counts)
    turned = active(words, asked.claim)
    if not asked.is_share:
        return words.say("gap.title.label_value", label=_label(edition, asked), value=value)
    if whole.basis != "probability" and whole.n is not None:
        return words.say("gap.title.label_counted", label=asked.label, **_counted_title(words, whole, group))
    if turned:
        return words.say("gap.title.active_level", System=turned.system, verb=turned.verb, share=value, group=group.in_population)
    return words.say("gap.title.label_level", label=asked.label, share=value, group=group.in_population)


def _label(edition: Edition, asked: Asked) -> str:
    """The indicator's label; of a quantile with which one is drawn."""
    which = edition.main(asked.id)
    return (
        asked.label
        if which == ALL
        else edition.words.say("quantile.label", label=asked.label, which=inside(edition.answer_label(asked.id, which)))
    )


def _counted_title(words: Words, whole: Estimate, group: Group) -> dict[str, str]:
    n, yes = whole.n or 0, whole.n_yes or 0
    share = words.say("level.in_brackets", text=write.percent(words, yes / n)) if n >= write.SMALLEST_FOR_PERCENT else ""
    return {"yes": write.count(words, yes), "n": group.of(n), "share": share}


def lines_of(edition: Edition, indicator: str, round_: str, margins: Sequence[tuple[str, ...]]) -> Drawn:
    """The whole first, then each dimension under its heading."""
    whole = edition.whole(indicator, round_)
    drawn: Drawn = [(_line(edition, whole), whole)] if whole is not None else []
    for margin in margins:
        rows = _one_each(edition, indicator, round_, margin)
        if rows:
            drawn.append((Line(" × ".join(edition.dimension_label(d) for d in margin), state="heading"), None))
            drawn += _group_lines(edition, rows)
    return drawn


def _one_each(edition: Edition, indicator: str, round_: str, margin: Sequence[str]) -> list[Estimate]:
    """One row a group: of several quantiles the one that stands for them."""
    main = edition.main(indicator)
    return [row for row in edition.of(indicator, round_, margin) if row.id.category == main]


def _group_lines(edition: Edition, rows: Sequence[Estimate]) -> Drawn:
    """A line a group; one for all of them where none is shown."""
    if len(rows) > 1 and all(row.hidden for row in rows):
        words = edition.words
        label = words.say("chart.all_groups", groups=words.counted(len(rows), "group"))
        return [(Line(label, words.say("hidden.short"), "hidden"), rows[0])]
    return [(_line(edition, row), row) for row in rows]


def draw_groups(canvas: Canvas, edition: Edition, asked: Asked, rows: Sequence[Estimate], placed: Sequence[Placed]) -> None:
    """The marks of the rows on their lines: dots for a sample, people for those who are counted."""
    marked = list(zip(placed, rows, strict=True))
    if not marked:
        return
    if _counted(asked, rows):
        _people(canvas, edition, marked)
    else:
        _dots(canvas, edition, asked, marked)


def _line(edition: Edition, row: Estimate) -> Line:
    state = "hidden" if row.hidden else "too_few" if row.too_few else "shown"
    return Line(edition.group_label(row.domain), with_interval(edition, row), state)


def _counted(asked: Asked, rows: Sequence[Estimate]) -> bool:
    return asked.kind == "proportion" and all(row.basis != "probability" for row in rows)


def _dots(canvas: Canvas, edition: Edition, asked: Asked, marked: Sequence[tuple[Placed, Estimate]]) -> None:
    shown = [(p, row) for p, row in marked if p.line.state == "shown" and row.value is not None]
    ends = [abs(v) for _, row in shown for v in (row.value, row.high, row.low) if v is not None]
    scale, top = scale_to(max(ends, default=1.0))
    bottom = canvas.height
    start = marked[0][0].y - 8
    ticks(canvas, edition, asked, scale, top, start, bottom)
    whole = next(((p, row) for p, row in shown if not row.domain), None)
    if whole is not None:
        x = scale(whole[1].value or 0.0)
        canvas.lines([(x, start, x, bottom)], colour=MUTED, width=1, dash=(4, 4))
    canvas.lines([(scale(row.low), p.y, scale(row.high), p.y) for p, row in shown if row.low is not None and row.high is not None], width=3)
    groups = [(scale(row.value or 0.0), p.y, row.reliability == "caution") for p, row in shown if row.domain]
    canvas.points([(x, y) for x, y, caution in groups if not caution])
    canvas.points([(x, y) for x, y, caution in groups if caution], hollow=True)
    canvas.points([(scale(row.value or 0.0), p.y) for p, row in shown if not row.domain], shape="diamond", size=170)
    canvas.height = bottom + 30
    hide(canvas, edition, [p for p, _ in marked])
    if any(row.low is not None for _, row in shown):
        note(canvas, edition.words.say("chart.how_dots"))
    if any(caution for _, _, caution in groups):
        note(canvas, edition.words.say("chart.how_caution"))


def _people(canvas: Canvas, edition: Edition, marked: Sequence[tuple[Placed, Estimate]]) -> None:
    """A bar as long as the group, filled as far as people said yes: counts first, no share as an axis."""
    shown = [(p, row) for p, row in marked if p.line.state == "shown" and row.n is not None and row.n_yes is not None]
    scale, top = scale_to(max((row.n or 0 for _, row in shown), default=1), least=1)
    bottom = canvas.height
    canvas.axis(marked[0][0].y - 8, bottom, [(scale(v), write.count(edition.words, v)) for v in _whole_ticks(top)])
    canvas.boxes([(scale(0), p.y - 7, scale(row.n or 0), p.y + 7) for p, row in shown], hollow=True)
    canvas.boxes([(scale(0), p.y - 7, scale(row.n_yes or 0), p.y + 7) for p, row in shown if row.n_yes])
    canvas.height = bottom + 30
    hide(canvas, edition, [p for p, _ in marked])
    if shown:
        note(canvas, edition.words.say("chart.how_people"))


def ticks(canvas: Canvas, edition: Edition, asked: Asked, scale: Scale, top: float, start: float, bottom: float) -> None:
    """Upright lines from zero to the scale's end, in the indicator's unit."""
    values = [top * k / 4 for k in range(5)] if round(top * 100) % 4 == 0 or not asked.is_share else [top * k / 2 for k in range(3)]
    words = edition.words
    canvas.axis(start, bottom, [(scale(v), write.percent(words, v) if asked.is_share else write.number(words, v)) for v in values])


def _whole_ticks(top: float) -> list[float]:
    step = next((s for s in (4, 2, 5, 3) if round(top) % s == 0), 1)
    return [round(top) * k / step for k in range(step + 1)]
