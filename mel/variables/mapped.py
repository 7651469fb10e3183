"""One canonical variable from the columns of a form: codes renamed, form versions joined, numbers made numbers, silences told apart.

It applies the map that people wrote; it proposes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mel.codes import SILENCES, choice_of, silence_of
from mel.errors import Problem
from mel.errors.variables import NOT_A_NUMBER_HERE, ONE_VARIABLE_TWO_SHAPES
from mel.formats.numbers import as_code, to_numbers
from mel.model.alliance import VariableMap
from mel.model.pack import Variable
from mel.model.records import Records
from mel.variables.codes import codes_problem, labels_of, offered_by, unknown_codes
from mel.variables.places import first_rows
from mel.variables.silences import completed
from mel.variables.sources import Source, is_own_words, sources_of
from mel.variables.sources import was_asked as was_asked_by

SELF_DESCRIBED = "self_described"
_TICKED = ("1", "true", "True", "TRUE")


@dataclass
class Read:
    """One variable as read from every round. `columns` go into the sample as they are."""

    variable: str
    columns: dict[str, pd.Series]
    choices: dict[str, str]
    multiple: bool = False
    label: str = ""
    offered: dict[str, tuple[str, ...]] = field(default_factory=dict)  # round: codes its form offers, after the map
    said_so: frozenset[str] = frozenset()  # codes somebody wrote in a map
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def read_variable(records: Records, variable: str, maps: Mapping[str, VariableMap], known: Variable | None) -> Read:
    """A canonical variable over all rounds. `maps` by round; a round without an entry reads the column of the variable's own name.

    Missing: a code mapped to a silence is that silence; a column the round's files or form lack, or a question its form did not
    ask this person, is not_asked; an empty answer to a question that was asked is not_known.
    """
    sources, lacking = sources_of(records, variable, maps)
    if lacking or not sources:
        return Read(variable, {}, {}, problems=tuple(lacking))
    several = [bool(source.ticks) for source in sources]
    if any(several) and not all(several):
        return Read(variable, {}, {}, problems=(ONE_VARIABLE_TWO_SHAPES.at(variable=variable),))
    labels = labels_of(records, sources, known)
    read = (_multiple if several[0] else _single)(records, variable, sources, known, labels)
    first = next((s.question for s in sources if s.question), None)
    read.label = known.label if known else next(iter(first.labels.values()), variable) if first else variable
    return read


# ---- one answer --------------------------------------------------------------------------------------------------------


def _single(records: Records, variable: str, sources: list[Source], known: Variable | None, labels: dict[str, str]) -> Read:
    frame = records.frame
    value, silence = (pd.Series(pd.NA, index=frame.index, dtype="str") for _ in range(2))
    was_asked = pd.Series(False, index=frame.index)
    own_words = pd.Series(False, index=frame.index)
    for source in sources:
        codes = as_code(frame[source.map.column]).where(source.rows)
        open_ = value.isna()
        renamed = codes.map(source.map.codes).astype("str").where(codes.isin(list(source.map.codes)), codes)
        said = codes.map(source.map.silences).astype("str")
        said = said.where(said.notna(), renamed.where(renamed.isin(SILENCES)))
        silence = silence.where(silence.notna(), said.where(open_))
        fresh = open_ & renamed.notna() & said.isna()
        value = value.where(~fresh, renamed)
        silence = silence.where(~fresh)
        own_words |= fresh & is_own_words(source, known) & ~codes.isin(list(source.map.codes))
        was_asked |= source.rows & was_asked_by(source, frame)
    read = Read(variable, {}, labels, offered=offered_by(records, sources), said_so=_named(sources))
    if known is not None and known.open and own_words.any():
        value = value.where(~(own_words & ~value.isin(list(labels))), SELF_DESCRIBED)
        labels.setdefault(SELF_DESCRIBED, "Describes themselves in their own words")
    if _is_number(sources, known, value, frame):
        return _as_number(read, frame, value, silence, was_asked)
    read.problems = tuple(unknown_codes(variable, value, sources, known, labels))
    read.columns = {variable: value, silence_of(variable): completed(silence, value.notna(), was_asked)}
    return read


def _as_number(read: Read, frame: pd.DataFrame, value: pd.Series, silence: pd.Series, was_asked: pd.Series) -> Read:
    numbers, unreadable = to_numbers(value)
    if unreadable.any():
        first = first_rows(frame, unreadable)
        read.problems = (NOT_A_NUMBER_HERE.at(variable=read.variable, rows=int(unreadable.sum()), first=first),)
    read.choices = {}
    read.columns = {read.variable: numbers, silence_of(read.variable): completed(silence, numbers.notna(), was_asked)}
    return read


def _is_number(sources: list[Source], known: Variable | None, value: pd.Series, frame: pd.DataFrame) -> bool:
    """By the pack, else by the form, else by what the file holds: numbers that are not codes with a zero in front."""
    if known is not None:
        return known.type == "number"
    kinds = {source.question.type for source in sources if source.question}
    if kinds:
        return kinds <= {"integer", "decimal"}
    if any(source.map.codes for source in sources):
        return False
    if all(frame[source.map.column].dtype.kind in "iuf" for source in sources):
        return True
    said = value.dropna()
    return bool(len(said)) and not to_numbers(said)[1].any() and not said.str.fullmatch(r"0\d+").any()


# ---- several answers ----------------------------------------------------------------------------------------------------


def _multiple(records: Records, variable: str, sources: list[Source], known: Variable | None, labels: dict[str, str]) -> Read:
    frame = records.frame
    ticks: dict[str, pd.Series] = {}
    silence = pd.Series(pd.NA, index=frame.index, dtype="str")
    was_asked, answered = (pd.Series(False, index=frame.index) for _ in range(2))
    for source in sources:
        start = choice_of(source.map.column, "")
        table = pd.concat({c.removeprefix(start): _tick(frame[c]) for c in source.ticks}, axis=1)
        asked_here = source.rows & was_asked_by(source, frame)
        here = source.rows & ~answered & table.notna().any(axis=1) & (asked_here | (table == 1).any(axis=1))
        quiets = {c: source.map.silences.get(c, source.map.codes.get(c, c)) for c in map(str, table)}
        quiet = [c for c, silence_code in quiets.items() if silence_code in SILENCES]
        real = table.drop(columns=quiet)
        only_quiet = here & ~(real == 1).any(axis=1) & (table[quiet] == 1).any(axis=1) if quiet else ~source.rows & here
        for code in quiet:
            silence = silence.where(silence.notna(), pd.Series(quiets[code], frame.index).where(only_quiet & (table[code] == 1)))
        for code in map(str, real):
            name = source.map.codes.get(code, code)
            new = real[code].where(here & ~only_quiet)
            ticks[name] = new if name not in ticks else ticks[name].combine(new, np.fmax)
        answered |= here & ~only_quiet
        was_asked |= asked_here
    read = Read(
        variable,
        {},
        {code: labels.get(code, code) for code in ticks},
        multiple=True,
        offered=offered_by(records, sources),
        said_so=_named(sources),
    )
    if known is not None and known.codes and not known.open:
        strange = [code for code in ticks if code not in labels and (ticks[code] == 1).any()]
        read.problems = (codes_problem(variable, strange, "", int(answered.sum()), labels),) if strange else ()
    # A choice that only one form version offers was offered to nobody else: not ticked there, where the question was answered.
    columns = {choice_of(variable, code): tick.where(tick.notna() | ~answered, 0.0) for code, tick in ticks.items()}
    read.columns = {**columns, silence_of(variable): completed(silence.where(~answered), answered, was_asked)}
    return read


def _tick(column: pd.Series) -> pd.Series:
    codes = as_code(column)
    return codes.isin(_TICKED).astype("float64").where(codes.notna())


def _named(sources: list[Source]) -> frozenset[str]:
    return frozenset(code for source in sources for code in source.map.codes.values())
