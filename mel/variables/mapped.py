"""One canonical variable from the columns of a form: codes renamed, form versions joined, numbers made numbers, silences told apart.

It applies the map that people wrote; it proposes none.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mel.codes import SILENCES, silence_of
from mel.errors.variables import NOT_A_NUMBER_HERE, ONE_VARIABLE_TWO_SHAPES
from mel.formats.numbers import as_code, to_numbers
from mel.model.alliance import VariableMap
from mel.model.pack import Variable
from mel.model.records import Records
from mel.variables.codes import labels_of, named_by, offered_by, unknown_codes
from mel.variables.places import first_rows, people
from mel.variables.read import Read
from mel.variables.several import read_several
from mel.variables.silences import completed
from mel.variables.sources import Source, is_own_words, is_several, sources_of
from mel.variables.sources import was_asked as was_asked_by

SELF_DESCRIBED = "self_described"
AGE, OLDEST = "age", 120


def read_variable(records: Records, variable: str, maps: Mapping[str, VariableMap], known: Variable | None) -> Read:
    """A canonical variable over all rounds. `maps` by round; a round without an entry reads the column of the variable's own name.

    Missing: a code mapped to a silence is that silence; a column the round's files or form lack, or a question its form did not
    ask this person, is not_asked; an empty answer to a question that was asked is not_known.
    """
    sources, lacking = sources_of(records, variable, maps)
    if lacking or not sources:
        return Read(variable, {}, {}, problems=tuple(lacking))
    several = [is_several(source, known) for source in sources]
    if any(several) and not all(several):
        return Read(variable, {}, {}, problems=(ONE_VARIABLE_TWO_SHAPES.at(variable=variable),))
    labels = labels_of(records, sources, known)
    read = (read_several if several[0] else _single)(records, variable, sources, known, labels)
    first = next((s.question for s in sources if s.question), None)
    read.label = known.label if known else next(iter(first.labels.values()), variable) if first else variable
    return read


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
    read = Read(variable, {}, labels, offered=offered_by(records, sources), said_so=named_by(sources))
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
    if read.variable == AGE:
        numbers, read.notes = _possible(numbers)
    if unreadable.any():
        first = first_rows(frame, unreadable)
        read.problems = (NOT_A_NUMBER_HERE.at(variable=read.variable, rows=int(unreadable.sum()), first=first),)
    read.choices = {}
    read.columns = {read.variable: numbers, silence_of(read.variable): completed(silence, numbers.notna(), was_asked)}
    return read


def _possible(ages: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Ages a person can have. Others (a slip, an unnamed code such as -999) would put somebody into a band: they are not known."""
    wrong = (ages < 0) | (ages > OLDEST)
    note = f"Of {people(int(wrong.sum()))} the age is below 0 or above {OLDEST}; it was read as not known."
    return ages.where(~wrong), (note,) if wrong.any() else ()


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
