"""Who belongs to several groups at once? Counted before any percent; what is not known stands beside what is known, never as a no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mel.model.analyses import Analysis
from mel.reporting.blocks import Block, Cell, Table
from mel.reporting.charts.picture import Told
from mel.reporting.charts.upset import upset
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.behind_rows import figure_cell, figures_of, notes_of, rows_of
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import count_cell
from mel.reporting.words.figures import yes_of


def overlaps_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    words = edition.words
    rows = [row for row in rows_of(edition, one, "people") if row.text("round") == one.round]
    any_of = {row.text("answer"): row for row in rows if row.text("measure") == "any_of"}
    everybody = sum(row.n or 0 for row in any_of.values())
    if "yes" in any_of:
        sentence = words.say("behind.overlaps.any_of", figure=part_of(edition, any_of["yes"], everybody))
        yield finding(edition, slug(name, "any"), sentence, figures_of(any_of["yes"]), [])
    how_many = [row for row in rows if row.text("measure") == "how_many"]
    unknown = any_of["not_known"].n if "not_known" in any_of else None
    not_known = words.say("behind.overlaps.not_known", n=write.count(words, unknown)) if unknown else ""
    yield prose(slug(name, "several"), _several(edition, how_many, everybody), not_known)
    yield upset(edition, one)
    yield _how_many(edition, how_many, name, everybody)
    yield _figures(edition, one, name)
    yield prose(slug(name, "method"), words.say("behind.overlaps.method"))


def part_of(edition: Edition, row: Told, everybody: float) -> str:
    """The count first, then the percent it stands for with its interval; of those who were counted `12 of 60 (20 %)`."""
    n, share, words = row.n or 0, row.number("estimate"), edition.words
    if row.text("basis") != "probability" or share is None:
        return yes_of(words, round(n), round(everybody))
    return words.say("behind.overlaps.part", n=write.count(words, n), of=write.count(words, everybody), share=share_with_ends(edition, row))


def share_with_ends(edition: Edition, row: Told, name: str = "estimate") -> str:
    """`21 % (17 to 26)`."""
    value, low, high = (row.number(part) for part in (name, "ci_low", "ci_high"))
    words = edition.words
    if value is None:
        return words.say("hidden.no_figure" if row.open else "hidden.short")
    if low is None or high is None:
        return write.percent(words, value)
    ends = [write.percent_short(words, end) for end in (low, high)]
    return words.say("progress.cell", value=write.percent(words, value), low=ends[0], high=ends[1])


def _several(edition: Edition, rows: Sequence[Told], everybody: float) -> str:
    """People who belong to two groups or more that are known."""
    most = [row for row in rows if (row.number("count") or 0) >= 2]
    if not most:
        return ""
    n = sum(row.n or 0 for row in most)
    least = any(row.text("at_least") == "yes" and row.n for row in rows)
    words = edition.words
    key = "behind.overlaps.several_least" if least else "behind.overlaps.several"
    if any(row.text("basis") == "probability" for row in most):
        share = write.percent(words, sum(row.number("estimate") or 0.0 for row in most))
        said = words.say("behind.overlaps.part", n=write.count(words, n), of=write.count(words, everybody), share=share)
    else:
        said = yes_of(words, round(n), round(everybody))
    return words.say(key, figure=said)


def _label(edition: Edition, row: Told) -> str:
    words, count = edition.words, round(row.number("count") or 0)
    if row.text("at_least") == "yes":
        return words.say("behind.overlaps.at_least", n=count) if count else words.say("behind.overlaps.nothing_known")
    return words.say("behind.overlaps.exactly", n=count) if count else words.say("behind.overlaps.none")


def _how_many(edition: Edition, rows: Sequence[Told], name: str, everybody: float) -> Table | None:
    words = edition.words
    by_chance = any(row.text("basis") == "probability" for row in rows)
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        if row.n is None:
            continue
        if by_chance:
            share = row.number("estimate")
            last = Cell(share_with_ends(edition, row), share, "percent" if share is not None else "empty")
            cells.append((text_cell(_label(edition, row)), count_cell(edition, row.n), last))
        else:
            cells.append((text_cell(_label(edition, row)), Cell(yes_of(words, round(row.n), round(everybody)), row.n, "count")))
    heads = words.entry("behind.overlaps.columns" if by_chance else "behind.overlaps.counted_columns")
    return table(slug(name, "how-many"), words.say("behind.overlaps.caption"), heads, cells, notes_of(rows))


def _figures(edition: Edition, one: Analysis, name: str) -> Table | None:
    """What people said, by whether and to how many groups they belong."""
    if "figures" not in one.tables or one.indicator not in edition.indicators:
        return None
    words, asked = edition.words, edition.indicators[one.indicator]
    there = [row for row in rows_of(edition, one, "figures") if row.text("measure") in ("any_of", "how_many")]
    rows = [row for row in there if row.text("round") == one.round and not _said_by_any_of(row)]
    cells = [
        (
            text_cell(words.say(f"behind.overlaps.any_{row.text('answer')}") if row.text("measure") == "any_of" else _label(edition, row)),
            count_cell(edition, row.n),
            figure_cell(edition, asked, row),
        )
        for row in rows
        if row.n
    ]
    caption = words.say("behind.overlaps.figures_caption", label=asked.label)
    return table(slug(name, "figures"), caption, words.entry("behind.overlaps.figures_columns"), cells, notes_of(rows))


def _said_by_any_of(row: Told) -> bool:
    """To none of them, all known: `any_of` says the same."""
    return row.text("measure") == "how_many" and row.number("count") == 0 and row.text("at_least") == "no"
