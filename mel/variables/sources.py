"""In which columns of which rounds is a canonical variable? A column that a round's form asks and its data lack is an error, not a silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from mel.codes import FILE, ROUND, SHEET, choice_of
from mel.errors import Problem, closest
from mel.errors.variables import VARIABLE_COLUMN_MISSING
from mel.formats.numbers import is_blank
from mel.formats.relevance import asked
from mel.model.alliance import ColumnMap, VariableMap
from mel.model.pack import Variable
from mel.model.records import Question, Records


@dataclass(frozen=True)
class Source:
    """One column of one round: the rows it may hold answers in, and the question it belongs to, if a form is known."""

    map: ColumnMap
    rows: pd.Series
    question: Question | None
    ticks: tuple[str, ...]


def sources_of(records: Records, variable: str, maps: Mapping[str, VariableMap]) -> tuple[list[Source], list[Problem]]:
    found: list[Source] = []
    lacking: dict[tuple[str, ...], list[str]] = {}
    frame = records.frame
    for round_ in records.rounds:
        given = maps.get(round_) or VariableMap(columns=(ColumnMap(column=variable),))
        in_round = frame[ROUND].astype("str") == round_
        form, any_here = records.forms.get(round_), False
        for entry in given.columns:
            question = form.question(entry.column) if form else None
            ticks = _ticks(frame, entry.column, question)
            rows = in_round & _has_column(records, entry.column, ticks)
            if rows.any() and (entry.column in frame or ticks):
                found.append(Source(entry, rows, question, ticks))
                any_here = True
            elif question is not None and not (entry.column in frame or ticks):
                any_here = any_here or len(given.columns) > 1
        if not any_here and _is_lost(records, round_, given):
            lacking.setdefault(tuple(entry.column for entry in given.columns), []).append(round_)
    if found or lacking:
        return found, [_missing(records, variable, columns, rounds) for columns, rounds in lacking.items()]
    first = maps.get(next(iter(records.rounds), "")) or VariableMap(columns=(ColumnMap(column=variable),))
    return [], [_missing(records, variable, tuple(e.column for e in first.columns), records.rounds)]


def _is_lost(records: Records, round_: str, given: VariableMap) -> bool:
    """The round's form asks it and its data do not have it: renamed, or lost on the way. Without a form it was simply not asked."""
    form = records.forms.get(round_)
    return form is not None and any(form.question(entry.column) is not None for entry in given.columns)


def _missing(records: Records, variable: str, columns: tuple[str, ...], rounds: Iterable[str]) -> Problem:
    names = list(dict.fromkeys(str(c).split("/", 1)[0] for c in records.frame.columns if not str(c).startswith("_")))
    near = list(dict.fromkeys(match for column in columns for match in closest(column, names)))
    return VARIABLE_COLUMN_MISSING.at(variable=variable, columns=columns, rounds=", ".join(f"round '{r}'" for r in rounds), near=near)


def _ticks(frame: pd.DataFrame, column: str, question: Question | None) -> tuple[str, ...]:
    if column in frame and (question is None or question.type != "select_multiple"):
        return ()
    start = choice_of(column, "")
    return tuple(str(c) for c in frame.columns if str(c).startswith(start))


def is_several(source: Source, known: Variable | None) -> bool:
    """A question with several answers: it has ticks, or the form or the pack says so of its text of codes."""
    kind = source.question.type if source.question else known.type if known else ""
    return bool(source.ticks) or kind in ("select_multiple", "multiple")


def _has_column(records: Records, column: str, ticks: tuple[str, ...]) -> pd.Series:
    """Rows whose file has the column. Where the files' columns are not known, a file in which it is all empty has none."""
    frame = records.frame
    names = (column, *ticks) if column in frame else ticks
    names = tuple(name for name in names if name in frame)
    if not names or FILE not in frame:
        return pd.Series(bool(names), index=frame.index)
    sheets = frame[SHEET].astype("str").where(frame[SHEET].notna(), "") if SHEET in frame else ""
    keys = frame[FILE].astype("str") + "\x1f" + sheets
    filled = pd.concat([~is_blank(frame[name]) for name in names], axis=1).any(axis=1)
    held = {key for key, any_ in filled.groupby(keys).any().items() if any_}
    for (file, sheet), positions in records.positions.items():
        if any(name in positions for name in (column, *ticks)):
            held.add(f"{file}\x1f{sheet or ''}")
    # Empty in every file: it was there to be answered, and nobody did.
    return keys.isin(held) if held else pd.Series(True, index=frame.index)


def was_asked(source: Source, frame: pd.DataFrame) -> pd.Series:
    """Where the form asked it; where the form cannot tell, it counts as asked: silence is then not known, never not asked."""
    if source.question is None:
        return pd.Series(True, index=frame.index)
    return asked(source.question, frame)[0].fillna(True).astype(bool)


def is_own_words(source: Source, known: Variable | None) -> bool:
    """A free-text column that feeds a list of codes holds somebody's own words."""
    return known is not None and known.type == "category" and source.question is not None and source.question.type == "text"
