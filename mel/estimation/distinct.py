"""How many different ones? Counting distinct values of a register: not a sum, so it has its own small path over the rows."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from mel.estimation.engines import collected
from mel.estimation.strata import encode
from mel.model import rules
from mel.model.cube import Margin
from mel.model.indicator import Indicator
from mel.model.quantities import Floats
from mel.model.sample import ROUND


def distinct_by_domain(indicator: Indicator, frame: Any, margin: Margin) -> Floats:
    """Number of different answers in each domain, among those in the population."""
    schema, value = frame.collect_schema(), str(indicator.numerator.value)
    scope = [rule for rule in (indicator.population, indicator.denominator) if rule]
    who = reduce(and_, (rules.yes(rule, schema) for rule in (indicator.numerator, *scope)))
    keys = list(dict.fromkeys((ROUND, *margin.dimensions)))
    one_each = frame.filter(who).select(*(nw.col(k).cast(nw.String) for k in keys), nw.col(value).cast(nw.String).alias("_value")).unique()
    table = collected(one_each.group_by(*keys).agg(nw.len().alias("_distinct")))
    found = np.zeros(margin.size)
    columns = [(encode(table, k), margin.cube.rounds if k == ROUND else margin.cube.levels[k]) for k in keys]
    for row, number in enumerate(table.get_column("_distinct").to_list()):
        at = tuple(order.index(labels[codes[row]]) for (codes, labels), order in columns)
        found[np.ravel_multi_index(at, margin.shape)] = number
    return found
