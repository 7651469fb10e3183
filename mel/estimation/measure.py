"""How many, what share, how sure: the verb that turns a Sample into Estimates by counting the people once.

This orders the steps. What is added up is `questions`', the pass `counting`'s, precision `rows`' and the cube's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import pandas as pd

from mel.estimation.counting import count
from mel.estimation.distinct import distinct_by_domain
from mel.estimation.look import first_look, known_engine, without_nan
from mel.estimation.questions import columns_of
from mel.estimation.requirements import Breakdowns, check_names, check_options, check_sample, composes
from mel.estimation.rows import Options, as_table, rows_of
from mel.model.cube import Cube, Margin
from mel.model.domains import Domains, as_domains
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, VALUES, Estimates
from mel.model.indicator import Indicator
from mel.model.pack import ReliabilityRule
from mel.model.sample import Sample


def measure(
    sample: Sample,
    indicators: Sequence[Indicator],
    *,
    by: Domains | Mapping[str, Domains] | None = None,
    interval: str = "logit",
    level: float = 0.95,
    deff: str = "with_replacement",
    reliability: ReliabilityRule | None = None,
) -> Estimates:
    """Every indicator for everybody and for every domain asked for, from one pass over the people.

    Source: Särndal, Swensson & Wretman (1992) 5.5-5.8; intervals as R `survey`'s `svyciprop`.
    Unit: shares from 0 to 1; everything else in the indicator's unit.
    Shape: a row per indicator × category × round × domain; every combination of categories has one, also where n is 0.
    Missing: each silence does what the indicator says (`exclude`, `as_no`, `out_of_population`). `n` counts those in the
    denominator, `n_missing` those left out by `exclude`, and `n_<silence>` everyone in the population silent for that reason,
    whatever it does. Someone whose population cannot be known is missing, never a no.
    Raises: UsageError for an unknown option, dimension or indicator, or a bare list as `by`; InputError with everything that
    is wrong with the sample; CannotSay for a kind or an engine that is not offered yet.
    Checked: tests/reference/survey (R survey 4.5 and 4.1.1, NHIS 2024, svy).
    """
    check_options(interval, level, deff)
    indicators = tuple(indicators)
    breakdowns = _breakdowns(by, indicators)
    check_names(sample, indicators, breakdowns, by if isinstance(by, Mapping) else ())
    frame = without_nan(known_engine(nw.from_native(sample.frame)), indicators)
    schema = frame.collect_schema()
    check_sample(sample, frame, schema, indicators, breakdowns)
    asked = {name for domains in breakdowns.values() for name in domains.dimensions}
    dimensions = tuple(d for d in sample.dimensions if d.name in asked)
    seen = first_look(sample, frame, schema, indicators)
    cube = count(sample, frame, columns_of(sample, indicators, schema, seen), tuple(d.name for d in dimensions))
    table = _table(sample, frame, cube, indicators, breakdowns, Options(interval, level, deff, reliability))
    return Estimates(
        table=table,
        dimensions=dimensions,
        indicators={(i.id, i.version): i for i in indicators},
        cubes={sample.dataset: cube},
        rounds={sample.dataset: sample.design.rounds},
        labels={indicator: dict(labels) for (indicator, _), labels in seen.categories.items()},
        provenance=sample.provenance,
        interval=interval,
        level=level,
    )


def _breakdowns(by: Domains | Mapping[str, Domains] | None, indicators: Sequence[Indicator]) -> Breakdowns:
    if isinstance(by, Mapping):
        return {(i.id, i.version): as_domains(by.get(i.id)) for i in indicators}
    return {(i.id, i.version): as_domains(by) for i in indicators}


def _table(
    sample: Sample, frame: Any, cube: Cube, indicators: Sequence[Indicator], breakdowns: Breakdowns, options: Options
) -> pd.DataFrame:
    margins: dict[tuple[str, ...], Margin] = {}
    parts = []
    for indicator in indicators:
        key = (indicator.id, indicator.version)
        wanted = [(), *(m for m in breakdowns[key].margins if m and not composes(sample, indicator, m))]
        for quantity in (q for q in cube.quantities if (q.indicator, q.version) == key):
            for names in dict.fromkeys(wanted):
                if names not in margins:
                    margins[names] = cube.margin(names)
                distinct = distinct_by_domain(indicator, frame, margins[names]) if indicator.kind == "distinct_count" else None
                parts.append(rows_of(sample, margins[names], quantity, options, distinct))
    dimensions = tuple(cube.levels)
    return as_table(parts, [*KEYS_BEFORE, *dimensions, *KEYS_AFTER, *VALUES], dimensions)
