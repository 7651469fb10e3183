"""Do the answers agree with the form they were given on? Types, choices, what must be answered, who was to be asked, and rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from mel.checks.dates import ages, days_of
from mel.checks.places import at_rows, file_of, is_identifying, is_reserved
from mel.codes import FILE, ROUND, choice_of
from mel.errors import CannotSay, Problem, closest
from mel.errors.checks import (
    CODE_NOT_IN_CHOICES,
    COLUMN_NOT_IN_DATA,
    COLUMNS_NOT_IN_FORM,
    CONSTRAINT_BROKEN,
    EXPRESSION_NOT_COMPUTED,
    FORM_NOT_IN_COLUMNS,
    NOT_A_NUMBER,
    NOT_RELEVANT,
    REPEAT_NOT_IN_DATA,
    REQUIRED_EMPTY,
)
from mel.formats.numbers import as_code, is_blank, to_numbers
from mel.formats.relevance import asked, columns_of, filled_on
from mel.formats.xpath import holds
from mel.formats.xpath_values import TICKED, Rows
from mel.model.records import Question, Questionnaire, Records

NOT_EXPORTED = ("note", "calculate", "other", "geo")
"""Types a tidy export may lack without anything being wrong."""
SEVERAL = 5
"""A strange code is somebody's spelling of a code, and may be quoted, when so many rows hold it."""
METADATA = frozenset((
    "start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid", "username", "email", "audit", "instanceID",
    "instanceName", "starttime", "endtime", "formhub/uuid", "meta/instanceID", "meta/instanceName", "meta/rootUuid", "KEY",
))  # fmt: skip


def against_form(records: Records, required_columns: Iterable[str]) -> list[Problem]:
    """Every form against the rows of its rounds, the repeats too."""
    found: list[Problem] = []
    for form, rounds in _by_form(records):
        rows = records.frame[ROUND].astype("str").isin(rounds) if ROUND in records.frame else pd.Series(True, records.frame.index)
        frame = records.frame.loc[rows]
        if not len(frame):
            continue
        found += _columns(form, records, frame, frozenset(required_columns))
        tables = {None: Rows(frame)} | {
            name: Rows(_repeat(records, name, frame)) for name in {q.repeat for q in form.questions if q.repeat}
        }
        for question in form.questions:
            if len(tables[question.repeat].frame):
                found += list(_question(question, form, tables[question.repeat]))
    return found


def _by_form(records: Records) -> list[tuple[Questionnaire, list[str]]]:
    forms: list[tuple[Questionnaire, list[str]]] = []
    for round_, form in records.forms.items():
        same = next((rounds for known, rounds in forms if known is form or known == form), None)
        if same is None:
            forms.append((form, [round_]))
        else:
            same.append(round_)
    return forms


def _repeat(records: Records, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A repeat's rows with their parents' answers beside them, so that its rules can read both."""
    rows = records.repeats.get(name)
    if rows is None or "_parent" not in rows:
        return pd.DataFrame()
    beside = records.frame[[c for c in records.frame.columns if c not in rows.columns]]
    positions = pd.Series(range(len(records.frame)), index=records.frame.index)[frame.index]
    mine = rows.loc[rows["_parent"].isin(positions)]
    parents = beside.iloc[mine["_parent"].astype(int)].set_axis(mine.index)
    return pd.concat([mine, parents], axis=1)


# ---- columns ----------------------------------------------------------------------------------------------------------


def _columns(form: Questionnaire, records: Records, frame: pd.DataFrame, required: frozenset[str]) -> Iterator[Problem]:
    """Questions without a column, columns without a question, repeats without a table."""
    file = file_of(frame)
    known = {q.name for q in form.questions}
    headless = _headless(form, frame)
    for name in headless:
        yield FORM_NOT_IN_COLUMNS.at(file=name)
    # columns of those files alone, and of rows that may not be used, are not named: the names may be somebody's answers
    rest = frame.loc[~frame[FILE].astype("str").isin(headless)] if headless else frame
    extra = sorted({_base(str(c)) for c in frame.columns if not _belongs(str(c), form, known) and rest[c].notna().any()} - required)
    if extra:
        yield COLUMNS_NOT_IN_FORM.at(file=file, names=extra)
    for question in form.questions:
        if (
            question.repeat is None
            and question.type not in NOT_EXPORTED
            and question.name not in METADATA
            and not columns_of(question, frame)
        ):
            yield COLUMN_NOT_IN_DATA.at(file=file, column=question.name, name=question.name, near=closest(question.name, extra) or "none")
    for name in sorted({q.repeat for q in form.questions if q.repeat} - set(records.repeats)):
        yield REPEAT_NOT_IN_DATA.at(file=file, name=name)


def _headless(form: Questionnaire, frame: pd.DataFrame) -> list[str]:
    """Files in which no question of the form has a single answer: their first line is not the form's names."""
    columns = [c for q in form.questions for c in columns_of(q, frame)]
    if FILE not in frame:
        return []
    answered = frame[columns].notna().any(axis=1).groupby(frame[FILE].astype("str")).any()
    return [str(name) for name in answered.index[~answered]]


def _belongs(column: str, form: Questionnaire, known: set[str]) -> bool:
    if is_reserved(column) or column in METADATA or column in known or _base(column) in known:
        return True
    owner = column.removesuffix("_other")
    return owner != column and any(q.name == owner and q.or_other for q in form.questions)


def _base(column: str) -> str:
    return column.split("/", 1)[0]


# ---- one question -----------------------------------------------------------------------------------------------------


def _question(question: Question, form: Questionnaire, rows: Rows) -> Iterator[Problem]:
    frame = rows.frame
    columns = columns_of(question, frame)
    if not columns or question.type == "note":
        return
    yield from _type(question, form, frame, columns)
    blank = pd.concat([is_blank(frame[c]) for c in columns], axis=1).all(axis=1)
    was_asked, reasons = asked(question, rows)
    for reason in reasons:
        yield EXPRESSION_NOT_COMPUTED.at(file=file_of(frame), column=question.name, kind="relevance", name=question.name, reason=reason)
    if question.type != "calculate":
        yield from at_rows(
            NOT_RELEVANT, frame, _said(frame, columns, blank) & (~was_asked).fillna(False), column=columns[0], name=question.name
        )
        if question.required:
            yield from at_rows(REQUIRED_EMPTY, frame, blank & was_asked.fillna(False), column=columns[0], name=question.name)
    if question.constraint:
        yield from _constraint(question, rows, columns, blank)


def _said(frame: pd.DataFrame, columns: tuple[str, ...], blank: pd.Series) -> pd.Series:
    """Rows with an answer. Choices that are all 0 are none: exports write 0 for a question that was never shown."""
    if columns[0] in frame and "/" not in columns[0]:
        return ~blank
    return pd.concat([as_code(frame[c]).isin(TICKED) for c in columns], axis=1).any(axis=1)


def _constraint(question: Question, rows: Rows, columns: tuple[str, ...], blank: pd.Series) -> Iterator[Problem]:
    rule, frame = str(question.constraint), rows.frame
    try:
        broken = (~holds(rule, rows, this=question.name, today=filled_on(frame) if "today" in rule else None)).fillna(False)
    except CannotSay as refused:
        reason = refused.problems[0].what
        yield EXPRESSION_NOT_COMPUTED.at(file=file_of(frame), column=question.name, kind="constraint", name=question.name, reason=reason)
        return
    said = _said(frame, columns, blank) if question.type == "select_multiple" else ~blank
    yield from at_rows(CONSTRAINT_BROKEN, frame, broken.astype(bool) & said, column=columns[0], name=question.name, rule=rule)


def _type(question: Question, form: Questionnaire, frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[Problem]:
    if question.type in ("integer", "decimal"):
        numbers, unreadable = to_numbers(frame[question.name])
        if question.type == "integer":
            unreadable |= numbers.notna() & (numbers % 1 != 0)
        what = "whole number" if question.type == "integer" else "number"
        yield from at_rows(NOT_A_NUMBER, frame, unreadable, column=question.name, name=question.name, type=what)
        yield from ages(question.name, numbers, frame)
    elif question.type in ("date", "datetime"):
        yield from days_of(question.name, frame)
    elif question.type in ("select_one", "select_multiple") and form.choices_of(question):
        yield from _choices(question, form, frame, columns)


def _choices(question: Question, form: Questionnaire, frame: pd.DataFrame, columns: tuple[str, ...]) -> Iterator[Problem]:
    offered = [choice.name for choice in form.choices_of(question)] + (["other"] if question.or_other else [])
    labels = {label.strip().lower(): choice.name for choice in form.choices_of(question) for label in choice.labels.values()}
    if question.type == "select_multiple" and columns[0] != question.name:
        for column in columns:
            code = column.removeprefix(choice_of(question.name, ""))
            ticked = as_code(frame[column]).isin(TICKED)
            strange = ticked if code not in offered else ~is_blank(frame[column]) & ~_yes_or_no(frame[column])
            yield from at_rows(CODE_NOT_IN_CHOICES, frame, strange, column=column, **_wording(question, code, strange, offered, labels))
        return
    codes = as_code(frame[question.name])
    if question.type == "select_one":
        strange = codes.notna() & ~codes.isin(offered)
    else:
        strange = codes.fillna("").map(lambda said: bool(set(said.split()) - set(offered)))
    for code in sorted(set(codes[strange])):
        rows = strange & (codes == code)
        wrong = code if question.type == "select_one" else " ".join(part for part in code.split() if part not in offered)
        yield from at_rows(CODE_NOT_IN_CHOICES, frame, rows, column=question.name, **_wording(question, wrong, rows, offered, labels))


def _yes_or_no(column: pd.Series) -> pd.Series:
    return as_code(column).str.lower().isin(["0", "1", "true", "false"])


def _wording(question: Question, code: str, rows: pd.Series, offered: list[str], labels: dict[str, str]) -> dict[str, Any]:
    """What is said of a strange code. It is quoted only where it is one: one short word that several rows hold, or a sign or two.
    Anything else may be somebody's name, number or words, typed where a code belongs.
    """
    held = int(rows.sum()) >= SEVERAL
    word = len(code) <= 24 and re.sub(r"[_.-]", "", code).isalnum() and len(re.findall(r"\d", code)) < 6
    codelike = word and (held or len(code) <= 2) and not is_identifying(question.name)
    hint = ""
    if code.strip().lower() in labels:
        which = f"the label of '{labels[code.strip().lower()]}'" if held else "a choice's label, not its code"
        hint = f" That is {which}: export with XML values, not labels."
    elif codelike and (near := closest(code, offered, most=1)):
        hint = f" Closest: '{near[0]}'."
    return {"said": f"'{code}'" if codelike else "What the cell holds", "name": question.name, "choices": offered, "hint": hint}
