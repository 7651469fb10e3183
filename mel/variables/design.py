"""How people came to be in the data, as columns with names every stage knows: round, stratum, psu, weight, fpc, respondent, partner."""

from __future__ import annotations

import pandas as pd

from mel.codes import PARTNER as FROM_PARTNER
from mel.codes import ROUND as FROM_ROUND
from mel.errors import Problem, closest
from mel.errors.variables import DESIGN_CELLS_BLANK, DESIGN_COLUMN_MISSING, DESIGN_NOT_A_NUMBER
from mel.formats.numbers import as_code, is_blank, to_numbers
from mel.model.alliance import Design
from mel.model.sample import FPC, PARTNER, PSU, RESPONDENT, ROUND, STRATUM, WEIGHT
from mel.variables.places import first_rows
from mel.variables.replicates import replicate_columns

_WHY = {
    STRATUM: ("to compute standard errors", ", or stratum = false if the sample was not stratified"),
    PSU: ("to compute standard errors", ", or psu = false if people were drawn one by one"),
    WEIGHT: ("to speak for everyone", ', or weights = "none" if everyone had the same chance'),
    FPC: ("to know how much of the population was asked", ", or leave fpc out"),
    RESPONDENT: ("to follow people from one round to the next", ""),
}


def design_columns(frame: pd.DataFrame, design: Design) -> tuple[dict[str, pd.Series], list[Problem]]:
    """The design's columns under their canonical names, and everything wrong with them at once.

    Missing: a blank cell, a negative number or text where a number is needed is an error; a zero weight is not.
    """
    columns = {ROUND: frame[FROM_ROUND].astype("str") if FROM_ROUND in frame else pd.Series("all_rounds", index=frame.index, dtype="str")}
    problems: list[Problem] = []
    for name, given in (
        (STRATUM, design.stratum),
        (PSU, design.psu),
        (WEIGHT, design.weight),
        (FPC, design.fpc),
        (RESPONDENT, design.respondent),
    ):
        if not isinstance(given, str):
            continue
        if given not in frame:
            near = closest(given, [str(c) for c in frame.columns if not str(c).startswith("_")])
            why, or_none = _WHY[name]
            problems.append(DESIGN_COLUMN_MISSING.at(name=given, near=near, why=f" {why}", or_none=or_none))
            continue
        problems += _wrong(frame, given, name)
        columns[name] = to_numbers(frame[given])[0] if name in (WEIGHT, FPC) else as_code(frame[given])
    if design.replicates is not None and design.replicates.given:
        replicates, found = replicate_columns(frame, design.replicates, design.weight, columns.get(WEIGHT))
        columns |= replicates
        problems += found
    if FROM_PARTNER in frame and frame[FROM_PARTNER].notna().any():
        columns[PARTNER] = frame[FROM_PARTNER].astype("str")
    return columns, problems


def listed(frame: pd.DataFrame, design: Design, rounds: tuple[str, ...]) -> tuple[dict[str, int], list[Problem]]:
    """By round, how many were on the list: one number for all, or a column that says it once for each partner."""
    given = design.listed
    if not given:
        return {}, []
    if given.isdigit():
        return dict.fromkeys(rounds, int(given)), []
    if given not in frame:
        near = closest(given, [str(c) for c in frame.columns if not str(c).startswith("_")])
        return {}, [DESIGN_COLUMN_MISSING.at(name=given, near=near, why=" to say who was missed", or_none=", or write the number itself")]
    numbers, unreadable = to_numbers(frame[given])
    if unreadable.any():
        return {}, [_not_a_number(frame, given, unreadable, "to say who was missed")]
    by = [frame[FROM_ROUND].astype("str"), frame[FROM_PARTNER].astype("str") if FROM_PARTNER in frame else pd.Series("", index=frame.index)]
    largest = numbers.groupby(by, dropna=False).max()
    return {str(round_): int(n) for round_, n in largest.groupby(level=0).sum().items()}, []


def _wrong(frame: pd.DataFrame, given: str, name: str) -> list[Problem]:
    why, blank = _WHY[name][0], is_blank(frame[given])
    found = []
    if blank.any():
        found.append(DESIGN_CELLS_BLANK.at(name=given, count=int(blank.sum()), first=first_rows(frame, blank), why=why))
    if name in (WEIGHT, FPC):
        numbers, unreadable = to_numbers(frame[given])
        bad = unreadable | (numbers < 0)
        if bad.any():
            found.append(_not_a_number(frame, given, bad, why))
    return found


def _not_a_number(frame: pd.DataFrame, given: str, bad: pd.Series, why: str) -> Problem:
    return DESIGN_NOT_A_NUMBER.at(name=given, count=int(bad.sum()), first=first_rows(frame, bad), why=why)
