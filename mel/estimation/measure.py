"""How many, what share, how sure: the verb that turns a Sample into Estimates by counting the people once.

This orders the steps. What is added up is `questions`', the pass `counting`'s, precision `rows`' and the cube's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from mel.estimation.answers import Tally, tally
from mel.estimation.counting import count, cube_of, ready
from mel.estimation.distinct import distinct_by_domain
from mel.estimation.largest import largest_of
from mel.estimation.look import first_look, first_rows, looks_wrong, table_of
from mel.estimation.questions import Columns, Seen, columns_of
from mel.estimation.reliability import rules_of
from mel.estimation.replicates import add_replicates, with_replicates
from mel.estimation.requirements import (
    MOST_LEVELS,
    Breakdowns,
    check_cube,
    check_names,
    check_options,
    check_rows,
    check_sample,
    composes,
    dimensions_of,
    numbers_of_design,
)
from mel.estimation.rows import Breakdown, Options, as_table, rows_of
from mel.estimation.together import add_products, check_together
from mel.estimation.woodruff import Quantiles, quantiles_of, tails_of
from mel.model.cube import Cube
from mel.model.domains import Domains, as_domains
from mel.model.estimates import KEYS_AFTER, KEYS_BEFORE, VALUES, Estimates, Tails
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.pack import ReliabilityRule
from mel.model.quantities import Quantity
from mel.model.sample import Sample


def measure(
    sample: Sample,
    indicators: Sequence[Indicator],
    *,
    by: Domains | Mapping[str, Domains] | None = None,
    interval: str = "logit",
    level: float = 0.95,
    deff: str = "with_replacement",
    reliability: ReliabilityRule | Sequence[ReliabilityRule] | None = None,
    together: Sequence[tuple[str, str]] = (),
    quantile_rule: str = "math",
    quantile_interval: str = "symmetric",
) -> Estimates:
    """Every indicator for everybody and for every domain asked for, from one pass over the people.

    `reliability`: a rule for what is precise enough to say aloud, or several: the first that was written for a figure's kind.
    `together`: pairs of indicators whose covariance will be asked for where each respondent is drawn alone; with PSUs it is
    there already.

    A quantile has a row for each of its probabilities (`category`), taken by `quantile_rule` (`mel.estimation.quantiles`) with
    Woodruff's interval (`mel.estimation.woodruff`); it costs O(different answers), where everything else costs one pass.

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
    check_options(interval, level, deff, quantile_rule, quantile_interval)
    indicators = tuple(indicators)
    check_together(indicators, together)
    breakdowns = _breakdowns(by, indicators)
    check_names(sample, indicators, breakdowns, by if isinstance(by, Mapping) else ())
    dimensions = tuple(d for d in sample.dimensions if d.name in dimensions_of(breakdowns))
    names = [d.name for d in dimensions]
    frame = table_of(sample, indicators, names)
    schema = frame.collect_schema()
    check_sample(sample, schema, indicators, breakdowns)
    numbers, many = numbers_of_design(sample, indicators, schema)
    first = first_rows(frame, names, indicators)
    if looks_wrong(frame, first, many, names, MOST_LEVELS):
        check_rows(sample, frame, indicators, breakdowns)
    seen = first_look(sample, frame, first, indicators)
    ask = partial(_asked, sample, frame, indicators, schema, seen, together)
    columns = ask(some_weigh_nothing=False)
    rows = ready(frame, columns)
    counted = count(sample, rows, columns, names, numbers)
    if counted.cannot_be(names, MOST_LEVELS):
        check_rows(sample, frame, indicators, breakdowns)
    if counted.some_weigh_nothing:
        columns = ask(some_weigh_nothing=True)
        rows = ready(frame, columns)
        counted = count(sample, rows, columns, names, numbers)
    cube = with_replicates(sample, rows, columns, cube_of(sample, counted, names))
    check_cube(sample, cube)
    cube = replace(cube, largest=largest_of(rows, columns, cube))
    options = Options(interval, level, deff, rules_of(reliability), quantile_rule=quantile_rule, quantile_interval=quantile_interval)
    table, tails = _table(sample, frame, cube, indicators, breakdowns, options)
    return Estimates(
        table=table,
        dimensions=dimensions,
        indicators={(i.id, i.version): i for i in indicators},
        cubes={sample.dataset: cube},
        rounds={sample.dataset: sample.design.rounds},
        labels={indicator: dict(labels) for (indicator, _), labels in seen.categories.items()},
        made_from=sample.made_from,
        provenance=sample.provenance,
        interval=interval,
        level=level,
        tails=tails,
    )


def _asked(
    sample: Sample, frame: Any, indicators: Sequence[Indicator], schema: Mapping[str, Any], seen: Seen,
    together: Sequence[tuple[str, str]], *, some_weigh_nothing: bool,
) -> Columns:  # fmt: skip
    """What the pass adds up."""
    columns = columns_of(sample, indicators, schema, seen, some_weigh_nothing=some_weigh_nothing)
    add_products(sample, indicators, schema, columns, together)
    add_replicates(sample, frame, columns)
    return columns


def _breakdowns(by: Domains | Mapping[str, Domains] | None, indicators: Sequence[Indicator]) -> Breakdowns:
    if isinstance(by, Mapping):
        return {(i.id, i.version): as_domains(by.get(i.id)) for i in indicators}
    return {(i.id, i.version): as_domains(by) for i in indicators}


def _table(
    sample: Sample, frame: Any, cube: Cube, indicators: Sequence[Indicator], breakdowns: Breakdowns, options: Options
) -> tuple[pd.DataFrame, dict[FigureId, Tails]]:
    wanted = {key: _wanted(sample, i, breakdowns[key]) for i in indicators if (key := (i.id, i.version))}
    margins = cube.margins(names for each in wanted.values() for names in each)
    made = {each: Breakdown([margins[names] for names in each]) for each in dict.fromkeys(wanted.values())}
    parts: list[dict[str, Any]] = []
    several: list[Quantiles | None] = []
    for indicator in indicators:
        key = (indicator.id, indicator.version)
        breakdown = made[wanted[key]]
        quantities = [q for q in cube.quantities if (q.indicator, q.version) == key]
        found: list[Quantiles | None] = [None] * len(quantities)
        if indicator.kind == "quantile":
            answers = tally(sample, frame, indicator, cube, breakdowns[key].dimensions)
            found = list(_quantiles(sample, answers, breakdown, quantities, options))
        for quantity, quantiles in zip(quantities, found, strict=True):
            counted = [distinct_by_domain(indicator, frame, m) for m in breakdown.margins] if indicator.kind == "distinct_count" else None
            parts.append(rows_of(sample, breakdown, quantity, options, np.concatenate(counted) if counted else None, quantiles))
            several.append(quantiles)
    table = as_table(parts, [*KEYS_BEFORE, *cube.levels, *KEYS_AFTER, *VALUES])
    return table, tails_of(table, tuple(cube.levels), zip((len(part["n"]) for part in parts), several, strict=True))


def _quantiles(sample: Sample, answers: Tally, breakdown: Breakdown, quantities: Sequence[Quantity], options: Options) -> list[Quantiles]:
    how = options.quantile_interval if sample.design.basis == "probability" else None
    return quantiles_of(answers, breakdown.margins, quantities, rule=options.quantile_rule, how=how, level=options.level)


def _wanted(sample: Sample, indicator: Indicator, asked: Domains) -> tuple[tuple[str, ...], ...]:
    """The whole, then every breakdown asked for, once."""
    fits = (names for names in asked.margins if names and not composes(sample, indicator, names))
    return tuple(dict.fromkeys(((), *fits)))
