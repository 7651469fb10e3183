"""What every section shares: its heading, the word *invented* on top, absence when there is nothing to say, and findings with
their figures and readings.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence

from mel.codes import STANDINGS
from mel.model.figure import FigureId
from mel.model.release import Release
from mel.reporting.blocks import Block, Blocks, Callout, Cell, Column, Finding, Heading, Prose, Reading, Table
from mel.reporting.edition import Edition, edition_of
from mel.reporting.rows import text_rows
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital

Maker = Callable[[Edition], Iterable[Block | None]]


def section(name: str) -> Callable[[Maker], Callable[[Release | Edition], Blocks]]:
    """Make a section of a function that yields its blocks: with heading and the word *invented*, or nothing at all."""

    def wrap(maker: Maker) -> Callable[[Release | Edition], Blocks]:
        @functools.wraps(maker)
        def told(release: Release | Edition) -> Blocks:
            edition = edition_of(release)
            if edition.release is None or name not in edition.sections:
                return Blocks()
            found = tuple(block for block in maker(edition) if block is not None)
            return Blocks((Heading(name, edition.words.say(f"section.{name}")), *_invented(edition, name), *found)) if found else Blocks()

        return told

    return wrap


def prose(name: str, *paragraphs: str, items: Sequence[str] = ()) -> Prose | None:
    """Paragraphs and a list; nothing when both are empty."""
    said = tuple(p for p in paragraphs if p)
    return Prose(name, said, tuple(items)) if said or items else None


def table(
    name: str, caption: str, columns: Sequence[str | Column], rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()
) -> Table | None:
    """A table; nothing without rows. A column given as text that starts with `>` is aligned to its end (numbers)."""
    heads = tuple(c if isinstance(c, Column) else Column(c.removeprefix(">"), "end" if c.startswith(">") else "start") for c in columns)
    return Table(name, caption, heads, tuple(tuple(row) for row in rows), tuple(n for n in notes if n)) if rows else None


def finding(edition: Edition, name: str, sentence: str, figures: Sequence[FigureId], read_as: Sequence[FigureId] | None = None) -> Finding:
    """A sentence with the figures it is made from, and what the people they are about make of them.

    `read_as`: the figures whose readings belong here; all of them by default. A reading of one figure is not one of their difference.
    """
    named = tuple(dict.fromkeys(figures))
    return Finding(
        name,
        sentence,
        tuple(figure.as_json() for figure in named),
        readings_of(edition, named if read_as is None else read_as),
        edition.words.say("finding.not_read"),
    )


def readings_of(edition: Edition, figures: Sequence[FigureId]) -> tuple[Reading, ...]:
    """The readings of these figures, in the register's order. Who did not want to be quoted is named as a reader, not quoted."""
    wanted = {_address(figure) for figure in figures}
    rows = text_rows(edition.told.narratives.readings)
    return tuple(_reading(edition, row) for row in rows if _register_address(row) in wanted)


def text_cell(text: str) -> Cell:
    return Cell(text)


def count_cell(edition: Edition, n: int | None) -> Cell:
    """A count; what is not shown says so."""
    return Cell(edition.words.say("hidden.short"), None, "hidden") if n is None else Cell(write.count(edition.words, n), float(n), "count")


def _invented(edition: Edition, name: str) -> tuple[Block, ...]:
    return (Callout(f"{name}-invented", edition.words.say("finding.invented"), "invented"),) if edition.invented else ()


def _reading(edition: Edition, row: dict[str, str]) -> Reading:
    when = write.day(edition.words, row.get("date", ""))
    if row.get("may_be_quoted", "").lower() != "yes":
        return Reading(row.get("group", ""), when, edition.words.language, edition.words.say("finding.not_quoted"))
    stands, meaning = row.get("where_it_stands", ""), row.get("what_it_means", "")
    if stands in STANDINGS:
        meaning = edition.words.say("stands.reading", Word=capital(edition.words.say(f"stands.{stands}")), reason=meaning)
    return Reading(
        row.get("group", ""), when, row.get("language") or edition.words.language, meaning,
        row.get("what_is_wrong", ""), row.get("dissent", ""),
    )  # fmt: skip


Address = tuple[str, str, frozenset[tuple[str, str]], str]


def _address(figure: FigureId) -> Address:
    return figure.indicator, figure.round, frozenset(figure.domain), figure.measure


def _register_address(row: dict[str, str]) -> Address:
    pairs = (part.partition("=") for part in row.get("domain", "").split(";") if part.strip())
    domain = frozenset((name.strip(), code.strip()) for name, _, code in pairs)
    return row.get("indicator", ""), row.get("round", ""), domain, row.get("measure") or "estimate"
