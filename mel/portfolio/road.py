"""The road one alliance's data travel, from files to a release: collect, check, derive, measure, compare, protect.

This is the only place of the main job that sees people's rows; it runs in a worker, and what comes out is a `Release`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from mel import __version__
from mel.checks import check
from mel.codes import Audience
from mel.collection import collect_dataset
from mel.collection.mapping_needs import unmapped
from mel.comparison import compare
from mel.disclosure import protect
from mel.errors import InputError, MelError, Problem
from mel.estimation import measure
from mel.formats.packs import load_packs
from mel.model.alliance import Alliance, Dataset, Design, IndicatorUse
from mel.model.comparisons import Comparisons
from mel.model.domains import Domains
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, VALUES, Estimates
from mel.model.indicator import Indicator
from mel.model.pack import Packs, ReliabilityRule
from mel.model.records import Records
from mel.model.release import Context, Narratives, Release
from mel.model.sample import Sample
from mel.portfolio.analyses import analyse, figures_shown
from mel.portfolio.facts import facts_of, git_commit, today
from mel.variables import derive

NARRATIVES = ("outcomes", "readings", "stories")
REGISTER = Design(basis="census")
"""How a register of things stands to the things: it is the list."""

NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True)
class Travelled:
    """What came of the road: the release, and the problems that did not stop it."""

    release: Release
    problems: tuple[Problem, ...]
    dropped: Mapping[str, int]


def travel(folder: Path, alliance: Alliance, audience: Audience = "public") -> Travelled:
    """Carry everything an alliance has from its files to a release for one audience.

    Raises: InputError with the problems of every dataset at once; ProtectionRefused.
    """
    packs = load_packs(alliance.packs, folder)
    missing = unmapped(alliance, packs)
    records = gather(alliance, folder)
    estimates = measure_all(alliance, packs, records, skip=missing)
    comparisons, narratives = _compare(alliance, estimates), narratives_of(records.values())
    context = _context(alliance, records, missing)

    def protected(compared: Comparisons) -> Release:
        return protect(estimates, compared, narratives, policy=alliance.disclosure, audience=audience, context=context)

    analyses, undone = analyse(alliance, estimates, lambda: figures_shown(protected(comparisons).estimates), records, audience)
    release = protected(replace(comparisons, analyses=analyses))
    problems = (*(problem for each in records.values() for problem in each.problems), *undone)
    return Travelled(release, problems, _added(each.dropped for each in records.values()))


def gather(alliance: Alliance, folder: Path) -> dict[str, Records]:
    """Every dataset of an alliance, collected and checked; the problems that stop any of them are raised together."""
    found: dict[str, Records] = {}
    stopped: list[Problem] = []
    for dataset in alliance.datasets:
        try:
            found[dataset.name] = check(
                collect_dataset(dataset, folder), consent=dataset.consent, required_columns=_design_columns(dataset)
            )
        except MelError as error:
            stopped += error.problems
    if stopped:
        raise InputError(stopped)
    return found


def narratives_of(records: Iterable[Records]) -> Narratives:
    """Outcomes, readings and stories of every register of that kind, whole; `protect` decides what leaves."""
    frames: dict[str, list[pd.DataFrame]] = {kind: [] for kind in NARRATIVES}
    for each in records:
        if each.kind in frames:
            frames[each.kind].append(each.frame)
    return Narratives(**{kind: pd.concat(parts, ignore_index=True) for kind, parts in frames.items() if parts})


def sample_of(
    alliance: Alliance, packs: Packs, dataset: Dataset, records: Records, uses: tuple[IndicatorUse, ...]
) -> tuple[Sample, tuple[Indicator, ...]]:
    """A dataset's rows as a sample with the dimensions and variables that its indicators ask for."""
    indicators = tuple(_indicators(alliance, packs)[use.id] for use in uses)
    read = tuple(dict.fromkeys(name for indicator in indicators for name in indicator.columns))
    broken_down = {name for use in uses for margin in (*use.by, *_of_analyses(alliance, use)) for name in margin}
    dimensions = tuple(d for d in alliance.dimensions if d.name in broken_down or d.name in read)
    made_here = {d.name for d in dimensions if d.name not in _mapped(dataset)}
    sample = derive(
        records,
        design=dataset.design or REGISTER,
        map=dataset.map,
        round_maps={each.name: each.map for each in dataset.rounds if each.map},
        dimensions=dimensions,
        packs=packs,
        variables=tuple(name for name in read if name not in made_here),
        counts=dataset.counts,
    )
    return sample, indicators


def measure_all(
    alliance: Alliance, packs: Packs, records: Mapping[str, Records], skip: Mapping[str, tuple[str, ...]] = NOTHING
) -> Estimates:
    """Every indicator of every dataset as one table; those in `skip` (no column is mapped to them) are left out."""
    measured: Estimates | None = None
    for dataset in alliance.datasets:
        uses = tuple(use for use in alliance.indicators if use.dataset == dataset.name and use.id not in skip)
        if not uses:
            continue
        sample, indicators = sample_of(alliance, packs, dataset, records[dataset.name], uses)
        part = measure(
            sample,
            indicators,
            by={use.id: Domains(tuple(dict.fromkeys((*use.by, *_of_analyses(alliance, use))))) for use in uses},
            interval=alliance.report.interval,
            level=alliance.report.level,
            reliability=_reliability(alliance, packs),
        )
        measured = part if measured is None else measured + part
    return measured if measured is not None else _nothing_measured()


def _of_analyses(alliance: Alliance, use: IndicatorUse) -> tuple[tuple[str, ...], ...]:
    """The dimensions that analyses of this indicator tell people apart by, each as a breakdown of its own."""
    asked = [each for each in alliance.analyses if use.id in each.named and each.dataset in (None, use.dataset)]
    return tuple((name,) for each in asked for name in each.dimensions)


def _nothing_measured() -> Estimates:
    return Estimates(pd.DataFrame(columns=[*KEYS_BEFORE, *KEYS_AFTER, *VALUES]), (), {})


def _compare(alliance: Alliance, estimates: Estimates) -> Comparisons:
    measured = {indicator for indicator, _ in estimates.indicators}
    targets = {use.id: use.targets for use in alliance.indicators if use.targets and use.id in measured}
    return compare(estimates, targets=targets, inequality=alliance.report.inequality, dates=_dates(alliance, estimates))


def _dates(alliance: Alliance, estimates: Estimates) -> Mapping[str, Mapping[str, date]]:
    """When each round that has figures was asked: what a projection starts from."""
    there = set(zip(estimates.table["dataset"], estimates.table["round"], strict=True))
    days = {d.name: {each.name: each.date for each in d.rounds if (d.name, each.name) in there} for d in alliance.datasets}
    return {name: rounds for name, rounds in days.items() if rounds}


def _indicators(alliance: Alliance, packs: Packs) -> Mapping[str, Indicator]:
    return {**packs.indicators, **{own.id: own for own in alliance.own_indicators}}


def _reliability(alliance: Alliance, packs: Packs) -> tuple[ReliabilityRule, ...]:
    """The rules the alliance named; the packs' only one where it named none (the loader refuses several without a choice)."""
    return tuple(packs.reliability[name] for name in (alliance.report.reliability or tuple(packs.reliability)[:1]))


def _mapped(dataset: Dataset) -> set[str]:
    """The canonical variables that some column of the dataset is mapped to, in any round."""
    return set(dataset.map) | {name for each in dataset.rounds for name in each.map}


def _design_columns(dataset: Dataset) -> tuple[str, ...]:
    design = dataset.design
    if design is None:
        return ()
    return tuple(name for name in (design.stratum, design.psu, design.weight, design.fpc, design.respondent) if isinstance(name, str))


def _context(alliance: Alliance, records: Mapping[str, Records], missing: Mapping[str, tuple[str, ...]]) -> Context:
    partners = [each.frame for each in records.values() if each.kind == "partners"]
    return Context(
        alliance=alliance,
        partners=pd.concat(partners, ignore_index=True) if partners else pd.DataFrame(),
        datasets=tuple(facts_of(alliance.dataset(name), each) for name, each in records.items()),
        unmapped=missing,
        code_version=__version__,
        git_commit=git_commit(),
        made_on=today().isoformat(),
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for code, n in each.items():
            total[code] = total.get(code, 0) + n
    return total
