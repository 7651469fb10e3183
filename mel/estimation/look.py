"""What must be known before the pass: NaN made null, the answers of each distribution, and roughly how large the numbers are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from mel.codes import SILENCES
from mel.errors import CannotSay
from mel.errors.estimation import ENGINE_NOT_YET
from mel.estimation.questions import Seen, categories_of, is_composed_dimension, is_multiple
from mel.model.indicator import Indicator
from mel.model.rules import choices_in
from mel.model.sample import FPC, WEIGHT, Sample


def known_engine(frame: Any) -> Any:
    """The same table when its engine is one whose results were held against another's. Raises: CannotSay for any other."""
    engine = frame.implementation
    if not (engine.is_pandas() or engine.is_polars()):
        raise CannotSay(ENGINE_NOT_YET.at(engine=str(engine.name).lower()))
    return frame


def without_nan(frame: Any, indicators: Iterable[Indicator]) -> Any:
    """The same table with null where a number is NaN: on NaN the engines disagree."""
    schema = frame.collect_schema()
    read = {name for i in indicators for column in (*i.columns, i.weight or "") for name in (column, *_choices(schema, column))}
    numbers = [name for name, kind in schema.items() if name in {*read, WEIGHT, FPC} and kind.is_float()]
    return frame.with_columns(*(nw.col(name).fill_nan(None) for name in numbers)) if numbers else frame


def _choices(schema: Mapping[str, Any], variable: str) -> list[str]:
    return [f"{variable}/{choice}" for choice in choices_in(schema, variable)] if variable else []


def first_look(sample: Sample, frame: Any, schema: Mapping[str, Any], indicators: Sequence[Indicator]) -> Seen:
    """The categories of every distribution, and the mean of every number, from which its sums are taken."""
    shares = [i for i in indicators if i.kind in ("distribution", "composition")]
    categories = {(i.id, i.version): categories_of(sample, i, schema, _answers(sample, frame, schema, i)) for i in shares}
    return Seen(categories, _shifts(frame, [i for i in indicators if i.kind in ("mean", "total", "ratio") and i.numerator.value]))


def _answers(sample: Sample, frame: Any, schema: Mapping[str, Any], indicator: Indicator) -> list[str]:
    """What was answered to a select_one; a select_multiple's columns say it themselves."""
    variable = str(indicator.numerator.value)
    if is_multiple(sample, variable, schema):
        return []
    found = frame.select(nw.col(variable)).unique()
    values = (found.collect() if isinstance(found, nw.LazyFrame) else found).get_column(variable).drop_nulls().to_list()
    said = {str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in values}
    return sorted(said if is_composed_dimension(sample, indicator) else said - set(SILENCES))


def _shifts(frame: Any, indicators: Sequence[Indicator]) -> dict[tuple[str, str], float]:
    """A round number near the mean: sums of differences from it keep the digits that sums of squares would lose."""
    names = dict.fromkeys(str(rule.value) for i in indicators for rule in (i.numerator, i.denominator) if rule and rule.value)
    if not names:
        return {}
    seen = frame.select(*(nw.col(name).cast(nw.Float64).mean().alias(name) for name in names))
    means = dict((seen.collect() if isinstance(seen, nw.LazyFrame) else seen).rows(named=True)[0])
    shifts = {}
    for indicator in indicators:
        above = means[str(indicator.numerator.value)]
        below = means[str(indicator.denominator.value)] if indicator.kind == "ratio" and indicator.denominator else 1.0
        near = above / below if above is not None and below else 0.0
        shifts[indicator.id, indicator.version] = near if math.isfinite(near) else 0.0
    return shifts
