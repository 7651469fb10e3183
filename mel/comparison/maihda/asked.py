"""What exactly is asked of the estimates? One question, one set of people, one round, two to five dimensions; or all that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mel.codes import ALL
from mel.errors import CannotSay, Problem, Template, UsageError, closest
from mel.errors import comparison as say
from mel.model.cube import Cube
from mel.model.estimates import Estimates
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.quantities import Quantity
from mel.model.sample import Dimension

SHARES, NUMBERS = ("proportion",), ("mean", "score")
MOST_DIMENSIONS = 5


@dataclass(frozen=True)
class Asked:
    """One question about one crossing, found in the estimates."""

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

    def figures(self, groups: Sequence[Sequence[str]]) -> tuple[FigureId, ...]:
        """The identity of the estimate of each of these intersections."""
        at = [(name, self.names.index(name)) for name in self.order if name in self.names]
        fixed = self.indicator.id, self.indicator.version, self.round
        return tuple(FigureId(*fixed, tuple((name, group[k]) for name, k in at), dataset=self.dataset) for group in groups)


def find(
    estimates: Estimates, indicator: str, dimensions: Sequence[str], *, version: str | None, dataset: str | None, round_: str | None
) -> Asked:
    """The one question these words mean. Raises: UsageError with all that is wrong with them; CannotSay where there is no model."""
    table = estimates.table
    ids = list(dict.fromkeys(name for name, _ in estimates.indicators))
    if indicator not in ids:
        raise UsageError(say.CROSSING_INDICATOR_UNKNOWN.at(name=indicator, available=ids, near=closest(indicator, ids)))
    rows = table[table["indicator"] == indicator]
    given: dict[str, str] = {}
    for what, name in (("version", version), ("dataset", dataset), ("round", round_)):
        given[what] = _one(indicator, what, name, list(dict.fromkeys(rows[what])))
        rows = rows[rows[what] == given[what]]
    asked = estimates.indicators[indicator, given["version"]]
    if asked.kind not in (*SHARES, *NUMBERS):
        raise CannotSay(say.CROSSING_KIND.at(indicator=indicator, kind=asked.kind))
    if given["dataset"] not in estimates.cubes:
        raise CannotSay(say.COMPARISON_NEEDS_CUBE.at(dataset=given["dataset"]))
    cube = estimates.cubes[given["dataset"]]
    problems = _wrong_dimensions(given["dataset"], dimensions, tuple(cube.levels))
    if problems:
        raise UsageError(problems)
    known = (estimates.dimension(name) for name in dimensions)
    found = tuple(d or Dimension(name, name, {c: c for c in cube.levels[name]}) for d, name in zip(known, dimensions, strict=True))
    first = rows.iloc[0]
    return Asked(
        asked, given["dataset"], given["round"], found, cube, cube.quantity(indicator, given["version"], ALL),
        str(first["basis"]), str(first["counts"]), estimates.dimension_names,
    )  # fmt: skip


def _one(indicator: str, what: str, given: str | None, there: list[str]) -> str:
    if given is None and len(there) == 1:
        return there[0]
    if given in there:
        return str(given)
    if given is None:
        raise UsageError(say.CROSSING_WHICH.at(indicator=indicator, what=what, available=there))
    raise UsageError(say.CROSSING_NOT_THERE.at(indicator=indicator, what=what, name=given, available=there, near=closest(given, there)))


def _wrong_dimensions(dataset: str, dimensions: Sequence[str], there: tuple[str, ...]) -> list[Problem]:
    listed = [dimensions] if isinstance(dimensions, str) else list(dimensions)
    if isinstance(dimensions, str) or not 2 <= len(set(listed)) <= MOST_DIMENSIONS or len(set(listed)) < len(listed):
        shown = f"{len(listed)} dimension{'s' * (len(listed) != 1)} ({', '.join(map(repr, listed))})" if listed else "no dimension"
        return [say.CROSSING_DIMENSIONS.at(given=shown, available=list(there))]
    return [
        say.CROSSING_DIMENSION_UNKNOWN.at(name=name, dataset=dataset, available=list(there), near=closest(name, list(there)))
        for name in listed
        if name not in there
    ]


def method_of(kind: str, method: str | None, nodes: int, level: float) -> str:
    """How a question of this kind is fitted. Raises: UsageError with every option that it does not take."""
    allowed = ("laplace", "quadrature") if kind in SHARES else ("reml",)
    chosen = method or allowed[0]
    wrong: list[tuple[str, object, str]] = []
    if chosen not in allowed:
        wrong.append(("method", repr(method), " or ".join(f"'{name}'" for name in allowed)))
    if isinstance(nodes, bool) or not isinstance(nodes, int) or not 2 <= nodes <= 50:
        wrong.append(("nodes", nodes, "a whole number from 2 to 50; only method = 'quadrature' uses it"))
    if not 0 < level < 1:
        wrong.append(("level", level, "a share between 0 and 1, such as 0.95"))
    template: Template = say.CROSSING_OPTION
    if wrong:
        raise UsageError([template.at(option=option, given=given, kind=kind, take=take) for option, given, take in wrong])
    return chosen
