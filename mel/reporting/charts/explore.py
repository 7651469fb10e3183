"""A chart of figures that have not passed protection: for the eyes of those who may see them, with that written in the picture.

It is a `Sketch` and not a block: no writer reads it, so it cannot reach a report.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from mel.errors import UsageError
from mel.errors.reporting import EXPLORE_NEEDS_ESTIMATES
from mel.model.comparisons import Comparisons
from mel.model.estimates import Estimates
from mel.reporting.blocks import Table
from mel.reporting.charts.canvas import WIDTH, Canvas
from mel.reporting.charts.groups import draw_groups, group_title, lines_of
from mel.reporting.charts.lines import LINE, place
from mel.reporting.charts.palette import PAPER, WARN
from mel.reporting.charts.words import alt_of_groups
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Difference, Estimate, differences_of, estimates_of
from mel.reporting.words import words_in


@dataclass(frozen=True)
class Sketch:
    """A picture for exploring. `text` says what it shows, `data` holds the numbers that are drawn."""

    title: str
    text: str
    svg: str
    data: Table | None = None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        return {"text/html": f"<figure>{self.svg}<figcaption>{html.escape(self.title)}</figcaption></figure>", "text/plain": self.text}


@dataclass(frozen=True)
class Draft(Edition):
    """Estimates seen through the same lens as a release, unprotected: every number there is may be drawn, for exploring only."""

    measured: Estimates | None = None
    compared_: Comparisons | None = None

    @cached_property
    def estimates(self) -> tuple[Estimate, ...]:
        if self.measured is None:
            return ()
        return tuple(replace(row, disclosure="open") for row in estimates_of(self.measured.table, self.measured.dimension_names))

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        if self.compared_ is None:
            return ()
        return tuple(replace(row, disclosure="open") for row in differences_of(self.compared_.table, self.compared_.dimension_names))

    @property
    def about(self) -> Mapping[str, Any]:
        return {}

    @cached_property
    def labels(self) -> Mapping[str, Any]:
        """What the estimates, or the comparisons alone, know of their own names."""
        known = self.measured or self.compared_
        if known is None:
            return {}
        datasets = {str(row["indicator"]): str(row["dataset"]) for row in known.table[["indicator", "dataset"]].to_dict("records")}
        answers = self.measured.labels if self.measured is not None else {}
        indicators = {
            i.id: i.model_dump(include={"version", "label", "claim", "unit", "kind", "polarity", "counts", "status", "source"})
            | {"dataset": datasets.get(i.id, ""), "categories": dict(answers.get(i.id, {}))}
            for i in known.indicators.values()
        }
        dimensions = {d.name: {"label": d.label, "categories": dict(d.categories)} for d in known.dimensions}
        return {"indicators": indicators, "dimensions": dimensions}


def explore_dots(
    estimates: Estimates,
    indicator: str,
    *,
    round: str | None = None,  # noqa: A002
    by: Sequence[Sequence[str]] | None = None,
    comparisons: Comparisons | None = None,
    language: str = "en",
) -> Sketch:
    """One indicator by group, drawn from unprotected estimates with the banner “not for publication” in the picture.

    `round`: the last one by default; `by`: the margins drawn, each single dimension by default.
    Raises: UsageError when `estimates` is anything else, or has no such indicator.
    """
    if not isinstance(estimates, Estimates):
        raise UsageError(EXPLORE_NEEDS_ESTIMATES.at(given=type(estimates).__name__))
    draft = Draft(None, words_in(language), (), estimates, comparisons)
    asked = draft.indicator(indicator)
    rounds = draft.rounds_of(indicator)
    at = round or (rounds[-1] if rounds else "")
    margins = [tuple(m) for m in by] if by is not None else [m for m in draft.margins(indicator) if len(m) == 1]
    drawn = lines_of(draft, indicator, at, margins)
    rows = [row for _, row in drawn if row is not None]
    whole = draft.whole(indicator, at)
    title = group_title(draft, asked, at, whole, margins)
    banner = draft.words.say("chart.not_for_publication")
    text = (
        f"{banner} {alt_of_groups(draft, [r for r in rows if r.domain], draft.words.say('chart.what', label=asked.label, round=at), whole)}"
    )
    canvas = Canvas()
    canvas.boxes([(0, 0, WIDTH, 2 * LINE)], colour=WARN)
    canvas.text([(WIDTH / 2, LINE, banner)], align="center", bold=True, colour=PAPER)
    canvas.height = 2 * LINE + 10
    draw_groups(canvas, draft, asked, rows, place(canvas, [line for line, _ in drawn]))
    return Sketch(title, text, canvas.svg(slug("explore", indicator), text))
