"""Whether a form's expression holds in each row: relevance and constraints, over a whole table at once.

Three values. A blank cell is the empty text it is in the form, so a form's own logic is followed exactly; unknown is what the
table cannot tell: a question without a column, text where a number is needed, a pattern on which form engines disagree.
`and`, `or` and `not` are decided where the unknown part cannot change them. No part of an expression is run as code.
What lies outside (repeats, paths, look-ups) raises, it is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mel.errors import CannotSay
from mel.errors.xpath import XPATH_NOT_COMPUTED
from mel.formats.numbers import as_code
from mel.formats.xpath_functions import FUNCTIONS
from mel.formats.xpath_grammar import Call, Node, NotRead, Reference, parse, references
from mel.formats.xpath_grammar import Literal as Written
from mel.formats.xpath_operators import OPERATORS
from mel.formats.xpath_values import Rows, Table, Values, as_text, as_truth

__all__ = ["holds", "reads"]


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


def _value(node: Node, table: Table) -> Values:
    if isinstance(node, Written):
        if isinstance(node.value, str):
            return table.text(node.value)
        return Values("number", np.full(len(table), node.value), table.all)
    if isinstance(node, Reference):
        return table.cells(table.named(node))
    return _called(node, table)


def _called(call: Call, table: Table) -> Values:
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
