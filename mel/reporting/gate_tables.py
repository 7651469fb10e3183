"""Can a table be read aloud, and does every format say the same number? The part of the gate that looks at tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mel.errors import Problem
from mel.errors.writers import GATE_HIDDEN_VALUE, GATE_TABLE, GATE_TWO_NUMBERS
from mel.reporting.blocks import Block, Cell, Figure, Table

_NUMBER = re.compile(r"[-−+]?\d[\d,   ]*(?:\.\d+)?")
_FEWER, _MORE = ("<", "less", "under", "fewer"), (">", "more", "over")
_ROUNDING = 0.5000001


def tables_of(block: Block) -> Iterator[Table]:
    """A table itself, or the data behind a figure."""
    if isinstance(block, Table):
        yield block
    elif isinstance(block, Figure) and block.data is not None:
        yield block.data


def table_problems(table: Table) -> Iterator[Problem]:
    """Ragged rows, heads without a name, hidden cells with a number, and texts that say another number than the one behind them."""
    faults = [
        ("has no columns", not table.columns),
        ("has no rows", not table.rows),
        ("has a column without a name", any(not column.label.strip() for column in table.columns)),
        ("has a row without a name", any(not row or not row[0].text.strip() for row in table.rows)),
        ("has a row that is longer or shorter than its head", any(len(row) != len(table.columns) for row in table.rows)),
    ]
    yield from (GATE_TABLE.at(block=table.id, fault=fault) for fault, there in faults if there)
    cells = [cell for row in table.rows for cell in row]
    if any(cell.kind == "hidden" and cell.value is not None for cell in cells):
        yield GATE_HIDDEN_VALUE.at(block=table.id)
    for cell in cells:
        if cell.kind not in ("hidden", "empty") and cell.value is not None and not _says_its_number(cell):
            yield GATE_TWO_NUMBERS.at(block=table.id, printed=cell.text, value=f"{cell.value:.6g}")


def printed_number(text: str) -> tuple[float, int] | None:
    """The first number a text prints and its decimals, None when it prints none.

    >>> printed_number("−1,204.5 days")
    (-1204.5, 1)
    """
    found = _NUMBER.search(text)
    if found is None:
        return None
    plain = re.sub(r"[,   ]", "", found.group()).replace("−", "-")
    return float(plain), len(plain.partition(".")[2])


def _says_its_number(cell: Cell) -> bool:
    printed = printed_number(cell.text)
    if printed is None or cell.value is None:
        return False
    number, decimals = printed
    value = cell.value * 100 if cell.kind == "percent" else cell.value
    if cell.text.lstrip().startswith(_FEWER):
        return abs(value) <= abs(number)
    if cell.text.lstrip().startswith(_MORE):
        return abs(value) >= abs(number)
    same_sign = value * number >= 0 or cell.text.lstrip()[0] not in "-−+"
    return same_sign and abs(abs(value) - abs(number)) <= _ROUNDING * 10.0**-decimals
