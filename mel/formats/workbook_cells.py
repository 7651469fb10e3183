"""How the sheets of an .xlsx or .xls workbook are read, without letting a small file fill the memory.

Types are kept: numbers, dates, text; cells of two kinds in one column make a column of text.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import python_calamine as calamine

from mel.errors import InputError
from mel.errors import files as file_texts
from mel.formats.cells import code_of, whole
from mel.formats.old_workbooks import BrokenWorkbook, check_old_workbook
from mel.formats.reach import LONGEST, reach

MAX_UNFOLDED = 1 << 30
"""Bytes a workbook may hold once unzipped: 1 GiB."""
MAX_CELLS = 40_000_000
"""Cells of one sheet, empty ones between filled ones counted: about 1 GiB of memory."""
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError)
"""What Python's zipfile lets through when an archive is broken."""
_MAX_RATIO = 200
_SMALL = 64 << 20


class Workbook:
    """An open workbook; its sheets are read one at a time."""

    def __init__(self, path: Path, file: str) -> None:
        self._file, self._path = file, path
        with _damage_told(file):
            check_old_workbook(path) if path.suffix.lower() == ".xls" else refuse_bomb(path, file)
            self._book = calamine.CalamineWorkbook.from_path(str(path))
        self.hidden = frozenset(s.name for s in self._book.sheets_metadata if s.visible != calamine.SheetVisibleEnum.Visible)
        self.sheets: tuple[str, ...] = tuple(
            sheet.name for sheet in self._book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet
        )

    def rows(self, sheet: str) -> list[list[Any]]:
        """Every row of a sheet from its very first, cells as calamine types them, '' for an empty one."""
        with _damage_told(self._file, sheet):
            return self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


@contextlib.contextmanager
def _damage_told(file: str, sheet: str | None = None) -> Iterator[None]:
    """Turn whatever the reader meets in a broken workbook, its own panics included, into one problem."""
    damaged = file_texts.FILE_DAMAGED.at(file=file, sheet=sheet, format="this sheet" if sheet else "a workbook")
    try:
        yield
    except calamine.PasswordError:
        raise InputError(file_texts.FILE_PROTECTED.at(file=file)) from None
    except (BrokenWorkbook, calamine.CalamineError, OSError, ValueError):
        raise InputError(damaged) from None
    except BaseException as wrong:
        if type(wrong).__name__ != "PanicException":  # Rust's; it has no name that can be imported
            raise
        raise InputError(damaged) from None


def refuse_bomb(path: Path, file: str) -> None:
    """Refuse a workbook that would unfold to more than `MAX_UNFOLDED` bytes or a sheet to more than `MAX_CELLS` cells.

    The reader lays a sheet out in full, so a single cell in the last corner of a tiny file would end the whole process.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            packed = max(sum(member.compress_size for member in members), 1)
            if size > MAX_UNFOLDED or (size > _SMALL and size / packed > _MAX_RATIO):
                _refuse(
                    file,
                    "the unzipped workbook has",
                    f"{size / 1e6:,.0f} MB",
                    f"{MAX_UNFOLDED / 1e6:,.0f} MB, {_MAX_RATIO} times the file's size,",
                )
            for member in members:
                if re.match(r"(?i)xl/(worksheets/[^/]+|sharedStrings)\.xml$", member.filename):
                    _refuse_wide(archive, member, file)
    except ZIP_ERRORS:
        raise InputError(file_texts.FILE_DAMAGED.at(file=file, format="a workbook")) from None


def _refuse_wide(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> None:
    """Measure how far the filled cells of a sheet reach, reading its XML in pieces (zipfile stops where a member says it ends)."""
    last_row, last_column, tail = 0, 0, b""
    with archive.open(member) as stream:
        while piece := stream.read(1 << 20):
            row, column = reach(tail + piece)
            last_row, last_column = max(last_row, row), max(last_column, column)
            tail = piece[-2 * LONGEST :]
    if last_row * last_column > MAX_CELLS:
        _refuse(file, "a sheet reaches over", f"{last_row * last_column:,} cells", f"{MAX_CELLS:,} cells")


def _refuse(file: str, what: str, size: str, limit: str) -> None:
    raise InputError(file_texts.FILE_TOO_LARGE.at(file=file, what_is_large=what, size=size, limit=limit))


def column_letters(position: int) -> str:
    """A column as a spreadsheet calls it: 0 is A, 26 is AA."""
    letters, left = "", position + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def series_of(cells: Sequence[Any]) -> pd.Series:
    """A column of typed cells: numbers, dates or text; truth values and mixed kinds become text as a person would write them."""
    kinds = {type(cell) for cell in cells if not _empty(cell)}
    if kinds and kinds <= {float, int}:
        return whole(pd.Series(np.array([np.nan if _empty(c) else c for c in cells], dtype=float)))
    if kinds and kinds <= {dt.date, dt.datetime}:
        return pd.Series(pd.array([None if _empty(c) else pd.Timestamp(c) for c in cells], dtype="datetime64[us]"))
    if kinds <= {str}:
        return pd.Series(pd.array([None if _empty(c) else c for c in cells], dtype="str"))
    return pd.Series(pd.array([None if _empty(c) else _written(c) for c in cells], dtype="str"))


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _written(cell: Any) -> str | None:
    if isinstance(cell, dt.datetime | dt.date):
        return str(code_of(pd.Timestamp(cell)))
    if isinstance(cell, dt.timedelta):
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return cell if isinstance(cell, str) else cell.isoformat() if isinstance(cell, dt.time) else str(code_of(cell))
