"""How far the filled cells of a sheet's XML reach, read from the cells' own references and not from what the sheet says of itself."""

from __future__ import annotations

import re

import numpy as np

_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{0,7}(\d{1,10})""")
_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,7})\d""")
_SPACED = (b" r =", b" r= ", b" r\t", b" r\n", b" r=\n", b" r=\t", b" r=\r", b" r\r")
LONGEST = 20
"""Bytes of the longest reference, its quotes and its name; pieces of a sheet overlap by at least this."""


def reach(xml: bytes) -> tuple[int, int]:
    """The last row and the last column that any reference in this piece names; 0 where there is none.

    >>> reach(b'<row r="3"><c r="B3"/><c r="AA3"/></row>')
    (3, 27)
    """
    if any(odd in xml for odd in _SPACED):  # allowed in XML, and no spreadsheet writes it: the slow way
        rows, columns = _ROW.findall(xml), _COLUMN.findall(xml)
        return max(map(int, rows), default=0), max(map(_number, set(columns)), default=0)
    cells = np.frombuffer(xml + b"\0" * LONGEST, dtype=np.uint8)
    space, name, equals, quote = cells[:-3], cells[1:-2], cells[2:-1], cells[3:]
    starts = (
        np.flatnonzero((name == ord("r")) & (equals == ord("=")) & (space <= ord(" ")) & ((quote == ord('"')) | (quote == ord("'")))) + 4
    )
    return _furthest(cells, starts[starts < len(xml)])


def _furthest(cells: np.ndarray, starts: np.ndarray) -> tuple[int, int]:
    if not len(starts):
        return 0, 0
    columns, rows = np.zeros(len(starts), dtype=np.int64), np.zeros(len(starts), dtype=np.int64)
    in_letters, in_digits = np.ones(len(starts), dtype=bool), np.ones(len(starts), dtype=bool)
    for at in range(LONGEST - 4):
        here = cells[np.minimum(starts + at, len(cells) - 1)]
        letter, digit = (here & 0xDF) - np.uint8(64), here - np.uint8(48)
        in_letters &= (letter >= 1) & (letter <= 26) & (at < 7)
        columns = np.where(in_letters, columns * 26 + letter, columns)
        in_digits &= in_letters | (digit <= 9)
        rows = np.where(in_digits & ~in_letters, rows * 10 + digit, rows)
        if not in_digits.any():
            break
    return int(rows.max()), int(columns.max())


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
