"""Where will a figure be on the day of its target, if it goes on as it did, and how likely is the target reached?"""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.rows import Difference
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import capital
from mel.reporting.words.groups import group_of
from mel.reporting.words.rounds import SAID_BY_PEOPLE, target_text


def projection_sentence(edition: Edition, row: Difference) -> str:
    """Value, interval and chance, or why nothing can be said; empty where people say where it stands."""
    words, asked = edition.words, edition.indicators[row.id.indicator]
    if row.status == SAID_BY_PEOPLE:
        return ""
    date = write.day(words, row.target_date)
    group = words.say("target.of_group", group=group_of(edition, row.domain, asked.counts).many) if row.domain else ""
    if row.hidden:
        return _joined(group, words.say("projection.hidden", date=date))
    target = target_text(edition, asked, row.target)
    if row.value is None or row.low is None or row.high is None:
        return _joined(group, words.say("projection.cannot", date=date, target=target, why=row.note))
    value = write.percent(words, row.value) if asked.is_share else write.number(words, row.value, asked.unit)
    interval = write.interval(words, row.low, row.high, kind="percent" if asked.is_share else "number")
    chance = words.say("projection.chance", chance=write.percent(words, row.chance)) if row.chance is not None else ""
    dataset = row.id.dataset
    rounds = {"from_round": edition.round_inside(dataset, row.from_round), "round": edition.round_inside(dataset, row.id.round)}
    said = words.say("projection.said", value=value, interval=interval, date=date, target=target, chance=chance, **rounds)
    return _joined(group, said) + (f" {row.note}" if row.note else "")


def _joined(group: str, said: str) -> str:
    return capital(group + (said[:1].lower() + said[1:] if group else said))
