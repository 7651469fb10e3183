"""A question with several answers as a column a choice, however the file has it: ticks, or codes in one text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mel.codes import SILENCES, choice_of, silence_of
from mel.formats.numbers import as_code
from mel.model.pack import Variable
from mel.model.records import Records
from mel.variables.codes import codes_problem, named_by, offered_by
from mel.variables.read import Read
from mel.variables.silences import completed
from mel.variables.sources import Source
from mel.variables.sources import was_asked as was_asked_by

_TICKED = ("1", "true", "True", "TRUE")


def read_several(records: Records, variable: str, sources: list[Source], known: Variable | None, labels: dict[str, str]) -> Read:
    frame = records.frame
    ticks: dict[str, pd.Series] = {}
    silence = pd.Series(pd.NA, index=frame.index, dtype="str")
    was_asked, answered = (pd.Series(False, index=frame.index) for _ in range(2))
    for source in sources:
        table = _table(frame, source)
        asked_here = source.rows & was_asked_by(source, frame)
        here = source.rows & ~answered & table.notna().any(axis=1) & (asked_here | (table == 1).any(axis=1))
        real, said = _silent(table, source, here)
        silence = silence.where(silence.notna(), said)
        here &= said.isna()
        for code in map(str, real):
            name = source.map.codes.get(code, code)
            new = real[code].where(here)
            ticks[name] = new if name not in ticks else ticks[name].combine(new, np.fmax)
        answered |= here
        was_asked |= asked_here
    if known is not None and known.codes and any(not source.ticks for source in sources):
        # Codes in one text column: what nobody ticked was still on the list.
        ticks |= {code: pd.Series(0.0, frame.index).where(answered) for code in labels if code not in ticks}
    offered = {code: labels.get(code, code) for code in ticks}
    read = Read(variable, {}, offered, multiple=True, offered=offered_by(records, sources), said_so=named_by(sources))
    if known is not None and known.codes and not known.open:
        strange = [code for code in ticks if code not in labels and (ticks[code] == 1).any()]
        read.problems = (codes_problem(variable, strange, "", int(answered.sum()), labels),) if strange else ()
    # A choice that only one form version offers was offered to nobody else: not ticked there, where the question was answered.
    columns = {choice_of(variable, code): tick.where(tick.notna() | ~answered, 0.0) for code, tick in ticks.items()}
    read.columns = {**columns, silence_of(variable): completed(silence.where(~answered), answered, was_asked)}
    return read


def _table(frame: pd.DataFrame, source: Source) -> pd.DataFrame:
    """A 1, 0, null column for each choice: the file's own, or those that stand in one text, between semicolons or spaces."""
    if source.ticks:
        start = choice_of(source.map.column, "")
        return pd.concat({column.removeprefix(start): _tick(frame[column]) for column in source.ticks}, axis=1)
    text = as_code(frame[source.map.column])
    held = [None if pd.isna(cell) else _parts(str(cell)) for cell in text]
    codes = list(dict.fromkeys(code for parts in held for code in parts or ()))
    rows = [[np.nan if parts is None else float(code in parts) for code in codes] for parts in held]
    return pd.DataFrame(rows, index=frame.index, columns=codes, dtype="float64")


def _parts(cell: str) -> list[str]:
    parts = cell.split(";") if ";" in cell else cell.split()
    return [part.strip() for part in parts if part.strip()]


def _silent(table: pd.DataFrame, source: Source, here: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """The real choices, and the silence of whoever ticked nothing but one that means no answer."""
    meant = {str(c): source.map.silences.get(str(c), source.map.codes.get(str(c), str(c))) for c in table}
    quiet = [code for code, silence in meant.items() if silence in SILENCES]
    real = table.drop(columns=quiet)
    said = pd.Series(pd.NA, index=table.index, dtype="str")
    for code in quiet:
        only = here & (table[code] == 1) & ~(real == 1).any(axis=1)
        said = said.where(said.notna(), pd.Series(meant[code], index=table.index, dtype="str").where(only))
    return real, said


def _tick(column: pd.Series) -> pd.Series:
    codes = as_code(column)
    return codes.isin(_TICKED).astype("float64").where(codes.notna())
