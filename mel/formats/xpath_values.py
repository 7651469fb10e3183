"""What an XLSForm expression is computed with: one value a row, of three kinds, each known or not, over the rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.formats.numbers import as_code
from mel.formats.xpath_grammar import Node, NotRead, Reference

Truths = npt.NDArray[np.bool_]


class Rows:
    """A table whose cells are read as codes once, for the many expressions of one form."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._codes: dict[str, npt.NDArray[Any]] = {}
        self._choices: dict[str, dict[str, str]] | None = None

    def code(self, name: str) -> npt.NDArray[Any]:
        """A column as text codes, blank as empty text."""
        if name not in self._codes:
            self._codes[name] = as_code(self.frame[name]).fillna("").to_numpy(dtype=object)
        return self._codes[name]

    def ticked(self, column: str) -> Truths:
        return np.isin(self.code(column).astype(str), TICKED)

    def choices(self, name: str) -> dict[str, str]:
        """A select_multiple's columns by choice; empty when it is none."""
        if self._choices is None:
            self._choices = {}
            for column in map(str, self.frame.columns):
                for at in (n for n, sign in enumerate(column) if sign == "/"):
                    self._choices.setdefault(column[:at], {})[column[at + 1 :]] = column
        return self._choices.get(name, {})


TICKED = ("1", "true", "True", "TRUE")


@dataclass(frozen=True)
class Values:
    """One value a row. Where `known` is false the value means nothing. A `node` came from a cell."""

    kind: Literal["text", "number", "truth"]
    data: npt.NDArray[Any]
    known: Truths
    node: bool = False


@dataclass(frozen=True)
class Table:
    """The rows an expression is computed over."""

    rows: Rows
    this: str | None
    today: pd.Series | None

    def __len__(self) -> int:
        return len(self.rows.frame)

    def text(self, value: str) -> Values:
        return Values("text", np.full(len(self), value, dtype=object), self.all)

    @property
    def all(self) -> Truths:
        return np.ones(len(self), dtype=bool)

    def named(self, node: Node) -> str:
        if not isinstance(node, Reference):
            raise NotRead("it asks what was selected in something that is not a question")
        if node.name == "." and self.this is None:
            raise NotRead("'.' stands for no question here")
        return str(self.this) if node.name == "." else node.name

    def cells(self, name: str) -> Values:
        if name in self.rows.frame:
            return Values("text", self.rows.code(name), self.all, node=True)
        if ticked := self.rows.choices(name):
            table = {choice: self.rows.ticked(column) for choice, column in ticked.items()}
            joined = [" ".join(choice for choice, marks in table.items() if marks[at]) for at in range(len(self))]
            return Values("text", np.array(joined, dtype=object), self.all, node=True)
        return Values("text", np.full(len(self), "", dtype=object), ~self.all, node=True)


def as_text(value: Values) -> Values:
    """As XPath writes it: a whole number without its point, a truth as a word."""
    if value.kind == "text":
        return value
    if value.kind == "truth":
        return Values("text", np.where(value.data, "true", "false").astype(object), value.known)
    written = ["NaN" if np.isnan(n) else str(int(n)) if np.isfinite(n) and n == int(n) else repr(float(n)) for n in value.data]
    return Values("text", np.array(written, dtype=object), value.known)


def as_number(value: Values) -> Values:
    """Empty text is no number (NaN) and that is known; other text in a cell that is no number makes the row unknown. Dates are days."""
    if value.kind != "text":
        return Values("number", value.data.astype(float), value.known)
    text = pd.Series(value.data, dtype=object).astype("str").str.strip()
    numbers = pd.to_numeric(text.str.replace(r"^([+-]?\d+),(\d+)$", r"\1.\2", regex=True), errors="coerce").to_numpy(dtype=float, copy=True)
    dated = text.str.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].*)?").to_numpy(dtype=bool)
    if dated.any():
        days = pd.to_datetime(text[dated].str.slice(0, 10), errors="coerce", format="%Y-%m-%d")
        numbers[dated] = (days - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    unreadable = np.isnan(numbers) & (text != "").to_numpy(dtype=bool) & value.node
    return Values("number", numbers, value.known & ~unreadable)


def as_truth(value: Values) -> Values:
    """A number holds when it is not 0, text when it is not empty. A cell by itself is refused: form engines read it differently."""
    if value.kind == "truth":
        return value
    if value.kind == "number":
        return Values("truth", ~np.isnan(value.data) & (value.data != 0), value.known)
    if value.node:
        raise NotRead("a question stands alone where a yes or no is needed, which form programs read differently")
    return Values("truth", value.data != "", value.known)
