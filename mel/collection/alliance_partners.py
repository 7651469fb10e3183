"""Which partners does the alliance's register name? Only their ids and countries, to follow references; reading the register whole is
`mel.collection.records`'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mel.collection.alliance_design import records
from mel.errors import MelError
from mel.formats.tables import read_tables
from mel.formats.written import stays_inside


@dataclass(frozen=True, slots=True)
class Partners:
    """Ids and countries in the register of partners."""

    ids: frozenset[str]
    countries: frozenset[str]


def partners_in(data: Mapping[str, Any], folder: Path) -> Partners | None:
    """What the register names; None when there is no register, or one that cannot be read here (collecting it will say why)."""
    ids: set[str] = set()
    countries: set[str] = set()
    registers = [d for d in records(data.get("datasets")) if d.get("kind") == "partners"]
    for path in (path for register in registers for each in records(register.get("rounds")) for path in _files(each, folder)):
        try:
            sheets = read_tables(path, file=path.name).sheets
        except MelError:
            return None
        frame = next((sheet.frame for sheet in sheets if "partner_id" in sheet.frame), None)
        if frame is None:
            return None
        ids |= set(frame["partner_id"].dropna().astype(str).str.strip())
        countries |= set(frame["country"].dropna().astype(str).str.strip()) if "country" in frame else set()
    return Partners(frozenset(ids), frozenset(countries)) if ids else None


def _files(each: Mapping[str, Any], folder: Path) -> list[Path]:
    files = each.get("files")
    patterns = [f for f in files if isinstance(f, str) and stays_inside(f)] if isinstance(files, list | tuple) else []
    return sorted(path for pattern in patterns for path in folder.glob(pattern) if path.is_file())
