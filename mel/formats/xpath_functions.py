"""The functions of XLSForm expressions that need nothing but the row's own values. What is not here is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np

from mel.formats.xpath_grammar import NotRead
from mel.formats.xpath_values import Table, Values, as_number, as_text, as_truth


def _not(a: Values) -> Values:
    truth = as_truth(a)
    return Values("truth", ~truth.data, truth.known)


def _true(table: Table) -> Values:
    return Values("truth", table.all, table.all)


def _false(table: Table) -> Values:
    return Values("truth", ~table.all, table.all)


def _if(condition: Values, then: Values, otherwise: Values) -> Values:
    truth = as_truth(condition)
    if then.kind != otherwise.kind:
        then, otherwise = as_text(then), as_text(otherwise)
    known = truth.known & np.where(truth.data, then.known, otherwise.known)
    return Values(then.kind, np.where(truth.data, then.data, otherwise.data), known, then.node or otherwise.node)


def _coalesce(a: Values, b: Values) -> Values:
    first, second = as_text(a), as_text(b)
    empty = first.data == ""
    return Values("text", np.where(empty, second.data, first.data), first.known & (~empty | second.known), a.node or b.node)


def _concat(*parts: Values) -> Values:
    texts = [as_text(part) for part in parts]
    joined = np.array(["".join(row) for row in zip(*(text.data for text in texts))], dtype=object)
    return Values("text", joined, np.all([text.known for text in texts], axis=0))


def _length(a: Values) -> Values:
    text = as_text(a)
    return Values("number", np.array([float(len(cell)) for cell in text.data]), text.known)


def _number(a: Values) -> Values:
    return as_number(a)


def _int(a: Values) -> Values:
    number = as_number(a)
    return Values("number", np.trunc(number.data), number.known)


def _round(a: Values, places: Values | None = None) -> Values:
    """Halves go up, as in XPath, and not to the even number as in Python."""
    number = as_number(a)
    scale = 10.0 ** as_number(places).data if places is not None else 1.0
    known = number.known if places is None else number.known & as_number(places).known
    return Values("number", np.floor(number.data * scale + 0.5) / scale, known)


def _abs(a: Values) -> Values:
    number = as_number(a)
    return Values("number", np.abs(number.data), number.known)


def _extreme(pick: Callable[..., object]) -> Callable[..., Values]:
    def picked(*parts: Values) -> Values:
        if len(parts) < 2:
            raise NotRead("the smallest or largest of a repeat is not computed here")
        numbers = [as_number(part) for part in parts]
        return Values("number", np.asarray(pick([n.data for n in numbers], axis=0)), np.all([n.known for n in numbers], axis=0))

    return picked


def _text_test(test: Callable[[str, str], bool]) -> Callable[[Values, Values], Values]:
    def tested(a: Values, b: Values) -> Values:
        left, right = as_text(a), as_text(b)
        return Values("truth", np.array([test(x, y) for x, y in zip(left.data, right.data)], dtype=bool), left.known & right.known)

    return tested


def _regex(a: Values, b: Values) -> Values:
    """Some form programs want the whole text to match and others a part of it; where they differ the row is unknown."""
    text, patterns = as_text(a), sorted(set(as_text(b).data))
    if not patterns:
        return Values("truth", np.zeros(0, dtype=bool), np.zeros(0, dtype=bool))
    if len(patterns) > 1 or b.node:
        raise NotRead("the pattern of regex() is not the same in every row")
    try:
        pattern = re.compile(patterns[0])
    except re.error:
        raise NotRead("the pattern of regex() is not one that can be read") from None
    seen = {cell: (pattern.fullmatch(cell) is not None, pattern.search(cell) is not None) for cell in set(text.data)}
    whole = np.array([seen[cell][0] for cell in text.data], dtype=bool)
    part = np.array([seen[cell][1] for cell in text.data], dtype=bool)
    return Values("truth", whole, text.known & (whole == part))


FUNCTIONS: Mapping[str, tuple[int, int | None, Callable[..., Values] | None]] = {
    "not": (1, 1, _not), "true": (0, 0, _true), "false": (0, 0, _false), "boolean": (1, 1, as_truth), "if": (3, 3, _if),
    "coalesce": (2, 2, _coalesce), "once": (1, 1, lambda a: a), "concat": (1, None, _concat), "string": (1, 1, as_text),
    "string-length": (1, 1, _length), "number": (1, 1, _number), "int": (1, 1, _int), "round": (1, 2, _round), "abs": (1, 1, _abs),
    "min": (1, None, _extreme(np.min)), "max": (1, None, _extreme(np.max)), "date": (1, 1, lambda a: a),
    "contains": (2, 2, _text_test(lambda x, y: y in x)), "starts-with": (2, 2, _text_test(str.startswith)),
    "ends-with": (2, 2, _text_test(str.endswith)), "regex": (2, 2, _regex),
}  # fmt: skip
"""Name: least and most values between the brackets, and what it does. `selected`, `count-selected` and `today` read the table itself."""
