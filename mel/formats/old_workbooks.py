"""Whether an old .xls workbook is sound, before the reader trusts the sizes it states: a broken one would end the whole process.

It follows the container's own tables (MS-CFB) and the cell records (MS-XLS) only far enough to know how large things get.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_END = 0xFFFFFFFA  # this and above are no sector but marks
_CELLS = frozenset((0x0006, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E))
_DIMENSIONS, _SHARED_TEXTS = 0x0200, 0x00FC
MAX_COLUMNS, MAX_ROWS = 256, 65_536


class BrokenWorkbook(Exception):
    """The container or a record in it is not what it says."""


def check_old_workbook(path: Path) -> None:
    """Raise BrokenWorkbook unless every chain ends, every stream fits the file and every cell lies in a sheet's 256 columns."""
    try:
        _check(path.read_bytes())
    except (struct.error, IndexError):
        raise BrokenWorkbook from None


def _check(raw: bytes) -> None:
    shift, mini_shift = struct.unpack_from("<HH", raw, 30)
    fat_sectors, first_directory = struct.unpack_from("<I", raw, 44)[0], struct.unpack_from("<I", raw, 48)[0]
    first_mini, mini_sectors, _, more = struct.unpack_from("<IIII", raw, 60)
    size = 1 << shift if shift in (9, 12) else 0
    most = len(raw) // size if size else 0
    if not size or mini_shift != 6 or max(fat_sectors, mini_sectors, more) > most or fat_sectors == 0:
        raise BrokenWorkbook
    table = _table(raw, size, fat_sectors)
    directory = b"".join(raw[at : at + size] for at in _chain(table, first_directory, size, len(raw)))
    if first_mini < _END:
        list(_chain(table, first_mini, size, len(raw)))
    _check_streams(raw, size, table, directory)


def _table(raw: bytes, size: int, sectors: int) -> list[int]:
    """The allocation table: for each sector the next one. Sectors beyond the header's 109 belong to files of 7 MB and more."""
    places = [p for p in struct.unpack_from("<109I", raw, 76) if p < _END]
    follow, seen = struct.unpack_from("<I", raw, 68)[0], 0
    while follow < _END and seen <= sectors:
        *listed, follow = struct.unpack_from(f"<{size // 4}I", raw, (follow + 1) * size)
        places += [p for p in listed if p < _END]
        seen += 1
    if len(places) < sectors:
        raise BrokenWorkbook
    return [entry for place in places[:sectors] for entry in struct.unpack_from(f"<{size // 4}I", raw, (place + 1) * size)]


def _chain(table: list[int], first: int, size: int, length: int) -> Iterator[int]:
    """Where each sector of a stream starts in the file."""
    seen = 0
    while first < _END:
        seen += 1
        if seen > len(table) or (first + 1) * size >= length:
            raise BrokenWorkbook
        yield (first + 1) * size
        first = table[first]


def _check_streams(raw: bytes, size: int, table: list[int], directory: bytes) -> None:
    found = False
    for at in range(0, len(directory) - 127, 128):
        name_length, kind = struct.unpack_from("<HB", directory, at + 64)
        if kind not in (2, 5):
            continue
        first, stated = struct.unpack_from("<II", directory, at + 116)
        name = directory[at : at + max(min(name_length, 64) - 2, 0)].decode("utf-16-le", "replace")
        if stated > len(raw):
            raise BrokenWorkbook
        if kind == 2 and name in ("Workbook", "Book") and stated >= 4096:
            found = True
            _check_cells(b"".join(raw[start : start + size] for start in _chain(table, first, size, len(raw)))[:stated])
        elif kind == 2 and name in ("Workbook", "Book"):
            found = True  # so small that it lies among the short streams: its sizes cannot be large
    if not found:
        raise BrokenWorkbook


def _check_cells(stream: bytes) -> None:
    """Walk the records; each one that places a cell, or says how far a sheet reaches, must stay within an old sheet's bounds."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if at + 4 + length > len(stream):
            raise BrokenWorkbook
        if _too_far(kind, length, stream, at + 4):
            raise BrokenWorkbook
        at += 4 + length


def _too_far(kind: int, length: int, stream: bytes, at: int) -> bool:
    if kind == _DIMENSIONS and length >= 12:
        rows, columns = struct.unpack_from("<I", stream, at + 4)[0], struct.unpack_from("<H", stream, at + 10)[0]
        return bool(rows > MAX_ROWS or columns > MAX_COLUMNS)
    if kind in _CELLS and length >= 4:
        return bool(struct.unpack_from("<H", stream, at + 2)[0] >= MAX_COLUMNS)
    return kind == _SHARED_TEXTS and length >= 8 and bool(struct.unpack_from("<I", stream, at + 4)[0] > len(stream))
