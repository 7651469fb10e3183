"""Which rows may not be shown for a reason of their own: withheld (by owner, dimension or risk) and primary (too few people).

What other rows would give back is `mel.disclosure.secondary`'s. The floors: fewer than `threshold` people in the domain or among
those who answered; where the indicator is sensitive also a yes or a no of one or two people, and nobody or everybody. An empty
domain (nobody there at all) is shown as 0: it is about nobody, and the totals tell it anyway. A median or other quantile is an answer
that somebody gave: fewer than `threshold` at or below it, or at or above it, are under the floor too, and so is each end of its interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, AUDIENCES, Audience
from mel.disclosure.names import Unnamed
from mel.errors import ProtectionRefused, closest
from mel.errors import disclosure as say
from mel.model.estimates import SILENCE_COUNTS, Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.indicator import Indicator
from mel.model.policy import Policy
from mel.model.release import Context

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
DISCLOSING = (1, 2)
"""A yes or a no of so few people, where the indicator is sensitive, tells something of each of them."""


@dataclass(frozen=True)
class Marks:
    """One flag a row. `outside`: nobody outside knows these rows exist, so no total reaches them. `unnameable`: the row's key names
    someone at risk; the row leaves, and totals must not give it back. `few`: primary.
    """

    outside: Flags
    unnameable: Flags
    few: Flags
    floors: Flags
    sensitive: Flags
    identities: Flags
    """Rows whose `n_yes` counts the people of a dimension's category (a composition)."""
    bare: Flags
    """Quantiles that lose their interval: it ends at the answer of one of a few."""


def marks(table: pd.DataFrame, estimates: Estimates, context: Context, policy: Policy, audience: Audience, unnamed: Unnamed) -> Marks:
    """Every reason of their own that rows of `table` have not to be shown."""
    indicators = [estimates.indicators[key] for key in zip(table["indicator"], table["version"], strict=True)]
    sensitive = np.array([indicator.sensitivity == "sensitive" for indicator in indicators], dtype=bool)
    levels = sensitive_dimensions(estimates, context, policy)
    about = [about_dimension(indicator, estimates) for indicator in indicators]
    identities = np.array([name is not None for name in about], dtype=bool)
    # what a sensitive dimension is derived from discloses even where it is asked of everybody at once
    sensitive |= np.array([_reads(indicator, estimates, set(levels)) for indicator in indicators], dtype=bool)
    floors = (table["counts"] == "people").to_numpy() | sensitive
    outside = beyond(table, context, audience) | _broken_by(table, levels, about)
    of_estimate, of_interval = tails(table, estimates)
    return Marks(
        outside=outside,
        unnameable=_names_someone(table, estimates, unnamed, about),
        few=floors
        & (
            few(table, policy.threshold, sensitive, identities)
            | (of_estimate < policy.threshold)
            | (sensitive & _at_an_end(table, indicators))
        ),
        floors=floors,
        sensitive=sensitive,
        identities=identities,
        bare=floors & (of_interval < policy.threshold),
    )


def _at_an_end(table: pd.DataFrame, indicators: Sequence[Indicator]) -> Flags:
    """The mean score is the lowest or the highest there can be: everybody's is known, as when everybody said yes."""
    ends = np.array([indicator.points or (np.nan, np.nan) for indicator in indicators], dtype=float).reshape(-1, 2)
    flags: Flags = np.isclose(ends, table["estimate"].to_numpy(dtype=float)[:, None], rtol=0, atol=1e-9).any(axis=1)
    return flags


def tails(table: pd.DataFrame, estimates: Estimates) -> tuple[Numbers, Numbers]:
    """Of each row that is a quantile how few people it speaks of, and how few the ends of its interval; null for other rows."""
    of_estimate, of_interval = (np.full(len(table), np.nan) for _ in range(2))
    known = {_unordered(figure): both for figure, both in estimates.tails.items()}
    dimensions = tuple(table.columns[4 : list(table.columns).index("category")])
    where = np.flatnonzero(quantiles(table, estimates))
    for at, row in zip(where.tolist(), table.iloc[where].to_dict("records"), strict=True):
        both = known.get(_unordered(figure_of({str(k): v for k, v in row.items()}, dimensions)))
        if both is not None:
            of_estimate[at], of_interval[at] = both.of_estimate, both.of_interval
    return of_estimate, of_interval


def quantiles(table: pd.DataFrame, estimates: Estimates) -> Flags:
    """Rows that are a quantile of somebody's answers."""
    kinds = {key: indicator.kind for key, indicator in estimates.indicators.items()}
    found = [kinds.get(key) == "quantile" for key in zip(table["indicator"], table["version"], strict=True)]
    flags: Flags = np.array(found, dtype=bool) & (table["n"] > 0).to_numpy()
    return flags


def _unordered(figure: FigureId) -> FigureId:
    """Two tables put side by side may have their dimensions in another order."""
    return replace(figure, domain=tuple(sorted(figure.domain)))


def sensitive_dimensions(estimates: Estimates, context: Context, policy: Policy) -> dict[str, str]:
    """Dimension: `never` or `whole_only`. One marked sensitive that the policy is silent about is never broken down."""
    known = {*estimates.dimension_names, *(d.name for d in context.alliance.dimensions)}
    strangers = [name for name in policy.sensitive if name not in known]
    if strangers:
        available = sorted(known)
        raise ProtectionRefused(
            [say.SENSITIVE_UNKNOWN.at(given=name, available=available, close=closest(name, available)) for name in strangers]
        )
    marked = {d.name for d in estimates.dimensions if d.sensitive} | {d.name for d in context.alliance.dimensions if d.sensitive}
    own = dict.fromkeys(marked, "never") | {name: rule.publish for name, rule in policy.sensitive.items()}
    return _inherited(own, estimates) | own


def _inherited(own: dict[str, str], estimates: Estimates) -> dict[str, str]:
    """Dimensions made from what a sensitive one is made of: they tell the same under another name, and go no further than it."""
    tells: dict[str, str] = {}
    for dimension in estimates.dimensions:
        if dimension.name in own:  # one that is itself made of several does not make those sensitive
            sources = dimension.derived_from if len(dimension.derived_from) == 1 else ()
            tells |= dict.fromkeys((dimension.name, *sources), own[dimension.name])
    tells |= own
    found: dict[str, str] = {}
    for dimension in estimates.dimensions:
        levels = [tells[name] for name in _behind(dimension.derived_from, estimates) if name in tells]
        if levels:
            found[dimension.name] = "never" if "never" in levels else "whole_only"
    return found


def about_dimension(indicator: Indicator, estimates: Estimates) -> str | None:
    """The dimension whose categories a composition or distribution counts, so that its `n_yes` are the sizes of groups."""
    if indicator.kind not in ("composition", "distribution"):
        return None
    value = indicator.numerator.value
    by_name = {d.name for d in estimates.dimensions}
    return value if value in by_name else next((d.name for d in estimates.dimensions if value in d.derived_from), None)


def out_of_population(table: pd.DataFrame, estimates: Estimates) -> npt.NDArray[np.int64]:
    """People of the domain for whom the question was not meant, as far as the row tells: silences that are neither missing nor a no."""
    out = np.zeros(len(table), dtype=np.int64)
    counts = table[[*SILENCE_COUNTS, "n_missing"]].fillna(0)
    keys = list(zip(table["indicator"], table["version"], strict=True))
    for key in dict.fromkeys(keys):
        at = np.array([position for position, each in enumerate(keys) if each == key])
        rules = estimates.indicators[key].silences.model_dump()
        apart = [c for c in SILENCE_COUNTS if rules[c.removeprefix("n_")] == "out_of_population"]
        inside = [c for c in SILENCE_COUNTS if rules[c.removeprefix("n_")] == "exclude"]
        part = counts.iloc[at]
        outside, within = part[apart].sum(axis=1), part[inside].sum(axis=1)
        out[at] = outside.where(part["n_missing"] < within + outside, 0).astype(np.int64)
    return out


def few(table: pd.DataFrame, threshold: int, sensitive: Flags, identities: Flags) -> Flags:
    """Rows under a floor, whatever they count (the caller keeps those that have floors)."""
    n, missing, yes = (table[c].to_numpy(dtype=float) for c in ("n", "n_missing", "n_yes"))
    silent = table[list(SILENCE_COUNTS)].fillna(0).sum(axis=1).to_numpy()
    reached, everyone = n + missing, n + np.maximum(missing, silent)
    small = np.zeros(len(table), dtype=bool)
    for people in (n, reached, everyone):
        small |= (people > 0) & (people < threshold)
    small |= identities & (yes > 0) & (yes < threshold)
    no = n - yes
    telling = np.isin(yes, DISCLOSING) | np.isin(no, DISCLOSING) | (((yes == 0) | (no == 0)) & (n > 0))
    result: Flags = small | (sensitive & telling)
    return result


def beyond(table: pd.DataFrame, context: Context, audience: Audience) -> Flags:
    """Rows of datasets whose owner does not let them go as far as this audience."""
    kept_in = {d.name for d in context.alliance.datasets if AUDIENCES.index(d.share) < AUDIENCES.index(audience)}
    flags: Flags = table["dataset"].isin(kept_in).to_numpy(copy=True)
    return flags


def _broken_by(table: pd.DataFrame, levels: dict[str, str], about: list[str | None]) -> Flags:
    """Rows broken down by a sensitive dimension further than the policy lets."""
    dims = list(table.columns[4 : list(table.columns).index("category")])
    depth = sum((table[name] != ALL).to_numpy().astype(int) for name in dims) + np.array([name is not None for name in about], dtype=int)
    flags = np.zeros(len(table), dtype=bool)
    for name, publish in levels.items():
        counted = np.array([dimension == name for dimension in about], dtype=bool)
        broken = counted | ((table[name] != ALL).to_numpy() if name in dims else np.zeros(len(table), dtype=bool))
        flags |= broken if publish == "never" else broken & (depth > 1)
    return flags


def _names_someone(table: pd.DataFrame, estimates: Estimates, unnamed: Unnamed, about: list[str | None]) -> Flags:
    """Rows whose own key names a partner or country at risk."""
    flags = np.zeros(len(table), dtype=bool)
    if not unnamed:
        return flags
    for dimension in estimates.dimensions:
        hit = {c for c in table[dimension.name].unique() if unnamed.is_category(dimension.name, c, dimension.categories.get(c, ""))}
        flags |= table[dimension.name].isin(hit).to_numpy()
    for at, (indicator, category) in enumerate(zip(table["indicator"], table["category"], strict=True)):
        if category != ALL:
            label = estimates.labels.get(indicator, {}).get(category, "")
            flags[at] |= unnamed.is_category(about[at] or "", category, label)
    return flags


def _reads(indicator: Indicator, estimates: Estimates, names: set[str]) -> bool:
    """The definition reads a sensitive dimension or what it is derived from."""
    sources = names | {source for d in estimates.dimensions if d.name in names for source in d.derived_from}
    return bool(sources & set(_behind(indicator.columns, estimates)))


def _behind(names: Iterable[str], estimates: Estimates) -> tuple[str, ...]:
    """These variables, and those that a score or count among them was made from."""
    return tuple(dict.fromkeys(each for name in names for each in (name, *estimates.made_from.get(name, ()))))
