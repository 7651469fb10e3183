"""Who is reached and who is not: the shares of those who answered, group by group and crossed, and whom we do not know."""

from __future__ import annotations

from collections.abc import Iterable

from mel.codes import ALL, SILENCES
from mel.reporting.blocks import Block, Callout, Cell, Heading, Prose, Table
from mel.reporting.charts import composition_bars
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Estimate
from mel.reporting.sections.section import count_cell, finding, prose, section, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import inside
from mel.reporting.words.figures import answers_sentence, figure_cell, value_text


@section("who_is_reached")
def who_is_reached(edition: Edition) -> Iterable[Block | None]:
    """Composition by dimension and crossing, silences, and how many groups were heard but are not shown."""
    found = [*_compositions(edition), *_heard(edition), *_crossed(edition), *_unknown(edition)]
    if found:
        yield from found
        yield _hidden(edition)


def base_of(edition: Edition) -> tuple[str, str] | None:
    """The indicator and round that tell best who was heard: of those with breakdowns, the one most people answered, in its last round."""
    best: tuple[int, str, str] | None = None
    for name, asked in edition.indicators.items():
        if asked.counts != "people" or asked.kind in ("composition", "distribution") or not edition.margins(name):
            continue
        round_ = edition.last_round(name) or ALL
        whole = edition.whole(name, round_)
        n = whole.n if whole and whole.n is not None else 0
        if best is None or n > best[0]:
            best = (n, name, round_)
    return None if best is None else best[1:]


def _compositions(edition: Edition) -> Iterable[Block | None]:
    for name, asked in edition.indicators.items():
        round_ = edition.last_round(name) if asked.kind == "composition" and asked.counts == "people" else None
        if round_ is None:
            continue
        rows = edition.of(name, round_, ())
        label = edition.round_label(asked.dataset, round_)
        yield Heading(slug("reached", name), asked.label, 3)
        yield finding(edition, slug("reached", name, "told"), answers_sentence(edition, name, rows), [row.id for row in rows if row.shown])
        yield composition_bars(edition, name, round_)
        yield _shares(edition, name, rows, label)


def _shares(edition: Edition, name: str, rows: tuple[Estimate, ...], label: str) -> Table | None:
    words = edition.words
    if not any(row.shown for row in rows):
        return None
    cells = [(text_cell(edition.answer_label(name, row.id.category)), _value(edition, row), count_cell(edition, _yes(row))) for row in rows]
    caption = words.say("reached.shares_caption", label=edition.indicators[name].label, round=label)
    return table(slug("reached", name, "shares"), caption, words.entry("reached.shares_columns"), cells)


def _heard(edition: Edition) -> Iterable[Block | None]:
    """Who was heard, by each dimension that no composition indicator covers: how many of each group answered."""
    base = base_of(edition)
    if base is None:
        return
    name, round_ = base
    asked, words = edition.indicators[name], edition.words
    round_label = edition.round_label(asked.dataset, round_)
    rows = [
        (
            text_cell(edition.dimension_label(margin[0])),
            text_cell(edition.category_label(margin[0], row.domain[margin[0]])),
            count_cell(edition, row.n),
        )
        for margin in edition.margins(name)
        if len(margin) == 1
        for row in _one_each(edition, name, round_, margin)
    ]
    if rows:
        yield Heading("reached-heard", words.say("reached.heard"), 3)
        caption = words.say("reached.heard_caption", label=asked.label, round=round_label)
        yield table("reached-heard-table", caption, words.entry("reached.heard_columns"), rows)


def _crossed(edition: Edition) -> Iterable[Block | None]:
    base = base_of(edition)
    if base is None:
        return
    name, round_ = base
    words, asked = edition.words, edition.indicators[name]
    for margin in edition.margins(name):
        if len(margin) < 2:
            continue
        rows = [
            (text_cell(edition.group_label(row.domain)), count_cell(edition, row.n)) for row in _one_each(edition, name, round_, margin)
        ]
        dims = words.listed([inside(edition.dimension_label(d)) for d in margin])
        caption = words.say("reached.crossed_caption", dimensions=dims, round=edition.round_label(asked.dataset, round_))
        yield table(slug("reached-crossed", *margin), caption, words.entry("reached.crossed_columns"), rows)


def _unknown(edition: Edition) -> Iterable[Block | None]:
    """Whom we do not know: those who did not say, were not asked or are not known, by dimension."""
    base = base_of(edition)
    words = edition.words
    rows: list[tuple[Cell, ...]] = []
    if base is not None:
        name, round_ = base
        for margin in edition.margins(name):
            if len(margin) == 1:
                for row in _one_each(edition, name, round_, margin):
                    code = row.domain[margin[0]]
                    if code in SILENCES:
                        rows.append(
                            (
                                text_cell(edition.dimension_label(margin[0])),
                                text_cell(edition.category_label(margin[0], code)),
                                count_cell(edition, _heard_in(row)),
                            )
                        )
    for name, asked in edition.indicators.items():
        if asked.kind == "composition" and asked.counts == "people":
            rows += [
                (text_cell(asked.label), text_cell(edition.answer_label(name, row.id.category)), count_cell(edition, _yes(row)))
                for row in edition.of(name, edition.last_round(name), ())
                if row.id.category in SILENCES
            ]
    if rows:
        yield Heading("reached-unknown", words.say("reached.unknown"), 3)
        yield prose("reached-unknown-told", words.say("reached.unknown_told"))
        yield table("reached-unknown-table", words.say("reached.unknown_caption"), words.entry("reached.unknown_columns"), rows)


def _one_each(edition: Edition, name: str, round_: str, margin: tuple[str, ...]) -> list[Estimate]:
    """One row a group: of several quantiles the one that stands for them."""
    main = edition.main(name)
    return [row for row in edition.of(name, round_, margin) if row.id.category == main]


def _hidden(edition: Edition) -> Callout | Prose | None:
    words, protection = edition.words, edition.told.protection
    if not protection.groups_not_shown:
        return prose("reached-hidden", words.say("reached.none_hidden"))
    groups = words.counted(protection.groups_not_shown, "group")
    key = "reached.hidden_one" if protection.groups_not_shown == 1 else "reached.hidden"
    return Callout("reached-hidden", words.say(key, groups=groups, threshold=write.count(words, protection.policy.threshold)), "care")


def _value(edition: Edition, row: Estimate) -> Cell:
    if not row.shown:
        return Cell(edition.words.say("hidden.short"), None, "hidden")
    return figure_cell(edition, row, value_text(edition, row))


def _yes(row: Estimate) -> int | None:
    return row.n_yes if row.shown else None


def _heard_in(row: Estimate) -> int | None:
    """Everybody in the group, those too who left this one question unanswered; None where a part of it is not shown."""
    parts = [row.n, *row.silences.values()]
    return None if None in parts else sum(part for part in parts if part is not None)


__all__ = ["base_of", "who_is_reached"]
