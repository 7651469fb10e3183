"""Every group in order: which are clearly behind everyone, and where each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mel.model.analyses import Analysis
from mel.reporting.blocks import Block, Cell, Finding, Table
from mel.reporting.charts import ranked_intersections
from mel.reporting.charts.picture import Told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked
from mel.reporting.sections.behind_rows import figure_cell, figures_of, notes_of, rows_of, said
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words.amounts import amount, bounds_label, bounds_people, count_cell, distance, share_cell
from mel.reporting.words.catalogue import capital

MOST = 5
"""Groups named in sentences; the table has all."""
JOINT = ("observed_low", "observed_high")


def ranking_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    asked, words = edition.indicators[one.indicator], edition.words
    groups, (summary, *_) = (rows_of(edition, one, part) for part in ("groups", "summary"))
    by_chance = any(row.text("basis") == "probability" for row in groups)
    everyone = amount(edition, asked, summary.number("everyone") or 0.0)
    clear = [row for row in groups if row.text("status") == "behind"]
    first = (clear if by_chance else groups)[:MOST]
    for at, row in enumerate(first, start=1):
        yield _finding(edition, asked, row, slug(name, str(at)), everyone)
    rest = max(0, len(clear) - MOST)
    told = words.say("behind.ranking.none", everyone=everyone) if by_chance and not clear else ""
    yield prose(slug(name, "said"), told, words.say("behind.ranking.more", n=rest) if rest else "")
    yield ranked_intersections(edition, one)
    yield _groups(edition, asked, groups, name)
    yield prose(
        slug(name, "method"),
        words.say("behind.ranking.method" if by_chance else "behind.ranking.method_counted"),
    )


def _finding(edition: Edition, asked: Asked, row: Told, block: str, everyone: str) -> Finding:
    group, figure = bounds_people(edition, row.bounds, asked.counts), said(edition, asked, row, "observed", JOINT)
    off, low, high = (row.number(part) for part in ("apart", "apart_low", "apart_high"))
    if row.text("status") == "behind" and off is not None:
        apart = distance(edition, asked, off, low, high)
        sentence = edition.words.say("behind.ranking.clear", group=group, figure=figure, everyone=everyone, apart=apart)
    else:
        sentence = edition.words.say("behind.ranking.counted", group=group, figure=figure)
    return finding(edition, block, capital(sentence), figures_of(row)[:2], figures_of(row)[:1])


def _groups(edition: Edition, asked: Asked, groups: Sequence[Told], name: str) -> Table | None:
    words = edition.words
    rows: list[tuple[Cell, ...]] = [
        (
            text_cell(bounds_label(edition, row.bounds)),
            count_cell(edition, row.n),
            figure_cell(edition, asked, row, "observed", JOINT),
            figure_cell(edition, asked, row),
            share_cell(edition, row.number("chance_among")),
            text_cell(words.say(f"behind.ranking.status.{row.text('status')}")),
        )
        for row in groups
    ]
    heads = list(words.entry("behind.ranking.columns"))
    if all(row.text("basis") != "probability" for row in groups):
        rows, heads = [row[:3] for row in rows], heads[:3]
    notes = [note for note in notes_of(groups) if note]
    return table(slug(name, "groups"), words.say("behind.ranking.caption", label=asked.label), heads, rows, notes)
