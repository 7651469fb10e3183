"""Rows as people sent them, with the form they answered and the problems found: what `collect` and `check` hand on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pandas as pd

from mel.errors import Problem

RecordsKind = Literal[
    "answers", "outcomes", "partners", "readings", "stories", "laws", "money", "decisions", "ratings", "benchmarks", "barriers", "register",
]  # fmt: skip
"""`answers` of people, registers of things (outcomes, partners, readings …) or `ratings` by people of a practice."""

QuestionType = Literal[
    "text", "integer", "decimal", "select_one", "select_multiple", "date", "datetime", "time", "geo", "calculate", "note", "other"
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list: its code and its label in each language (key: language as the form names it, `` for none)."""

    name: str
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One row of an XLSForm's survey sheet that can hold an answer."""

    name: str
    type: QuestionType
    path: tuple[str, ...]  # the groups and repeats it sits in, outermost first
    labels: Mapping[str, str]
    list_name: str | None = None
    required: bool = False
    relevant: str | None = None  # the XPath as written, joined by `and` with that of the groups and repeats around it
    constraint: str | None = None
    constraint_message: str | None = None
    calculation: str | None = None
    repeat: str | None = None  # name of the innermost repeat, None at the top level
    or_other: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A form: what was asked, of whom, and which answers it offered."""

    title: str
    id: str
    version: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    file: str = ""

    def question(self, name: str) -> Question | None:
        """The question of that name, ignoring case; None when the form has none."""
        wanted = name.lower()
        return next((q for q in self.questions if q.name.lower() == wanted), None)

    def choices_of(self, question: Question) -> tuple[Choice, ...]:
        return self.choices.get(question.list_name or "", ())


@dataclass(frozen=True, slots=True)
class Provenance:
    """One file as it was read, so that anyone can tell which file a figure came from."""

    file: str  # relative to the alliance's folder; never a path of one machine
    sha256: str
    format: str
    rows: int
    columns: int
    sheet: str | None = None
    encoding: str | None = None
    round: str | None = None
    form_versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """One dataset, every round and file stacked.

    Shape of `frame`: one row per answer sheet (or thing), the form's own column names (groups and spellings undone: a
    select_multiple `q` is columns `q/choice` of 1, 0 or null, see `mel.codes.choice_of`) plus the reserved columns of
    `mel.codes.RESERVED`. Column types are as read: text stays text; what a column *is* follows from the form or schema.
    `repeats` holds each repeat's rows by its name, with `_parent` = the row's position in `frame` and the same reserved columns.
    """

    dataset: str
    kind: RecordsKind
    frame: pd.DataFrame
    forms: Mapping[str, Questionnaire] = field(default_factory=dict)  # by round; the same form may stand under several
    repeats: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    provenance: tuple[Provenance, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)  # rows that left at check, by problem code
    checked: bool = False
    positions: Mapping[tuple[str, str | None], Mapping[str, int]] = field(default_factory=dict)
    """By (file, sheet): at which place, from 0, the file has each column of `frame`. A problem's cell address comes from here."""

    @property
    def rounds(self) -> tuple[str, ...]:
        """The rounds in the order they were collected."""
        from mel.codes import ROUND

        return tuple(dict.fromkeys(self.frame[ROUND].astype(str))) if ROUND in self.frame else ()

    def with_problems(self, problems: tuple[Problem, ...]) -> Records:
        return replace(self, problems=(*self.problems, *problems))
