"""How is one figure said? By its basis: only a probability sample speaks of a population and has an interval; a census counts all
the people the partners work with; the others count those who answered, and count before they divide.
"""

from __future__ import annotations

from mel.codes import ALL
from mel.reporting.blocks import Cell
from mel.reporting.edition import Edition
from mel.reporting.rows import Asked, Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import Words
from mel.reporting.words.claims import claim_of
from mel.reporting.words.groups import Group, group_of

MOST_PARTS = 6
"""Groups of a composition that are named in its sentence; the table has all."""


def value_text(edition: Edition, row: Estimate, digits: int = 0) -> str:
    """A figure for a sentence or cell: `21 %`, `9 of 12`, `3.4 meetings`; for a hidden one, that it is not shown and why."""
    words, asked = edition.words, edition.indicators[row.id.indicator]
    if row.hidden:
        return words.say("hidden.text")
    if row.value is None:
        return words.say("hidden.nobody" if row.n == 0 else "hidden.no_figure")
    if row.too_few:
        return words.say("hidden.too_few")
    if not asked.is_share:
        return _of_points(words, asked, row.value) if asked.points else write.number(words, row.value, _unit(asked, row))
    if row.basis == "probability" or row.n is None or row.n_yes is None:
        return write.percent(words, row.value, digits)
    return yes_of(words, row.n_yes, row.n)


def yes_of(words: Words, yes: int, n: int) -> str:
    """`9 of 12`; from twenty people on `18 of 24 (75 %)`."""
    counted = f"{write.count(words, yes)} of {write.count(words, n)}"
    return counted if n < write.SMALLEST_FOR_PERCENT else f"{counted} ({write.percent(words, yes / n)})"


def interval_text(edition: Edition, row: Estimate, digits: int = 0) -> str:
    """`95 % interval 17 to 26`, or nothing where there is none: only a probability sample has one."""
    asked = edition.indicators[row.id.indicator]
    if row.basis != "probability" or row.low is None or row.high is None or not row.shown or row.too_few:
        return ""
    if not asked.is_share:
        return write.interval(edition.words, row.low, row.high, kind="number", digits=write.decimals_for(row.value or 0.0))
    tiny = row.value is not None and not 0.01 <= row.value <= 0.99
    return write.interval(edition.words, row.low, row.high, digits=max(digits, int(tiny)))


def with_interval(edition: Edition, row: Estimate) -> str:
    """A figure for a table or chart: `21 % (17 to 26)`, `9 of 12`, `not shown`. Beside fewer than 1 % stands no interval: its ends would
    be rounded away.
    """
    words = edition.words
    if row.hidden:
        return words.say("hidden.short")
    asked = edition.indicators[row.id.indicator]
    share = asked.is_share
    scored = asked.points is not None and row.shown and not row.too_few
    text = write.number(words, row.value or 0.0, asked.unit) if scored else value_text(edition, row)
    if not interval_text(edition, row) or (share and not 0.005 <= (row.value or 0.0) <= 0.995):
        return text
    decimals = write.decimals_for(row.value or 0.0)
    ends = [write.percent_short(words, end) if share else write.amount(words, end, decimals) for end in (row.low or 0.0, row.high or 0.0)]
    return words.say("progress.cell", value=text, low=ends[0], high=ends[1])


def figure_cell(edition: Edition, row: Estimate, text: str) -> Cell:
    """A cell with `text` and the number behind it: the share of a sample; of those who are counted, how many said yes."""
    if row.value is None:
        return Cell(text, None, "empty")
    if not edition.indicators[row.id.indicator].is_share:
        return Cell(text, row.value, "number")
    if row.basis == "probability" or row.n is None or row.n_yes is None:
        return Cell(text, row.value, "percent")
    return Cell(text, float(row.n_yes), "count")


def level_sentence(edition: Edition, row: Estimate) -> str:
    """One figure as a sentence. Missing: a hidden figure says that it is not shown, and too few answers say so."""
    words, asked = edition.words, edition.indicators[row.id.indicator]
    group = group_of(edition, row.domain, row.counts)
    if row.hidden or row.value is None:
        label = edition.figure_label(row.id) + (f", {group.many}" if row.domain else "")
        return words.say("level.hidden" if row.hidden else "level.no_figure", label=label)
    if row.too_few:
        return words.say("level.too_few", label=asked.label, group=group.many, n=row.n)
    how = {"proportion": _share, "quantile": _quantile}.get(asked.kind, _amount)
    said = how(edition, row, asked, group)
    caution = row.basis == "probability" and row.reliability == "caution"
    return f"{said} {words.say('level.caution')}" if caution else said


def answers_sentence(edition: Edition, indicator: str, rows: tuple[Estimate, ...]) -> str:
    """The answers given most often, of those that are shown."""
    words, asked = edition.words, edition.indicators[indicator]
    shown = sorted((row for row in rows if row.shown), key=lambda row: -(row.value or 0.0))
    if not shown:
        return words.say("level.hidden", label=asked.label)
    if asked.kind == "composition":
        parts = [
            words.say("chart.alt_part", label=edition.answer_label(indicator, r.id.category), value=value_text(edition, r)) for r in shown
        ]
        most = len(parts) if len(parts) <= MOST_PARTS + 1 else MOST_PARTS
        key, told = "level.parts" if most == len(parts) else "level.parts_more", words.entry("list.semicolon").join(parts[:most])
        return f"{words.say(key, label=asked.label, parts=told, n=write.count(words, len(parts) - most))}{_some_hidden(words, rows)}"
    told = [
        words.say("level.answer", answer=edition.answer_label(indicator, r.id.category).strip("“”"), share=value_text(edition, r))
        for r in shown[:3]
    ]
    key = "level.answers" if len(told) > 1 else "level.answers_one"
    return f"{words.say(key, label=asked.label, first=told[0], then=words.listed(told[1:]))}{_some_hidden(words, rows)}"


def _some_hidden(words: Words, rows: tuple[Estimate, ...]) -> str:
    return f" {words.say('level.answer_missing')}" if any(row.hidden for row in rows) else ""


def _share(edition: Edition, row: Estimate, asked: Asked, group: Group) -> str:
    if row.basis == "probability":
        return _population(edition, row, asked, group)
    words, n, yes = edition.words, row.n or 0, row.n_yes
    if yes is None:
        return words.say("level.answered_label", label=asked.label, yes=write.percent(words, row.value or 0.0), group=group.many)
    everyone = edition.everyone_answered(row)
    people = group.of(n)
    if asked.claim and row.counts != "things":
        key = "level.everyone" if everyone else "level.answered" if row.counts == "people" else "level.recorded"
        return words.say(key, group=people, yes=_yes(words, yes, n), claim=claim_of(words, asked.claim, yes))
    key = "counted_label" if row.counts == "things" else "everyone_label" if everyone else "answered_label"
    return words.say(f"level.{key}", label=asked.label, group=people, yes=_yes(words, yes, n))


def _population(edition: Edition, row: Estimate, asked: Asked, group: Group) -> str:
    words, value = edition.words, row.value or 0.0
    if asked.claim and row.n and value in (0.0, 1.0):
        key = "level.population_none" if value == 0 else "level.population_all"
        return words.say(key, group=group.of(row.n), claim=claim_of(words, asked.claim))
    interval = _bracketed(words, interval_text(edition, row))
    share = write.percent(words, value)
    if asked.claim:
        return words.say("level.population", group=group.asked(asked), share=share, claim=asked.claim, interval=interval)
    return words.say("level.population_label", label=asked.label, share=share, group=group.asked(asked), interval=interval)


def _amount(edition: Edition, row: Estimate, asked: Asked, group: Group) -> str:
    words, value = edition.words, value_text(edition, row)
    interval = _bracketed(words, interval_text(edition, row))
    if asked.kind in ("total", "distinct_count") or row.counts == "things":
        label = asked.label if not row.domain else f"{asked.label}, {group.many}"
        return words.say("level.total", label=label, value=value, interval=interval)
    key = "mean" if asked.kind in ("mean", "score") else "value"
    if row.basis == "probability":
        return words.say(f"level.{key}", label=asked.label, value=value, group=group.asked(asked), interval=interval)
    return words.say(f"level.{key}_answered", label=asked.label, value=value, group=group.of(row.n) if row.n else group.many)


def _quantile(edition: Edition, row: Estimate, asked: Asked, group: Group) -> str:
    """How many people are at or below it, said with the number; `median` is a word not everybody has."""
    words, part, value = edition.words, edition.part(row.id.category), value_text(edition, row)
    if row.basis == "probability":
        interval = _bracketed(words, interval_text(edition, row))
        return words.say("quantile.level", label=asked.label, part=part, value=value, group=group.asked(asked), interval=interval)
    return words.say("quantile.level_answered", label=asked.label, part=part, value=value, group=group.of(row.n) if row.n else group.many)


def _yes(words: Words, yes: int, n: int) -> str:
    if yes == 0:
        return words.say("level.none")
    if yes == n and n > 1:
        return words.say("level.all", n=write.count(words, n))
    if n < write.SMALLEST_FOR_PERCENT:
        return write.count(words, yes)
    return words.say("level.yes_share", yes=write.count(words, yes), share=write.percent(words, yes / n))


def _bracketed(words: Words, text: str) -> str:
    return words.say("level.in_brackets", text=text) if text else ""


def _of_points(words: Words, asked: Asked, value: float) -> str:
    """A score against the highest there can be; where points do not begin at 0, on its scale: 1 of 4 would read as a quarter."""
    low, high = asked.points or (0.0, 0.0)
    if low == 0:
        return words.say("level.score", value=write.number(words, value), top=write.number(words, high, asked.unit))
    ends = {"low": write.number(words, low), "top": write.number(words, high)}
    return words.say("level.score_from", value=write.number(words, value, asked.unit), **ends)


def _unit(asked: Asked, row: Estimate) -> str:
    """The unit of a mean or total; of money the currency, which is the row's category."""
    return row.id.category if row.id.category != ALL and asked.kind in ("total", "ratio", "mean") else asked.unit


__all__ = ["answers_sentence", "figure_cell", "interval_text", "level_sentence", "value_text", "with_interval", "yes_of"]
