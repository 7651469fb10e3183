"""The operators of XLSForm expressions, in three-valued logic: no and unknown is no, yes or unknown is yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mel.formats.xpath_values import Values, as_number, as_text, as_truth


def _and(a: Values, b: Values) -> Values:
    a, b = as_truth(a), as_truth(b)
    no = (a.known & ~a.data) | (b.known & ~b.data)
    return Values("truth", ~no & a.data & b.data, no | (a.known & b.known))


def _or(a: Values, b: Values) -> Values:
    a, b = as_truth(a), as_truth(b)
    yes = (a.known & a.data) | (b.known & b.data)
    return Values("truth", yes, yes | (a.known & b.known))


def _equal(a: Values, b: Values) -> Values:
    known = a.known & b.known
    if "truth" in (a.kind, b.kind):
        left, right = as_truth(a), as_truth(b)
    elif "number" in (a.kind, b.kind):
        left, right = as_number(a), as_number(b)
    else:
        left, right = as_text(a), as_text(b)
    return Values("truth", (left.data == right.data).astype(bool), known & left.known & right.known)


def _unequal(a: Values, b: Values) -> Values:
    same = _equal(a, b)
    return Values("truth", ~same.data, same.known)


def _compare(how: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def compared(a: Values, b: Values) -> Values:
        left, right = as_number(a), as_number(b)
        return Values("truth", how(left.data, right.data), left.known & right.known)

    return compared


def _reckon(how: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def reckoned(a: Values, b: Values) -> Values:
        left, right = as_number(a), as_number(b)
        with np.errstate(all="ignore"):
            return Values("number", how(left.data, right.data), left.known & right.known)

    return reckoned


def _negative(a: Values) -> Values:
    number = as_number(a)
    return Values("number", -number.data, number.known)


OPERATORS: Mapping[str, Callable[..., Values]] = {
    "and": _and, "or": _or, "=": _equal, "!=": _unequal, "negative": _negative,
    "<": _compare(np.less), "<=": _compare(np.less_equal), ">": _compare(np.greater), ">=": _compare(np.greater_equal),
    "+": _reckon(np.add), "-": _reckon(np.subtract), "*": _reckon(np.multiply), "div": _reckon(np.divide), "mod": _reckon(np.fmod),
}  # fmt: skip
