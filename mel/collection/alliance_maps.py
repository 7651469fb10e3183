"""Does the map of columns lead to variables and codes that exist? What the form has is looked at when the data are collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from mel.codes import SILENCES
from mel.collection.alliance_design import records
from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.formats.written_keys import Path, Place
from mel.model.pack import Packs, Variable


def map_problems(data: Mapping[str, Any], place: Place, packs: Packs, dimensions: Sequence[str]) -> Iterator[Problem]:
    """Variables that look misspelt, and codes that a closed list does not have."""
    of_made = {name for made, sources in packs.made.items() for name in (made, *sources)}
    used = {*packs.variables, *of_made, *dimensions, *_used_by_rules(data)}
    for path, name, entry in _entries(data):
        near = [other for other in used if _almost(name, other)]
        if name not in used and near:
            yield say.MAP_VARIABLE_UNKNOWN.at(**place(path), name=name, near=near)
        variable = packs.variables.get(name)
        for at, column in enumerate(_columns(entry)):
            here = (*path, "columns", at) if isinstance(entry, Mapping) and "columns" in entry else path
            yield from _code_problems(column, variable, here, place)


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[Path, str, Any]]:
    for at, dataset in enumerate(records(data.get("datasets"))):
        here: Path = ("datasets", at)
        places = [(here, dataset), *(((*here, "rounds", i), r) for i, r in enumerate(records(dataset.get("rounds"))))]
        for where, record in places:
            written = record.get("map")
            for name, entry in written.items() if isinstance(written, Mapping) else ():
                yield (*where, "map", name), name, entry


def _columns(entry: Any) -> list[Mapping[str, Any]]:
    if isinstance(entry, Mapping) and "columns" in entry:
        return records(entry["columns"])
    return [entry] if isinstance(entry, Mapping) else []


def _code_problems(column: Mapping[str, Any], variable: Variable | None, here: Path, place: Place) -> Iterator[Problem]:
    codes, silences = column.get("codes"), column.get("silences")
    codes = codes if isinstance(codes, Mapping) else {}
    for code in codes:
        if isinstance(silences, Mapping) and code in silences:
            yield say.MAP_CODE_TWICE.at(**place((*here, "codes", code)), code=code)
    if variable is None or variable.open or not variable.codes:
        return
    available = [each.code for each in variable.codes]
    for code, name in codes.items():
        if isinstance(name, str) and name not in available:
            near = closest(name, available) or ("silences" if name in SILENCES else "none")
            yield say.MAP_CODE_UNKNOWN.at(
                **place((*here, "codes", code)), code=code, name=name, variable=variable.id, near=near, available=available
            )


def _used_by_rules(data: Mapping[str, Any]) -> set[str]:
    """Every column and value named in a rule of the alliance's own, and the variables of its dimensions."""
    rules = [part for own in records(data.get("own_indicators")) for part in own.values()]
    dimensions = records(data.get("dimensions"))
    return set(_names([*rules, *(d.get("rule") for d in dimensions)])) | {str(d["variable"]) for d in dimensions if d.get("variable")}


def _names(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from (str(part[key]) for key in ("column", "value") if isinstance(part.get(key), str))
        for inner in part.values():
            yield from _names(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _names(inner)


def _almost(name: str, other: str) -> bool:
    """A typing error or two apart, in a name long enough for that to mean something."""
    return min(len(name), len(other)) >= 4 and 0 < DamerauLevenshtein.distance(name, other) <= 2
