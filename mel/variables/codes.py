"""Which codes may a variable hold, what are they called, and which have nobody named? Quotes a code only where it is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from mel.codes import ROUND, SILENCES
from mel.errors import Problem
from mel.errors.variables import CODES_UNKNOWN, MAP_TO_UNKNOWN
from mel.model.pack import Variable
from mel.model.records import Records
from mel.variables.sources import Source, is_own_words

OFTEN = 10
"""A code of a sensitive question may be named in a message when so many rows hold it: then it is a code, not somebody's words."""


def labels_of(records: Records, sources: list[Source], known: Variable | None) -> dict[str, str]:
    """Code to label: the pack's, then those of the forms (by their code after the map), in order."""
    labels = {code.code: code.label for code in known.codes if code.code not in SILENCES} if known else {}
    for source in sources:
        form = next((f for f in records.forms.values() if source.question in f.questions), None) if source.question else None
        for choice in form.choices_of(source.question) if form and source.question else ():
            code = source.map.codes.get(choice.name, choice.name)
            if choice.name not in source.map.silences and code not in SILENCES and not (known and known.codes and not known.open):
                labels.setdefault(code, next(iter(choice.labels.values()), code))
    for source in sources:
        for code in source.map.codes.values():
            if code not in SILENCES and not (known and known.codes and not known.open):
                labels.setdefault(code, code)
    return labels


def offered_by(records: Records, sources: list[Source]) -> dict[str, tuple[str, ...]]:
    """By round, the codes its form offers, after the map."""
    offered: dict[str, tuple[str, ...]] = {}
    for round_, form in records.forms.items():
        codes = [
            source.map.codes.get(choice.name, choice.name)
            for source in sources
            if source.question is not None and source.question in form.questions and (records.frame.loc[source.rows, ROUND] == round_).any()
            for choice in form.choices_of(source.question)
            if choice.name not in source.map.silences
        ]
        if codes:
            offered[round_] = tuple(code for code in dict.fromkeys(codes) if code not in SILENCES)
    return offered


def unknown_codes(
    variable: str, value: pd.Series, sources: list[Source], known: Variable | None, labels: dict[str, str]
) -> Iterable[Problem]:
    """Codes of a list that nobody named. An open list welcomes what its form offers or its map names, and nothing typed beside it."""
    if known is None or not known.codes or known.type not in ("category", "multiple"):
        return
    wrong = sorted({code for source in sources for code in source.map.codes.values()} - set(labels) - set(SILENCES))
    if wrong:
        yield MAP_TO_UNKNOWN.at(variable=variable, codes=wrong, known=list(labels))
    strange = value.notna() & ~value.isin(list(labels)) & ~value.isin(wrong)
    if strange.any():
        counts = value[strange].value_counts()
        shown = [str(code) for code, n in counts.items() if _may_be_named(str(code), int(n), sources, known)]
        hidden = len(counts) - len(shown)
        more = f"{' and ' if shown else ''}{hidden} that are not quoted" if hidden else ""
        yield codes_problem(variable, shown, more, int(strange.sum()), labels)


def _may_be_named(code: str, rows: int, sources: list[Source], known: Variable) -> bool:
    if rows >= OFTEN:
        return len(code) <= 60
    return len(code) <= 30 and not known.sensitive and not known.direct_identifier and not any(is_own_words(s, known) for s in sources)


def codes_problem(variable: str, shown: list[str], more: str, rows: int, labels: Mapping[str, str]) -> Problem:
    codes = ", ".join(f"'{code}'" for code in shown)
    return CODES_UNKNOWN.at(variable=variable, codes=codes, more=more, rows=rows, known=list(labels))


def named_by(sources: list[Source]) -> frozenset[str]:
    """Codes that somebody wrote in a map: those are no accident."""
    return frozenset(code for source in sources for code in source.map.codes.values())
