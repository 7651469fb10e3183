"""How are two groups set side by side? A difference is said only where its interval excludes none; the sentence names what people
were given or denied, never what they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from mel.codes import ALL
from mel.reporting.edition import Edition
from mel.reporting.rows import Asked, Difference, Estimate
from mel.reporting.words import numbers as write
from mel.reporting.words.catalogue import Words, capital
from mel.reporting.words.claims import active, clause, likely
from mel.reporting.words.figures import interval_text, value_text, yes_of
from mel.reporting.words.groups import against, everyone_in, group_of

RIGHT = "right"
"""Stands as the second group where it is the right itself."""
SMALL_DIFFERENCE = 0.05
"""A difference whose whole interval stays within five points either way is called about the same."""


WIDEST_RATIO = 2.0
"""A ratio has a word (half, twice) where the upper end of its interval is at most twice the lower."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups within one dimension, with what the release says of them. `difference` is a − b, `ratio` a / b."""

    difference: Difference
    ratio: Difference | None
    a: Estimate | None
    b: Estimate | None

    @property
    def shown(self) -> bool:
        return self.difference.shown and self.difference.value_a is not None and self.difference.value_b is not None

    @property
    def clear(self) -> bool:
        """True when the interval of the difference excludes none."""
        return self.shown and self.difference.excludes(0.0)

    @property
    def rank(self) -> tuple[bool, float]:
        """Its place among gaps: first those whose figures both rest on enough answers, then by size."""
        firm = all(row is None or row.basis != "probability" or row.reliability == "ok" for row in (self.a, self.b))
        return (not firm, -self.size)

    @property
    def size(self) -> float:
        return abs(self.difference.value or 0.0)


def pairs_of(edition: Edition, indicator: str, round_: str | None = None) -> tuple[Pair, ...]:
    """Every pair of groups an indicator's gaps compare, in the release's order."""
    ratios = {(_key(d)): d for d in edition.compared("gap_ratio", indicator)}
    found = []
    for gap in edition.compared("gap_difference", indicator):
        if round_ is None or gap.id.round == round_:
            a, b = (_side(edition, gap, group) for group in (gap.group_a, gap.group_b))
            found.append(Pair(gap, ratios.get(_key(gap)), a, b))
    return tuple(found)


def pair_sentence(edition: Edition, pair: Pair) -> str:
    """Two groups in one sentence. Missing: for a hidden pair use no sentence; it has none to give."""
    gap, words = pair.difference, edition.words
    asked = edition.indicators[gap.id.indicator]
    if gap.group_b == RIGHT:
        return _of_right(edition, pair, asked)
    if gap.basis != "probability":
        return _counted(edition, pair, asked)
    if not gap.has_interval:
        return words.say("gap.no_interval", **_sides(edition, pair, asked, swap=False))
    if not pair.clear:
        return _unclear(edition, pair, asked)
    return _clear(edition, pair, asked, swap=_lower_first(asked, pair))


def pair_title(edition: Edition, pair: Pair) -> str:
    """A chart's title from a clear pair: the system is its subject where the claim names one."""
    asked = edition.indicators[pair.difference.id.indicator]
    swap = _lower_first(asked, pair)
    sides = _sides(edition, pair, asked, swap=swap)
    less = _value(pair.difference, swap) < 0
    turned = active(edition.words, asked.claim)
    if turned and asked.kind == "proportion":
        return edition.words.say(f"gap.title.active_{'less' if less else 'more'}", System=turned.system, verb=turned.verb, **sides)
    return edition.words.say(f"gap.title.label_{'less' if less else 'more'}", **sides)


def times_as(words: Words, ratio: float | None) -> dict[str, str] | None:
    """The word for a ratio (`half`, `twice`); None between the ratios that have one."""
    if ratio is None:
        return None
    return next((entry for entry in words.entry("gap.times") if entry["from"] <= ratio <= entry["to"]), None)


def _clear(edition: Edition, pair: Pair, asked: Asked, *, swap: bool) -> str:
    words = edition.words
    sides = _sides(edition, pair, asked, swap=swap)
    less = _value(pair.difference, swap) < 0
    if not asked.is_share:
        return capital(words.say(f"gap.value_{'less' if less else 'more'}", **sides))
    claim = asked.claim if asked.kind == "proportion" else ""  # of many answers, a claim does not say which
    verb = likely(words, claim) if claim else None
    times = times_as(words, _ratio(pair, swap))
    turned = active(words, claim) if claim else None
    if turned:
        how = "times" if times else "less" if less else "more"
        return words.say(f"gap.active.{how}", System=turned.system, verb=turned.verb, times=times["share"] if times else "", **sides)
    if verb and times:
        return capital(words.say("gap.likely", times=times["text"], claim=verb, **sides))
    if verb:
        return capital(words.say(f"gap.{'less' if less else 'more'}", claim=verb, **sides))
    if claim and times:
        return words.say("gap.share_times", times=times["share"], claim=clause(claim), **sides)
    if claim:
        return words.say(f"gap.share_{'less' if less else 'more'}", claim=clause(claim), **sides)
    return words.say(f"gap.label_{'less' if less else 'more'}", **sides)


def right_of(pair: Pair) -> str:
    """`all` or `nobody`: who should be among them, if it were right."""
    return "all" if (pair.difference.value_b or 0.0) > 0.5 else "nobody"


def _of_right(edition: Edition, pair: Pair, asked: Asked) -> str:
    words, a = edition.words, pair.a
    if pair.difference.has_interval:
        return words.say(f"gap.right.{right_of(pair)}", **_sides(edition, pair, asked, swap=False))
    if a is None or a.n_yes is None or a.n is None:
        return words.say(
            "gap.right.counted", label=asked.label, yes_a=words.say("hidden.no_figure"), a=_sides(edition, pair, asked, swap=False)["a"]
        )
    group = group_of(edition, a.domain, a.counts).of(a.n)
    return words.say("gap.right.counted", label=asked.label, yes_a=_yes(words, a), a=group)


def _unclear(edition: Edition, pair: Pair, asked: Asked) -> str:
    gap, words = pair.difference, edition.words
    sides = _sides(edition, pair, asked, swap=False)
    near = max(abs(gap.low or 0.0), abs(gap.high or 0.0)) <= SMALL_DIFFERENCE
    if asked.is_share and near:
        return words.say("gap.same", bound=write.points(words, SMALL_DIFFERENCE), **sides)
    return words.say(f"gap.unclear{'' if asked.is_share else '_value'}", **sides)


def _counted(edition: Edition, pair: Pair, asked: Asked) -> str:
    words, a, b = edition.words, pair.a, pair.b
    sides = _sides(edition, pair, asked, swap=False)
    if a is None or b is None or None in (a.n_yes, a.n, b.n_yes, b.n):
        return words.say("gap.no_interval", **sides)
    groups = [group_of(edition, row.domain, row.counts).of(row.n or 0) for row in (a, b)]
    key = "gap.counted" if asked.counts == "people" else "gap.counted_records"
    return words.say(
        key, label=edition.figure_label(pair.difference.id), yes_a=_yes(words, a), yes_b=_yes(words, b), a=groups[0], b=groups[1]
    )


def _yes(words: Words, row: Estimate) -> str:
    n, yes = row.n or 0, row.n_yes or 0
    return (
        words.say("level.none")
        if yes == 0
        else yes_of(words, yes, n).split(" of ")[0]
        if n < write.SMALLEST_FOR_PERCENT
        else _many(words, yes, n)
    )


def _many(words: Words, yes: int, n: int) -> str:
    return words.say("level.yes_share", yes=write.count(words, yes), share=write.percent(words, yes / n))


def _sides(edition: Edition, pair: Pair, asked: Asked, *, swap: bool) -> dict[str, str]:
    """Everything a sentence on two groups may name; `swap` puts b first."""
    gap, words = pair.difference, edition.words
    first, second = (gap.group_b, gap.group_a) if swap else (gap.group_a, gap.group_b)
    a, b = pair_names(edition, gap, (first, second), asked.counts)
    rows = (pair.b, pair.a) if swap else (pair.a, pair.b)
    values = (gap.value_b, gap.value_a) if swap else (gap.value_a, gap.value_b)
    low, high = (_minus(gap.high), _minus(gap.low)) if swap else (gap.low, gap.high)
    digits = _digits(asked, values, gap.value)
    inside = interval_text(edition, rows[0], digits) if rows[0] else ""
    return {
        "label": edition.figure_label(gap.id),
        "a": a,
        "b": b,
        "share_a": _shown(edition, asked, rows[0], values[0], digits),
        "share_b": _shown(edition, asked, rows[1], values[1], digits),
        "interval_a": words.say("gap.interval_after", interval=inside) if inside else "",
        "points": _size(words, asked, gap.value or 0.0, digits),
        "interval": _ends(words, asked, low, high, digits),
    }


def pair_names(edition: Edition, gap: Difference, groups: tuple[str, str], counts: str) -> tuple[str, str]:
    """What the two sides of a gap are called; the right itself has no name as a group."""
    if RIGHT in groups:
        known = next(code for code in groups if code != RIGHT)
        return everyone_in(edition, gap.domain, gap.dimension, known, counts), ""
    return against(edition, gap.domain, gap.dimension, *groups, counts)


def _shown(edition: Edition, asked: Asked, row: Estimate | None, value: float | None, digits: int) -> str:
    if row is not None and row.shown and not row.too_few:
        return value_text(edition, row, digits)
    if value is None:
        return edition.words.say("hidden.text")
    return write.percent(edition.words, value, digits) if asked.is_share else write.number(edition.words, value, asked.unit)


def _size(words: Words, asked: Asked, value: float, digits: int) -> str:
    return write.points(words, value, digits) if asked.is_share else write.number(words, abs(value), asked.unit)


def _ends(words: Words, asked: Asked, low: float | None, high: float | None, digits: int) -> str:
    if low is None or high is None:
        return ""
    ends = sorted((abs(low), abs(high))) if low * high > 0 else [low, high]
    return write.interval(words, ends[0], ends[1], kind="points" if asked.is_share else "number", digits=digits)


def digits_for(a: float | None, b: float | None, difference: float | None) -> int:
    """One decimal where whole percents would not add up to the difference that stands beside them."""
    if a is None or b is None or difference is None:
        return 0
    return 0 if round(100 * a) - round(100 * b) == round(100 * difference) else 1


def _digits(asked: Asked, values: tuple[float | None, float | None], difference: float | None) -> int:
    if not asked.is_share:
        return write.decimals_for(difference or 0.0)
    if difference is None or None in values:
        return 0
    a, b = (value or 0.0 for value in values)
    return digits_for(max(a, b), min(a, b), abs(difference))


def _lower_first(asked: Asked, pair: Pair) -> bool:
    """Does b come first? The sentence starts with those the system serves less: the lower figure, the higher where less is better."""
    value = pair.difference.value or 0.0
    return value < 0 if asked.polarity == "lower_is_better" else value > 0


def served_less(asked: Asked, pair: Pair) -> str:
    """The group a sentence on this pair begins with; never everyone or the right, which no one is left out of."""
    if pair.difference.group_b in (ALL, RIGHT):
        return pair.difference.group_a
    return pair.difference.group_b if _lower_first(asked, pair) else pair.difference.group_a


def _value(gap: Difference, swap: bool) -> float:
    return -(gap.value or 0.0) if swap else gap.value or 0.0


def _ratio(pair: Pair, swap: bool) -> float | None:
    """The ratio of the first to the second group; None where its interval is too wide for a word such as half."""
    found = pair.ratio
    if found is None or not found.shown or not found.value or found.low is None or found.high is None:
        return None
    sure = found.low > 0 and found.high / found.low <= WIDEST_RATIO
    return None if not sure else 1 / found.value if swap else found.value


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _side(edition: Edition, gap: Difference, group: str) -> Estimate | None:
    wanted = gap.domain if group == ALL else {**gap.domain, gap.dimension: group}
    rows = edition.of(gap.id.indicator, gap.id.round, tuple(wanted))
    return next(
        (row for row in rows if row.domain == wanted and row.id.category == gap.id.category and row.id.dataset == gap.id.dataset), None
    )


def _key(gap: Difference) -> tuple[object, ...]:
    return gap.id.indicator, gap.id.dataset, gap.id.round, gap.id.domain, gap.id.category, gap.dimension, gap.group_a, gap.group_b
