"""Every group by several dimensions at once, in order: those for whom a system does least first, each with how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from mel.codes import ALL
from mel.model.analyses import Analysis
from mel.reporting.blocks import Cell, Figure, Table
from mel.reporting.charts.canvas import Canvas
from mel.reporting.charts.groups import ticks
from mel.reporting.charts.lines import Line, Placed, hide, note, place, scale_to
from mel.reporting.charts.palette import INK
from mel.reporting.charts.picture import (
    Picture,
    State,
    Told,
    figure_of,
    hidden_row,
    level_of,
    sheet,
    state_words,
    table_of,
    table_with,
    told,
    upright,
)
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import Bounds, amount, bounds_label, bounds_people, cell, count_cell, with_ends
from mel.reporting.words.behind import behind_title

MOST = 15
"""Groups drawn; the table has them all."""
CLEAR = ("behind", "ahead")
"""What a ranking says of a group whose distance from everyone is clear."""
MORE_THAN_PARTS = ("lower", "higher")
"""What a model says of an intersection that is clearly more, or less, than its parts alone lead one to expect."""


def ranked_intersections(edition: Edition, analysis: Analysis) -> Figure | None:
    """The groups of a `ranking`, or of a model of `intersections`, in order, with everyone's figure as a line; None without a group to show.

    Of a ranking the interval holds for all groups at once, so that a small noisy group is not crowned by chance.
    Missing: a group that is withheld keeps its line at the end, hatched.
    """
    return figure_of(edition, draw_ranked(edition, analysis))


def draw_ranked(edition: Edition, analysis: Analysis) -> Picture | None:
    asked = edition.indicator(analysis.indicator)
    groups = _groups(edition, asked, analysis)
    if not any(group.state == "shown" for group in groups):
        return None
    name = slug("chart", analysis.indicator, analysis.round if analysis.round != ALL else "", analysis.kind)
    what = edition.words.say("picture.of_tree", label=asked.label, round=edition.round_label(analysis.dataset, analysis.round))
    everyone = _everyone(edition, analysis)
    alt = _alt(edition, asked, analysis, groups, everyone, what)
    canvas = sheet(edition)
    _draw(canvas, edition, asked, analysis, groups, everyone)
    return Picture(
        name, _title(edition, asked, analysis, groups, everyone), alt, canvas, _data(edition, asked, analysis, name, what, groups)
    )


@dataclass(frozen=True, slots=True)
class _Group:
    row: Told
    bounds: Bounds
    state: State
    value: float | None
    low: float | None
    high: float | None
    steadied: float | None

    @property
    def clear(self) -> bool:
        return self.state == "shown" and self.row.text("status") in (*CLEAR, *MORE_THAN_PARTS)


def _groups(edition: Edition, asked: Asked, analysis: Analysis) -> list[_Group]:
    """In the ranking's order; a model's from the side where a system does less. Those that are not shown stand last, so that their
    place gives nothing away.
    """
    ranking = told(edition, table_with(analysis, "place", "domain", "observed"))
    if ranking:
        made = [_of_ranking(row, asked) for row in ranking]
        made.sort(key=lambda g: (g.state != "shown", g.row.number("place") or 0.0))
        return made
    made = [_of_model(row, analysis, asked) for row in told(edition, table_with(analysis, "interaction", "additive"))]
    sign = -1.0 if asked.polarity == "lower_is_better" else 1.0
    return sorted(made, key=lambda g: (g.state != "shown", sign * (g.value or 0.0)))


def _of_ranking(row: Told, asked: Asked) -> _Group:
    value = row.number("observed")
    ends = (row.number("observed_low"), row.number("observed_high"))
    return _Group(row, row.bounds, row.state(value, share=asked.is_share), value, *ends, row.number("estimate"))


def _of_model(row: Told, analysis: Analysis, asked: Asked) -> _Group:
    bounds = tuple((name, (row.text(name),)) for name in analysis.dimensions if row.text(name))
    value = row.number("estimate")
    return _Group(
        row, bounds, row.state(value, share=asked.is_share), value, row.number("ci_low"), row.number("ci_high"), row.number("additive")
    )


def _everyone(edition: Edition, analysis: Analysis) -> float | None:
    summary = next(iter(told(edition, table_with(analysis, "everyone", "silent_groups"))), None)
    if summary is not None and summary.number("everyone") is not None:
        return summary.number("everyone")
    whole = edition.whole(analysis.indicator, analysis.round)
    return whole.value if whole is not None and whole.shown and not whole.too_few else None


def _draw(canvas: Canvas, edition: Edition, asked: Asked, analysis: Analysis, groups: list[_Group], everyone: float | None) -> None:
    drawn = groups[:MOST]
    placed = place(canvas, [_line(edition, asked, group) for group in drawn])
    shown = [(p, g) for p, g in zip(placed, drawn, strict=True) if g.state == "shown"]
    numbers = [abs(v) for _, g in shown for v in (g.value, g.high, g.steadied) if v is not None]
    scale, top = scale_to(max([*numbers, *([abs(everyone)] if everyone is not None else [])]))
    start, bottom = placed[0].y - 8, canvas.height
    ticks(canvas, edition, asked, scale, top, start, bottom)
    if everyone is not None:
        upright(canvas, scale(everyone), [p.y for p in placed if p.line.state != "hidden"])
    canvas.lines([(scale(g.low), p.y, scale(g.high), p.y) for p, g in shown if g.low is not None and g.high is not None], width=3)
    for clear in (True, False):
        canvas.points([(scale(g.value), p.y) for p, g in shown if g.value is not None and g.clear == clear], hollow=not clear)
    canvas.points([(scale(g.steadied), p.y) for p, g in shown if g.steadied is not None], shape="diamond", hollow=True, colour=INK, size=70)
    canvas.height = bottom + 30
    hide(canvas, edition, placed)
    _notes(canvas, edition, asked, analysis, shown, len(groups) - len(drawn), everyone)


def _notes(
    canvas: Canvas,
    edition: Edition,
    asked: Asked,
    analysis: Analysis,
    shown: list[tuple[Placed, _Group]],
    more: int,
    everyone: float | None,
) -> None:
    words = edition.words
    if everyone is not None:
        note(canvas, words.say("picture.everyone_line", value=amount(edition, asked, everyone)))
    if any(g.low is not None for _, g in shown):
        note(canvas, words.say(f"picture.how_{analysis.kind}", level=level_of(edition, analysis)))
        note(canvas, words.say(f"picture.how_{analysis.kind}_clear"))
    if more > 0:
        note(canvas, words.say("picture.more_lines", n=write.count(words, more)))


def _line(edition: Edition, asked: Asked, group: _Group) -> Line:
    label = bounds_label(edition, group.bounds)
    if group.state != "shown" or group.value is None:
        return Line(label, state_words(edition, group.state), "hidden" if group.state == "hidden" else "too_few")
    n = edition.words.say("picture.n", n=write.count(edition.words, group.row.n or 0))
    return Line(f"{label}, {n}", with_ends(edition, asked, group.value, group.low, group.high))


def _title(edition: Edition, asked: Asked, analysis: Analysis, groups: list[_Group], everyone: float | None) -> str:
    """The first group that is clearly behind everyone; of a model, the first that is clearly not the sum of its parts."""
    words, shown = edition.words, [g for g in groups if g.state == "shown" and g.value is not None]
    tested = any(g.row.text("status") != "no_test" for g in shown)
    if analysis.kind == "intersections":
        worse = "higher" if asked.polarity == "lower_is_better" else "lower"
        clear = sorted((g for g in shown if g.clear and g.steadied is not None), key=lambda g: g.row.text("status") != worse)
        if not clear:
            return words.say("picture.plain_intersections" if tested else "gap.title.plain", label=asked.label)
        values = {"share": amount(edition, asked, clear[0].value or 0.0), "expected": amount(edition, asked, clear[0].steadied or 0.0)}
        return words.say("picture.not_the_sum", label=asked.label, group=bounds_people(edition, clear[0].bounds, asked.counts), **values)
    first = next((g for g in shown if g.row.text("status") == "behind"), None)
    if first is not None and everyone is not None:
        return behind_title(edition, asked, bounds_people(edition, first.bounds, asked.counts), first.value or 0.0, everyone)
    nobody = tested and not any(g.clear for g in shown)
    return words.say("picture.plain_ranked" if nobody else "gap.title.plain", label=asked.label)


def _alt(edition: Edition, asked: Asked, analysis: Analysis, groups: list[_Group], everyone: float | None, what: str) -> str:
    words = edition.words
    shown = [g for g in groups if g.state == "shown" and g.value is not None]

    def named(group: _Group) -> str:
        value = with_ends(edition, asked, group.value or 0.0, group.low, group.high)
        return words.say("picture.alt_told", group=bounds_label(edition, group.bounds), value=value)

    said = [words.say("picture.alt_ranked", groups=words.counted(len(groups), "group"), what=what)]
    said.append(words.say("picture.alt_first", told=words.entry("list.semicolon").join(named(g) for g in shown[:3])))
    clear = [g for g in shown if g.clear]
    if clear:
        said.append(
            words.say(
                f"picture.alt_{analysis.kind}_clear",
                told=words.entry("list.semicolon").join(bounds_label(edition, g.bounds) for g in clear[:6]),
            )
        )
    elif any(g.row.text("status") == "unclear" for g in shown):
        said.append(words.say(f"picture.alt_{analysis.kind}_none"))
    if everyone is not None:
        said.append(words.say("picture.alt_everyone", value=amount(edition, asked, everyone)))
    hidden = sum(g.state == "hidden" for g in groups)
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    return " ".join(said)


def _data(edition: Edition, asked: Asked, analysis: Analysis, name: str, what: str, groups: list[_Group]) -> Table:
    rows = []
    for group in groups:
        head = Cell(bounds_label(edition, group.bounds))
        if group.state != "shown":
            rows.append((head, *hidden_row(edition, group.state, 5, group.row.n)))
            continue
        figures = [cell(edition, asked, v) for v in (group.value, group.low, group.high, group.steadied)]
        rows.append((head, *figures, count_cell(edition, group.row.n)))
    return table_of(name, what, edition.words.entry(f"picture.columns_{analysis.kind}"), rows)
