"""Who gave which answer? The answers to one number question, by domain and unit of the design, for what is not a sum.

The caller's engine groups the people who are counted by round, stratum, unit, dimensions and answer; from there it is numpy. This
costs O(different answers) in each cell, at worst O(people): a quantile needs what a mean does not. Who is counted is `questions`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.estimation.counting import keys_of, ready, unit_column
from mel.estimation.engines import collected
from mel.estimation.quantiles import Distributions
from mel.estimation.questions import Seen, columns_of
from mel.estimation.strata import encode
from mel.model import rules
from mel.model.cube import Cube, Margin
from mel.model.indicator import Indicator
from mel.model.quantities import Floats, Indexes
from mel.model.rollup import ROOMY, summed
from mel.model.sample import ROUND, STRATUM, Sample

SHORT = 2**16
"""Up to so many domains, putting rows in the order of domains is counting rather than sorting."""
ANSWER, WEIGHED, SQUARED, PEOPLE = "_answer", "_weighed", "_squared", "_people"


def tally(sample: Sample, frame: Any, indicator: Indicator, cube: Cube, dimensions: Sequence[str]) -> Tally:
    """Everybody who is counted, by (round, stratum, unit, these dimensions, answer). `cube`: the same people, counted."""
    schema = frame.collect_schema()
    question = columns_of(sample, [indicator], schema, Seen())
    quantity = question.quantities[0]
    keys = keys_of(sample, dimensions)
    weight = nw.col(quantity.weight)
    table = collected(
        ready(frame, question)
        .filter(nw.col(quantity.counted) == 1.0)
        .with_columns(
            rules.number_in(str(indicator.numerator.value), schema).alias(ANSWER), weight.alias(WEIGHED),
            (weight * weight).alias(SQUARED), rules.as_number(weight > 0).alias(PEOPLE),
        )
        .group_by(*keys, ANSWER)
        .agg(nw.col(WEIGHED).sum(), nw.col(SQUARED).sum(), nw.col(PEOPLE).sum())
    )  # fmt: skip
    value = _floats(table, ANSWER)
    order = np.argsort(value, kind="stable")
    round_ = _placed(table, ROUND, cube.rounds)
    return Tally(
        cube, round_[order], _unit(sample, table, cube, round_)[order],
        {name: _placed(table, name, cube.levels[name])[order] for name in dimensions},
        value[order], *(_floats(table, name)[order] for name in (WEIGHED, SQUARED, PEOPLE)),
    )  # fmt: skip


def _unit(sample: Sample, table: Any, cube: Cube, round_: Indexes) -> Indexes:
    """Each row's unit, as the cube numbers it: labels of strata are looked up within their round, of PSUs within their stratum."""
    strata = cube.strata
    names = list(dict.fromkeys(strata.label))
    place = {label: k for k, label in enumerate(names)}
    named = np.array([place[label] for label in strata.label], dtype=np.int64)
    label = _placed(table, STRATUM, names) if STRATUM in table.columns else np.zeros(len(table), dtype=np.int64)
    stratum = _position(strata.round * len(names) + named, round_ * len(names) + label)
    if cube.clusters is None:
        return stratum
    codes, labels = encode(table, str(unit_column(sample)))
    at = {label: k for k, label in enumerate(labels)}
    known = np.array([at.get(label, -1) for label in cube.clusters.label], dtype=np.int64)
    usable = np.flatnonzero(known >= 0)
    return usable[_position(cube.clusters.stratum[usable] * len(labels) + known[usable], stratum * len(labels) + codes)]


def _position(keys: Indexes, wanted: Indexes) -> Indexes:
    """Where each wanted key stands among the keys, which are all different."""
    if not len(wanted):
        return wanted
    space = int(keys.max()) + 1
    if space <= ROOMY * len(wanted):
        place = np.zeros(space, dtype=np.int64)
        place[keys] = np.arange(len(keys))
        return place[wanted]
    order = np.argsort(keys, kind="stable")
    return order[np.searchsorted(keys[order], wanted)]


def _placed(table: Any, name: str, order: Sequence[str]) -> Indexes:
    codes, labels = encode(table, name)
    at = {label: k for k, label in enumerate(order)}
    return np.array([at[str(label)] for label in labels], dtype=np.int64)[codes] if labels else codes


def _floats(table: Any, name: str) -> Floats:
    return np.asarray(table.get_column(name).cast(nw.Float64).to_numpy(), dtype=np.float64)


@dataclass(frozen=True)
class Tally:
    """Rows of (round, unit, categories, answer), in rising order of the answer."""

    cube: Cube
    round: Indexes
    unit: Indexes
    codes: dict[str, Indexes]
    value: Floats
    weight: Floats
    squares: Floats
    """Σw² of these people."""
    people: Floats

    def margin(self, margin: Margin) -> Answers:
        """The answers by domain of this margin."""
        shape = margin.shape
        domain = np.ravel_multi_index((self.round, *(self.codes[name] for name in margin.dimensions)), shape).astype(np.int64)
        pair = _position(margin.pair_domain * self.cube.units + margin.pair_unit, domain * self.cube.units + self.unit)
        order = np.argsort(domain.astype(np.uint16) if margin.size <= SHORT else domain, kind="stable")
        return Answers(margin, domain[order], pair[order], *(part[order] for part in (self.value, self.weight, self.squares, self.people)))


@dataclass(frozen=True)
class Answers:
    """The answers of the domains of one margin: rows in the order of domains, and within a domain in rising order."""

    margin: Margin
    domain: Indexes
    pair: Indexes
    """Which pair of domain and unit, as the margin has them."""
    value: Floats
    weight: Floats
    squares: Floats
    people: Floats

    @cached_property
    def distributions(self) -> Distributions:
        """Whoever stands for nobody (weight zero) is left out."""
        some = self.weight > 0 if (self.weight == 0).any() else slice(None)
        domain, value = self.domain[some], self.value[some]
        new = np.ones(len(value), dtype=bool)
        new[1:] = (domain[1:] != domain[:-1]) | (value[1:] != value[:-1])
        at = np.cumsum(new) - 1
        held = int(new.sum())
        start = np.searchsorted(domain[new], np.arange(self.margin.size + 1))
        return Distributions(start, value[new], summed(at, self.weight[some], held), summed(at, self.people[some], held))

    def at_most(self, bound: Floats) -> tuple[Floats, Floats]:
        """By pair: Σw and Σw² of those whose answer is at most their domain's bound."""
        within = self.value <= bound[self.domain]
        return self._by_pair(self.weight * within), self._by_pair(self.squares * within)

    @cached_property
    def everybody(self) -> tuple[Floats, Floats]:
        """By pair: Σw and Σw² of all who answered."""
        return self._by_pair(self.weight), self._by_pair(self.squares)

    def _by_pair(self, values: Floats) -> Floats:
        return summed(self.pair, values, len(self.margin.pair_unit))
