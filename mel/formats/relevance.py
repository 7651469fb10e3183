"""Who was asked a question, by the form's own rules. Shared by the checks (was it right to answer?) and by derive (silent, or not asked?)."""

from __future__ import annotations

import pandas as pd

from mel.codes import choice_of
from mel.errors import CannotSay
from mel.formats.xpath import holds
from mel.formats.xpath_values import Rows
from mel.model.records import Question

DAYS = ("today", "end", "start", "_submission_time")
"""Where a row says on which day it was filled in, the best first."""


def asked(question: Question, frame: pd.DataFrame | Rows) -> tuple[pd.Series, tuple[str, ...]]:
    """True where the question was asked, false where it was not, null where the table cannot tell; and why, where it cannot.

    The form's relevance already holds that of the groups around the question.
    """
    table = frame.frame if isinstance(frame, Rows) else frame
    if not question.relevant or not question.relevant.strip():
        return pd.Series(pd.array([True] * len(table), dtype="boolean"), index=table.index), ()
    try:
        return holds(question.relevant, frame, this=question.name, today=_day_if_read(question.relevant, table)), ()
    except CannotSay as refused:
        nobody_knows = pd.Series(pd.array([pd.NA] * len(table), dtype="boolean"), index=table.index)
        return nobody_knows, tuple(problem.what for problem in refused.problems)


def _day_if_read(expression: str, frame: pd.DataFrame) -> pd.Series | None:
    return filled_on(frame) if "today" in expression else None


def filled_on(frame: pd.DataFrame) -> pd.Series | None:
    """The day each row was filled in, as year-month-day; None when no column says so."""
    found: pd.Series | None = None
    for name in DAYS:
        if name in frame:
            days = frame[name].astype("str").str.slice(0, 10)
            days = days.where(days.str.fullmatch(r"\d{4}-\d\d-\d\d"))
            found = days if found is None else found.fillna(days)
    return found


def columns_of(question: Question, frame: pd.DataFrame) -> tuple[str, ...]:
    """The frame's columns that hold this question's answers: itself, or its choices. Empty when there is none."""
    start = choice_of(question.name, "")
    ticked = tuple(str(c) for c in frame.columns if str(c).startswith(start)) if question.type == "select_multiple" else ()
    return ticked or ((question.name,) if question.name in frame else ())
