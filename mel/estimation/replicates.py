"""How do replicate weights come to be? Made from the strata and PSUs of a counted sample, or read from columns of the file.

What follows from them (variance, covariance, degrees of freedom) is `mel.model.replicates`'; what may be written about them is
`mel.model.replicate_weights`'.

Source: jackknife: Wolter (2007) ch. 4; balanced half-samples: McCarthy (1969), Fay: Judkins (1990); bootstrap: Rao & Wu (1988),
Rao, Wu & Yue (1992): n − 1 PSUs drawn again in each stratum, weights times n / (n − 1); R's `as.svrepdesign(type = "subbootstrap")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import numpy.typing as npt

from mel.codes import ALL
from mel.errors import CannotSay, InputError, Problem
from mel.errors import replicates as say
from mel.estimation.engines import collected, engine_of
from mel.estimation.questions import ONE_WEIGHT, Columns
from mel.estimation.strata import encode
from mel.model.alliance import Design
from mel.model.cube import Cube
from mel.model.indicator import Indicator
from mel.model.quantities import Clusters, Floats, Indexes, Strata
from mel.model.replicate_ranks import span_key
from mel.model.replicate_weights import ReplicateWeights
from mel.model.replicates import Replicates, RoundReplicates, Span, rank
from mel.model.rollup import added_up
from mel.model.sample import PSU, REPLICATE, ROUND, WEIGHT, Sample

MOST_FACTORS = 100_000_000
"""How many factors (units × replicates) a round may have: 800 MB."""


def with_replicates(sample: Sample, rows: Any, columns: Columns, cube: Cube) -> Cube:
    """The cube with its replicates, where the design asks for them. `rows`: people with every column that was added up.

    Raises: InputError for strata that are no pairs (BRR, Fay), or a table of factors too large to hold.
    """
    spec = sample.design.replicates
    if spec is None or sample.design.basis != "probability":
        return cube
    if spec.given:
        return _given_replicates(spec, rows, columns, cube)
    assert cube.clusters is not None
    return replace(cube, replicates=made_replicates(spec, cube.dataset, cube.rounds, cube.strata, cube.clusters))


def replicate_problems(sample: Sample, schema: Mapping[str, Any], indicators: Iterable[Indicator]) -> list[Problem]:
    """What stands between these indicators and the replicates the design asks for."""
    spec = sample.design.replicates
    if spec is None or sample.design.basis != "probability":
        return []
    quantiles = [i.id for i in indicators if i.kind == "quantile"]
    problems = [say.QUANTILE_OF_REPLICATES.at(indicator=name, dataset=sample.dataset) for name in quantiles]
    if not spec.given:
        return problems
    names = given_names(schema)
    if not names:
        problems.append(say.REPLICATE_COLUMNS_NOT_IN_SAMPLE.at(dataset=sample.dataset))
    if len(names) == 1:
        problems.append(say.REPLICATES_TOO_FEW.at(name=names[0]))
    if names and spec.rscales and len(spec.rscales) != len(names):
        problems.append(say.REPLICATE_SCALES_LENGTH.at(given=len(spec.rscales), count=len(names), names=names))
    own = [i.id for i in indicators if i.weight] if spec.combined else []
    return problems + [say.OWN_WEIGHT_OF_REPLICATES.at(indicator=name, dataset=sample.dataset) for name in own]


def add_replicates(sample: Sample, frame: Any, columns: Columns) -> None:
    """Let the pass make each weighted sum also under every replicate weight that was given, where another engine holds the rows.

    Rows in memory are multiplied as a whole afterwards, which is quicker than a column for each product.
    """
    spec = sample.design.replicates
    if spec is None or not spec.given or not isinstance(frame, nw.LazyFrame):
        return
    names = given_names(frame.collect_schema())
    for weight, *parts in list(columns.factors.values()):
        for part in parts:
            made, own = columns.product(weight, part), () if spec.combined else (weight,)
            columns.of_replicates[made] = tuple(columns.product(name, *own, part) for name in names)


def people_are_psus(design: Design) -> bool:
    """True where replicates are made of people who were drawn one by one: each is left out, or drawn again, alone."""
    return design.basis == "probability" and design.replicates is not None and not design.replicates.given and not design.psu


def with_people_as_psus(frame: Any, sample: Sample) -> Any:
    """The rows numbered, where each person is a PSU of its own. Raises: CannotSay where rows have no order to be numbered by."""
    if not people_are_psus(sample.design):
        return frame
    if isinstance(frame, nw.LazyFrame):
        raise CannotSay(say.REPLICATES_NEED_ROWS_IN_MEMORY.at(dataset=sample.dataset, engine=engine_of(frame)))
    there = [name for name in frame.columns if name != PSU]
    return frame.select(*there).with_row_index(PSU)


# ---- made -------------------------------------------------------------------------------------------------------------


def made_replicates(spec: ReplicateWeights, dataset: str, rounds: Sequence[str], strata: Strata, clusters: Clusters) -> Replicates:
    """Replicates of every round from its strata and PSUs.

    Each round has its own; a bootstrap's chance starts from the seed and the round's name, so that a round measured alone has
    the same. BRR takes the smallest power of two above the number of strata (R the smallest Hadamard matrix it knows): both are
    balanced, so variances of totals agree exactly, those of ratios to the order of the approximation.
    Raises: InputError with the strata that are no pairs (BRR, Fay), or a table of factors too large to hold.
    """
    spans = [_units_of(strata, clusters, k) for k in range(len(rounds))]
    problems = [problem for k, name in enumerate(rounds) for problem in _problems(spec, dataset, name, strata, clusters, spans[k])]
    if problems:
        raise InputError(problems)
    made = (_of_round(spec, name, strata, clusters, first, last) for name, (first, last) in zip(rounds, spans, strict=True))
    return Replicates(spec.kind, spec.mse, tuple(made))


def _units_of(strata: Strata, clusters: Clusters, round_: int) -> tuple[int, int]:
    of_round = strata.round[clusters.stratum]
    first, last = np.searchsorted(of_round, [round_, round_ + 1])
    return int(first), int(last)


def _problems(
    spec: ReplicateWeights, dataset: str, name: str, strata: Strata, clusters: Clusters, units: tuple[int, int]
) -> Iterable[Problem]:
    here = np.unique(clusters.stratum[slice(*units)])
    if spec.kind in ("brr", "fay"):
        odd = here[strata.size[here] != 2]
        if len(odd):
            yield say.BRR_NEEDS_PAIRS.at(dataset=dataset, round=name, strata=sorted(strata.label[h] for h in odd.tolist()))
    replicates = {"brr": _order(len(here)), "fay": _order(len(here)), "bootstrap": spec.count or 0}.get(spec.kind, 0)
    if (units[1] - units[0]) * replicates > MOST_FACTORS:
        yield say.REPLICATES_ARE_MANY.at(dataset=dataset, round=name, units=units[1] - units[0], replicates=replicates)


def _of_round(spec: ReplicateWeights, name: str, strata: Strata, clusters: Clusters, first: int, last: int) -> RoundReplicates:
    if first == last:
        return RoundReplicates(first, last, 1.0, np.zeros(0))
    stratum = clusters.stratum[first:last]
    n, open_part = strata.size[stratum], 1 - strata.fraction[stratum]
    if spec.kind in ("jk1", "jkn"):
        rscales = np.where(n > 1, open_part * (n - 1) / n, 0.0)
        one_scale = float(rscales[0]) if spec.kind == "jk1" else 1.0
        same = np.ones_like(rscales) if one_scale > 0 else np.zeros_like(rscales)
        return RoundReplicates(first, last, one_scale, rscales if spec.kind == "jkn" else same)
    if spec.kind == "bootstrap":
        assert spec.count is not None
        assert spec.seed is not None
        chance = np.random.default_rng([spec.seed, *name.encode()])
        factors = _by_label(strata, clusters, first, last, lambda group: _drawn_again(group, chance, spec.count or 0))
        full = last - first - len(np.unique(stratum)) + 1
        return RoundReplicates(first, last, 1 / (spec.count - 1), np.ones(spec.count), factors, regular=rank(factors) == full)
    factors = _by_label(strata, clusters, first, last, lambda group: _half_samples(group, spec.fay or 0.0))
    replicates = factors.shape[1]
    return RoundReplicates(first, last, 1 / (replicates * (1 - (spec.fay or 0.0)) ** 2), np.ones(replicates), factors)


def _by_label(strata: Strata, clusters: Clusters, first: int, last: int, make: Callable[[Indexes], Floats]) -> Floats:
    """Factors made in the order of the labels, whatever the order in which an engine brings the strata and PSUs."""
    labels = [(strata.label[h], label) for h, label in zip(clusters.stratum[first:last].tolist(), clusters.label[first:last], strict=True)]
    order = np.array(sorted(range(len(labels)), key=labels.__getitem__), dtype=np.int64)
    made = make(clusters.stratum[first:last][order])
    out = np.empty_like(made)
    out[order] = made
    return out


def _order(strata: int) -> int:
    """The smallest power of two that leaves a row for each stratum beside the constant one."""
    return 1 << strata.bit_length()


def _half_samples(stratum: Indexes, fay: float) -> Floats:
    """Balanced half-samples: row h + 1 of a Hadamard matrix says which PSU of stratum h counts 2 − fay; the other counts fay."""
    from scipy.linalg import hadamard

    h = _in_turn(stratum)
    signs = hadamard(_order(int(h[-1]) + 1))[h + 1].astype(np.float64)
    second = np.concatenate(([False], h[1:] == h[:-1]))[:, None]
    return np.asarray(1 + (1 - fay) * np.where(second, -signs, signs), dtype=np.float64)


def _in_turn(stratum: Indexes) -> Indexes:
    """0 for the first stratum, 1 for the next: the PSUs of one stand together."""
    return np.cumsum(np.concatenate(([False], stratum[1:] != stratum[:-1]))).astype(np.int64)


def _drawn_again(stratum: Indexes, chance: np.random.Generator, count: int) -> Floats:
    """Rao and Wu's bootstrap: in each stratum n − 1 of its n PSUs, drawn with replacement, count n / (n − 1) each time."""
    out = np.ones((len(stratum), count))
    for h in dict.fromkeys(stratum.tolist()):
        inside = stratum == h
        n = int(inside.sum())
        if n > 1:
            out[inside] = chance.multinomial(n - 1, np.full(n, 1 / n), size=count).T * (n / (n - 1))
    return out


# ---- given ------------------------------------------------------------------------------------------------------------


def given_names(schema: Iterable[str]) -> tuple[str, ...]:
    """The columns of given replicate weights in a sample, in their order: replicate_1, replicate_2 …"""
    numbered = sorted(int(name.removeprefix(REPLICATE)) for name in schema if re.fullmatch(f"{REPLICATE}[1-9][0-9]*", name))
    return tuple(f"{REPLICATE}{k}" for k in numbered)


def given_scales(spec: ReplicateWeights, replicates: int) -> tuple[float, Floats]:
    """Scale and rscales of given weights: what was stated, and what the kind itself says.

    jk1: (R − 1) / R unless scale says otherwise; brr: 1 / R; fay: 1 / (R (1 − fay)²); jkn: the rscales, times scale where stated.
    """
    own = {"jk1": (replicates - 1) / replicates, "brr": 1 / replicates, "fay": 1 / (replicates * (1 - (spec.fay or 0.0)) ** 2)}
    rscales = np.array(spec.rscales, dtype=np.float64) if spec.rscales else np.ones(replicates)
    return (spec.scale if spec.scale is not None else own.get(spec.kind, 1.0)), rscales


def _given_replicates(spec: ReplicateWeights, rows: Any, columns: Columns, cube: Cube) -> Cube:
    """The cube whose units are its finest cells, with the sums and the spans of the weights that were given."""
    order = np.argsort(cube.round, kind="stable")
    unit = np.empty_like(order)
    unit[order] = np.arange(len(order))
    present, of_unit = np.unique(cube.round[order], return_inverse=True)
    size = np.bincount(of_unit, minlength=len(present)).astype(np.float64)
    strata = Strata(present, (ALL,) * len(present), size, np.zeros(len(present)), "certainty")
    people = _people(cube, spec, rows, columns)
    sums, of_replicates = dict(cube.sums), columns.of_replicates or {}
    if not of_replicates:
        for made, values in people.parts.items():
            added = added_up(people.row, values[:, None] * people.weights, len(cube.round))
            of_replicates[made] = tuple(f"{made} {k}" for k in range(added.shape[1]))
            sums |= dict(zip(of_replicates[made], added.T, strict=True))
    scale, rscales = given_scales(spec, people.weights.shape[1])
    ends = np.searchsorted(present[of_unit], np.arange(len(cube.rounds) + 1))
    parts = tuple(RoundReplicates(int(first), int(last), scale, rscales) for first, last in pairwise(ends))
    replicates = Replicates(spec.kind, spec.mse, parts, of_replicates, _spans(cube, unit[people.row], people))
    clusters = Clusters(of_unit, ("",) * len(order))
    return replace(cube, unit=unit, sums=sums, strata=strata, clusters=clusters, replicates=replicates)


@dataclass(frozen=True)
class _People:
    """Everyone: the row of the cube that holds them, their replicate weights (people × replicates), and what they add to each sum."""

    row: Indexes
    weights: Floats
    members: Mapping[str, npt.NDArray[np.bool_]]
    """By sum that counts people: who is in it."""
    parts: Mapping[str, Floats]
    """By weighted sum: what each adds to it, to be multiplied by a replicate weight; empty where the pass has added it up."""
    analysis: Floats
    """The replicate weights with the sampling weight in them."""


def _people(cube: Cube, spec: ReplicateWeights, rows: Any, columns: Columns) -> _People:
    """Who is behind the figures, read once: the rank of their weights is no sum."""
    names = given_names(rows.collect_schema())
    members = sorted({name for q in cube.quantities for name in q.asked})
    factors = [factor for factor in columns.factors.values() if not columns.of_replicates]
    weight = dict.fromkeys(name for name, *_ in columns.factors.values() if name != ONE_WEIGHT) if not spec.combined else {}
    wanted = dict.fromkeys((ROUND, *cube.levels, *names, *members, *weight, *(part for _, *parts in factors for part in parts)))
    table = collected(rows.select(*wanted))
    numbers = {name: _floats(table, name) for name in wanted if name not in (ROUND, *cube.levels)}
    parts = {}
    for by, *both in factors:
        for part in both:
            parts[columns.product(by, part)] = numbers[part] * numbers[by] if by in weight else numbers[part]
    weights = np.column_stack([numbers[name] for name in names])
    analysis = weights * numbers[WEIGHT][:, None] if WEIGHT in weight else weights
    return _People(_row_of(cube, table), weights, {name: numbers[name] > 0 for name in members}, parts, analysis)


def _spans(cube: Cube, unit: Indexes, people: _People) -> dict[tuple[str, ...], Span]:
    """By the sums that say who is behind a figure: the replicate weights of these people, by unit. The same people are kept once."""
    order = np.argsort(unit, kind="stable")
    units = len(cube.round)
    made: dict[bytes, Span] = {}
    out = {}
    for key in {key for q in cube.quantities for key in (span_key(q, asked=True), span_key(q, asked=False))}:
        member = np.logical_or.reduce([people.members[name] for name in key])
        mark = np.packbits(member).tobytes()
        if mark not in made:
            chosen = order[member[order]]
            made[mark] = _span(unit[chosen], units, people.analysis[chosen])
        out[key] = made[mark]
    return out


def _row_of(cube: Cube, people: Any) -> Indexes:
    """Of each person: the row of the cube that holds them."""
    codes = []
    for name, levels in ((ROUND, cube.rounds), *cube.levels.items()):
        found, labels = encode(people, name)
        at = {level: position for position, level in enumerate(levels)}
        codes.append(np.array([at[str(label)] for label in labels], dtype=np.int64)[found] if labels else found)
    shape = (len(cube.rounds), *map(len, cube.levels.values()))
    cell = np.ravel_multi_index((cube.round, *(cube.codes[name] for name in cube.levels)), shape)
    order = np.argsort(cell)
    return np.asarray(order[np.searchsorted(cell[order], np.ravel_multi_index(tuple(codes), shape))], dtype=np.int64)


def _floats(table: Any, name: str) -> Floats:
    return np.asarray(table.get_column(name).cast(nw.Float64).to_numpy(), dtype=np.float64)


def _span(unit: Indexes, units: int, weights: Floats) -> Span:
    """A unit with more people than replicates is kept as that many combinations of them, which reach as far."""
    starts = np.searchsorted(unit, np.arange(units + 1))
    parts = [_reduced(weights[first:last]) for first, last in pairwise(starts)]
    rows = np.concatenate(parts) if parts else weights[:0]
    return Span(np.cumsum([0, *(len(part) for part in parts)]).astype(np.int64), rows)


def _reduced(rows: Floats) -> Floats:
    if len(rows) <= rows.shape[1]:
        return rows
    return np.asarray(np.linalg.qr(rows, mode="r"), dtype=np.float64)
