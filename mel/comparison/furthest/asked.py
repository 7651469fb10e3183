"""What exactly is asked of the estimates? One question, one set of people, one round, some dimensions; or all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mel.codes import ALL
from mel.errors import CannotSay, Problem, UsageError, closest
from mel.errors import furthest as say
from mel.errors.comparison import COMPARISON_NEEDS_CUBE
from mel.model.cube import Cube
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.quantities import Quantity
from mel.model.sample import Dimension

SHARES, NUMBERS = ("proportion",), ("mean", "score")
SIDES = {"higher_is_better": 1, "lower_is_better": -1, "neither": 0}
Domain = tuple[tuple[str, tuple[str, ...]], ...]
"""Dimension: the categories that bound a group."""


@dataclass(frozen=True)
class Call:
    """Which verb asks, and what it takes."""

    verb: str
    kinds: tuple[str, ...]
    least: int
    most: int


@dataclass(frozen=True)
class Asked:
    """One question about some dimensions, found in the estimates."""

    indicator: Indicator
    dataset: str
    round: str
    dimensions: tuple[Dimension, ...]
    cube: Cube
    quantity: Quantity
    basis: str
    counts: str
    order: tuple[str, ...]
    """All dimensions of the table, in its order."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(d.name for d in self.dimensions)

    @property
    def is_share(self) -> bool:
        return self.indicator.kind in SHARES

    @property
    def by_chance(self) -> bool:
        return self.basis == "probability"

    @property
    def side(self) -> int:
        """1 where higher is better, −1 where lower is."""
        return SIDES[self.indicator.polarity]

    def figure(self, group: Iterable[tuple[str, str]]) -> FigureId:
        """The identity of the estimate of one group, by one category of each of its dimensions."""
        category = dict(group)
        domain = tuple((name, category[name]) for name in self.order if name in category)
        return FigureId(self.indicator.id, self.indicator.version, self.round, domain, dataset=self.dataset)


def find(
    estimates: Estimates, indicator: str, dimensions: Sequence[str], call: Call, *, version: str | None, dataset: str | None,
    round_: str | None,
) -> Asked:  # fmt: skip
    """The one question these words mean. Raises: UsageError with all that is wrong with them; CannotSay for what is not offered."""
    table = estimates.table
    ids = list(dict.fromkeys(name for name, _ in estimates.indicators))
    if indicator not in ids:
        raise UsageError(say.FURTHEST_INDICATOR_UNKNOWN.at(verb=call.verb, name=indicator, available=ids, near=_near(indicator, ids)))
    rows = table[table["indicator"] == indicator]
    given: dict[str, str] = {}
    for what, name in (("version", version), ("dataset", dataset), ("round", round_)):
        given[what] = _one(call, indicator, what, name, list(dict.fromkeys(rows[what])))
        rows = rows[rows[what] == given[what]]
    asked = estimates.indicators[indicator, given["version"]]
    if given["dataset"] not in estimates.cubes:
        raise CannotSay(COMPARISON_NEEDS_CUBE.at(dataset=given["dataset"]))
    cube = estimates.cubes[given["dataset"]]
    problems = _wrong_dimensions(call, given["dataset"], dimensions, tuple(cube.levels))
    if problems:
        raise UsageError(problems)
    basis = str(rows.iloc[0]["basis"])
    _refuse(call, asked, cube, basis)
    known = (estimates.dimension(name) for name in dimensions)
    found = tuple(d or Dimension(name, name, {c: c for c in cube.levels[name]}) for d, name in zip(known, dimensions, strict=True))
    return Asked(
        asked, given["dataset"], given["round"], found, cube, cube.quantity(indicator, given["version"], ALL), basis,
        str(rows.iloc[0]["counts"]), estimates.dimension_names,
    )  # fmt: skip


def _refuse(call: Call, asked: Indicator, cube: Cube, basis: str) -> None:
    problems = []
    if asked.kind not in call.kinds:
        takes = " and ".join(f"a {kind}" for kind in call.kinds)
        problems.append(say.FURTHEST_KIND.at(indicator=asked.id, kind=asked.kind, verb=call.verb, takes=takes))
    if not SIDES[asked.polarity]:
        problems.append(say.FURTHEST_SIDE.at(indicator=asked.id))
    if basis == "probability" and cube.replicates is not None:
        problems.append(say.FURTHEST_REPLICATES.at(dataset=cube.dataset, verb=call.verb))
    if problems:
        raise CannotSay(problems)


def _near(name: str, there: Sequence[str]) -> list[str] | str:
    return closest(name, there) or "none"


def _one(call: Call, indicator: str, what: str, given: str | None, there: list[str]) -> str:
    if given is None and len(there) == 1:
        return there[0]
    if given in there:
        return str(given)
    if given is None:
        raise UsageError(say.FURTHEST_WHICH.at(verb=call.verb, indicator=indicator, what=what, available=there))
    raise UsageError(
        say.FURTHEST_NOT_THERE.at(verb=call.verb, indicator=indicator, what=what, name=given, available=there, near=_near(given, there))
    )


def _wrong_dimensions(call: Call, dataset: str, dimensions: Sequence[str], there: tuple[str, ...]) -> list[Problem]:
    listed = [dimensions] if isinstance(dimensions, str) else list(dimensions)
    if isinstance(dimensions, str) or not call.least <= len(listed) <= call.most or len(set(listed)) < len(listed):
        shown = f"{len(listed)} dimension{'s' * (len(listed) != 1)} ({', '.join(map(repr, listed))})" if listed else "no dimension"
        return [say.FURTHEST_CIRCUMSTANCES.at(verb=call.verb, given=shown, least=call.least, most=call.most, available=list(there))]
    return [
        say.FURTHEST_DIMENSION_UNKNOWN.at(verb=call.verb, name=name, dataset=dataset, available=list(there), near=_near(name, there))
        for name in listed
        if name not in there
    ]


def wrong_options(call: Call, **options: tuple[object, bool, str]) -> list[Problem]:
    """A problem for each option (its value, whether it is right, what it takes) that is not right."""
    return [
        say.FURTHEST_OPTION.at(verb=call.verb, option=name, given=repr(given), take=take)
        for name, (given, right, take) in options.items()
        if not right
    ]


def is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
