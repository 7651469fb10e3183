"""How much do groups differ at all, and which are more or less than the sum of their parts?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mel.model.analyses import Analysis
from mel.reporting.blocks import Block, Finding, Table
from mel.reporting.charts.picture import Told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked
from mel.reporting.sections.behind_rows import figure_cell, figures_of, notes_of, plain_cell, rows_of, said, share_of
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words.amounts import amount, bounds_label, bounds_people, count_cell, distance, distance_cell
from mel.reporting.words.catalogue import capital

MOST = 5
ALL_OF_IT = 0.995
"""From here on a percent would say that all of it is."""
SPECIAL = ("higher", "lower")


def intersections_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    asked, words = edition.indicators[one.indicator], edition.words
    groups, summary = (rows_of(edition, one, part) for part in ("intersections", "summary"))
    models = {row.text("model"): row for row in summary}
    yield prose(slug(name, "differ"), *_differences(edition, models["null"], models["additive"]))
    special = sorted((row for row in groups if row.text("status") in SPECIAL), key=lambda row: -abs(row.number("interaction") or 0.0))
    for at, row in enumerate(special[:MOST], start=1):
        yield _finding(edition, asked, one, row, slug(name, str(at)))
    by_chance = any(row.text("basis") == "probability" for row in groups)
    yield prose(
        slug(name, "none"), "" if special else words.say("behind.intersections.none" if by_chance else "behind.intersections.no_test")
    )
    yield _groups(edition, asked, one, groups, name)
    yield prose(slug(name, "method"), " ".join((words.say("behind.intersections.method"), *notes_of(summary[:1]))))


def _differences(edition: Edition, null: Told, additive: Told) -> list[str]:
    words, vpc, pcv = edition.words, null.number("vpc"), additive.number("pcv")
    told = []
    if vpc is not None:
        cells = int(null.number("cells") or 0)
        told.append(words.say("behind.intersections.vpc", vpc=share_of(edition, vpc), rest=share_of(edition, 1 - vpc), cells=cells))
    if pcv is not None and 0 <= pcv <= 1:
        whole = pcv >= ALL_OF_IT
        told.append(
            words.say("behind.intersections.pcv_all") if whole else words.say("behind.intersections.pcv", pcv=share_of(edition, pcv))
        )
    return told


def _bounds(one: Analysis, row: Told) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, (row.text(name),)) for name in one.dimensions)


def _finding(edition: Edition, asked: Asked, one: Analysis, row: Told, block: str) -> Finding:
    interaction, low, high = (row.number(part) for part in ("interaction", "interaction_low", "interaction_high"))
    sentence = edition.words.say(
        f"behind.intersections.{row.text('status')}",
        group=capital(bounds_people(edition, _bounds(one, row), asked.counts)),
        figure=said(edition, asked, row),
        parts=amount(edition, asked, row.number("additive") or 0.0),
        apart=distance(edition, asked, interaction or 0.0, low, high),
    )
    return finding(edition, block, sentence, figures_of(row))


def _groups(edition: Edition, asked: Asked, one: Analysis, groups: Sequence[Told], name: str) -> Table | None:
    words = edition.words
    rows = [
        (
            text_cell(bounds_label(edition, _bounds(one, row))),
            count_cell(edition, row.n),
            figure_cell(edition, asked, row, "observed", ("", "")),
            plain_cell(edition, asked, row.number("estimate")),
            plain_cell(edition, asked, row.number("additive")),
            distance_cell(edition, asked, row.number("interaction")),
            text_cell(words.say(f"behind.intersections.status.{row.text('status') or 'unclear'}")),
        )
        for row in groups
    ]
    return table(
        slug(name, "groups"),
        words.say("behind.intersections.caption", label=asked.label),
        words.entry("behind.intersections.columns"),
        rows,
    )
