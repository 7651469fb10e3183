"""Days and ages that cannot be: before 1900, after the answers were sent, an end before its start, a person of 300."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pandas as pd

from mel.checks.places import at_rows
from mel.errors import Problem
from mel.errors.checks import (
    AGE_IMPOSSIBLE,
    DATE_IN_THE_FUTURE,
    DATE_IS_A_COUNT_OF_DAYS,
    DATE_LONG_AGO,
    END_BEFORE_START,
    NOT_A_DATE,
)
from mel.formats.days import to_days
from mel.formats.relevance import filled_on

_AGE = re.compile(r"(^|_)(age|edad|idade)($|_(?!group|band|class|range|g$))", re.IGNORECASE)
OLDEST = 120


def days_of(name: str, frame: pd.DataFrame, *, sent: pd.Series | None = None) -> Iterator[Problem]:
    """The problems of one column of dates. `sent`: the day after which nothing in a row can have happened."""
    days, unreadable, serial = to_days(frame[name])
    yield from at_rows(NOT_A_DATE, frame, unreadable, column=name, name=name)
    yield from at_rows(DATE_IS_A_COUNT_OF_DAYS, frame, serial, column=name, name=name)
    latest = (sent if sent is not None else sent_on(frame)) + pd.Timedelta(days=1)  # a day's grace: time zones
    yield from at_rows(DATE_IN_THE_FUTURE, frame, days.notna() & (days > latest), column=name, name=name)
    yield from at_rows(DATE_LONG_AGO, frame, days.notna() & (days < pd.Timestamp(1900, 1, 1)), column=name, name=name)


def sent_on(frame: pd.DataFrame) -> pd.Series:
    """The last day a row can speak of: when it was sent, else filled in, else the last such day in the table, else today."""
    found = to_days(frame["_submission_time"])[0] if "_submission_time" in frame else pd.Series(pd.NaT, index=frame.index)
    filled = filled_on(frame)
    if filled is not None:
        found = found.fillna(pd.to_datetime(filled, errors="coerce", format="%Y-%m-%d").astype("datetime64[s]"))
    last = found.max()
    return found.fillna(last if pd.notna(last) else pd.Timestamp(date.today())).astype("datetime64[s]")  # noqa: DTZ011 - a person's day


def metadata(frame: pd.DataFrame) -> Iterator[Problem]:
    """What the device wrote: an end before its start, a clock that was wrong."""
    moments = {name: _moment(frame[name]) for name in ("start", "end") if name in frame}
    if len(moments) == 2:
        yield from at_rows(END_BEFORE_START, frame, moments["end"] < moments["start"], column="end")
    sent = _moment(frame["_submission_time"]) if "_submission_time" in frame else None
    for name, moment in moments.items():
        yield from at_rows(DATE_LONG_AGO, frame, moment < pd.Timestamp(1900, 1, 1, tz="UTC"), column=name, name=name)
        if sent is not None:
            yield from at_rows(DATE_IN_THE_FUTURE, frame, moment > sent + pd.Timedelta(days=1), column=name, name=name)


def ages(name: str, numbers: pd.Series, frame: pd.DataFrame) -> Iterator[Problem]:
    """Ages no person has, in a column whose name says that it is an age."""
    if _AGE.search(name):
        yield from at_rows(AGE_IMPOSSIBLE, frame, (numbers < 0) | (numbers > OLDEST), column=name, name=name)


def _moment(column: pd.Series) -> pd.Series:
    if column.dtype.kind == "M":
        return column if column.dt.tz is not None else column.dt.tz_localize("UTC")
    return pd.to_datetime(column.astype("str"), errors="coerce", utc=True, format="ISO8601")
