"""Who is furthest behind? The groups that a tree found, indented step by step, each with its figure, its interval and its part of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mel.codes import ALL
from mel.model.analyses import Analysis
from mel.reporting.blocks import Figure, Table
from mel.reporting.charts.canvas import LEFT, LETTER, WIDTH, Canvas, wrapped
from mel.reporting.charts.groups import ticks
from mel.reporting.charts.lines import LINE, MARK, SPACE, note, scale_to
from mel.reporting.charts.palette import ACCENT, INK, MUTED, PAPER
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
from mel.reporting.words.amounts import bounds_label, bounds_people, cell, condition_label, count_cell, share_cell, with_ends
from mel.reporting.words.behind import behind_title

STEP = 18
"""Pixels a level of the tree is moved to the right."""
BEHIND, AHEAD = "furthest_behind", "furthest_ahead"


def tree(edition: Edition, analysis: Analysis) -> Figure | None:
    """The leaves of a tree as indented bars; None when it found no groups, or none may be shown.

    Missing: a leaf that is withheld keeps its line, hatched.
    """
    return figure_of(edition, draw_tree(edition, analysis))


def draw_tree(edition: Edition, analysis: Analysis) -> Picture | None:
    asked = edition.indicator(analysis.indicator)
    leaves = [
        _Leaf(row, row.state(row.number("estimate"), share=asked.is_share)) for row in told(edition, table_with(analysis, "leaf", "place"))
    ]
    if not any(leaf.state == "shown" for leaf in leaves):
        return None
    summary = next(iter(told(edition, table_with(analysis, "everyone", "same_again"))), None)
    name = slug("chart", analysis.indicator, analysis.round if analysis.round != ALL else "", "tree")
    what = edition.words.say("picture.of_tree", label=asked.label, round=edition.round_label(analysis.dataset, analysis.round))
    alt = _alt(edition, asked, leaves, summary, what)
    canvas = sheet(edition)
    _draw(canvas, edition, asked, analysis, leaves, summary)
    return Picture(name, _title(edition, asked, leaves, summary), alt, canvas, _data(edition, asked, name, what, leaves))


@dataclass(frozen=True, slots=True)
class _Leaf:
    row: Told
    state: State

    @property
    def number(self) -> int:
        return int(float(self.row.text("leaf") or 1))

    @property
    def is_behind(self) -> bool:
        return self.row.text("place") == BEHIND


def _draw(canvas: Canvas, edition: Edition, asked: Asked, analysis: Analysis, leaves: list[_Leaf], summary: Told | None) -> None:
    placed = _place(canvas, edition, asked, analysis, leaves)
    shown = [(leaf, y) for leaf, y in placed if leaf.state == "shown"]
    numbers = [v for leaf, _ in shown for v in (leaf.row.number("estimate"), leaf.row.number("ci_high")) if v is not None]
    scale, top = scale_to(max(map(abs, numbers)))
    start, bottom = placed[0][1] - MARK, canvas.height
    ticks(canvas, edition, asked, scale, top, start, bottom)
    everyone = summary.number("everyone") if summary else None
    if everyone is not None:
        upright(canvas, scale(everyone), [y for leaf, y in placed if leaf.state != "hidden"])
    for behind, colour in ((True, ACCENT), (False, MUTED)):
        bars = [(scale(0), y - 6, scale(leaf.row.number("estimate") or 0.0), y + 6) for leaf, y in shown if leaf.is_behind == behind]
        canvas.boxes(bars, colour=colour)
    ends = [(scale(low), y, scale(high), y) for leaf, y in shown for low, high in [_ends(leaf)] if low is not None and high is not None]
    canvas.lines(ends, colour=PAPER, width=6)
    canvas.lines(ends, colour=INK, width=2)
    canvas.height = bottom + 30
    hidden = [y for leaf, y in placed if leaf.state == "hidden"]
    for y in hidden:
        canvas.hatched(LEFT, y - 5, WIDTH - 24, y + 5)
    _notes(canvas, edition, asked, analysis, summary, hidden=bool(hidden), intervals=bool(ends))


def _ends(leaf: _Leaf) -> tuple[float | None, float | None]:
    return leaf.row.number("ci_low"), leaf.row.number("ci_high")


def _notes(
    canvas: Canvas, edition: Edition, asked: Asked, analysis: Analysis, summary: Told | None, *, hidden: bool, intervals: bool
) -> None:
    words, everyone = edition.words, summary.number("everyone") if summary else None
    if hidden:
        note(canvas, words.say("chart.hatched"))
    if everyone is not None:
        note(canvas, words.say("picture.everyone_line", value=with_ends(edition, asked, everyone, None, None)))
    if intervals:
        note(canvas, words.say("picture.how_tree", level=level_of(edition, analysis)))
    note(canvas, words.say("picture.how_tree_bold"))
    again = summary.number("same_again") if summary else None
    if again is not None:
        note(canvas, words.say("picture.again", share=write.percent(words, again)))


def _place(canvas: Canvas, edition: Edition, asked: Asked, analysis: Analysis, leaves: list[_Leaf]) -> list[tuple[_Leaf, float]]:
    """Write the steps and the leaves from the top down; return the middle of each leaf's bar."""
    conditions = _conditions(edition, analysis)
    whole_path = all(node in conditions for leaf in leaves for node in _path(leaf.number))
    placed: list[tuple[_Leaf, float]] = []
    tops: dict[int, float] = {}
    for leaf in sorted(leaves, key=lambda leaf: _order(leaf.number)):
        path = _path(leaf.number) if whole_path else []
        for node in path[:-1]:
            if node not in tops:
                _branch(canvas, tops, node)
                _step(canvas, conditions[node], _indent(node))
                tops[node] = canvas.height - SPACE / 2
        if path:
            _branch(canvas, tops, leaf.number)
        label = conditions[leaf.number] if path else bounds_label(edition, leaf.row.bounds)
        placed.append((leaf, _write(canvas, edition, asked, leaf, label, _indent(leaf.number) if path else 0)))
    return placed


def _branch(canvas: Canvas, tops: Mapping[int, float], node: int) -> None:
    """The elbow from below a step to what it leads to."""
    above = tops.get(node // 2)
    if above is not None:
        x, y = _indent(node) - STEP + 5, canvas.height + LINE / 2
        canvas.lines([(x, above, x, y), (x, y, x + STEP - 9, y)], colour=MUTED, width=1)


def _write(canvas: Canvas, edition: Edition, asked: Asked, leaf: _Leaf, label: str, indent: float) -> float:
    """A leaf's name, its figure and its part of people. A name too long to stand beside its figure stands above it."""
    value, part = _value(edition, asked, leaf), _part(edition, leaf)
    room = (WIDTH - indent - len(value) * LETTER - 12) * (0.88 if leaf.is_behind else 1.0)
    lines = wrapped(label, room)
    beside = len(lines) <= 2
    if not beside:
        lines = wrapped(label, (WIDTH - indent) * (0.88 if leaf.is_behind else 1.0))
    first = canvas.height + LINE / 2
    canvas.text([(indent, first + LINE * at, line) for at, line in enumerate(lines)], bold=leaf.is_behind)
    below = first + LINE * len(lines)
    canvas.text([(float(WIDTH), first if beside else below, value)], align="right", bold=leaf.is_behind)
    canvas.text([(indent, below, part)] if part else [], colour=MUTED)
    canvas.height = below - LINE / 2 + (LINE if part or not beside else 0)
    y = canvas.height + MARK / 2
    canvas.height += MARK + SPACE
    return y


def _step(canvas: Canvas, label: str, indent: float) -> None:
    for line in wrapped(label, WIDTH - indent):
        canvas.text([(indent, canvas.height + LINE / 2, line)], colour=MUTED)
        canvas.height += LINE
    canvas.height += SPACE / 2


def _conditions(edition: Edition, analysis: Analysis) -> dict[int, str]:
    """Each node of the tree in the words of the step that led to it."""
    found = {}
    for split in told(edition, table_with(analysis, "node", "below", "above")):
        node, dimension = int(float(split.text("node"))), split.text("dimension")
        for child, side in ((2 * node, "below"), (2 * node + 1, "above")):
            codes = split.codes(side)
            if codes:
                found[child] = f"{edition.dimension_label(dimension)}: {condition_label(edition, dimension, codes)}"
    return found


def _path(node: int) -> list[int]:
    """The nodes from the first step down to this one; the root, everyone, is not among them."""
    return [node >> up for up in range(node.bit_length() - 2, -1, -1)]


def _order(node: int) -> str:
    """Depth first, the lower figure first: the node's number in binary, read from the left."""
    return bin(node)[3:]


def _indent(node: int) -> float:
    return STEP * (node.bit_length() - 2)


def _value(edition: Edition, asked: Asked, leaf: _Leaf) -> str:
    value = leaf.row.number("estimate")
    if leaf.state != "shown" or value is None:
        return state_words(edition, leaf.state)
    return with_ends(edition, asked, value, *_ends(leaf))


def _part(edition: Edition, leaf: _Leaf) -> str:
    if leaf.state not in ("shown", "few"):
        return ""
    words, share, n = edition.words, leaf.row.number("share"), write.count(edition.words, leaf.row.n or 0)
    return words.say("picture.part_only", n=n) if share is None else words.say("picture.part", share=write.percent(words, share), n=n)


def _title(edition: Edition, asked: Asked, leaves: list[_Leaf], summary: Told | None) -> str:
    behind = next((leaf for leaf in leaves if leaf.is_behind and leaf.state == "shown"), None)
    everyone = summary.number("everyone") if summary else None
    if behind is None or everyone is None or not behind.row.bounds:
        return edition.words.say("picture.plain_tree", label=asked.label)
    return behind_title(
        edition, asked, bounds_people(edition, behind.row.bounds, asked.counts), behind.row.number("estimate") or 0.0, everyone
    )


def _alt(edition: Edition, asked: Asked, leaves: list[_Leaf], summary: Told | None, what: str) -> str:
    words = edition.words
    said = [words.say("picture.alt_tree", groups=words.counted(len(leaves), "group"), what=what)]
    for place, key in ((BEHIND, "picture.alt_behind"), (AHEAD, "picture.alt_ahead")):
        for leaf in leaves:
            if leaf.row.text("place") == place and leaf.state == "shown":
                share = leaf.row.number("share")
                part = words.say("picture.alt_part", share=write.percent(words, share)) if share is not None else ""
                said.append(words.say(key, group=bounds_label(edition, leaf.row.bounds), value=_value(edition, asked, leaf), part=part))
    everyone = summary.number("everyone") if summary else None
    if everyone is not None:
        said.append(words.say("picture.alt_everyone", value=with_ends(edition, asked, everyone, None, None)))
    hidden = sum(leaf.state == "hidden" for leaf in leaves)
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    n = summary.n if summary else None
    if n is not None:
        said.append(words.say("picture.alt_n", n=write.count(words, n)))
    return " ".join(said)


def _data(edition: Edition, asked: Asked, name: str, what: str, leaves: list[_Leaf]) -> Table:
    from mel.reporting.blocks import Cell

    rows = []
    for leaf in leaves:
        head = Cell(bounds_label(edition, leaf.row.bounds))
        if leaf.state != "shown":
            rows.append((head, *hidden_row(edition, leaf.state, 5, leaf.row.n)))
            continue
        figures = [cell(edition, asked, leaf.row.number(key)) for key in ("estimate", "ci_low", "ci_high")]
        rows.append((head, *figures, share_cell(edition, leaf.row.number("share")), count_cell(edition, leaf.row.n)))
    return table_of(name, what, edition.words.entry("picture.columns_groups"), rows)
