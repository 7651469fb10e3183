"""How each indicator stands: the figure, its groups, its change and its target, with who chose it and how settled its definition is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mel.codes import ALL, STANDINGS
from mel.model.figure import FigureId
from mel.reporting.blocks import Block, Callout, Cell, Figure, Finding, Heading, Table
from mel.reporting.charts import answer_bars, change_dumbbell, group_dots
from mel.reporting.edition import Edition
from mel.reporting.names import slug
from mel.reporting.rows import Asked, Difference, Estimate, text_rows
from mel.reporting.sections.section import count_cell, finding, prose, section, table, text_cell
from mel.reporting.words import numbers as write
from mel.reporting.words.figures import answers_sentence, figure_cell, interval_text, level_sentence, with_interval
from mel.reporting.words.many import many_sentence
from mel.reporting.words.projections import projection_sentence
from mel.reporting.words.rounds import change_cell, change_sentence, target_sentence

ANSWERS = ("distribution", "composition")
NAMED = (*ANSWERS, "quantile")
"""Kinds whose rows of one group are told apart by more than a code."""
MOST_LINES = 16
"""Lines of a chart of crossed groups; with more, the table tells them."""


@section("progress")
def progress(edition: Edition) -> Iterable[Block | None]:
    """One part per indicator, in the alliance's order; what could not be asked is listed at the end."""
    if any(edition.of(name) for name in edition.indicators):
        yield prose("progress-many", many_sentence(edition, "change", "changes"))
    for name, asked in edition.indicators.items():
        if not (asked.kind == "composition" and asked.counts == "people") and edition.of(name):
            yield from _indicator(edition, name, asked)
    yield from _unmapped(edition)


def _indicator(edition: Edition, name: str, asked: Asked) -> Iterable[Block | None]:
    yield Heading(slug("progress", name), asked.label, 3)
    yield prose(slug("progress", name, "why"), asked.why_it_matters, _voice(edition, asked))
    yield _status(edition, asked)
    yield from _findings(edition, name, asked)
    yield from _stands(edition, name, asked)
    round_ = edition.last_round(name) or ALL
    if asked.kind in ANSWERS:
        yield answer_bars(edition, name, round_)
        yield _answers(edition, name, round_)
        if len(edition.rounds_of(name)) > 1 or edition.margins(name):
            yield _by_group(edition, name, asked)
        return
    if edition.margins(name):
        yield group_dots(edition, name, round_)
        yield from _crossings(edition, name, round_)
        yield change_dumbbell(edition, name)
    yield _by_group(edition, name, asked)


def _crossings(edition: Edition, name: str, round_: str) -> Iterable[Figure | None]:
    """A chart for each crossing that still fits a page."""
    for margin in edition.margins(name):
        if len(margin) > 1 and len(edition.of(name, round_, margin)) <= MOST_LINES:
            yield group_dots(edition, name, round_, [margin])


def _findings(edition: Edition, name: str, asked: Asked) -> Iterable[Finding]:
    round_ = edition.last_round(name) or ALL
    whole = edition.of(name, round_, ())
    if asked.kind in ANSWERS:
        yield finding(edition, slug("finding", name, "answers"), answers_sentence(edition, name, whole), [r.id for r in whole if r.shown])
    else:
        for row in whole:
            yield finding(edition, slug("finding", name, row.id.category, "level"), level_sentence(edition, row), [row.id])
    for change in edition.compared("change", name):
        said_already = change.hidden and any(row.hidden for row in whole)
        if not change.domain and asked.kind not in ANSWERS and not said_already:
            block = slug("finding", name, change.id.category, "change", change.from_round, change.id.round)
            yield finding(edition, block, change_sentence(edition, change), [change.id, *change.inputs], [change.id])
    for at, against in enumerate(edition.compared("against_milestone", name)):
        yield finding(
            edition,
            slug("finding", name, "target", str(at + 1)),
            _target(edition, name, against),
            [against.id, *against.inputs],
            [against.id],
        )
    for at, ahead in enumerate(edition.compared("projection", name)):
        said = projection_sentence(edition, ahead)
        if said:
            yield finding(edition, slug("finding", name, "projection", str(at + 1)), said, [ahead.id, *ahead.inputs], [ahead.id])


def _stands(edition: Edition, name: str, asked: Asked) -> Iterable[Block | None]:
    """Of a law, a norm or a movement: who says that it is advancing, holding or under attack; or that nobody has said."""
    if not asked.judged_by_people:
        return
    words = edition.words
    rows = [r for r in text_rows(edition.told.narratives.readings) if r.get("indicator") == name and r.get("where_it_stands") in STANDINGS]
    told = [
        words.say("stands.one", who=r.get("group", ""), date=write.day(words, r.get("date", "")), word=words.say(f"stands.{r['where_it_stands']}"))
        for r in sorted(rows, key=lambda r: r.get("date", ""), reverse=True)
    ]  # fmt: skip
    said = words.say("stands.said", told=words.entry("list.semicolon").join(told)) if told else words.say("stands.nobody")
    yield prose(slug("progress", name, "stands"), said)


def _target(edition: Edition, name: str, against: Difference) -> str:
    words = edition.words
    row = next((edition.figure(figure) for figure in against.inputs), None) or _figure_at(edition, against)
    stated = next((t for t in edition.about.get("targets", {}).get(name, ()) if _is_of(t, against)), None)
    said = target_sentence(edition, against, row, None if stated is None else float(stated["value"]))
    if stated and stated.get("set_by"):
        said += f" {words.say('target.set_by', who=stated['set_by'].rstrip('.'))}"
    if stated and stated.get("reason"):
        said += f" {words.say('target.reason', reason=stated['reason'])}"
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _is_of(target: Mapping[str, Any], against: Difference) -> bool:
    """Is this stated target the one that a comparison was made with?"""
    return bool(target.get("round") == against.id.round and dict(target.get("where") or {}) == against.domain)


def _figure_at(edition: Edition, against: Difference) -> Estimate | None:
    there = FigureId(
        against.id.indicator, against.id.version, against.id.round, against.id.domain, against.id.category, "estimate", against.id.dataset
    )
    return edition.figure(there)


def _voice(edition: Edition, asked: Asked) -> str:
    words, voice = edition.words, asked.voice
    told = [
        words.say(f"progress.{key}", who=voice[key].strip().rstrip(".")) for key in ("chosen_by", "tested_with", "veto") if voice.get(key)
    ]
    return " ".join(told) if told else words.say("progress.nobody_named")


def _status(edition: Edition, asked: Asked) -> Callout | None:
    if asked.status in ("", "confirmed"):
        return None
    return Callout(slug("progress", asked.id, "status"), edition.words.say(f"progress.{asked.status}", source=asked.source or "?"), "limit")


def _answers(edition: Edition, name: str, round_: str) -> Table | None:
    words, asked = edition.words, edition.indicators[name]
    if not any(row.shown for row in edition.of(name, round_, ())):
        return None
    rows = [
        (
            text_cell(edition.answer_label(name, row.id.category)),
            _figure_cell(edition, row),
            count_cell(edition, row.n_yes if row.shown else None),
        )
        for row in edition.of(name, round_, ())
    ]
    caption = words.say("progress.answers_caption", label=asked.label, round=edition.round_label(asked.dataset, round_))
    return table(slug("progress", name, "answers"), caption, words.entry(f"progress.answers_columns_{asked.counts or 'people'}"), rows)


def _by_group(edition: Edition, name: str, asked: Asked) -> Table | None:
    """Every group, round by round, with the change between the first and last and how many answered."""
    words, rounds = edition.words, edition.rounds_of(name)
    changes = {(d.id.domain, d.id.category): d for d in edition.compared("change", name) if d.id.round == rounds[-1]}
    by_key: dict[tuple[tuple[tuple[str, str], ...], str], dict[str, Estimate]] = {}
    for margin in ((), *edition.margins(name)):
        for round_ in rounds:
            for row in edition.of(name, round_, margin):
                by_key.setdefault((row.id.domain, row.id.category), {})[round_] = row
    if not any(row.shown for found in by_key.values() for row in found.values()):
        return None
    rows = []
    for key, found in by_key.items():
        figures = [_figure_cell(edition, found.get(round_)) for round_ in rounds]
        change = [_change(edition, changes.get(key), found)] if changes else []
        last = found.get(rounds[-1])
        label = edition.group_label(key[0]) + (f": {_answer(edition, name, key[1])}" if key[1] != ALL else "")
        rows.append((text_cell(label), *figures, *change, count_cell(edition, last.n if last else None)))
    heads = [words.say("progress.group"), *(f">{edition.round_label(asked.dataset, r)}" for r in rounds)]
    heads += [words.say("progress.change")] * bool(changes) + [words.say(f"progress.answered_{asked.counts or 'people'}")]
    return table(
        slug("progress", name, "groups"), words.say("progress.groups_caption", label=asked.label), heads, rows, _notes(edition, name)
    )


def _change(edition: Edition, change: Difference | None, found: Mapping[str, Estimate]) -> Cell:
    """The change of a group; none is told where too few answered in either round, though each may be a row of its own."""
    if change is not None and not change.hidden and any(row.too_few for row in found.values()):
        return Cell(edition.words.say("hidden.too_few"), None, "hidden")
    return text_cell(change_cell(edition, change))


def _answer(edition: Edition, name: str, category: str) -> str:
    """The answer of a distribution; of anything else (the currency of money) the code itself."""
    return edition.answer_label(name, category) if edition.indicators[name].kind in NAMED else category


def _figure_cell(edition: Edition, row: Estimate | None) -> Cell:
    words = edition.words
    if row is not None and row.value is None and row.n == 0 and not row.hidden:
        return Cell(words.say("hidden.nobody"), None, "empty")
    if row is None or (row.value is None and not row.hidden):
        return Cell(words.say("hidden.no_figure"), None, "empty")
    if row.hidden:
        return Cell(words.say("hidden.short"), None, "hidden")
    if row.too_few:
        return Cell(words.say("hidden.too_few"), None, "hidden")
    text = with_interval(edition, row)
    caution = row.basis == "probability" and row.reliability == "caution"
    return figure_cell(edition, row, f"{text}*" if caution else text)


def _notes(edition: Edition, name: str) -> list[str]:
    words, rows = edition.words, edition.of(name)
    told = [
        words.say("progress.note_interval") if any(interval_text(edition, row) for row in rows) else "",
        words.say("progress.note_caution")
        if any(row.basis == "probability" and row.reliability == "caution" and row.shown for row in rows)
        else "",
        words.say("progress.note_hidden") if any(row.hidden for row in rows) else "",
        words.say("progress.note_too_few") if any(row.too_few and row.shown for row in rows) else "",
        words.say("progress.note_counted") if any(row.basis in ("purposive", "self_selected", "unknown") for row in rows) else "",
    ]
    return [note for note in told if note]


def _unmapped(edition: Edition) -> Iterable[Block | None]:
    words, unmapped = edition.words, dict(edition.about.get("unmapped") or {})
    if unmapped:
        labels = [edition.indicators[name].label if name in edition.indicators else name for name in unmapped]
        yield Heading("progress-unmapped", words.say("progress.unmapped"), 3)
        yield prose("progress-unmapped-list", words.say("progress.unmapped_told"), items=labels)
