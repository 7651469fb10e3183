"""Whether a form's expression holds in each row: relevance and constraints, over a whole table at once.

Three values. A blank cell is the empty text it is in the form, so a form's own logic is followed exactly; unknown is what the
table cannot tell: a question without a column, text where a number is needed, a pattern on which form engines disagree.
`and`, `or` and `not` are decided where the unknown part cannot change them. No part of an expression is run as code.
What lies outside (repeats, paths, look-ups) raises, it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.errors import CannotSay
from mel.errors.xpath import XPATH_NOT_COMPUTED
from mel.formats.numbers import as_code
from mel.formats.xpath_grammar import Call, Node, NotRead, Reference, parse, references
from mel.formats.xpath_grammar import Literal as Written

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


def holds(expression: str, frame: pd.DataFrame | Rows, *, this: str | None = None, today: pd.Series | None = None) -> pd.Series:
    """Where the expression holds: true, false, or null where the table cannot tell.

    `this` is the question that `.` stands for; `today` the date each row was filled in, for `today()`.
    Missing: a blank cell is empty text, as in the form.
    Raises: CannotSay for an expression outside the part of XPath that is computed.
    Checked: tests/spec/checks/test_form_expressions.py.

    >>> holds("${age} >= 18", pd.DataFrame({"age": ["17", "18", ""]})).tolist()
    [False, True, False]
    """
    try:
        tree = parse(expression)
        rows = frame if isinstance(frame, Rows) else Rows(frame)
        truth = as_truth(_value(tree, Table(rows, this, today)))
    except NotRead as refused:
        from mel.formats.xpath_functions import FUNCTIONS

        raise CannotSay(XPATH_NOT_COMPUTED.at(expression=expression, reason=str(refused), known=", ".join(sorted(FUNCTIONS)))) from None
    data = pd.array(truth.data, dtype="boolean")
    data[~truth.known] = pd.NA
    return pd.Series(data, index=rows.frame.index)


def reads(expression: str) -> tuple[str, ...]:
    """The questions an expression reads (`.` is itself); none when it is outside the part that is read."""
    try:
        return references(parse(expression))
    except NotRead:
        return ()


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


def _value(node: Node, table: Table) -> Values:
    if isinstance(node, Written):
        if isinstance(node.value, str):
            return table.text(node.value)
        return Values("number", np.full(len(table), node.value), table.all)
    if isinstance(node, Reference):
        return table.cells(table.named(node))
    return _called(node, table)


def _called(call: Call, table: Table) -> Values:
    from mel.formats.xpath_functions import FUNCTIONS

    if call.function in ("selected", "count-selected"):
        return _selected(call, table)
    if call.function == "today" and not call.given:
        if table.today is None:
            raise NotRead("the data do not say on which day each row was filled in")
        return Values(
            "text", table.today.astype("str").fillna("").to_numpy(dtype=object), table.today.notna().to_numpy(dtype=bool), node=True
        )
    known: Callable[..., Values] | None = OPERATORS.get(call.function)
    least, most, function = (0, None, known) if known else FUNCTIONS.get(call.function, (0, None, None))
    if function is None:
        raise NotRead(f"{call.function}() is not computed here")
    if len(call.given) < least or (most is not None and len(call.given) > most):
        raise NotRead(f"{call.function}() has {len(call.given)} values between its brackets")
    return function(*(_value(part, table) for part in call.given)) if call.given else function(table)


def _selected(call: Call, table: Table) -> Values:
    name = table.named(call.given[0]) if call.given else table.named(Written(""))
    ticked = {} if name in table.rows.frame else table.rows.choices(name)
    if call.function == "count-selected":
        if ticked:
            return Values("number", np.sum([table.rows.ticked(c) for c in ticked.values()], axis=0).astype(float), table.all)
        cells = table.cells(name)
        return Values("number", np.array([float(len(cell.split())) for cell in cells.data]), cells.known)
    if len(call.given) != 2:
        raise NotRead("selected() takes a question and a choice")
    wanted = call.given[1]
    if ticked and isinstance(wanted, Written):
        choice = as_code(pd.Series([wanted.value])).iloc[0]
        if choice not in ticked:
            return Values("truth", ~table.all, ~table.all)  # offered by the form or not, the file has no column that could tell
        return Values("truth", table.rows.ticked(ticked[choice]), table.all)
    cells, choices = table.cells(name), as_text(_value(wanted, table))
    held = [choice in cell.split() for cell, choice in zip(cells.data, choices.data)]
    return Values("truth", np.array(held, dtype=bool), cells.known & choices.known)


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


def _and(a: Values, b: Values) -> Values:
    a, b = as_truth(a), as_truth(b)
    no = (a.known & ~a.data) | (b.known & ~b.data)
    return Values("truth", ~no & a.data & b.data, no | (a.known & b.known))


def _or(a: Values, b: Values) -> Values:
    a, b = as_truth(a), as_truth(b)
    yes = (a.known & a.data) | (b.known & b.data)
    return Values("truth", yes, yes | (a.known & b.known))


def _equal(a: Values, b: Values) -> Values:
    known = a.known & b.known
    if "truth" in (a.kind, b.kind):
        left, right = as_truth(a), as_truth(b)
    elif "number" in (a.kind, b.kind):
        left, right = as_number(a), as_number(b)
    else:
        left, right = as_text(a), as_text(b)
    return Values("truth", (left.data == right.data).astype(bool), known & left.known & right.known)


def _unequal(a: Values, b: Values) -> Values:
    same = _equal(a, b)
    return Values("truth", ~same.data, same.known)


def _compare(how: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def compared(a: Values, b: Values) -> Values:
        left, right = as_number(a), as_number(b)
        return Values("truth", how(left.data, right.data), left.known & right.known)

    return compared


def _reckon(how: Callable[[Any, Any], Any]) -> Callable[[Values, Values], Values]:
    def reckoned(a: Values, b: Values) -> Values:
        left, right = as_number(a), as_number(b)
        with np.errstate(all="ignore"):
            return Values("number", how(left.data, right.data), left.known & right.known)

    return reckoned


def _negative(a: Values) -> Values:
    number = as_number(a)
    return Values("number", -number.data, number.known)


OPERATORS: Mapping[str, Callable[..., Values]] = {
    "and": _and, "or": _or, "=": _equal, "!=": _unequal, "negative": _negative,
    "<": _compare(np.less), "<=": _compare(np.less_equal), ">": _compare(np.greater), ">=": _compare(np.greater_equal),
    "+": _reckon(np.add), "-": _reckon(np.subtract), "*": _reckon(np.multiply), "div": _reckon(np.divide), "mod": _reckon(np.fmod),
}  # fmt: skip
