"""How is a change between rounds said, and how a distance to a target? `Rose` and `fell` only where the interval of the change
excludes none; only a probability sample can say that a target is reached for a population.
"""

from __future__ import annotations

from mel.reporting.edition import Edition
from mel.reporting.rows import Asked, Difference, Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import Words, capital
from mel.reporting.words.claims import claim_of, clause
from mel.reporting.words.figures import interval_text, level_sentence, value_text
from mel.reporting.words.groups import group_of
from mel.reporting.words.pairs import digits_for

CANNOT_COMPARE = "cannot_compare"
CANNOT_SAY = "cannot_say"
SAID_BY_PEOPLE = "said_by_people"
TARGET_STATES = {"reached": "reached", "not_reached": "not_yet", "cannot_say": "cannot_say"}
"""What a comparison says of a target, and the catalogue's key for it; with any other status nothing is claimed."""


def direction(change: Difference) -> str:
    """`up`, `down`, `cannot_say`, `same` or `cannot_compare`: what may be said of a change. Counted ones have no `cannot_say`:
    they speak of those who answered alone.
    """
    if change.status == CANNOT_COMPARE or change.value is None:
        return CANNOT_COMPARE
    if change.value == 0:
        return "same"
    if change.basis == "probability" and not change.excludes(0.0):
        return CANNOT_SAY
    return "up" if change.value > 0 else "down"


def hoped_for(asked: Asked, change: Difference) -> bool | None:
    """Did it move the way the alliance works towards? None where it did not clearly move, or the indicator takes no side."""
    moved = direction(change)
    if moved not in ("up", "down") or asked.polarity == "neither" or change.basis != "probability":
        return None
    return (moved == "up") == (asked.polarity == "higher_is_better")


def change_sentence(edition: Edition, change: Difference, *, direction_told: bool = True) -> str:
    """A change between two rounds, or why it cannot be said; with `direction_told`, whether it is the way the alliance works towards."""
    words, asked = edition.words, edition.indicators[change.id.indicator]
    rounds = _rounds(edition, change)
    if change.hidden:
        return words.say("change.hidden", label=edition.figure_label(change.id), **rounds)
    moved = direction(change)
    if moved == CANNOT_COMPARE:
        why = change.note or words.say("change.cannot_no_reason")
        return words.say("change.cannot", label=edition.figure_label(change.id), why=_sentence(why), **rounds)
    if change.basis != "probability":
        return _counted(edition, change, asked, rounds)
    values = _values(edition, change, asked)
    subject = _subject(edition, change, asked)
    if moved == CANNOT_SAY:
        return (
            words.say(f"change.unclear{'' if asked.is_share else '_value'}", subject=subject, **values, **rounds)
            if values["interval"]
            else _no_interval(words, subject, values, rounds, change)
        )
    if moved == "same":
        return words.say("change.same", subject=subject, after=values["after"], **rounds)
    verb = words.say("change.rose" if moved == "up" else "change.fell")
    said = words.say("change.clear", subject=subject, verb=verb, **values, **rounds)
    hoped = hoped_for(asked, change) if direction_told else None
    return said if hoped is None else f"{said} {words.say('change.hoped' if hoped else 'change.not_hoped')}"


def change_title(edition: Edition, change: Difference) -> str:
    """A chart's title from the change of the whole."""
    words, asked = edition.words, edition.indicators[change.id.indicator]
    moved = direction(change)
    if change.hidden or moved == CANNOT_COMPARE or change.basis != "probability":
        return words.say("gap.title.change_plain", label=asked.label)
    values = _values(edition, change, asked)
    key = {"up": "change_up", "down": "change_down"}.get(moved, "change_unclear")
    return words.say(f"gap.title.{key}", label=asked.label, before=values["before"], after=values["after"])


def change_cell(edition: Edition, change: Difference | None) -> str:
    """A change for a table's cell: `+7 points (2 to 12)`."""
    words = edition.words
    if change is None:
        return words.say("change.cell_none")
    asked = edition.indicators[change.id.indicator]
    if change.hidden:
        return words.say("hidden.short")
    if direction(change) == CANNOT_COMPARE:
        return words.say("change.cell_cannot")
    value = change.value or 0.0
    if asked.is_share:
        said = write.signed_points(words, value)
        ends = write.point_ends(words, change.low, change.high) if change.low is not None and change.high is not None else []
    else:
        decimals = write.decimals_together(value, change.low, change.high)
        said = write.signed(words, value, asked.unit, decimals)
        ends = [write.amount(words, end, decimals) for end in (change.low, change.high) if end is not None]
    return said if len(ends) < 2 or change.basis != "probability" else words.say("change.cell", change=said, low=ends[0], high=ends[1])


def target_sentence(edition: Edition, against: Difference, row: Estimate | None, stated: float | None = None) -> str:
    """Where a figure stands against its target; of those who answered only, where the data are not a probability sample.

    `stated`: the target as it was set, which is told even where the figure beside it is hidden.
    """
    words, asked = edition.words, edition.indicators[against.id.indicator]
    round_, target = (
        edition.round_inside(against.id.dataset, against.id.round),
        target_text(edition, asked, against.target if stated is None else stated),
    )
    group = words.say("target.of_group", group=group_of(edition, against.domain, asked.counts).many) if against.domain else ""
    if against.status == SAID_BY_PEOPLE and not against.hidden and row is not None and row.shown:
        interval = interval_text(edition, row)
        brackets = words.say("level.in_brackets", text=interval) if interval else ""
        said = words.say("target.said_by_people", round=round_, target=target, actual=value_text(edition, row), interval=brackets)
        return capital(group + _after(said, group))
    if against.hidden or (row is not None and row.hidden):
        return capital(group + _after(words.say("target.hidden", round=round_, target=target), group))
    if row is None or not row.shown:
        return capital(group + _after(words.say("target.no_figure", round=round_, target=target), group))
    state = target_status(against)
    if state is None and against.basis != "probability":
        key = "only_shown" if asked.counts == "people" else "only_records"
        return words.say(f"target.{key}", round=round_, target=target, level=level_sentence(edition, row))
    interval = interval_text(edition, row)
    said = words.say(
        f"target.{state or 'no_rule'}",
        round=round_,
        target=target,
        actual=value_text(edition, row),
        interval=words.say("level.in_brackets", text=interval) if interval else "",
    )
    return capital(group + _after(said, group))


def target_status(against: Difference) -> str | None:
    """`reached`, `not_yet` or `cannot_say`; None where nothing may be claimed, as of people who were not drawn and are not everyone."""
    return TARGET_STATES.get(against.status) if against.basis in ("probability", "census") else None


def target_text(edition: Edition, asked: Asked, value: float | None) -> str:
    if value is None:
        return edition.words.say("hidden.no_figure")
    return write.percent(edition.words, value) if asked.is_share else write.number(edition.words, value, asked.unit)


def _counted(edition: Edition, change: Difference, asked: Asked, rounds: dict[str, str]) -> str:
    words = edition.words
    before, after = sides(edition, change)
    who = words.say("change.who_census" if change.basis == "census" else "change.who_answered")
    if before is None or after is None:
        return words.say("change.hidden", label=edition.figure_label(change.id), **rounds)
    if None in (before.n_yes, before.n, after.n_yes, after.n):
        values = {"before": value_text(edition, before), "after": value_text(edition, after)}
        return f"{words.say('change.value_counted', label=asked.label, **values, **rounds)} {who}"
    counts = {
        "yes_before": _yes(words, before),
        "n_before": write.count(words, before.n or 0),
        "yes_after": _yes(words, after),
        "n_after": write.count(words, after.n or 0),
    }
    if asked.claim:
        said = words.say("change.counted", claim=claim_of(words, asked.claim, before.n_yes or 0), **counts, **rounds)
    else:
        said = words.say("change.counted_label", label=asked.label, **counts, **rounds)
    return f"{capital(said)} {who}"


def sides(edition: Edition, change: Difference) -> tuple[Estimate | None, Estimate | None]:
    """The figure before and the figure after, whichever way round they were written down."""
    found = {figure.round: edition.figure(figure) for figure in change.inputs}
    return found.get(change.from_round), found.get(change.id.round)


def before_after(edition: Edition, change: Difference) -> tuple[float | None, float | None]:
    """The two numbers of a change: from its figures, or else from the two values the comparison carries."""
    before, after = sides(edition, change)
    if before is not None and after is not None:
        return before.value, after.value
    return change.value_b, change.value_a


def _yes(words: Words, row: Estimate) -> str:
    n, yes = row.n or 0, row.n_yes or 0
    if yes == 0:
        return words.say("level.none")
    if n < write.SMALLEST_FOR_PERCENT:
        return write.count(words, yes)
    return words.say("level.yes_share", yes=write.count(words, yes), share=write.percent(words, yes / n))


def _values(edition: Edition, change: Difference, asked: Asked) -> dict[str, str]:
    words = edition.words
    before, after = before_after(edition, change)
    digits = digits_for(after, before, change.value) if asked.is_share else write.decimals_for(change.value or 0.0)
    if asked.is_share:
        texts = [write.percent(words, v, digits) if v is not None else words.say("hidden.text") for v in (before, after)]
        difference = write.points(words, change.value or 0.0, digits)
    else:
        texts = [write.number(words, v, asked.unit) if v is not None else words.say("hidden.text") for v in (before, after)]
        difference = write.number(words, abs(change.value or 0.0), asked.unit)
    return {"before": texts[0], "after": texts[1], "difference": difference, "interval": _ends(words, asked, change, digits)}


def _ends(words: Words, asked: Asked, change: Difference, digits: int) -> str:
    if change.low is None or change.high is None:
        return ""
    low, high = change.low, change.high
    if low * high > 0:
        low, high = sorted((abs(low), abs(high)))
    return write.interval(words, low, high, kind="points" if asked.is_share else "number", digits=digits)


def _subject(edition: Edition, change: Difference, asked: Asked) -> str:
    words = edition.words
    group = group_of(edition, change.domain, asked.counts).asked(asked)
    if asked.claim and asked.is_share:
        return words.say("change.share", group=group, claim=clause(asked.claim))
    return (
        words.say("change.label", label=asked.label, group=group) if change.domain else words.say("change.label_whole", label=asked.label)
    )


def _no_interval(words: Words, subject: str, values: dict[str, str], rounds: dict[str, str], change: Difference) -> str:
    verb = words.say("change.rose" if (change.value or 0.0) > 0 else "change.fell")
    return words.say("change.no_interval", subject=subject, verb=verb, **values, **rounds)


def _rounds(edition: Edition, change: Difference) -> dict[str, str]:
    dataset = change.id.dataset
    return {"from_round": edition.round_inside(dataset, change.from_round), "round": edition.round_inside(dataset, change.id.round)}


def _after(said: str, before: str) -> str:
    return said[:1].lower() + said[1:] if before else said


def _sentence(text: str) -> str:
    return capital(text if text.endswith((".", "!", "?")) else f"{text}.")
