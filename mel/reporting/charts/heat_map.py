"""Where two dimensions cross, who is served least? A table of shades, the figure in each cell, and three marks for three kinds of nothing.

Hidden (hatched), no figure (dashed, a question mark) and nobody (an empty cell with a nought) are never taken for each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mel.errors import UsageError
from mel.errors.pictures import PICTURE_TWO_DIMENSIONS
from mel.reporting.blocks import Cell, Figure, Table
from mel.reporting.charts.canvas import LETTER, WIDTH, Canvas, wrapped
from mel.reporting.charts.lines import LINE, SPACE, note, scale_to
from mel.reporting.charts.palette import INK, MUTED, SHADES
from mel.reporting.charts.picture import Picture, State, figure_of, hidden_row, sheet, table_of
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import EMPTY, amount, by_words, cell, count_cell
from mel.reporting.words.behind import behind_first, range_title
from mel.reporting.words.groups import group_of

WIDEST = 5
"""Columns side by side; more of them go on below, so that a figure fits its cell on a phone."""
TALL = 2 * LINE + 8


def heat_map(edition: Edition, indicator: str, dimensions: Sequence[str], round_: str | None = None) -> Figure | None:
    """Every crossing of two dimensions in one round (the last by default); None when none is shown.

    Missing: a crossing without a row has no figure; one that protection withheld is hatched; one nobody answered in is a nought.
    Raises: UsageError unless two different dimensions are named.
    """
    return figure_of(edition, draw_heat_map(edition, indicator, dimensions, round_))


def draw_heat_map(edition: Edition, indicator: str, dimensions: Sequence[str], round_: str | None = None) -> Picture | None:
    asked = edition.indicator(indicator)
    if len(set(dimensions)) != 2 or isinstance(dimensions, str):
        crossed = [" × ".join(m) for m in edition.margins(indicator) if len(m) == 2]
        raise UsageError(
            PICTURE_TWO_DIMENSIONS.at(given=dimensions if isinstance(dimensions, str) else " × ".join(dimensions), available=crossed)
        )
    at = round_ or edition.last_round(indicator) or ""
    grid = _grid(edition, asked, tuple(dimensions), at)
    if not any(one.state == "shown" for one in grid.cells.values()):
        return None
    name = slug("chart", indicator, *dimensions, at if round_ else "", "heat")
    alt, canvas = _alt(edition, asked, grid, at), sheet(edition)
    _draw(canvas, edition, asked, grid)
    said = {"round": edition.round_label(asked.dataset, at), "dimensions": by_words(edition, grid.dimensions)}
    caption = edition.words.say("picture.data_heat", label=asked.label, **said)
    return Picture(name, _title(edition, asked, grid), alt, canvas, _data(edition, asked, name, caption, grid))


@dataclass(frozen=True, slots=True)
class _Cell:
    state: State
    row: Estimate | None


@dataclass(frozen=True, slots=True)
class _Grid:
    """The crossing, the dimension with fewer categories across."""

    dimensions: tuple[str, str]
    down: tuple[str, ...]
    across: tuple[str, ...]
    cells: dict[tuple[str, str], _Cell]

    @property
    def shown(self) -> dict[tuple[str, str], Estimate]:
        return {key: one.row for key, one in self.cells.items() if one.state == "shown" and one.row is not None}

    def domain(self, key: tuple[str, str]) -> dict[str, str]:
        return dict(zip(self.dimensions, key, strict=True))


def _grid(edition: Edition, asked: Asked, dimensions: tuple[str, ...], round_: str) -> _Grid:
    main = edition.main(asked.id)
    rows = [row for row in edition.of(asked.id, round_, dimensions) if row.id.category == main]
    codes = {name: _codes(edition, name, rows) for name in dimensions}
    first, second = sorted(dimensions, key=lambda name: -len(codes[name]))
    by_key = {(row.domain[first], row.domain[second]): row for row in rows}
    cells = {(a, b): _Cell(_state(asked, by_key.get((a, b))), by_key.get((a, b))) for a in codes[first] for b in codes[second]}
    return _Grid((first, second), codes[first], codes[second], cells)


def _codes(edition: Edition, name: str, rows: Sequence[Estimate]) -> tuple[str, ...]:
    """The categories that a crossing has rows of, in the dimension's order."""
    found = dict.fromkeys(row.domain[name] for row in rows)
    order = list(edition.dimensions.get(name, {}).get("categories", {}))
    return tuple(sorted(found, key=lambda code: order.index(code) if code in order else len(order)))


def _state(asked: Asked, row: Estimate | None) -> State:
    if row is None:
        return "missing"
    if row.hidden:
        return "hidden"
    if row.n == 0:
        return "nobody"
    if row.value is None or row.n is None or row.too_few:
        return "missing"
    return "few" if asked.is_share and row.basis != "probability" and row.n < write.SMALLEST_FOR_PERCENT else "shown"


def _draw(canvas: Canvas, edition: Edition, asked: Asked, grid: _Grid) -> None:
    values = [row.value or 0.0 for row in grid.shown.values()]
    _, top = scale_to(max(map(abs, values)))
    for start in range(0, len(grid.across), WIDEST):
        part = grid.across[start : start + WIDEST]
        wide = WIDTH / len(part)
        heads = [wrapped(edition.category_label(grid.dimensions[1], code), wide - 2) for code in part]
        fits = all(len(head) <= 3 and all(len(line) * LETTER <= wide + 4 for line in head) for head in heads)
        _heads(canvas, edition, grid, part, heads if fits else None, start)
        for code in grid.down:
            _row(canvas, edition, asked, grid, code, part, top)
        canvas.height += SPACE
    _legend(canvas, edition, asked, grid, top)


def _heads(canvas: Canvas, edition: Edition, grid: _Grid, part: Sequence[str], heads: Sequence[Sequence[str]] | None, start: int) -> None:
    """The columns' names; where they do not fit, letters, and above them what each letter stands for."""
    wide = WIDTH / len(part)
    if heads is None:
        for at, code in enumerate(part):
            for line, text in enumerate(wrapped(edition.category_label(grid.dimensions[1], code), WIDTH - 24)):
                canvas.text([(0.0, canvas.height + LINE / 2, _letter(start + at))] if line == 0 else [], bold=True)
                canvas.text([(24.0, canvas.height + LINE / 2, text)])
                canvas.height += LINE
        heads = [[_letter(start + at)] for at in range(len(part))]
        canvas.height += 4
    places = [
        (wide * (at + 0.5), canvas.height + LINE * (line + 0.5), text) for at, head in enumerate(heads) for line, text in enumerate(head)
    ]
    canvas.text(places, align="center", bold=True)
    canvas.height += LINE * max(map(len, heads)) + 4


def _row(canvas: Canvas, edition: Edition, asked: Asked, grid: _Grid, code: str, part: Sequence[str], top: float) -> None:
    for line in wrapped(edition.category_label(grid.dimensions[0], code), WIDTH):
        canvas.text([(0.0, canvas.height + LINE / 2, line)])
        canvas.height += LINE
    wide, y = WIDTH / len(part), canvas.height
    for at, other in enumerate(part):
        left, right = wide * at + 1, wide * (at + 1) - 1
        _mark(canvas, edition, asked, grid.cells[code, other], (left, y, right, y + TALL), top)
    canvas.height = y + TALL + SPACE


def _mark(canvas: Canvas, edition: Edition, asked: Asked, one: _Cell, box: tuple[float, float, float, float], top: float) -> None:
    words, (left, upper, right, lower) = edition.words, box
    middle, centre = (upper + lower) / 2, (left + right) / 2
    if one.state == "hidden":
        canvas.hatched_box(*box)
        return
    if one.state != "shown" or one.row is None or one.row.value is None:
        nobody = one.state == "nobody"
        canvas.outline(*box, dash=() if nobody else (3, 4))
        canvas.text(
            [(centre, middle, words.say("picture.cell_nobody" if nobody else "picture.cell_missing"))], align="center", colour=MUTED
        )
        return
    fill, ink = SHADES[_shade(one.row.value, top)]
    canvas.boxes([box], colour=fill)
    n = words.say("picture.n", n=write.count(words, one.row.n or 0))
    texts = [(centre, middle - LINE / 2, amount(edition, asked, one.row.value)), (centre, middle + LINE / 2, n)]
    canvas.text(texts[:1], align="center", bold=True, colour=ink)
    canvas.text(texts[1:], align="center", colour=ink)


def _shade(value: float, top: float) -> int:
    return min(int(abs(value) / top * len(SHADES)), len(SHADES) - 1)


def _legend(canvas: Canvas, edition: Edition, asked: Asked, grid: _Grid, top: float) -> None:
    """The steps of shade with their bounds; then each mark for nothing that occurs, and what it means."""
    words, wide = edition.words, WIDTH / len(SHADES)
    bounds = [top * k / len(SHADES) for k in range(len(SHADES) + 1)]
    for at, (low, high) in enumerate(pairwise(bounds)):
        box = (wide * at + 1, canvas.height, wide * (at + 1) - 1, canvas.height + LINE)
        canvas.boxes([box], colour=SHADES[at][0])
        ends = [write.percent_bare(words, v) if asked.is_share else write.number(words, v) for v in (low, high)]
        canvas.text(
            [(wide * (at + 0.5), canvas.height + LINE / 2, f"{ends[0]}–{ends[1]}" + "\u00a0%" * asked.is_share)],
            align="center",
            colour=SHADES[at][1],
        )
    canvas.height += LINE + 6
    states = {one.state for one in grid.cells.values()}
    for state, key in (("hidden", "legend_hidden"), ("missing", "legend_missing"), ("nobody", "legend_nobody")):
        if state in states or (state == "missing" and "few" in states):
            _mark(canvas, edition, asked, _Cell(state, None), (1.0, canvas.height + 1, 31.0, canvas.height + LINE - 1), top)
            for text in wrapped(words.say(f"picture.{key}"), WIDTH - 40):
                canvas.text([(40.0, canvas.height + LINE / 2, text)], colour=INK)
                canvas.height += LINE
            canvas.height += 4
    note(canvas, words.say("picture.how_heat"))


def _letter(at: int) -> str:
    return chr(65 + at) if at < 26 else str(at + 1)


def _ends(asked: Asked, grid: _Grid) -> tuple[tuple[str, str], tuple[str, str]]:
    """The cell served least among those shown, and the one served most."""
    keys = list(grid.shown)
    order = behind_first(asked, [grid.shown[key].value or 0.0 for key in keys])
    return keys[order[0]], keys[order[-1]]


def _title(edition: Edition, asked: Asked, grid: _Grid) -> str:
    if len(grid.shown) < 2:
        return edition.words.say("picture.plain", label=asked.label, dimensions=by_words(edition, grid.dimensions))
    ends = [(group_of(edition, grid.domain(key), asked.counts).many, grid.shown[key].value or 0.0) for key in _ends(asked, grid)]
    return range_title(edition, asked, ends[0], ends[1])


def _alt(edition: Edition, asked: Asked, grid: _Grid, round_: str) -> str:
    words, states = edition.words, [one.state for one in grid.cells.values()]
    said = [
        words.say(
            "picture.alt_heat", label=asked.label, round=edition.round_label(asked.dataset, round_), dimensions=by_words(edition, grid.dimensions),
            shown=write.count(words, states.count("shown")), groups=words.counted(len(states), "group"),
        )
    ]  # fmt: skip
    low, high = sorted(_ends(asked, grid), key=lambda key: grid.shown[key].value or 0.0)
    texts = {f"share_{side}": amount(edition, asked, grid.shown[key].value or 0.0) for side, key in (("a", low), ("b", high))}
    names = {side: edition.group_label(grid.domain(key)) for side, key in (("a", low), ("b", high))}
    said.append(words.say("picture.alt_heat_ends", **names, **texts))
    hidden, missing, nobody = states.count("hidden"), states.count("missing") + states.count("few"), states.count("nobody")
    if hidden:
        said.append(words.say("chart.alt_hidden_one" if hidden == 1 else "chart.alt_hidden", groups=words.counted(hidden, "group")))
    if missing:
        said.append(words.say("picture.alt_missing", groups=words.counted(missing, "group")))
    if nobody:
        said.append(words.say("picture.alt_nobody", groups=words.counted(nobody, "group")))
    return " ".join(said)


def _data(edition: Edition, asked: Asked, name: str, caption: str, grid: _Grid) -> Table:
    rows = []
    for key, one in grid.cells.items():
        head = Cell(edition.group_label(grid.domain(key)))
        if one.state != "shown" or one.row is None:
            rows.append((head, *hidden_row(edition, one.state, 4, one.row.n if one.row else None)))
            continue
        ends = [cell(edition, asked, v) for v in (one.row.low, one.row.high)]
        rows.append((head, cell(edition, asked, one.row.value), *ends, count_cell(edition, one.row.n) if one.row.n is not None else EMPTY))
    return table_of(name, caption, edition.words.entry("picture.columns_heat"), rows)
