"""A chart that is drawn but not yet given a place: a `Figure` of a release, or a `Sketch` with the banner “not for publication”.

The same code draws both, so that what trainers see while exploring is what readers will see once it is protected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mel.codes import ALL
from mel.errors import UsageError
from mel.errors.reporting import REPORT_NOT_PROTECTED
from mel.model.analyses import Analysis
from mel.reporting.blocks import Cell, Column, Figure, Table
from mel.reporting.charts.canvas import LEFT, RIGHT, WIDTH, Canvas
from mel.reporting.charts.explore import Draft, Sketch
from mel.reporting.charts.lines import LINE, MARK, Scale, scale_to
from mel.reporting.charts.palette import MUTED, PAPER, WARN
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import Bounds

State = str
"""`shown`, `hidden` (protection keeps it back), `few` (too few for a percent), `too_few` (for a figure of a sample),
`missing` (no figure), `nobody` (nobody answered)."""


@dataclass(frozen=True)
class Picture:
    """What a chart function drew: its id, the finding, the words for those who cannot see it, the drawing, the numbers."""

    name: str
    title: str
    alt: str
    canvas: Canvas
    data: Table

    def figure(self, edition: Edition) -> Figure:
        """The block of a report. Raises: UsageError when what was drawn has not passed disclosure control."""
        if isinstance(edition, Draft):
            raise UsageError(REPORT_NOT_PROTECTED.at(verb="a chart of a report", given="unprotected figures"))
        return Figure(self.name, self.title, self.alt, self.canvas.svg(self.name, self.alt), self.data)

    def sketch(self, edition: Edition) -> Sketch:
        """The picture for exploring, its banner burnt in."""
        text = f"{edition.words.say('chart.not_for_publication')} {self.alt}"
        return Sketch(self.title, text, self.canvas.svg(slug("explore", self.name), text), self.data)


def figure_of(edition: Edition, picture: Picture | None) -> Figure | None:
    """A section's block; None where there is nothing to draw."""
    return None if picture is None else picture.figure(edition)


def sheet(edition: Edition) -> Canvas:
    """An empty sheet; one for unprotected figures begins with the banner."""
    canvas = Canvas()
    if isinstance(edition, Draft):
        canvas.boxes([(0, 0, WIDTH, 2 * LINE)], colour=WARN)
        canvas.text([(WIDTH / 2, LINE, edition.words.say("chart.not_for_publication"))], align="center", bold=True, colour=PAPER)
        canvas.height = 2 * LINE + 10
    return canvas


@dataclass(frozen=True, slots=True)
class Told:
    """One row of an analysis' table. Of a row that protection withheld there is no number to ask for."""

    row: Mapping[str, Any]
    open: bool

    def number(self, name: str) -> float | None:
        value = self.row.get(name)
        return None if not self.open or value is None or isinstance(value, tuple | list | str) or pd.isna(value) else float(value)

    def text(self, name: str) -> str:
        value = self.row.get(name)
        return "" if value is None or (not isinstance(value, tuple | list) and pd.isna(value)) else str(value)

    def codes(self, name: str) -> tuple[str, ...]:
        """A column of categories, whether a tuple, as written to disk a list, or one code."""
        value = _unwritten(self.row.get(name))
        return (value,) if isinstance(value, str) else tuple(str(v) for v in value or ())

    @property
    def bounds(self) -> Bounds:
        """The group of the column `domain`."""
        found = _unwritten(self.row.get("domain")) or ()
        pairs = found.items() if isinstance(found, Mapping) else found
        return tuple((str(name), (codes,) if isinstance(codes, str) else tuple(map(str, codes))) for name, codes in pairs)

    @property
    def n(self) -> float | None:
        return self.number("n")

    def state(self, value: float | None, *, share: bool) -> State:
        """Why the row has a mark, or none. Nothing is drawn without the number of people behind it."""
        if not self.open:
            return "hidden"
        if self.n == 0:
            return "nobody"
        if value is None or self.n is None:
            return "missing"
        counted = share and self.text("basis") != "probability" and self.n < write.SMALLEST_FOR_PERCENT
        return "few" if counted else "shown"


def told(edition: Edition, table: pd.DataFrame) -> list[Told]:
    """The rows of an analysis' table: those of a release that are open, and all of them for those who explore."""
    draft = isinstance(edition, Draft)
    return [Told({str(k): v for k, v in row.items()}, draft or str(row.get("disclosure")) == "open") for row in table.to_dict("records")]


def table_of(name: str, caption: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Table:
    """The numbers behind a picture. A head that begins with `>` is aligned to its end."""
    columns = tuple(Column(head.removeprefix(">"), "end" if head.startswith(">") else "start") for head in heads)
    return Table(f"{name}-data", caption, columns, tuple(tuple(row) for row in rows))


def hidden_row(edition: Edition, state: State, cells: int, n: float | None = None) -> tuple[Cell, ...]:
    """The cells of a row without a figure, beginning with why, and ending with how many people where that may be said."""
    kind: Any = "hidden" if state == "hidden" else "empty"
    last = Cell(write.count(edition.words, n), float(n), "count") if n is not None and state == "few" else Cell("", None, "empty")
    return (Cell(state_words(edition, state), None, kind), *[Cell("", None, "empty")] * (cells - 2), last)


def state_words(edition: Edition, state: State) -> str:
    """What stands at the end of a line without a mark."""
    key = {"hidden": "hidden.short", "few": "gaps.count_instead", "nobody": "hidden.nobody", "too_few": "hidden.too_few"}
    return edition.words.say(key.get(state, "hidden.no_figure"))


def scale_of(values: Sequence[float]) -> tuple[Scale, list[float]]:
    """A scale that holds all values and zero, and where its upright lines stand."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low >= 0:
        scale, top = scale_to(high)
        return scale, [top * k / (4 if _parts(top) else 2) for k in range((4 if _parts(top) else 2) + 1)]
    _, top = scale_to(max(high, -low))
    ends = (-top, top if high > 0 else 0.0)
    wide = ends[1] - ends[0]
    parts = 4 if _parts(wide) else 2
    return (lambda value: LEFT + (RIGHT - LEFT) * (value - ends[0]) / wide), [ends[0] + wide * k / parts for k in range(parts + 1)]


def upright(canvas: Canvas, x: float, ys: Sequence[float], *, dash: Sequence[int] = (4, 4), colour: str = MUTED) -> None:
    """A line to hold marks against, broken where labels stand, so that it strikes no figure through."""
    canvas.lines([(x, y - MARK / 2 - 1, x, y + MARK / 2 + 1) for y in ys], colour=colour, width=1.5, dash=dash)


def _parts(top: float) -> bool:
    return round(top * 100) % 4 == 0 or top > 1


def _unwritten(value: Any) -> Any:
    """A value as it was before it went to disk: a json text becomes the lists it stands for."""
    import json

    if isinstance(value, str) and value[:1] in ("[", "{"):
        return json.loads(value)
    return None if isinstance(value, float) and pd.isna(value) else value


def table_with(analysis: Analysis, *columns: str) -> pd.DataFrame:
    """The table of an analysis that has these columns; an empty one where it has none, as where it cannot say."""
    return next((table for table in analysis.tables.values() if set(columns) <= set(table.columns)), pd.DataFrame(columns=list(columns)))


def round_of(edition: Edition, analysis: Analysis, table: pd.DataFrame) -> str:
    """The round that is drawn of a table that may hold several: the analysis' own, else the last. What belongs to no round is not one."""
    there = [name for name in dict.fromkeys(table["round"].astype("str")) if name != ALL] or [ALL]
    order = [*edition.rounds(analysis.dataset), *there]
    return analysis.round if analysis.round in there else max(there, key=order.index)


def level_of(edition: Edition, analysis: Analysis | None = None) -> str:
    """How sure its intervals are: `95 %`."""
    level = analysis.method.get("level", 0.95) if analysis is not None else 0.95
    return write.percent(edition.words, float(level))
