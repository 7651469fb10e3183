"""Which indicators cannot be computed yet, because no column is mapped to what they ask for? Lists them; guesses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mel.formats.shipped import shipped
from mel.model.alliance import Alliance, Dataset, DimensionSpec, IndicatorUse
from mel.model.indicator import Indicator
from mel.model.pack import Packs

WASHINGTON_GROUP = ("wg_seeing", "wg_hearing", "wg_walking", "wg_remembering", "wg_self_care", "wg_communicating")


def unmapped(alliance: Alliance, packs: Packs) -> dict[str, tuple[str, ...]]:
    """Indicator id: the variables it needs, itself or for its breakdowns, that no column of its dataset is mapped to.

    Registers of a known kind need no map for the columns of their schema.
    """
    indicators = {**packs.indicators, **{own.id: own for own in alliance.own_indicators}}
    dimensions = {dimension.name: dimension for dimension in alliance.dimensions}
    missing: dict[str, tuple[str, ...]] = {}
    made = packs.made
    for use in alliance.indicators:
        has = variables_in(alliance.dataset(use.dataset))
        needs = _needs(use, indicators[use.id], dimensions)
        # A score or an index is made from its items, unless the form worked it out itself.
        sources = dict.fromkeys(source for name in needs for source in (made.get(name, (name,)) if name not in has else (name,)))
        lacking = tuple(name for name in sources if name not in has)
        if lacking:
            missing[use.id] = tuple(dict.fromkeys((*missing.get(use.id, ()), *lacking)))
    return missing


def variables_in(dataset: Dataset) -> frozenset[str]:
    """The canonical variables a dataset holds: those in its map, or in the map of one of its rounds, and its schema's columns."""
    mapped = {*dataset.map, *(name for each in dataset.rounds for name in each.map)}
    return frozenset(mapped | _schema_columns(dataset))


def _needs(use: IndicatorUse, indicator: Indicator, dimensions: Mapping[str, DimensionSpec]) -> tuple[str, ...]:
    asked = [*indicator.columns, *((indicator.weight,) if indicator.weight else ()), *(name for margin in use.by for name in margin)]
    return tuple(dict.fromkeys(variable for name in asked for variable in _sources(name, dimensions)))


def _sources(name: str, dimensions: Mapping[str, DimensionSpec]) -> tuple[str, ...]:
    """What a name is made from: a dimension from its variables, a variable from itself."""
    dimension = dimensions.get(name)
    if dimension is None:
        return (name,)
    if dimension.from_ == "disability":
        return WASHINGTON_GROUP
    if dimension.from_ == "membership" and dimension.rule:
        return dimension.rule.columns
    usual = {"gender": "gender", "age": "age"}.get(dimension.from_, name)
    return (dimension.variable or usual,)


def _schema_columns(dataset: Dataset) -> set[str]:
    if dataset.kind in ("answers", "ratings"):
        return set()
    path = shipped("schemas") / f"{dataset.kind}.schema.json"
    if dataset.schema_ is not None or not path.is_file():
        return set()
    return {field["name"] for field in json.loads(path.read_text(encoding="utf-8"))["fields"]}
