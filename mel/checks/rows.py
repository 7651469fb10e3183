"""Which rows may be read at all: consent first, then empty lines, then the same sheet sent twice."""

from __future__ import annotations

import pandas as pd

from mel.checks.places import at_rows, file_of, is_reserved, of_file, places
from mel.codes import PARTNER, RESERVED, ROUND
from mel.errors import Problem, closest
from mel.errors.checks import (
    CONSENT_COLUMN_MISSING,
    CONSENT_NOBODY,
    EMPTY_ROW,
    NO_CONSENT,
    ROWS_ALIKE,
    SAME_ID_OTHER_ANSWERS,
    SENT_TWICE,
    SHEET_IN_TWO_ROUNDS,
)
from mel.formats.numbers import as_code, is_blank
from mel.model.alliance import Consent

IDS = ("_uuid", "meta/instanceID", "instanceID", "_submission__uuid", "KEY", "uuid")
"""Columns that name one answer sheet, the surest first."""
OF_ONE_SHEET = IDS[:-1]
"""Of these, all but the last are made by the form program for one sheet; a plain uuid may be a person's."""
TIMES = ("start", "end", "SubmissionDate", "starttime", "endtime")
_COUNTERS = ("_id", "_index", "index")


def without_consent(frame: pd.DataFrame, consent: Consent) -> tuple[pd.Series, list[Problem]]:
    """The rows without a recorded yes, and a problem for each."""
    if consent.column not in frame:
        near = closest(consent.column, [str(c) for c in frame.columns if not is_reserved(str(c))])
        return _none(frame), [CONSENT_COLUMN_MISSING.at(file=file_of(frame), name=consent.column, near=near)]
    missing = ~as_code(frame[consent.column]).isin(list(consent.yes))
    if len(frame) and missing.all():
        return _none(frame), [CONSENT_NOBODY.at(file=file_of(frame), name=consent.column, rows=len(frame), yes=consent.yes)]
    return missing, at_rows(NO_CONSENT, frame, missing)


def empty(frame: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """The rows in which nothing at all was written. A sheet that was sent without an answer is not one: somebody was asked."""
    answers = [c for c in frame.columns if c not in RESERVED and c not in _COUNTERS]
    if not answers:
        return _none(frame), []
    bare = pd.concat([is_blank(frame[c]) for c in answers], axis=1).all(axis=1)
    return bare, at_rows(EMPTY_ROW, frame, bare)


def repeated(frame: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """The second and later copies of an answer sheet.

    With an id, an equal copy leaves and an unequal one stops the run. Without an id, equal rows leave only where the moment
    of answering is equal too: two people may well give the same few answers, and then both are counted.
    """
    identity = next((name for name in IDS if name in frame), None)
    answers = _answers(frame, identity)
    ids = as_code(frame[identity]) if identity is not None else pd.Series(pd.NA, index=frame.index, dtype="str")
    copies, found = _same_id(frame, answers, ids, identity in OF_ONE_SHEET)
    nameless = ids.isna()
    alike = nameless & answers.where(nameless).duplicated(keep="first")
    if not alike.any():
        return copies, found
    keys = pd.Series(pd.util.hash_pandas_object(answers, index=False).to_numpy(), index=frame.index).where(nameless)
    timed = [name for name in TIMES if name in frame]
    sure = alike & pd.concat([frame[name].notna() for name in timed], axis=1).all(axis=1) if timed else _none(frame)
    return copies | sure, [*found, *_with_first(SENT_TWICE, frame, sure, keys), *_with_first(ROWS_ALIKE, frame, alike & ~sure, keys)]


def _same_id(frame: pd.DataFrame, answers: pd.DataFrame, ids: pd.Series, of_one_sheet: bool) -> tuple[pd.Series, list[Problem]]:
    """Copies by id within a round; and the same sheet in two rounds, where the id is that of a sheet and not of a person."""
    round_ = frame[ROUND].astype("str") if ROUND in frame else pd.Series("", index=frame.index)
    keys = (round_ + "\x1f" + ids).where(ids.notna())
    again = keys.notna() & keys.duplicated(keep="first")
    other = again & ~_equal_to_first(answers, keys, again)
    across = ids.notna() & ids.duplicated(keep="first") & ~again if of_one_sheet else _none(frame)
    return again & ~other, [
        *_with_first(SENT_TWICE, frame, again & ~other, keys),
        *_with_first(SAME_ID_OTHER_ANSWERS, frame, other, keys),
        *_with_first(SHEET_IN_TWO_ROUNDS, frame, across, ids),
    ]


def _equal_to_first(answers: pd.DataFrame, keys: pd.Series, again: pd.Series) -> pd.Series:
    result = pd.Series(False, index=answers.index)
    if again.any():
        firsts = keys[keys.notna() & ~keys.duplicated(keep="first")]
        earlier = answers.loc[firsts.index].set_axis(firsts).loc[keys[again]]
        result.loc[again] = (answers.loc[again].to_numpy() == earlier.to_numpy()).all(axis=1)
    return result


def _answers(frame: pd.DataFrame, identity: str | None) -> pd.DataFrame:
    """The answers as text, so that 1 and 1.0 are the same and blank equals blank; what a server adds is left aside."""
    kept = [c for c in frame.columns if c in (ROUND, PARTNER) or not (str(c).startswith("_") or c in (identity, *_COUNTERS))]
    if not kept:
        return pd.DataFrame(index=frame.index)
    return pd.concat([as_code(frame[c]).fillna("") for c in kept], axis=1)


def _with_first(template: object, frame: pd.DataFrame, rows: pd.Series, keys: pd.Series) -> list[Problem]:
    """A problem for each row, naming the row it repeats."""
    if not rows.any():
        return []
    firsts = dict(zip(keys.drop_duplicates(keep="first"), places(frame, ~keys.duplicated(keep="first")), strict=True))
    here = places(frame, rows)
    found = [firsts[key] for key in keys[rows]]
    each = {"first": [f["row"] for f in found], "of_file": [of_file(f, h) for f, h in zip(found, here, strict=True)]}
    return at_rows(template, frame, rows, each=each)  # type: ignore[arg-type]


def _none(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(False, index=frame.index)
