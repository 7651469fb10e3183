"""Which rows may be read at all: consent first, then empty lines, then the same sheet sent twice."""

from __future__ import annotations

import pandas as pd

from mel.checks.places import at_rows, file_of, is_reserved, of_file, places
from mel.codes import FILE, RESERVED, ROW, SHEET
from mel.errors import Problem, closest
from mel.errors.checks import (
    CONSENT_COLUMN_MISSING,
    CONSENT_NOBODY,
    EMPTY_ROW,
    NO_CONSENT,
    ROWS_ALIKE,
    SAME_ID_OTHER_ANSWERS,
    SENT_TWICE,
)
from mel.formats.numbers import as_code, is_blank
from mel.model.alliance import Consent

IDS = ("_uuid", "meta/instanceID", "instanceID", "_submission__uuid", "KEY", "uuid")
"""Columns that name one answer sheet, the surest first."""
TIMES = ("start", "end", "_submission_time", "SubmissionDate", "starttime", "endtime")
_COUNTERS = ("_id", "_index")


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
    content = _content(frame, identity)
    alike = content.duplicated(keep="first")
    if identity is not None:
        ids = as_code(frame[identity])
        again = ids.notna() & ids.duplicated(keep="first")
        other = again & ~_equal_to_first(content, ids, again)
        return again & ~other, [
            *_with_first(SENT_TWICE, frame, again & ~other, ids),
            *_with_first(SAME_ID_OTHER_ANSWERS, frame, other, ids),
        ]
    timed = [name for name in TIMES if name in frame]
    keys = (
        content.apply(lambda column: column.astype("str")).agg("\x1f".join, axis=1) if len(content.columns) else pd.Series("", frame.index)
    )
    sure = alike & pd.concat([frame[name].notna() for name in timed], axis=1).all(axis=1) if timed else _none(frame)
    return sure, [*_with_first(SENT_TWICE, frame, sure, keys), *_with_first(ROWS_ALIKE, frame, alike & ~sure, keys)]


def _equal_to_first(content: pd.DataFrame, ids: pd.Series, again: pd.Series) -> pd.Series:
    first = content.loc[ids.drop_duplicates(keep="first").dropna().index].set_axis(ids.drop_duplicates(keep="first").dropna())
    result = pd.Series(False, index=content.index)
    if again.any():
        own = content.loc[again]
        earlier = first.loc[ids[again]].set_axis(own.index)
        result.loc[own.index] = (own == earlier).all(axis=1)
    return result


def _content(frame: pd.DataFrame, identity: str | None) -> pd.DataFrame:
    """The answers as text, so that 1 and 1.0 are the same and blank equals blank."""
    left_out = {FILE, SHEET, ROW, identity, *_COUNTERS, "_parent"}
    kept = [c for c in frame.columns if c not in left_out]
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
