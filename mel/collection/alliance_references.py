"""Does everything that one part of an alliance names exist in another? Owners, datasets, rounds, packs, indicators, dimensions.

Works on what was written, also where other parts of it are wrong, so that every problem can be told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mel.collection.alliance_analyses import analysis_problems
from mel.collection.alliance_design import records
from mel.collection.alliance_maps import map_problems
from mel.collection.alliance_partners import Partners, partners_in
from mel.errors import Problem, closest
from mel.errors import alliance as say
from mel.formats.packs import clashes, find_packs
from mel.formats.written import dotted, stays_inside
from mel.formats.written_keys import Path as Keys
from mel.formats.written_keys import Place
from mel.model import comparisons, estimates, sample
from mel.model.alliance import SECTIONS
from mel.model.pack import Packs

LANGUAGES = ("en",)
_PROTECTS = {"people": 2, "organisations": 1, "things": 0}
_TAKEN = frozenset(
    (*estimates.KEYS_BEFORE, *estimates.KEYS_AFTER, *estimates.VALUES, *comparisons.VALUES, *sample.RESERVED_COLUMNS, "all", "n_answered")
)
_ONLY_WITH = {"bands": "age", "rule": "membership", "cut_off": "disability"}


@dataclass(frozen=True)
class Written:
    """What was written, with what is needed to follow its references."""

    data: Mapping[str, Any]
    place: Place
    packs: Packs
    packs_whole: bool
    """False when a pack could not be read: what is missing may be in it."""
    partners: Partners | None
    """From the register of partners; None when there is none that can be read."""
    dimensions: tuple[str, ...] = field(default=())

    def part(self, name: str) -> list[Mapping[str, Any]]:
        return records(self.data.get(name))

    def names(self, part: str, key: str = "name") -> list[str]:
        return [str(each[key]) for each in self.part(part) if isinstance(each.get(key), str)]


def reference_problems(data: Mapping[str, Any], place: Place, folder: Path) -> list[Problem]:
    """Every reference that leads nowhere."""
    named = data.get("packs")
    wanted = [name for name in named if isinstance(name, str)] if isinstance(named, list | tuple) else []
    found, problems = find_packs(wanted, folder)
    dimensions = tuple(str(d["name"]) for d in records(data.get("dimensions")) if isinstance(d.get("name"), str))
    written = Written(data, place, Packs(found), not problems, partners_in(data, folder), dimensions)
    parts = (_twice, _paths, _owners, _dimensions, _indicators, _own_indicators, _disclosure, _report)
    in_order = [problem for part in parts for problem in part(written)]
    maps = map_problems(data, place, written.packs, dimensions) if written.packs_whole else ()
    return [*problems, *clashes(found), *in_order, *analysis_problems(data, place, dimensions), *maps]


def _twice(written: Written) -> Iterator[Problem]:
    for part, key in (("members", "id"), ("datasets", "name"), ("dimensions", "name"), ("own_indicators", "id")):
        values = [each.get(key) for each in written.part(part)]
        for at, value in enumerate(values):
            if isinstance(value, str) and value in values[:at]:
                first = dotted((part, values.index(value)))
                yield say.NAME_TWICE.at(**written.place((part, at, key)), name=value, what=part.replace("_", " "), first=first)


def _paths(written: Written) -> Iterator[Problem]:
    for at, dataset in enumerate(written.part("datasets")):
        here: Keys = ("datasets", at)
        yield from _path_problems(written, [((*here, key), dataset.get(key)) for key in ("form", "schema")])
        for number, each in enumerate(records(dataset.get("rounds"))):
            files = each.get("files")
            listed = list(enumerate(files)) if isinstance(files, list | tuple) else []
            there: Keys = (*here, "rounds", number)
            yield from _path_problems(written, [((*there, "form"), each.get("form")), *(((*there, "files", i), f) for i, f in listed)])


def _path_problems(written: Written, paths: Sequence[tuple[Keys, Any]]) -> Iterator[Problem]:
    for where, path in paths:
        if isinstance(path, str) and not stays_inside(path):
            yield say.PATH_LEAVES_FOLDER.at(**written.place(where), given=path)


def _owners(written: Written) -> Iterator[Problem]:
    members = written.names("members", "id")
    has_register = any(d.get("kind") == "partners" for d in written.part("datasets"))
    partners = sorted(written.partners.ids) if written.partners else []
    for at, dataset in enumerate(written.part("datasets")):
        owner = dataset.get("owner")
        unsure = has_register and written.partners is None
        if isinstance(owner, str) and owner not in members and owner not in partners and not unsure:
            near = closest(owner, [*members, *partners]) or "none"
            yield say.OWNER_UNKNOWN.at(**written.place(("datasets", at, "owner")), name=owner, near=near, available=members)


def _dimensions(written: Written) -> Iterator[Problem]:
    bands = list(written.packs.age_bands)
    for at, each in enumerate(written.part("dimensions")):
        here: Keys = ("dimensions", at)
        name, origin = each.get("name"), each.get("from", "category")
        if isinstance(name, str) and name in _TAKEN:
            yield say.DIMENSION_NAME_RESERVED.at(**written.place((*here, "name")), name=name)
        for key, wanted in _ONLY_WITH.items():
            if each.get(key) is not None and origin != wanted:
                yield say.DIMENSION_KEY_UNUSED.at(**written.place((*here, key)), name=key, origin=origin, wanted=wanted)
        band = each.get("bands")
        if isinstance(band, str) and band not in bands and written.packs_whole:
            near = closest(band, bands) or "none"
            yield say.AGE_BANDS_UNKNOWN.at(**written.place((*here, "bands")), name=band, near=near, available=bands)


def _unknown_dimensions(written: Written, named: Iterable[tuple[Keys, Any]]) -> Iterator[Problem]:
    for where, name in named:
        if isinstance(name, str) and name not in written.dimensions:
            near = closest(name, written.dimensions) or "none"
            yield say.ALLIANCE_DIMENSION_UNKNOWN.at(**written.place(where), name=name, near=near, available=written.dimensions)


def _indicators(written: Written) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for at, use in enumerate(written.part("indicators")):
        key = (str(use.get("id")), str(use.get("dataset")))
        if key in first and "id" in use:
            there = dotted(("indicators", first[key]))
            yield say.ALLIANCE_INDICATOR_TWICE.at(**written.place(("indicators", at, "id")), name=key[0], dataset=key[1], first=there)
        first.setdefault(key, at)
        yield from _of_use(written, use, ("indicators", at))


def _of_use(written: Written, use: Mapping[str, Any], here: Keys) -> Iterator[Problem]:
    name, dataset_name = use.get("id"), use.get("dataset")
    known = {*written.packs.indicators, *written.names("own_indicators", "id")}
    if isinstance(name, str) and name not in known and written.packs_whole:
        near, packs = closest(name, sorted(known)) or "none", [pack.id for pack in written.packs.packs]
        yield say.ALLIANCE_INDICATOR_UNKNOWN.at(**written.place((*here, "id")), name=name, near=near, packs=packs)
    datasets = written.names("datasets")
    if isinstance(dataset_name, str) and dataset_name not in datasets:
        near = closest(dataset_name, datasets) or "none"
        yield say.DATASET_UNKNOWN.at(**written.place((*here, "dataset")), name=dataset_name, near=near, available=datasets)
    margins = [(i, margin) for i, margin in enumerate(_list(use.get("by"))) if isinstance(margin, list | tuple)]
    yield from _unknown_dimensions(written, [((*here, "by", i, j), d) for i, margin in margins for j, d in enumerate(margin)])
    dataset = next((d for d in written.part("datasets") if d.get("name") == dataset_name), None)
    if dataset is not None:
        yield from _less_protected(written, use, dataset, here)
        yield from _targets(written, use, dataset, here)


def _less_protected(written: Written, use: Mapping[str, Any], dataset: Mapping[str, Any], here: Keys) -> Iterator[Problem]:
    own = next((own for own in written.part("own_indicators") if own.get("id") == use.get("id")), None)
    shipped = written.packs.indicators.get(str(use.get("id")))
    counts = str(own.get("counts", "people") if own is not None else shipped.counts if shipped else "")
    rows = str(dataset.get("counts", "people"))
    if counts in _PROTECTS and rows in _PROTECTS and _PROTECTS[counts] < _PROTECTS[rows]:
        where = written.place((*here, "id"))
        yield say.INDICATOR_LESS_PROTECTED.at(**where, name=use.get("id"), counts=counts, dataset=dataset.get("name"), dataset_counts=rows)


def _targets(written: Written, use: Mapping[str, Any], dataset: Mapping[str, Any], here: Keys) -> Iterator[Problem]:
    rounds = [str(each.get("name")) for each in records(dataset.get("rounds"))]
    margins = [frozenset(map(str, margin)) for margin in _list(use.get("by")) if isinstance(margin, list | tuple)]
    for at, target in enumerate(records(use.get("targets"))):
        there: Keys = (*here, "targets", at)
        name, where = target.get("round"), target.get("where")
        to_come = target.get("date") is not None  # a round that was not asked yet has no files to name it by
        if isinstance(name, str) and name not in rounds and not to_come:
            near = closest(name, rounds) or "none"
            yield say.ALLIANCE_ROUND_UNKNOWN.at(
                **written.place((*there, "round")), dataset=dataset.get("name"), name=name, near=near, available=rounds
            )
        groups = sorted(map(str, where)) if isinstance(where, Mapping) else []
        unknown = list(_unknown_dimensions(written, [((*there, "where", group), group) for group in groups]))
        yield from unknown
        if groups and not unknown and frozenset(groups) not in margins:
            quoted = ", ".join(f'"{group}"' for group in groups)
            yield say.TARGET_NOT_BROKEN_DOWN.at(**written.place((*there, "where")), where=" and ".join(groups), quoted=quoted)


def _own_indicators(written: Written) -> Iterator[Problem]:
    by_id = {i.id: pack.id for pack in written.packs.packs for i in pack.indicators}
    for at, own in enumerate(written.part("own_indicators")):
        name = own.get("id")
        if isinstance(name, str) and name in by_id:
            yield say.INDICATOR_REDEFINED.at(**written.place(("own_indicators", at, "id")), name=name, pack=by_id[name])


def _disclosure(written: Written) -> Iterator[Problem]:
    policy = written.data.get("disclosure")
    if not isinstance(policy, Mapping):
        return
    sensitive = policy.get("sensitive")
    named = list(sensitive) if isinstance(sensitive, Mapping) else []
    yield from _unknown_dimensions(written, [(("disclosure", "sensitive", name), name) for name in named])
    if written.partners is None:
        return
    members = written.part("members")
    ids = written.partners.ids | {str(m.get("id")) for m in members}
    countries = written.partners.countries | {str(m.get("country")) for m in members}
    for key, known, what, form in (
        ("partners_at_risk", ids, "partners", "partner_id"),
        ("countries_at_risk", countries, "countries", "two capital letters"),
    ):
        entries = policy.get(key)
        for n, name in enumerate(entries if isinstance(entries, Mapping) else (), start=1):
            if name not in known:  # never named in the message: it may be the one who is at risk
                yield say.AT_RISK_UNKNOWN.at(**written.place(("disclosure", key)), n=n, what=what, form=form)


def _report(written: Written) -> Iterator[Problem]:
    report = written.data.get("report")
    yield from _reliability(written, report if isinstance(report, Mapping) else {})
    if not isinstance(report, Mapping):
        return
    for key, known, template in (("sections", SECTIONS, say.SECTION_UNKNOWN), ("languages", LANGUAGES, say.ALLIANCE_LANGUAGE_NOT_OFFERED)):
        values = _list(report.get(key))
        if key in report and not values:
            yield say.LIST_EMPTY.at(**written.place(("report", key)), help=f"{', '.join(known)}.")
        for at, name in enumerate(values):
            if isinstance(name, str) and name not in known:
                extra: dict[str, Any] = {"near": closest(name, known) or "none"} if "near" in template.braces else {}
                yield template.at(**written.place(("report", key, at)), name=name, available=known, **extra)


def _reliability(written: Written, report: Mapping[str, Any]) -> Iterator[Problem]:
    """The rules named are in the packs; with several in the packs, some are named."""
    rules = list(written.packs.reliability)
    if len(rules) > 1 and not report.get("reliability"):
        yield say.RELIABILITY_NOT_SAID.at(**written.place(("report",)), available=rules)
    for at, name in enumerate(_list(report.get("reliability"))):
        if isinstance(name, str) and name not in rules and written.packs_whole:
            near = closest(name, rules) or "none"
            yield say.RELIABILITY_UNKNOWN.at(**written.place(("report", "reliability", at)), name=name, near=near, available=rules)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []
