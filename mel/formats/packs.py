"""Which frameworks are there, and what do they define? Reads packs (shipped, or an alliance's own beside its data) and joins them.

The same schema and the same loader for both; nothing here knows any framework.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from mel.errors import InputError, Problem, closest
from mel.errors import alliance as say
from mel.formats.shipped import shipped
from mel.formats.written import read_toml, stays_inside, toml_place, validated
from mel.model.pack import Pack, Packs

_HOLDS = {
    "indicators": "indicator",
    "variables": "variable",
    "age_bands": "set of age bands",
    "reliability": "reliability rule",
    "scales": "scale",
    "indices": "index",
}


def read_pack(path: Path) -> Pack:
    """One pack from its file.

    Raises: InputError with every problem of the file at once.
    """
    return _read(Path(path), Path(path).name)


def shipped_packs() -> tuple[Pack, ...]:
    """The packs that come with mel, by name.

    >>> "lnob" in [pack.id for pack in shipped_packs()]
    True
    """
    return tuple(_shipped().values())


def load_packs(names: Sequence[str], folder: Path | str | None = None) -> Packs:
    """Packs by name (shipped) or by path (an alliance's own, relative to `folder`), read as one library in the order given.

    Raises: InputError with every problem at once: a pack that is not there, one that cannot be read, an id defined twice.
    """
    found, problems = find_packs(names, None if folder is None else Path(folder))
    problems += list(clashes(found))
    if problems:
        raise InputError(problems)
    return Packs(found)


def find_packs(names: Sequence[str], folder: Path | None) -> tuple[tuple[Pack, ...], list[Problem]]:
    """The packs that could be read, and the problems of the others."""
    packs: list[Pack] = []
    problems: list[Problem] = []
    for name in names:
        try:
            packs.append(_find(name, folder))
        except InputError as error:
            problems += error.problems
    return tuple(packs), problems


def clashes(packs: Sequence[Pack]) -> Iterator[Problem]:
    """Every id that two of the packs define, naming both."""
    ids = [pack.id for pack in packs]
    yield from (say.PACK_TWICE.at(name=name) for name in dict.fromkeys(ids) if ids.count(name) > 1)
    for part, what in _HOLDS.items():
        first: dict[str, str] = {}
        for pack in {pack.id: pack for pack in packs}.values():
            for item in getattr(pack, part):
                if item.id in first and first[item.id] != pack.id:
                    yield say.PACK_ID_TWICE.at(what=what, name=item.id, first=first[item.id], second=pack.id)
                first.setdefault(item.id, pack.id)
    yield from _made_clashes(tuple({pack.id: pack for pack in packs}.values()))


def _made_clashes(packs: Sequence[Pack]) -> Iterator[Problem]:
    """A variable that is made from others (a score, a count), and defined or made again elsewhere: one column cannot be both."""
    names = [(pack.id, name) for pack in packs for scale in pack.scales for name in scale.made]
    names += [(pack.id, name) for pack in packs for index in pack.indices for name in index.made]
    made = {name for _, name in names}
    names += [(pack.id, variable.id) for pack in packs for variable in pack.variables]
    first: dict[str, str] = {}
    for pack_id, name in names:
        if name in first and name in made:
            yield say.PACK_ID_TWICE.at(what="variable", name=name, first=first[name], second=pack_id)
        first.setdefault(name, pack_id)


def _find(name: str, folder: Path | None) -> Pack:
    shipped_ones = _shipped()
    if name in shipped_ones:
        return shipped_ones[name]
    if not name.endswith(".toml") or folder is None:
        raise InputError(say.PACK_UNKNOWN.at(name=name, available=list(shipped_ones), near=closest(name, list(shipped_ones)) or "none"))
    path = folder / name
    if not stays_inside(name) or not path.resolve().is_relative_to(folder.resolve()):
        raise InputError(say.PATH_LEAVES_FOLDER.at(given=name))
    if not path.is_file():
        there = sorted(p.name for p in folder.glob("*.toml") if p.name != "alliance.toml")
        raise InputError(say.PACK_FILE_MISSING.at(name=name, near=closest(name, there) or there))
    return _read(path, name)


def _read(path: Path, named: str) -> Pack:
    read = validated(Pack, read_toml(path, named), toml_place(named))
    problems = [*read.problems, *(_own_faults(read.model, named) if read.model else ())]
    if problems or read.model is None:
        raise InputError(problems)
    return read.model


def _own_faults(pack: Pack, named: str) -> Iterator[Problem]:
    """An id twice in one pack, a score whose points are not its scale's, or an entry that belongs to none."""
    yield from _scores_of_other_scales(pack, named)
    for part, what in (*_HOLDS.items(), ("entries", "entry")):
        ids = [item.id for item in getattr(pack, part)]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                key = f"{part}[{at}].id"
                yield say.NAME_TWICE.at(file=named, key=key, name=name, what=f"{what} ids", first=f"{part}[{ids.index(name)}]")
    entries = [entry.id for entry in pack.entries]
    for at, entry in enumerate(pack.entries):
        if entry.parent and entry.parent not in entries:
            near = closest(entry.parent, entries) or "none"
            key = f"entries[{at}].parent"
            yield say.PACK_PARENT_UNKNOWN.at(file=named, key=key, name=entry.id, parent=entry.parent, near=near)


def _scores_of_other_scales(pack: Pack, named: str) -> Iterator[Problem]:
    ranges = {scale.id: scale.range for scale in pack.scales}
    for at, indicator in enumerate(pack.indicators):
        written, there = indicator.points, ranges.get(indicator.numerator.value or "")
        if written and there and written != there:
            key, value = f"indicators[{at}].points", indicator.numerator.value
            yield say.PACK_POINTS_WRONG.at(file=named, key=key, name=indicator.id, scale=value, low=f"{there[0]:g}", high=f"{there[1]:g}")


@cache
def _shipped() -> Mapping[str, Pack]:
    """Read once a process: the files travel with the package and do not change while it runs."""
    return {pack.id: pack for pack in (read_pack(path) for path in sorted(shipped("packs").glob("*.toml")))}
