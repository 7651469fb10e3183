"""Do two rounds mean the same by the same code? It can only warn: the map that would make them agree is applied later, by derive."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from mel.checks.places import is_identifying, is_reserved
from mel.codes import ROUND
from mel.errors import Problem
from mel.errors.checks import CODES_DIFFER_BETWEEN_ROUNDS
from mel.formats.numbers import as_code
from mel.model.records import Records

MOST_CODES = 12


def codes_differ(records: Records) -> list[Problem]:
    """Questions that two rounds in a row ask under codes of their own."""
    found = []
    for before, after in pairwise(records.rounds):
        first, second = _codes(records, before), _codes(records, after)
        for name in first:
            a, b = set(first[name]), set(second.get(name, ()))
            if a and b and a - b and b - a:
                told: dict[str, Any] = {"codes_a": first[name], "round_a": before, "codes_b": second[name], "round_b": after}
                found.append(CODES_DIFFER_BETWEEN_ROUNDS.at(column=name, name=name, **told))
    return found


def _codes(records: Records, round_: str) -> Mapping[str, tuple[str, ...]]:
    form = records.forms.get(round_)
    if form is not None:
        return {q.name: tuple(c.name for c in form.choices_of(q)) for q in form.questions if q.type in ("select_one", "select_multiple")}
    frame = records.frame.loc[records.frame[ROUND].astype("str") == round_]
    return {str(name): codes for name in frame.columns if (codes := _observed(str(name), frame[name]))}


def _observed(name: str, column: pd.Series) -> tuple[str, ...]:
    """The codes of a column that looks like a choice question: few short words, each said more than once. Else none."""
    if is_reserved(name) or is_identifying(name):
        return ()
    codes = as_code(column).dropna()
    counts = codes.value_counts()
    if not 2 <= len(counts) <= MOST_CODES or counts.min() < 2 or codes.str.len().max() > 30:
        return ()
    return tuple(sorted(counts.index)) if not codes.str.fullmatch(r"-?\d+(\.\d+)?").all() or len(counts) <= 5 else ()
