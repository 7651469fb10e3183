"""To which groups do people belong, and to which together? An UpSet chart: a line for each combination, dots for its groups, a bar for its people.

Nobody is folded into one label: whoever belongs to three groups stands in the line of those three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mel.codes import NOT_KNOWN
from mel.model.analyses import Analysis
from mel.model.overlaps import BELONGING, OF_FIGURE, OF_PEOPLE
from mel.reporting.blocks import Cell, Figure, Table
from mel.reporting.charts.canvas import RIGHT, WIDTH, Canvas, wrapped
from mel.reporting.charts.lines import LINE, Line, Placed, note, place, scale_to
from mel.reporting.charts.palette import ACCENT, INK, MUTED, PAPER
from mel.reporting.charts.picture import (
    Picture,
    State,
    Told,
    figure_of,
    hidden_row,
    round_of,
    sheet,
    state_words,
    table_of,
    table_with,
    told,
)
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import condition_label, count_cell, share_cell
from mel.reporting.words.catalogue import inside

MOST = 12
"""Combinations drawn; the table has them all."""
DOT = 22
"""Pixels from one group's dot to the next."""
YES, UNKNOWN = "yes", NOT_KNOWN
KEYS = {"dataset", "round", "indicator", "version", "combination", "share", *OF_PEOPLE, *OF_FIGURE}


def upset(edition: Edition, analysis: Analysis) -> Figure | None:
    """The combinations of groups people belong to, the most frequent first; None when none may be shown.

    Missing: a combination that is withheld keeps its line at the end, hatched. Not knowing is a question mark, not a no.
    """
    return figure_of(edition, draw_upset(edition, analysis))


def draw_upset(edition: Edition, analysis: Analysis) -> Picture | None:
    people = replace(analysis, tables={name: table for name, table in analysis.tables.items() if "n_missing" not in table})
    table = table_with(people, "measure", "rank", "at_least", "estimate", "round")
    sets = tuple(str(name) for name in table.columns if name not in KEYS)
    at = round_of(edition, analysis, table)
    rows = [row for row in told(edition, table) if row.text("round") == at]
    labels = set_labels(edition, analysis, sets)
    combos = [_Combo(edition, labels, row) for row in rows if row.text("measure") == "combination"]
    combos.sort(key=lambda one: (one.state != "shown", one.row.number("rank") or 0.0))
    if not sets or not any(one.state == "shown" for one in combos):
        return None
    name = slug("chart", analysis.indicator or analysis.dataset, at, "overlaps")
    title, canvas = _title(edition, combos), sheet(edition)
    when = edition.round_label(analysis.dataset, at)
    alt = _alt(edition, rows, combos, when)
    _draw(canvas, edition, labels, rows, combos)
    return Picture(name, title, alt, canvas, _data(edition, name, combos, when))


@dataclass(frozen=True, slots=True)
class _Combo:
    edition: Edition
    sets: Mapping[str, str]
    """Each set and its label."""
    row: Told

    @property
    def state(self) -> State:
        return self.row.state(self.row.number("estimate"), share=False)

    @property
    def label(self) -> str:
        """`Displaced, young`; with what is not known named as such; or none of them."""
        words = self.edition.words
        parts = [label for s, label in self.sets.items() if self.row.text(s) == YES]
        parts += [words.say("picture.not_sure", label=label) for s, label in self.sets.items() if self.row.text(s) == UNKNOWN]
        first, *rest = parts or [words.say("picture.none_of_them")]
        return str(words.entry("group.joined").join((first, *map(inside, rest))))

    @property
    def value(self) -> str:
        """`31 %, n 250`; of people who were not drawn and are few, how many."""
        if self.state != "shown":
            return state_words(self.edition, self.state)
        return _share(self.edition, self.row)


def set_labels(edition: Edition, analysis: Analysis, sets: Sequence[str]) -> dict[str, str]:
    """The people of each set: the categories that belong, where these were named; else the dimension, or the factor several share."""
    found = {}
    for name in sets:
        given = str(analysis.method.get(f"{BELONGING}{name}", ""))
        codes = tuple(given.split("; ")) if given else ()
        found[name] = condition_label(edition, name, codes) if codes else _set_label(edition, name)
    return found


def _set_label(edition: Edition, name: str) -> str:
    key = f"picture.factors.{name}"
    return edition.words.say(key) if name not in edition.dimensions and edition.words.has(key) else edition.dimension_label(name)


def _share(edition: Edition, row: Told) -> str:
    words, n, share = edition.words, row.n or 0, row.number("estimate")
    counted = words.say("picture.n_people" if n != 1 else "picture.n_person", n=write.count(words, n))
    if share is None or (row.text("basis") != "probability" and n < write.SMALLEST_FOR_PERCENT):
        return counted
    return words.say("picture.share_n", share=write.percent(words, share), n=write.count(words, n))


def _draw(canvas: Canvas, edition: Edition, sets: Mapping[str, str], rows: Sequence[Told], combos: Sequence[_Combo]) -> None:
    words, drawn = edition.words, combos[:MOST]
    _key(canvas, edition, sets, rows)
    head = canvas.height
    canvas.text([(8.0 + DOT * at, head + LINE / 2, _letter(at)) for at in range(len(sets))], align="center", bold=True)
    canvas.height += LINE
    placed = place(canvas, [Line(one.label, one.value, "shown" if one.state == "shown" else "hidden") for one in drawn])
    left = 8.0 + DOT * len(sets)
    _, top = scale_to(max((one.row.n or 0.0) for one in drawn if one.state == "shown"))
    for p, one in zip(placed, drawn, strict=True):
        _dots(canvas, tuple(sets), one, p)
        if one.state == "shown":
            end = left + (RIGHT - left) * (one.row.n or 0.0) / top
            canvas.boxes([(left, p.y - 6, max(end, left + 1), p.y + 6)])
        elif one.state == "hidden":
            canvas.hatched(left, p.y - 5, RIGHT, p.y + 5)
    if any(one.state == "hidden" for one in drawn):
        note(canvas, words.say("chart.hatched"))
    note(canvas, words.say("picture.how_upset"))
    if len(combos) > MOST:
        note(canvas, words.say("picture.more_lines", n=write.count(words, len(combos) - MOST)))


def _dots(canvas: Canvas, sets: Sequence[str], one: _Combo, p: Placed) -> None:
    at = [8.0 + DOT * k for k in range(len(sets))]
    codes = [one.row.text(s) for s in sets]
    inside_ = [x for x, code in zip(at, codes, strict=True) if code == YES]
    if len(inside_) > 1:
        canvas.lines([(min(inside_), p.y, max(inside_), p.y)], colour=ACCENT, width=3)
    canvas.points([(x, p.y) for x, code in zip(at, codes, strict=True) if code not in (YES, UNKNOWN)], hollow=True, colour=MUTED, size=90)
    canvas.points([(x, p.y) for x in inside_], size=130)
    unknown = [x for x, code in zip(at, codes, strict=True) if code == UNKNOWN]
    canvas.boxes([(x - 6, p.y - 9, x + 6, p.y + 9) for x in unknown], colour=PAPER)
    canvas.text([(x, p.y, "?") for x in unknown], align="center", bold=True, colour=INK)


def _key(canvas: Canvas, edition: Edition, sets: Mapping[str, str], rows: Sequence[Told]) -> None:
    """Each group's letter, its name, and how many belong to it, whatever else they belong to."""
    for at, (name, label) in enumerate(sets.items()):
        row = next((r for r in rows if r.text("measure") == "membership" and r.text(name) == YES), None)
        value = "" if row is None else _share(edition, row) if row.open else edition.words.say("hidden.short")
        parts = wrapped(label, WIDTH - 30 - len(value) * 8.1)
        canvas.text([(8.0, canvas.height + LINE / 2, _letter(at))], align="center", bold=True)
        canvas.text([(float(WIDTH), canvas.height + LINE / 2, value)] if value else [], align="right")
        for part in parts:
            canvas.text([(24.0, canvas.height + LINE / 2, part)])
            canvas.height += LINE
    canvas.height += 10


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else str(at + 1)


def _title(edition: Edition, combos: Sequence[_Combo]) -> str:
    """The most frequent way of belonging to two groups or more; where none is shown, the most frequent of all."""
    words = edition.words
    together = next((one for one in combos if one.state == "shown" and sum(one.row.text(s) == YES for s in one.sets) > 1), None)
    if together is not None:
        return words.say("picture.overlap_together", name=together.label, value=together.value)
    first = next(one for one in combos if one.state == "shown")
    return words.say("picture.overlap_plain", name=inside(first.label), value=first.value)


def _alt(edition: Edition, rows: Sequence[Told], combos: Sequence[_Combo], when: str) -> str:
    words = edition.words
    shown = [one for one in combos if one.state == "shown"]
    named = [words.say("picture.alt_told", group=one.label, value=one.value) for one in shown[:3]]
    said = [
        words.say("picture.alt_upset", round=when, rows=words.counted(len(combos), "line")),
        words.say("picture.alt_first", told=words.entry("list.semicolon").join(named)),
    ]
    any_of = next((r for r in rows if r.text("measure") == "any_of" and r.text("answer") == YES and r.open and r.n is not None), None)
    if any_of is not None:
        said.append(words.say("picture.alt_any_of", value=_share(edition, any_of)))
    hidden = sum(one.state == "hidden" for one in combos)
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    return " ".join(said)


def _data(edition: Edition, name: str, combos: Sequence[_Combo], when: str) -> Table:
    rows = []
    for one in combos:
        if one.state != "shown":
            rows.append((Cell(one.label), *hidden_row(edition, one.state, 4)))
            continue
        numbers = [share_cell(edition, one.row.number(key)) for key in ("estimate", "ci_low", "ci_high")]
        rows.append((Cell(one.label), *numbers, count_cell(edition, one.row.n)))
    return table_of(name, edition.words.say("picture.data_upset", round=when), edition.words.entry("picture.columns_upset"), rows)
