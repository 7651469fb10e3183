"""How a text file is read as a table: which encoding, which separator, which decimal sign. What was taken is always told.

It says nothing about what the columns mean.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from mel.errors import InputError, Problem, UsageError, closest
from mel.errors import files as file_texts
from mel.formats.cells import COMMA, Decimal, text_series

DELIMITERS = (",", ";", "\t", "|")
_SPOKEN = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
_SAMPLE_RECORDS = 200


@dataclass(frozen=True)
class TextTable:
    """A text file cut into cells, all text. `first_row` is the line a person counts for the first row below the header."""

    header: tuple[str, ...]
    columns: tuple[pd.Series, ...]
    header_row: int
    encoding: str
    delimiter: str
    decimal: Decimal
    problems: tuple[Problem, ...] = field(default=())


def read_text_table(
    raw: bytes, *, file: str, tab: bool = False, delimiter: str | None = None, decimal: Decimal | None = None, encoding: str | None = None
) -> TextTable:
    """Cut the bytes of a csv or tsv file into cells.

    Raises: InputError with what cannot be read; what was assumed is in `problems`.
    """
    text, used, problems = decode(raw, file=file, encoding=encoding)
    stated, text, skipped = _separator_line(text)
    cut, unclear = _delimiter(text, delimiter or stated, tab=tab, file=file)
    header, columns, offset, short = _cells(text, cut, file=file, skipped=skipped)
    sign, doubts = find_decimal(dict(zip(_unique(header), columns)), delimiter=cut, decimal=decimal, file=file)
    return TextTable(header, columns, offset, used, cut, sign, (*problems, *unclear, *short, *doubts))


# ---- encoding --------------------------------------------------------------------------------------------------------

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(raw: bytes, *, file: str, encoding: str | None = None) -> tuple[str, str, tuple[Problem, ...]]:
    """The text, the encoding it was read in, and a problem when that had to be assumed.

    A mark at the start (BOM) decides, then UTF-8; only then Western European (cp1252), and not when runs of
    letters beyond ASCII show that the text is in another script.
    """
    if encoding is not None:
        return _decode_as(raw, _known(encoding), file), encoding.lower(), ()
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None) or _unmarked_utf16(raw)
    if marked:
        return _decode_as(raw, marked, file).removeprefix("\ufeff"), marked, ()
    try:
        return raw.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as wrong:
        if _mostly_utf8(raw):
            raise InputError(file_texts.ENCODING_BROKEN.at(file=file, line=raw[: wrong.start].count(b"\n") + 1)) from None
        return _western(raw, file)


def _mostly_utf8(raw: bytes) -> bool:
    """True for UTF-8 with a few broken bytes in it: text in an old encoding hardly ever has whole UTF-8 letters by chance."""
    whole = len(re.findall(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", raw))
    high = len(re.findall(rb"[\x80-\xff]", raw))
    return whole >= 3 and high <= 4 * whole and whole * 2 >= 0.8 * high


def _western(raw: bytes, file: str) -> tuple[str, str, tuple[Problem, ...]]:
    runs = sum(len(run) for run in re.findall(rb"[\x80-\xff]{4,}", raw))
    if runs > 0.5 * sum(1 for byte in raw if byte >= 0x80):
        raise InputError(file_texts.ENCODING_UNCLEAR.at(file=file))
    try:
        text, used = raw.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        text, used = raw.decode("latin-1"), "latin-1"
    return text, used, (file_texts.ENCODING_ASSUMED.at(file=file, encoding=used),)


def _unmarked_utf16(raw: bytes) -> str | None:
    head = raw[:4000]
    half = max(len(head) // 2, 1)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.1 * half else None


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        known = ("utf-8", "utf-16", "cp1252", "latin-1", "cp1256", "cp1251", "cp1258", "cp1250")
        close = closest(encoding, known) or known
        raise UsageError(file_texts.READING_OPTION.at(option="encoding", given=repr(encoding), known=close)) from None


def _decode_as(raw: bytes, encoding: str, file: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        raise InputError(file_texts.ENCODING_WRONG.at(file=file, encoding=encoding, line=line)) from None


# ---- separator -------------------------------------------------------------------------------------------------------


def _separator_line(text: str) -> tuple[str | None, str, int]:
    """Excel's own first line `sep=;`, if there is one."""
    found = re.match(r"""^"?sep=([,;|\t])"?\r?\n""", text, re.IGNORECASE)
    return (found[1], text[found.end() :], 1) if found else (None, text, 0)


def _delimiter(text: str, stated: str | None, *, tab: bool, file: str) -> tuple[str, tuple[Problem, ...]]:
    if stated is not None:
        return stated, ()
    sample = text[:200_000]
    fits = {mark: width for mark in DELIMITERS if (width := _width(sample, mark)) > 1}
    if tab and "\t" in fits:
        return "\t", ()
    if not fits:
        return ("\t" if tab else ","), ()
    best = max(fits, key=lambda mark: fits[mark])
    others = [mark for mark, width in fits.items() if mark != best and width == fits[best]]
    if not others:
        return best, ()
    named = " or ".join(_SPOKEN[mark] for mark in others)
    return best, (file_texts.DELIMITER_UNCLEAR.at(file=file, taken=_SPOKEN[best], others=named),)


def _width(sample: str, mark: str) -> int:
    """Columns when cut at `mark`: those of the header, if hardly a row differs from it; else 0."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=mark):
            records.append(record)
            if len(records) == _SAMPLE_RECORDS:
                break
    except csv.Error:
        return 0
    filled = [len(record) for record in records[:-1] or records if any(record)]
    if not filled:
        return 0
    return filled[0] if sum(width == filled[0] for width in filled) >= 0.8 * len(filled) else 0


# ---- cells -----------------------------------------------------------------------------------------------------------


def _cells(
    text: str, delimiter: str, *, file: str, skipped: int
) -> tuple[tuple[str, ...], tuple[pd.Series, ...], int, tuple[Problem, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(1 << 27)
    try:
        blank = 0
        for header in reader:
            if any(cell.strip() for cell in header):
                break
            blank += 1
        else:
            raise InputError(file_texts.FILE_EMPTY.at(file=file))
        header_row = skipped + blank + 1
        fast = None if blank else _fast(text, delimiter, len(header))
        if fast is not None:
            return tuple(header), fast, header_row, ()
        return _careful(reader, header, delimiter, header_row, file)
    except csv.Error:
        raise InputError(file_texts.CSV_QUOTES.at(file=file, near=skipped + reader.line_num)) from None


def _fast(text: str, delimiter: str, width: int) -> tuple[pd.Series, ...] | None:
    """The usual, regular file by pyarrow, eight times faster; None where the careful way must say what is odd."""
    if '"' in text and _odd_quotes(text, delimiter):
        return None
    names = [str(i) for i in range(width)]
    try:
        table = pacsv.read_csv(
            io.BytesIO(text.encode("utf-8")),
            read_options=pacsv.ReadOptions(column_names=names, skip_rows_after_names=1, block_size=1 << 24),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, newlines_in_values='"' in text, ignore_empty_lines=False),
            convert_options=pacsv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False),
        )
    except pa.ArrowInvalid:
        return None
    return tuple(text_series(column.combine_chunks()) for column in table.columns)


def _odd_quotes(text: str, delimiter: str) -> bool:
    """True when a quotation mark stands where a cell neither starts nor ends: pyarrow would pass over what is wrong with it."""
    edges = text.replace('""', "").replace(f'{delimiter}"', "").replace(f'"{delimiter}', "")
    return text.count('"') % 2 == 1 or re.search(r'[^"\r\n]"[^"\r\n]', edges) is not None


def _careful(
    reader: object, header: Sequence[str], delimiter: str, header_row: int, file: str
) -> tuple[tuple[str, ...], tuple[pd.Series, ...], int, tuple[Problem, ...]]:
    width, rows = len(header), list(reader)  # type: ignore[call-overload]
    first = header_row + 1
    long = [first + i for i, row in enumerate(rows) if any(cell.strip() for cell in row[width:])]
    if long:
        raise InputError(
            file_texts.CSV_ROWS_LONG.at(file=file, n=len(long), rows=_numbers(long), delimiter=_SPOKEN.get(delimiter, delimiter))
        )
    short = [first + i for i, row in enumerate(rows) if 0 < len(row) < width]
    told = (file_texts.CSV_ROWS_SHORT.at(file=file, n=len(short), rows=_numbers(short)),) if short else ()
    full = [row[:width] + [""] * (width - len(row)) for row in rows]
    columns = tuple(text_series(list(column)) for column in zip(*full)) if full else tuple(text_series([]) for _ in header)
    return tuple(header), columns, header_row, told


def _numbers(rows: Sequence[int]) -> str:
    return ", ".join(str(row) for row in rows[:8]) + (f" and {len(rows) - 8} more" if len(rows) > 8 else "")


def _unique(header: Sequence[str]) -> list[str]:
    return [name if name and header.index(name) == i else f"{name or 'column'} ({i + 1})" for i, name in enumerate(header)]


# ---- decimal sign ----------------------------------------------------------------------------------------------------

_POINT = r"^[+-]?\d*\.\d+$"


def find_decimal(
    columns: dict[str, pd.Series], *, delimiter: str, decimal: Decimal | None, file: str
) -> tuple[Decimal, tuple[Problem, ...]]:
    """The decimal sign of a file, and what is doubtful about it.

    A comma is taken for the decimal sign only where it does not separate columns and where some number cannot be
    thousands (1,234 could be); else the caller must say.
    """
    if decimal is None and delimiter == ",":
        return ".", ()
    comma = [name for name, c in columns.items() if _wholly(c, f"^{COMMA}$", ",")]
    point = [name for name, c in columns.items() if _wholly(c, r"^[+-]?(\d+\.?\d*|\.\d+)$", ".")]
    if decimal is not None:
        other = point if decimal == "," else comma
        mixed = other if decimal == "," or delimiter != "," else []
        return decimal, (file_texts.DECIMAL_MIXED.at(file=file, decimal=decimal, columns=mixed),) if mixed else ()
    if not comma:
        return ".", ()
    sure = [name for name in comma if not _wholly(columns[name], r"^[+-]?(\d{1,3}(,\d{3})+|\d+)$", "")]
    if not sure:
        return ".", (file_texts.DECIMAL_UNCLEAR.at(file=file, columns=comma),)
    return ",", (file_texts.DECIMAL_MIXED.at(file=file, decimal=",", columns=point),) if point else ()


def _wholly(column: pd.Series, pattern: str, must_have: str) -> bool:
    array = pc.utf8_trim_whitespace(pa.array(column, type=pa.large_string(), from_pandas=True))
    if must_have and not pc.any(pc.match_substring(array, must_have)).as_py():
        return False
    return pc.all(pc.match_substring_regex(array, pattern)).as_py() is True and bool(column.notna().any())
