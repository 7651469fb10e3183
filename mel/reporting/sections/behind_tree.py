"""A tree of groups in words: who is furthest behind and ahead, how large the gap is where nobody looked for it, how often it is the same group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mel.model.analyses import Analysis
from mel.reporting.blocks import Block, Cell, Finding, Table
from mel.reporting.charts import tree
from mel.reporting.charts.picture import Told
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked
from mel.reporting.sections.behind_rows import figure_cell, figures_of, notes_of, plain_cell, rows_of, said, share_of
from mel.reporting.sections.section import finding, prose, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.amounts import EMPTY, bounds_label, bounds_people, condition_label, count_cell, share_cell, size

EDGES = ("furthest_behind", "furthest_ahead")


def tree_told(edition: Edition, one: Analysis, name: str) -> Iterable[Block | None]:
    asked = edition.indicators[one.indicator]
    leaves, splits, (summary, *_) = (rows_of(edition, one, part) for part in ("leaves", "splits", "summary"))
    for leaf in leaves:
        if leaf.text("place") in EDGES:
            yield _edge(edition, asked, leaf, slug(name, leaf.text("place")))
    yield prose(slug(name, "sure"), *_how_sure(edition, asked, summary))
    yield tree(edition, one)
    yield _leaves(edition, asked, leaves, notes_of([*leaves, summary]), name)
    yield _splits(edition, asked, splits, name)
    yield prose(slug(name, "method"), _method(edition, one))


def _edge(edition: Edition, asked: Asked, leaf: Told, block: str) -> Finding:
    group = bounds_people(edition, leaf.bounds, asked.counts)
    part = share_of(edition, leaf.number("share"))
    sentence = edition.words.say(f"behind.furthest_behind.{leaf.text('place')}", group=group, figure=said(edition, asked, leaf), part=part)
    return finding(edition, block, sentence, figures_of(leaf), [])


def _how_sure(edition: Edition, asked: Asked, summary: Told) -> list[str]:
    words, gap, honest = edition.words, summary.number("gap"), summary.number("gap_honest")
    same, draws, overlap = (summary.number(part) for part in ("same_again", "draws", "overlap"))
    low, high = summary.number("ci_low"), summary.number("ci_high")
    told = [words.say("behind.furthest_behind.gap", gap=size(edition, asked, gap))] if gap is not None else []
    if honest is not None:
        key = "behind.furthest_behind.honest" if low is not None and high is not None else "behind.furthest_behind.honest_only"
        ends = {"interval": _interval(edition, asked, honest, low, high)} if low is not None and high is not None else {}
        told.append(words.say(key, gap=_signed(edition, asked, honest), **ends))
    if same is not None and overlap is not None and draws:
        told.append(
            words.say("behind.furthest_behind.again", same=share_of(edition, same), draws=int(draws), overlap=share_of(edition, overlap))
        )
    return told


def _interval(edition: Edition, asked: Asked, value: float, low: float, high: float) -> str:
    kind, digits = ("points", 0) if asked.is_share else ("number", write.decimals_together(value, low, high))
    return write.interval(edition.words, low, high, kind=kind, digits=digits)


def _signed(edition: Edition, asked: Asked, value: float) -> str:
    """A gap that may be below zero."""
    return f"{'−' if value < 0 else ''}{size(edition, asked, value)}"


def _leaves(edition: Edition, asked: Asked, leaves: Sequence[Told], notes: Sequence[str], name: str) -> Table | None:
    words = edition.words
    rows: list[tuple[Cell, ...]] = [
        (
            text_cell(bounds_label(edition, leaf.bounds)),
            count_cell(edition, leaf.n),
            figure_cell(edition, asked, leaf),
            share_cell(edition, leaf.number("share")),
            _gap_cell(edition, asked, leaf.number("gap")),
            share_cell(edition, leaf.number("behind_again")),
        )
        for leaf in leaves
    ]
    heads = list(words.entry("behind.furthest_behind.columns"))
    if all(leaf.number("behind_again") is None for leaf in leaves):
        rows, heads = [row[:-1] for row in rows], heads[:-1]
    return table(slug(name, "groups"), words.say("behind.furthest_behind.caption", label=asked.label), heads, rows, notes)


def _gap_cell(edition: Edition, asked: Asked, gap: float | None) -> Cell:
    """How far behind: without a sign, since the column's name says the direction."""
    if gap is None:
        return EMPTY
    return Cell(size(edition, asked, gap), gap * 100 if asked.is_share else gap, "points" if asked.is_share else "number")


def _splits(edition: Edition, asked: Asked, splits: Sequence[Told], name: str) -> Table | None:
    words = edition.words
    rows: list[tuple[Cell, ...]] = [
        (
            text_cell(edition.dimension_label(split.text("dimension"))),
            text_cell(condition_label(edition, split.text("dimension"), split.codes("below"))),
            text_cell(condition_label(edition, split.text("dimension"), split.codes("above"))),
            count_cell(edition, split.n),
            plain_cell(edition, asked, split.number("estimate")),
            share_cell(edition, split.number("explained")),
        )
        for split in splits
    ]
    heads = list(words.entry("behind.furthest_behind.split_columns"))
    return table(slug(name, "partings"), words.say("behind.furthest_behind.split_caption", label=asked.label), heads, rows)


def _method(edition: Edition, one: Analysis) -> str:
    share = share_of(edition, float(one.method["share"]))
    return edition.words.say(
        "behind.furthest_behind.method",
        depth=int(one.method["depth"]),
        fewest=int(one.method["fewest"]),
        share=share,
        seed=int(one.method["seed"]),
    )
