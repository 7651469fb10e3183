"""Between whom are there gaps? The clear ones in sentences, largest first; every pair in a table; what is hidden is named as hidden."""

from __future__ import annotations

from collections.abc import Iterable

from mel.codes import ALL
from mel.model.figure import FigureId
from mel.reporting.blocks import Block, Cell, Figure, Finding, Heading, Table
from mel.reporting.charts import equiplot, gap_over_time
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.sections.barriers_beside import barriers_beside
from mel.reporting.sections.closing import closing
from mel.reporting.sections.section import finding, prose, section, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital, inside
from mel.reporting.words.closing import VERBS
from mel.reporting.words.figures import figure_cell, value_text
from mel.reporting.words.many import many_sentence
from mel.reporting.words.pairs import RIGHT, Pair, pair_names, pair_sentence, pairs_of, right_of

MOST = 4
"""Sentences on gaps an indicator gets; the table has them all."""
MOST_LINES = 10
"""Indicators set side by side in one picture."""


@section("gaps")
def gaps(edition: Edition) -> Iterable[Block | None]:
    """Gaps by indicator, in its last round."""
    parts = [block for name in edition.indicators for block in _indicator(edition, name)]
    if parts:
        told = [_reference(edition, name) for name in edition.dimensions]
        yield prose("gaps-how", edition.words.say("gaps.how"), _counted_only(edition), many_sentence(edition, "gap_difference", "gaps"))
        yield prose("gaps-references", items=[one for one in told if one])
        yield _overview(edition)
        yield from parts


def clear_pairs(edition: Edition, indicator: str, round_: str) -> list[Pair]:
    """The pairs whose difference is clear, the firmest and largest first."""
    return sorted((pair for pair in pairs_of(edition, indicator, round_) if pair.clear), key=lambda pair: pair.rank)


def _indicator(edition: Edition, name: str) -> Iterable[Block | None]:
    round_ = edition.last_round(name)
    pairs = pairs_of(edition, name, round_) if round_ else ()
    if not pairs or round_ is None:
        return
    asked, words = edition.indicators[name], edition.words
    yield Heading(slug("gaps", name), asked.label, 3)
    clear = clear_pairs(edition, name, round_)
    counted = [pair for pair in pairs if pair.shown and pair.difference.basis != "probability"]
    told = clear or sorted(counted, key=lambda pair: -pair.size)
    for at, pair in enumerate(told[:MOST], start=1):
        yield _finding(edition, slug("gap", name, str(at)), pair)
        yield prose(slug("gap", name, str(at), "barriers"), barriers_beside(edition, pair))
    unclear = [pair for pair in pairs if pair.shown and pair.difference.basis == "probability" and not pair.clear]
    if unclear:
        key = "gaps.unclear_one" if len(unclear) == 1 else "gaps.unclear"
        yield prose(slug("gaps", name, "unclear"), words.say(key, n=write.count(words, len(unclear))))
    yield _pairs(edition, name, pairs)
    yield from closing(edition, name)
    moved = [row for row in edition.compared("gap_change", name) if row.status in VERBS and row.shown and not row.domain]
    if moved:
        yield gap_over_time(edition, name, max(moved, key=lambda row: abs(row.value or 0.0)).dimension)


def _overview(edition: Edition) -> Figure | None:
    """Several indicators side by side, by the dimension in which most of them have a clear gap; nothing for one indicator alone."""
    clear = [
        (pair.difference.dimension, name)
        for name, asked in edition.indicators.items()
        if asked.kind == "proportion"
        for pair in clear_pairs(edition, name, edition.last_round(name) or "")
        if not pair.difference.domain
    ]
    by_dimension = {dimension: dict.fromkeys(name for d, name in clear if d == dimension) for dimension, _ in clear}
    most = max(by_dimension, key=lambda dimension: len(by_dimension[dimension]), default="")
    return equiplot(edition, list(by_dimension[most])[:MOST_LINES], most) if most and len(by_dimension[most]) > 1 else None


def _reference(edition: Edition, name: str) -> str:
    """Whom this dimension's groups are held against, and why; empty where nobody was named."""
    one = edition.dimensions[name]
    used = any(gap.dimension == name and gap.group_b == one.get("reference") for gap in edition.compared("gap_difference"))
    if not one.get("reference") or not used:
        return ""
    group = inside(edition.category_label(name, str(one["reference"])))
    reason = str(one.get("reference_reason") or "").strip().rstrip(".")
    return edition.words.say("gaps.reference", dimension=edition.dimension_label(name), group=group, reason=f"{reason}.")


def _finding(edition: Edition, block: str, pair: Pair) -> Finding:
    gap = pair.difference
    ids = [gap.id, *([pair.ratio.id] if pair.ratio else []), *gap.inputs]
    domains = [(*gap.id.domain, (gap.dimension, code)) for code in (gap.group_a, gap.group_b)]
    also = [
        FigureId(gap.id.indicator, gap.id.version, gap.id.round, domain, gap.id.category, measure, gap.id.dataset)
        for domain in domains
        for measure in ("gap_difference", "gap_ratio")
    ]
    return finding(edition, block, pair_sentence(edition, pair), ids, [gap.id, *([pair.ratio.id] if pair.ratio else []), *also])


def _pairs(edition: Edition, name: str, pairs: tuple[Pair, ...]) -> Table | None:
    words, asked = edition.words, edition.indicators[name]
    rows = [_row(edition, pair) for pair in pairs]
    heads = list(words.entry("gaps.columns"))
    if all(pair.difference.basis != "probability" for pair in pairs):
        rows, heads = [row[:-1] for row in rows], heads[:-1]
    notes = [words.say("progress.note_hidden")] if any(pair.difference.hidden for pair in pairs) else []
    if any(_picked(edition, pair) for pair in pairs):
        notes.append(words.say("gaps.picked"))
    return table(slug("gaps", name, "pairs"), words.say("gaps.caption", label=asked.label), heads, rows, notes)


def _picked(edition: Edition, pair: Pair) -> bool:
    """Were these two groups chosen by looking at their figures?"""
    named = edition.dimensions.get(pair.difference.dimension, {}).get("reference")
    return not named and pair.difference.group_b not in (ALL, RIGHT)


def _row(edition: Edition, pair: Pair) -> tuple[Cell, ...]:
    gap, words = pair.difference, edition.words
    asked = edition.indicators[gap.id.indicator]
    if not (gap.group_a and gap.group_b):
        pair_name = words.say("gaps.pair_hidden", dimension=inside(edition.dimension_label(gap.dimension)))
    else:
        a, b = pair_names(edition, gap, (gap.group_a, gap.group_b), asked.counts)
        pair_name = words.say("gaps.pair", a=a, b=b) if gap.group_b != RIGHT else words.say(f"gap.right.pair_{right_of(pair)}", a=a)
    short = Cell(words.say("hidden.short"), None, "hidden")
    head = text_cell(capital(pair_name) + _answer(edition, pair))
    if not pair.shown:
        return (head, short, short, short, text_cell(""))
    figures = [_side(edition, pair, at) for at in (0, 1)]
    verdict = "gaps.clear" if pair.clear else "gaps.not_clear" if gap.has_interval else "gaps.no_interval"
    return (head, *figures, _difference(edition, pair), text_cell(words.say(verdict)))


def _answer(edition: Edition, pair: Pair) -> str:
    category = pair.difference.id.category
    return "" if category == ALL else f" ({edition.answer_label(pair.difference.id.indicator, category)})"


def _side(edition: Edition, pair: Pair, at: int) -> Cell:
    row, value = (pair.a, pair.b)[at], (pair.difference.value_a, pair.difference.value_b)[at]
    asked = edition.indicators[pair.difference.id.indicator]
    kind = "percent" if asked.is_share else "number"
    if row is not None and row.shown:
        return figure_cell(edition, row, value_text(edition, row))
    text = write.percent(edition.words, value or 0.0) if asked.is_share else write.number(edition.words, value or 0.0, asked.unit)
    return Cell(text, value, kind)  # type: ignore[arg-type]


def _difference(edition: Edition, pair: Pair) -> Cell:
    gap, words = pair.difference, edition.words
    asked, value = edition.indicators[gap.id.indicator], gap.value or 0.0
    counted = gap.basis != "probability" and any(r is None or (r.n or 0) < write.SMALLEST_FOR_PERCENT for r in (pair.a, pair.b))
    if asked.is_share and counted:
        return Cell(words.say("gaps.count_instead"), None, "text")
    decimals = write.decimals_together(value, gap.low, gap.high)
    text = write.signed_points(words, value) if asked.is_share else write.signed(words, value, asked.unit, decimals)
    if gap.basis == "probability" and gap.low is not None and gap.high is not None:
        amounts = [write.amount(words, end, decimals) for end in (gap.low, gap.high)]
        ends = write.point_ends(words, gap.low, gap.high) if asked.is_share else amounts
        text = words.say("change.cell", change=text, low=ends[0], high=ends[1])
    return Cell(text, value * 100 if asked.is_share else value, "points" if asked.is_share else "number")


def _counted_only(edition: Edition) -> str:
    bases = {gap.basis for gap in edition.compared("gap_difference")}
    return edition.words.say("gaps.counted_only") if bases & {"purposive", "self_selected", "unknown"} else ""
