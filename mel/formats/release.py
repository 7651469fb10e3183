"""A release on disk: release.json and csv files, and back again, equal. Five csv are always there; each analysis adds one a table.

release.json holds everything but the tables, in the order people chose (indicators, categories), with the fingerprint of each csv
and of the data behind the figures. A folder whose files do not fit these fingerprints is not read. No pickle, no code.

A text cell that a spreadsheet could take for a formula (it begins with = + - @, a tab or a carriage return) gets an apostrophe in
front; so does one that begins with an apostrophe, and an empty text, so that reading takes exactly one away. A missing value is an
empty cell.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mel.errors import InputError
from mel.errors.disclosure import RELEASE_EDITED, RELEASE_MISSING, RELEASE_UNREADABLE
from mel.formats.folders import staged
from mel.model.analyses import Analysis
from mel.model.figure import FigureId
from mel.model.policy import Policy
from mel.model.release import NARRATIVE_KINDS, Narratives, Protection, Release

FORMAT = 1
HEAD = "release.json"
TABLES = ("estimates", "comparisons", *NARRATIVE_KINDS)
FILES = (HEAD, *(f"{name}.csv" for name in TABLES))
PLAIN = ("audience", "about", "labels", "provenance", "code_version", "git_commit", "made_on")
OF_ANALYSIS = ("kind", "dataset", "indicator", "version", "round", "cannot_say")
_OF_ANALYSIS = re.compile(r"analysis-\d+-[a-z_]+")
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def write_release(release: Release, folder: Path) -> None:
    """Write the release as `folder`, whole or not at all; what stood there before is replaced.

    Shape: release.json, estimates.csv, comparisons.csv (inputs as JSON), outcomes.csv, readings.csv, stories.csv.
    Checked: tests/spec/disclosure/test_release_on_disk.py (comes back equal).
    """
    frames = {**_frames(release), **_analysis_frames(release)}
    texts = {name: _csv(frame) for name, frame in frames.items()}
    head = {
        "format": FORMAT,
        **{name: getattr(release, name) for name in PLAIN},
        "protection": _protection(release.protection),
        "tables": {
            name: {"sha256": _hash(texts[name]), "rows": len(frame), "columns": {str(c): _kind(frame[c]) for c in frame.columns}}
            for name, frame in frames.items()
        },
        "analyses": [_analysis_head(at, one) for at, one in enumerate(release.analyses, start=1)],
        "data_fingerprint": fingerprint(release.provenance),
    }
    head["seal"] = _seal(head)
    with staged(Path(folder)) as new:
        for name, text in texts.items():
            (new / f"{name}.csv").write_bytes(text)
        (new / HEAD).write_text(json.dumps(head, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def read_release(folder: Path) -> Release:
    """The release that was written as `folder`.

    Raises: InputError where a file is missing, was edited after the release was made, or cannot be read.
    """
    place = Path(folder)
    missing = [name for name in FILES if not (place / name).is_file()]
    if missing:
        raise InputError(RELEASE_MISSING.at(folder=place.name, missing=missing))
    head = _head(place)
    names = _names(head)
    gone = [f"{name}.csv" for name in names if not (place / f"{name}.csv").is_file()]
    if gone:
        raise InputError(RELEASE_MISSING.at(folder=place.name, missing=gone))
    texts = {name: (place / f"{name}.csv").read_bytes() for name in names}
    edited = [f"{name}.csv" for name in names if _hash(texts[name]) != head["tables"][name]["sha256"]]
    if edited:
        raise InputError(RELEASE_EDITED.at(folder=place.name, edited=edited))
    frames = {name: _frame(texts[name], head["tables"][name]["columns"]) for name in names}
    given = head["protection"]
    return Release(
        estimates=frames["estimates"],
        comparisons=frames["comparisons"],
        narratives=Narratives(**{kind: frames[kind] for kind in NARRATIVE_KINDS}),
        protection=Protection(**(given | {"policy": Policy.model_validate(given["policy"]), "notes": tuple(given["notes"])})),
        analyses=tuple(_analysis(at, given, frames) for at, given in enumerate(head.get("analyses", ()), start=1)),
        **({name: head[name] for name in PLAIN} | {"provenance": tuple(head["provenance"])}),
    )


def files_of(folder: Path) -> tuple[str, ...]:
    """The files a release folder consists of, as its release.json says; raises InputError where that cannot be read."""
    return (HEAD, *(f"{name}.csv" for name in _names(_head(Path(folder)))))


def _names(head: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables of a release: those every one has, and its analyses'."""
    return (*TABLES, *(name for name in head["tables"] if _OF_ANALYSIS.fullmatch(name)))


def _analysis_frames(release: Release) -> dict[str, pd.DataFrame]:
    return {f"analysis-{at}-{name}": table for at, one in enumerate(release.analyses, start=1) for name, table in one.tables.items()}


def _analysis_head(at: int, one: Analysis) -> dict[str, Any]:
    kept = {name: getattr(one, name) for name in OF_ANALYSIS}
    return {**kept, "dimensions": list(one.dimensions), "method": dict(one.method), "tables": {n: f"analysis-{at}-{n}" for n in one.tables}}


def _analysis(at: int, given: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> Analysis:
    tables = {name: frames[f"analysis-{at}-{name}"] for name in given["tables"]}
    return Analysis(
        **{name: given[name] for name in OF_ANALYSIS}, dimensions=tuple(given["dimensions"]), tables=tables, method=given["method"]
    )


def fingerprint(provenance: tuple[Mapping[str, Any], ...]) -> str:
    """One fingerprint for all files behind a release, whatever their order."""
    return _hash("\n".join(sorted(str(record.get("sha256", "")) for record in provenance)).encode())


def _head(place: Path) -> dict[str, Any]:
    try:
        head = json.loads((place / HEAD).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise InputError(RELEASE_UNREADABLE.at(folder=place.name, reason="it is not JSON")) from None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise InputError(RELEASE_UNREADABLE.at(folder=place.name, reason=f"its format is not {FORMAT}"))
    if head.pop("seal", None) != _seal(head):
        raise InputError(RELEASE_EDITED.at(folder=place.name, edited=[HEAD]))
    return head


def _seal(head: Mapping[str, Any]) -> str:
    """Fingerprint of release.json's own content. It shows edits by hand; it is no signature."""
    return _hash(json.dumps(head, ensure_ascii=False, sort_keys=True, allow_nan=False).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _protection(protection: Protection) -> dict[str, Any]:
    fields = {name: getattr(protection, name) for name in Protection.__dataclass_fields__}
    return fields | {"policy": protection.policy.model_dump(mode="json"), "notes": list(protection.notes)}


def _frames(release: Release) -> dict[str, pd.DataFrame]:
    told = {kind: getattr(release.narratives, kind) for kind in NARRATIVE_KINDS}
    return {"estimates": release.estimates, "comparisons": release.comparisons, **told}


def _kind(column: pd.Series) -> str:
    if column.name == "inputs":
        return "figures"
    if column.dtype == object and len(column) and column.map(lambda value: isinstance(value, tuple)).all():
        return "tuples"
    return "number" if pd.api.types.is_float_dtype(column) else "text"


def _csv(frame: pd.DataFrame) -> bytes:
    """The table as csv, byte for byte the same for the same content on any machine."""
    written = io.StringIO(newline="")
    out = csv.writer(written, lineterminator="\n")
    out.writerow(frame.columns)
    columns = [[_cell(value, kind) for value in frame[name]] for name, kind in ((c, _kind(frame[c])) for c in frame.columns)]
    out.writerows(zip(*columns, strict=True))
    return written.getvalue().encode("utf-8")


def _cell(value: Any, kind: str) -> str:
    if kind == "figures":
        return json.dumps([figure.as_json() for figure in value], ensure_ascii=False)
    if kind == "tuples":
        return json.dumps(value, ensure_ascii=False)
    if pd.isna(value):
        return ""
    if kind == "number":
        return repr(float(value)).removesuffix(".0")
    text = str(value)
    return f"'{text}" if not text or text.startswith(_RISKY) else text


def _frame(content: bytes, columns: Mapping[str, str]) -> pd.DataFrame:
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))[1:]
    series = {name: _series([row[i] for row in rows], kind) for i, (name, kind) in enumerate(columns.items())}
    return pd.DataFrame(series, columns=list(columns), index=pd.RangeIndex(len(rows) if columns else 0))


def _series(cells: list[str], kind: str) -> pd.Series:
    if kind == "figures":
        return pd.Series([tuple(FigureId.from_json(record) for record in json.loads(cell)) for cell in cells], dtype=object)
    if kind == "tuples":
        return pd.Series([_tuple(json.loads(cell)) for cell in cells], dtype=object)
    if kind == "number":
        return pd.Series([float(cell) if cell else float("nan") for cell in cells], dtype="float64")
    return pd.Series([cell.removeprefix("'") if cell else None for cell in cells], dtype="str")


def _tuple(value: Any) -> Any:
    """Lists within lists as tuples within tuples."""
    return tuple(_tuple(part) for part in value) if isinstance(value, list) else value
