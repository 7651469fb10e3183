"""Any file of rows as sheets of columns: csv, tsv, xlsx, xls, parquet, sav, dta. What is inside decides, and must fit the name.

A sheet's columns are as the file has them; what they mean is `mel.formats.kobo`'s and `mel.collection`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mel.errors import InputError, Problem, UsageError, closest
from mel.errors import collection as texts
from mel.errors import files as file_texts
from mel.formats.cells import Decimal
from mel.formats.labelled import read_labelled, read_parquet
from mel.formats.text import DELIMITERS, read_text_table
from mel.formats.workbook_cells import ZIP_ERRORS, Workbook, column_letters, series_of
from mel.model.records import Questionnaire

ENDINGS = {
    ".csv": "csv", ".tsv": "tsv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".parquet": "parquet",
    ".sav": "sav", ".zsav": "sav", ".dta": "dta",
}  # fmt: skip
MAX_BYTES = 2 << 30
MAX_TEXT_BYTES = 512 << 20


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table of a file: its columns by their own header, and for each row the number a person counts for it."""

    name: str | None
    frame: pd.DataFrame
    rows: np.ndarray[Any, np.dtype[np.int64]]
    problems: tuple[Problem, ...] = ()
    repeated: tuple[str, ...] = ()
    """Headers that stand over several columns; in `frame` all but the first are numbered, `header (2)`."""
    hidden: bool = False
    places: Mapping[str, int] = field(default_factory=dict)
    """At which place, from 0, the file has each column of `frame`."""


@dataclass(frozen=True, eq=False)
class TableFile:
    """A file as read. `file` is its name for people, never a path of one machine."""

    file: str
    sha256: str
    format: str
    sheets: tuple[Sheet, ...]
    encoding: str | None = None
    decimal: Decimal = "."
    labels: Questionnaire | None = None
    problems: tuple[Problem, ...] = field(default=())


def read_tables(
    path: Path,
    *,
    file: str | None = None,
    delimiter: str | None = None,
    decimal: Decimal | None = None,
    encoding: str | None = None,
    only: Sequence[str] | None = None,
) -> TableFile:
    """Read every table of a file (of a workbook: every sheet, or those named in `only`).

    Raises: InputError when the file cannot be read or is not what its name says; UsageError for an impossible option.
    """
    shown = file or path.name
    check_options(delimiter, decimal)
    kind = recognise(path, shown)
    sha = fingerprint(path, shown)
    if kind in ("xlsx", "xls"):
        return TableFile(shown, sha, kind, _sheets(path, shown, only), decimal=decimal or ".")
    if kind in ("sav", "dta"):
        frame, labels, used = read_labelled(path, shown)
        return TableFile(shown, sha, kind, (_numbered(frame, shown),), used, labels=labels)
    if kind == "parquet":
        return TableFile(shown, sha, kind, (_numbered(read_parquet(path, shown), shown),))
    return _text(path, shown, sha, kind, delimiter, decimal, encoding)


def check_options(delimiter: str | None, decimal: str | None) -> None:
    """Refuse a separator or decimal sign that does not exist, before anything is read."""
    if delimiter is not None and delimiter not in DELIMITERS:
        raise UsageError(file_texts.READING_OPTION.at(option="delimiter", given=repr(delimiter), known="',', ';', '\\t', '|'"))
    if decimal is not None and decimal not in (".", ","):
        raise UsageError(file_texts.READING_OPTION.at(option="decimal", given=repr(decimal), known="'.', ','"))
    if delimiter is not None and delimiter == decimal:
        raise UsageError(file_texts.READING_OPTION.at(option="decimal", given=repr(decimal), known="a sign other than the delimiter"))


# ---- what a file is --------------------------------------------------------------------------------------------------


def recognise(path: Path, file: str) -> str:
    """The format of a file, from its content; it must be the one its ending says."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise InputError(file_texts.FORMAT_UNKNOWN.at(file=file, ending=ending or "nothing", known=sorted(ENDINGS)))
    try:
        size = path.stat().st_size
        with path.open("rb") as handle:
            head = handle.read(4096)
    except OSError as wrong:
        raise InputError(file_texts.FILE_UNREADABLE.at(file=file, reason=wrong.strerror or "no reason given")) from None
    if not head.strip():
        raise InputError(file_texts.FILE_EMPTY.at(file=file))
    kind = ENDINGS[ending]
    limit = MAX_TEXT_BYTES if kind in ("csv", "tsv", "xlsx", "xls") else MAX_BYTES
    if size > limit:
        raise InputError(
            file_texts.FILE_TOO_LARGE.at(
                file=file, what_is_large="the file has", size=f"{size / 1e6:,.0f} MB", limit=f"{limit / 1e6:,.0f} MB"
            )
        )
    inside = _inside(head, path)
    if inside == "protected":
        raise InputError(file_texts.FILE_PROTECTED.at(file=file))
    if inside not in _FITS[kind]:
        raise InputError(file_texts.FORMAT_NOT_AS_NAMED.at(file=file, ending=ending, inside=_IN_WORDS[inside]))
    return kind


_FITS = {
    "csv": ("text",), "tsv": ("text",), "xlsx": ("xlsx",), "xls": ("xls",), "parquet": ("parquet",), "sav": ("sav",), "dta": ("dta",),
}  # fmt: skip
_IN_WORDS = {
    "text": "plain text, as in a csv file", "xlsx": "an .xlsx workbook", "xls": "an old .xls workbook", "zip": "a zip archive",
    "parquet": "Parquet", "sav": "SPSS data", "dta": "Stata data", "html": "a web page", "pdf": "a PDF", "binary": "something unknown",
}  # fmt: skip
_MAGIC = ((b"PAR1", "parquet"), (b"$FL2", "sav"), (b"$FL3", "sav"), (b"<stata_dta>", "dta"), (b"%PDF", "pdf"))


def _inside(head: bytes, path: Path) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if _has_member(path, "xl/workbook.") else "zip"
    if head.startswith(bytes.fromhex("D0CF11E0A1B11AE1")):
        return "protected" if "EncryptedPackage".encode("utf-16-le") in path.read_bytes() else "xls"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if path.suffix.lower() == ".dta" and head[0] in range(0x69, 0x74) and head[1] in (1, 2):
        return "dta"
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        return "html"
    marked = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    nul = head.count(0)
    return "text" if not nul or marked or 0.2 * len(head) < nul < 0.6 * len(head) else "binary"


def _has_member(path: Path, start: str) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith(start) for name in archive.namelist())
    except ZIP_ERRORS:
        return path.suffix.lower() in (".xlsx", ".xlsm")  # cut off half-way: let the workbook's reader say so


def fingerprint(path: Path, file: str) -> str:
    """SHA-256 of the file's bytes."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as wrong:
        raise InputError(file_texts.FILE_UNREADABLE.at(file=file, reason=wrong.strerror or "no reason given")) from None


# ---- sheets ----------------------------------------------------------------------------------------------------------


def _text(path: Path, file: str, sha: str, kind: str, delimiter: str | None, decimal: Decimal | None, encoding: str | None) -> TableFile:
    found = read_text_table(path.read_bytes(), file=file, tab=kind == "tsv", delimiter=delimiter, decimal=decimal, encoding=encoding)
    sheet = _sheet(None, list(found.header), list(found.columns), found.header_row, file)
    return TableFile(file, sha, kind, (sheet,), found.encoding, found.decimal, problems=found.problems)


def _sheets(path: Path, file: str, only: Sequence[str] | None) -> tuple[Sheet, ...]:
    book = Workbook(path, file)
    names = [name for name in book.sheets if only is None or name in only]
    return tuple(replace(_sheet_of_rows(name, book.rows(name), file), hidden=name in book.hidden) for name in names)


def sheet_named(wanted: str, sheets: Sequence[str], file: str) -> str:
    """The sheet of that name, ignoring case and blanks around it. Raises InputError listing the sheets and the closest."""
    found = [name for name in sheets if name == wanted] or [n for n in sheets if n.strip().lower() == wanted.strip().lower()]
    if len(found) != 1:
        raise InputError(texts.SHEET_MISSING.at(file=file, wanted=wanted, sheets=list(sheets), close=closest(wanted, list(sheets))))
    return found[0]


def _sheet_of_rows(name: str, rows: list[list[Any]], file: str) -> Sheet:
    filled = next((i for i, row in enumerate(rows) if any(not _blank(cell) for cell in row)), None)
    if filled is None:
        return Sheet(name, pd.DataFrame(), np.array([], dtype=np.int64))
    header = [_header_text(cell) for cell in rows[filled]]
    columns = [series_of(cells) for cells in zip(*rows[filled + 1 :])] or [series_of([]) for _ in header]
    return _sheet(name, header, columns, filled + 1, file)


def _header_text(cell: Any) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _sheet(name: str | None, header: list[str], columns: list[pd.Series], header_row: int, file: str) -> Sheet:
    """Name the columns, leave out what is wholly empty, and number the rows as a person counts them."""
    cleaned = [_clean(text) for text in header]
    nameless = [i for i, text in enumerate(cleaned) if not text and columns[i].notna().any()]
    named = sum(1 for text in cleaned if text)
    if nameless and len(nameless) > named:
        raise InputError(
            texts.HEADER_NOT_FIRST.at(file=file, sheet=name, header_row=header_row, looks_like=_looks_like(columns, header_row))
        )
    called = [text or f"column_{column_letters(i)}" for i, text in enumerate(cleaned)]
    told: tuple[Problem, ...] = ()
    if nameless:
        told = (
            texts.HEADER_EMPTY.at(
                file=file, sheet=name, letters=[column_letters(i) for i in nameless], names=[called[i] for i in nameless]
            ),
        )
    kept = [i for i, text in enumerate(cleaned) if text or i in nameless]
    counted = _counted([called[i] for i in kept])
    frame = pd.DataFrame({key: columns[i] for key, i in zip(counted, kept)})
    places = dict(zip(counted, kept))
    repeated = (
        tuple(dict.fromkeys(text for text in (called[i] for i in kept) if [called[i] for i in kept].count(text) > 1))
        if len(set(called)) < len(called)
        else ()
    )
    rows = np.arange(len(frame), dtype=np.int64) + header_row + 1
    filled = frame.notna().any(axis=1).to_numpy() if len(frame.columns) else np.zeros(len(frame), dtype=bool)
    return Sheet(name, frame[filled].reset_index(drop=True), rows[filled], told, repeated, places=places)


def _clean(header: str) -> str:
    return " ".join(header.replace("\ufeff", "").replace("ï»¿", "").replace("\xa0", " ").split()).strip('"')


def _counted(headers: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for text in headers:
        seen[text] = seen.get(text, 0) + 1
        out.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return out


def _looks_like(columns: list[pd.Series], header_row: int) -> int:
    counts = pd.concat([column.notna() for column in columns], axis=1).sum(axis=1)
    return int(header_row + 1 + counts.to_numpy().argmax())


def _numbered(frame: pd.DataFrame, file: str) -> Sheet:
    """A file without header row of its own: its first record is row 1."""
    if not len(frame.columns):
        raise InputError(file_texts.FILE_EMPTY.at(file=file))
    places = {str(name): at for at, name in enumerate(frame.columns)}
    return Sheet(None, frame.reset_index(drop=True), np.arange(len(frame), dtype=np.int64) + 1, places=places)
