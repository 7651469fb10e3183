"""What the columns of a sheet become once it is known which question they answer: codes, numbers, dates, text.

A cell that does not fit stays as it was written, for `check` to name; a column is never emptied to make it fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from mel.errors import Problem
from mel.errors import collection as texts
from mel.formats.cells import (
    Decimal,
    as_codes,
    as_dates,
    as_moments,
    as_numbers,
    as_text,
    date_order,
    is_text,
    not_available,
)
from mel.formats.kobo import plain_label
from mel.model.records import Choice, Question, Questionnaire


@dataclass
class Typing:
    """The columns of one sheet being typed, with what must be told about them."""

    file: str
    sheet: str | None
    decimal: Decimal
    day_first: bool | None
    problems: list[Problem] = field(default_factory=list)
    empty_words: dict[str, int] = field(default_factory=dict)
    serials: list[str] = field(default_factory=list)
    relabelled: list[str] = field(default_factory=list)

    def type_columns(self, frame: pd.DataFrame, form: Questionnaire | None, asked: Mapping[str, Question]) -> pd.DataFrame:
        """Type every column: by the question it answers, else by what it holds. Tick columns (`q/a`) are typed already."""
        order = self._order(frame, asked)
        out = {name: self._one(frame[name], asked.get(name), form, order) for name in frame.columns}
        self._tell()
        return pd.DataFrame(out, index=frame.index)

    def _one(self, column: pd.Series, question: Question | None, form: Questionnaire | None, day_first: bool | None) -> pd.Series:
        if question is None:
            return self._by_content(column, day_first)
        name = question.name
        if question.type in ("integer", "decimal"):
            return self._numbers(column, name, lossless=False)
        if question.type == "calculate":
            return self._numbers(column, name, lossless=True)
        if question.type == "date":
            dates, serial = as_dates(self._without_words(column, name), day_first=day_first)
            self.serials += [name] if serial else []
            return dates
        if question.type == "datetime":
            moments, serial = as_moments(column)
            self.serials += [name] if serial else []
            return moments
        if question.type == "select_one" and form is not None:
            return self._codes(column, question, form.choices_of(question))
        return as_codes(column) if question.type == "select_one" else as_text(column)

    def _by_content(self, column: pd.Series, day_first: bool | None) -> pd.Series:
        if not is_text(column):
            return column
        numbers = self._numbers(column, str(column.name), lossless=True)
        if not is_text(numbers) or self.day_first is None or date_order(column) == "clear":
            return numbers
        dates, serial = as_dates(column, day_first=day_first)
        return dates if not is_text(dates) and not serial else column

    def _numbers(self, column: pd.Series, name: str, *, lossless: bool) -> pd.Series:
        numbers = as_numbers(column, self.decimal, lossless=lossless)
        if numbers is not None:
            return numbers
        words = not_available(column)
        if not words.any():
            return column
        numbers = as_numbers(column.mask(words), self.decimal, lossless=lossless)
        if numbers is None:
            return column
        self.empty_words[name] = int(words.sum())
        return numbers

    def _without_words(self, column: pd.Series, name: str) -> pd.Series:
        words = not_available(column)
        if words.any():
            self.empty_words[name] = int(words.sum())
        return column.mask(words)

    def _codes(self, column: pd.Series, question: Question, choices: tuple[Choice, ...]) -> pd.Series:
        codes = as_codes(column)
        names = {c.name for c in choices}
        strange = set(codes.dropna().unique()) - names
        if not strange or not choices:
            return codes
        owners: dict[str, set[str]] = {}
        for choice in choices:
            for label in choice.labels.values():
                owners.setdefault(plain_label(label), set()).add(choice.name)
        found = {text: owners[plain_label(text)] for text in strange if plain_label(text) in owners}
        clear = {text: next(iter(who)) for text, who in found.items() if len(who) == 1}
        unclear = sorted({name for who in found.values() if len(who) > 1 for name in who})
        if unclear:
            self.problems.append(texts.LABEL_CHOICES_AMBIGUOUS.at(file=self.file, sheet=self.sheet, column=question.name, choices=unclear))
        if clear:
            self.relabelled.append(question.name)
            return pd.Series(pd.array([clear.get(c, c) for c in codes], dtype="str"), index=codes.index)
        return codes

    # ---- the order of day and month ------------------------------------------------------------------------------

    def _order(self, frame: pd.DataFrame, asked: Mapping[str, Question]) -> bool | None:
        """What the file's dates show, where nobody said: one that cannot be read the other way decides for the file."""
        if self.day_first is not None:
            return self.day_first
        dated = [n for n in frame.columns if n in asked and asked[n].type == "date" and is_text(frame[n])]
        shown = {name: order for name in dated if (order := date_order(frame[name])) != "clear"}
        orders = set(shown.values())
        if not shown:
            return None
        if "both" in orders or {"day", "month"} <= orders or orders == {"either"}:
            self.problems.append(texts.DATE_ORDER_UNCLEAR.at(file=self.file, sheet=self.sheet, columns=list(shown)))
            return None
        first = "day" in orders
        told = texts.DATE_ORDER_TAKEN.at(file=self.file, sheet=self.sheet, columns=list(shown), first="day" if first else "month")
        self.problems.append(told)
        return first

    def _tell(self) -> None:
        place: dict[str, Any] = {"file": self.file, "sheet": self.sheet}
        if self.empty_words:
            self.problems.append(texts.NOT_AVAILABLE.at(**place, n=sum(self.empty_words.values()), columns=list(self.empty_words)))
        if self.serials:
            self.problems.append(texts.SERIALS_AS_DATES.at(**place, columns=self.serials))
        if self.relabelled:
            self.problems.append(texts.LABELS_AS_CODES.at(**place, columns=self.relabelled))
