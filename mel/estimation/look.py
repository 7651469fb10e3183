"""What must be known before the pass: the columns under their own names, NaN made null, the answers of each distribution, and
roughly how large the numbers are. And is there any sign that the rows cannot be counted?
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from mel.codes import ALL, SILENCES
from mel.estimation.engines import collected, opened
from mel.estimation.questions import Seen, categories_of, is_composed_dimension, is_multiple
from mel.estimation.replicates import given_names, with_people_as_psus
from mel.model.indicator import Indicator
from mel.model.rules import choices_in, number_in
from mel.model.sample import FPC, PSU, REPLICATE, RESPONDENT, ROUND, STRATUM, WEIGHT, Sample

FIRST_ROWS = 20_000
"""How many rows say well enough where the numbers lie, and whether a dimension is too fine to be one."""


def table_of(sample: Sample, indicators: Sequence[Indicator], dimensions: Iterable[str]) -> Any:
    """The sample's rows as a table that Narwhals can ask: columns of the design under their own names, null where a number is NaN."""
    design = sample.design
    texts = (ROUND, STRATUM, PSU, RESPONDENT, *(name for name in (design.stratum, design.psu) if name), *dimensions)
    return without_nan(_named(opened(sample.frame, texts), sample), indicators)


def _named(frame: Any, sample: Sample) -> Any:
    """A file may have the design's columns under the names the design gives, and a single round no column at all."""
    design = sample.design
    given = {STRATUM: design.stratum, PSU: design.psu, WEIGHT: design.weight, FPC: design.fpc}
    there = frame.collect_schema()
    made = [nw.col(str(column)).alias(name) for name, column in given.items() if column and name not in there and column in there]
    if design.replicates is not None and not given_names(there):
        columns, _ = design.replicates.among(there)
        made += [nw.col(column).alias(f"{REPLICATE}{k}") for k, column in enumerate(columns, start=1)]
    if ROUND not in there and len(sample.rounds) <= 1:
        made.append(nw.lit(sample.rounds[0] if sample.rounds else ALL).alias(ROUND))
    return with_people_as_psus(frame.with_columns(*made) if made else frame, sample)


def without_nan(frame: Any, indicators: Sequence[Indicator]) -> Any:
    """The same table with null where a number is NaN, on which the engines disagree; decimals and weights as 64-bit floats."""
    schema = frame.collect_schema()
    read = {name for i in indicators for column in (*i.columns, i.weight or "") for name in (column, *_choices(schema, column))}
    design = {WEIGHT, FPC, *(i.weight for i in indicators), *given_names(schema)}
    numbers = [
        name
        for name, kind in schema.items()
        if (name in read and (kind.is_float() or kind.is_decimal())) or (name in design and kind.is_numeric())
    ]
    as_floats = (nw.col(name) if schema[name] == nw.Float64 else nw.col(name).cast(nw.Float64) for name in numbers)
    return frame.with_columns(*(number.fill_nan(None) for number in as_floats)) if numbers else frame


def _choices(schema: Mapping[str, Any], variable: str) -> list[str]:
    return [f"{variable}/{choice}" for choice in choices_in(schema, variable)] if variable else []


def first_rows(frame: Any, dimensions: Sequence[str], indicators: Sequence[Indicator]) -> Any:
    """The first rows of the dimensions and of every number, in memory."""
    columns = list(dict.fromkeys((*dimensions, *_values(_with_numbers(indicators)))))
    return collected(frame.select(*columns).head(FIRST_ROWS)) if columns else None


def first_look(sample: Sample, frame: Any, first: Any, indicators: Sequence[Indicator]) -> Seen:
    """The categories of every distribution, and where every number lies in the first rows, from which its sums are taken."""
    schema = frame.collect_schema()
    shares = [i for i in indicators if i.kind in ("distribution", "composition")]
    categories = {(i.id, i.version): categories_of(sample, i, schema, _answers(sample, frame, schema, i)) for i in shares}
    return Seen(categories, _shifts(first, _with_numbers(indicators)))


def _with_numbers(indicators: Sequence[Indicator]) -> list[Indicator]:
    return [i for i in indicators if i.kind in ("mean", "score", "total", "ratio") and i.numerator.value]


def _values(indicators: Sequence[Indicator]) -> list[str]:
    return list(dict.fromkeys(str(rule.value) for i in indicators for rule in (i.numerator, i.denominator) if rule and rule.value))


def looks_wrong(frame: Any, first: Any, numbers: Sequence[str], dimensions: Sequence[str], most_levels: int) -> bool:
    """True when a quick look finds what cannot be counted; what exactly it is takes a longer one (`requirements.check_rows`).

    `numbers` are weights: everybody has one, none is below zero or without end, and not all are zero.
    """
    if any(len(first.get_column(name).unique()) > most_levels for name in dimensions):
        return True
    if not numbers:
        return False
    looks = [expression.alias(f"{what} {name}") for name in numbers for what, expression in _extremes(name).items()]
    facts = dict(collected(frame.select(nw.len().alias("rows"), *looks)).rows(named=True)[0])
    return bool(facts["rows"]) and not all(_can_be(facts, name) for name in numbers)


def _extremes(name: str) -> dict[str, nw.Expr]:
    return {"least": nw.col(name).min(), "most": nw.col(name).max(), "known": nw.col(name).count()}


def _can_be(facts: Mapping[str, Any], name: str) -> bool:
    known, least, most = (facts[f"{what} {name}"] for what in ("known", "least", "most"))
    return bool(known == facts["rows"] and least >= 0 and 0 < most < math.inf)


def _answers(sample: Sample, frame: Any, schema: Mapping[str, Any], indicator: Indicator) -> list[str]:
    """What was answered to a select_one; a select_multiple's columns say it themselves."""
    variable = str(indicator.numerator.value)
    if is_multiple(sample, variable, schema):
        return []
    values = collected(frame.select(nw.col(variable)).unique()).get_column(variable).drop_nulls().to_list()
    said = {str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in values}
    return sorted(said if is_composed_dimension(sample, indicator) else said - {*SILENCES, ""})


def _shifts(first: Any, indicators: Sequence[Indicator]) -> dict[tuple[str, str], float]:
    """A number near the mean: sums of differences from it keep the digits that sums of squares would lose."""
    if not indicators:
        return {}
    numbers = first.select(*(number_in(name, first.schema).alias(name) for name in _values(indicators)))
    means = {name: numbers.get_column(name).mean() for name in numbers.columns}
    shifts = {}
    for indicator in indicators:
        above = means[str(indicator.numerator.value)]
        below = means[str(indicator.denominator.value)] if indicator.kind == "ratio" and indicator.denominator else 1.0
        near = above / below if above is not None and below else 0.0
        shifts[indicator.id, indicator.version] = near if math.isfinite(near) else 0.0
    return shifts
