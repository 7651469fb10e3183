"""How is a number written? Counts, percents, points, intervals, in the language's own digits and marks. Nothing is computed.

A share between 0 and half a percent is never printed as 0 %, nor one short of everybody as 100 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from mel.reporting.words.catalogue import Words

NBSP = "\u00a0"
SMALLEST_FOR_PERCENT = 20
"""Below so many people a percent says more than is known: they are counted."""


def count(words: Words, n: float) -> str:
    """`1,240`."""
    return format_decimal(round(n), format="#,##0", locale=words.language)


def percent(words: Words, share: float, digits: int = 0) -> str:
    """`21 %` for 0.21."""
    return f"{percent_bare(words, share, digits)}{NBSP}%"


def percent_bare(words: Words, share: float, digits: int = 0) -> str:
    """`21` for 0.21; `fewer than 1` and `more than 99` where rounding would say none or all."""
    step = 10.0**-digits
    shown = round(share * 100, digits)
    if shown == 0 and share > 0:
        return words.say("number.fewer_than", value=_decimal(words, step, digits))
    if shown == 100 and share < 1:
        return words.say("number.more_than", value=_decimal(words, 100 - step, digits))
    return _decimal(words, shown, digits)


def percent_short(words: Words, share: float) -> str:
    """`21`, `<1` and `>99`: the end of an interval in a table or chart, where there is no room for words."""
    shown = round(share * 100)
    if shown == 0 and share > 0:
        return "<1"
    return ">99" if shown == 100 and share < 1 else _decimal(words, shown, 0)


def points(words: Words, difference: float, digits: int = 0) -> str:
    """`7 points` for 0.07 or −0.07: the direction is said in words."""
    size = round(abs(difference) * 100, digits)
    if size == 0 and difference != 0:
        return words.say("number.fewer_than", value=f"1 {words.noun('point', 1)}" if not digits else f"0.1 {words.noun('point', 2)}")
    return f"{_decimal(words, size, digits)}{NBSP}{words.noun('point', size)}"


def signed_points(words: Words, difference: float) -> str:
    """`+7 points`, `−2 points`; less than half a point has no sign to speak of."""
    sign = "" if round(difference * 100) == 0 else "+" if difference > 0 else "−"
    return f"{sign}{points(words, difference)}"


def signed(words: Words, difference: float, unit: str = "", decimals: int | None = None) -> str:
    """`+0.42 meetings`; `decimals` where other figures beside it say how many."""
    decimals = decimals_for(difference) if decimals is None else decimals
    text = f"{'+' if round(difference, decimals) > 0 else ''}{_signed(words, difference, decimals)}"
    return f"{text}{NBSP}{unit}" if unit else text


def points_bare(words: Words, difference: float, digits: int = 0) -> str:
    """`7` for 0.07, `−2` for −0.02: the ends of an interval."""
    return _signed(words, round(difference * 100, digits), digits)


def number(words: Words, value: float, unit: str = "") -> str:
    """A mean, a total, an amount: three figures that matter, whole numbers whole, then the unit."""
    text = _signed(words, value, decimals_for(value))
    return f"{text}{NBSP}{unit}" if unit else text


def point_ends(words: Words, low: float, high: float, digits: int = 0) -> list[str]:
    """The ends of a difference in points. An end that would be rounded to 0 gets a decimal: whether zero is inside decides what is said."""
    near = any(end != 0 and round(end * 100, digits) == 0 for end in (low, high))
    return [points_bare(words, end, max(digits, 1) if near else digits) for end in (low, high)]


def amount(words: Words, value: float, decimals: int) -> str:
    """An amount with as many decimals as the figure beside it."""
    return _signed(words, value, decimals)


def decimals_for(value: float) -> int:
    """How many decimals an amount is written with: three figures that matter, whole numbers whole."""
    if float(value).is_integer():
        return 0
    return next((decimals for least, decimals in ((100, 0), (10, 1), (0.1, 2), (0.01, 3)) if abs(value) >= least), 4)


def decimals_together(value: float, low: float | None, high: float | None) -> int:
    """How many decimals a difference and the ends of its interval are written with: those the largest of them asks for."""
    beside = [abs(end) for end in (value, low, high) if end is not None and not float(end).is_integer()]
    return decimals_for(max(beside, default=0.0))


def interval(words: Words, low: float, high: float, *, level: float = 0.95, kind: str = "percent", digits: int = 0) -> str:
    """`95 % interval 17 to 26`. `kind`: percent, points or number; `digits`: decimals."""
    ends = point_ends(words, low, high, digits) if kind == "points" else [_FORMS[kind](words, end, digits) for end in (low, high)]
    return words.say("number.interval", level=percent(words, level), low=ends[0], high=ends[1])


def day(words: Words, iso: str) -> str:
    """`3 May 2024` for 2024-05-03; what is not a date is given back as it stands."""
    try:
        return format_date(date.fromisoformat(iso[:10]), format=str(words.entry("number.date")), locale=words.language)
    except ValueError:
        return iso


def _decimal(words: Words, value: float, digits: int) -> str:
    return format_decimal(value, format="#,##0" + ("." + "0" * digits if digits else ""), locale=words.language, decimal_quantization=True)


def _signed(words: Words, value: float, digits: int) -> str:
    rounded = round(value, digits) or 0.0
    return ("−" if rounded < 0 else "") + _decimal(words, abs(rounded), digits)


_FORMS: Final[Mapping[str, Callable[[Words, float, int], str]]] = {"percent": percent_bare, "number": amount}
