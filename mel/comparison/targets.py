"""Was it reached? Each target, stated before the data, against the figure of its round and group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mel.codes import ALL
from mel.comparison.differences import rows_for
from mel.comparison.figures import Figures
from mel.errors import InputError, Problem
from mel.errors.comparison import TARGET_OF_A_DISTRIBUTION, TARGET_WITHOUT_FIGURE
from mel.errors.quantiles import TARGET_OF_QUANTILES
from mel.model.alliance import Target

SAID_BY_PEOPLE = "said_by_people"
BY_PEOPLE = "Whether this is advancing, holding or under attack is for people to say, with a reason; no rule says it for them."
MANY_ANSWERS = ("distribution", "composition")
NO_SIDE = "The indicator does not say whether higher or lower is better, so a target cannot be called reached."
NO_CHANCE = "Only a probability sample has an interval; the rule of this target needs one."
NO_INTERVAL = "This figure has no interval, and the rule of this target needs one."


def against_milestones(figures: Figures, targets: Mapping[str, Sequence[Target]]) -> list[pd.DataFrame]:
    """Rows of `against_milestone`: actual − target. A target of a round that was not asked yet has no row.

    Raises: InputError with every target that has no figure to be held against.
    """
    found: list[tuple[int, Target]] = []
    problems: list[Problem] = []
    for indicator, wanted in targets.items():
        rows = figures.table[figures.table["indicator"] == indicator]
        kinds = {one.kind for (name, _), one in figures.estimates.indicators.items() if name == indicator} & set(MANY_ANSWERS)
        if kinds and wanted:
            problems.append(TARGET_OF_A_DISTRIBUTION.at(indicator=indicator, kind=sorted(kinds)[0]))
            continue
        if wanted and any(len(one.probabilities) > 1 for (name, _), one in figures.estimates.indicators.items() if name == indicator):
            problems.append(TARGET_OF_QUANTILES.at(indicator=indicator))
            continue
        for target in wanted:
            asked = rows[rows["round"] == target.round]
            placed = rows_where(figures, asked, target.where)
            if len(asked) and not placed:
                problems.append(TARGET_WITHOUT_FIGURE.at(indicator=indicator, where=in_words(target.where)))
            found += [(row, target) for row in placed]
    if problems:
        raise InputError(problems)
    return [_row(figures, row, target) for row, target in found]


def rows_where(figures: Figures, rows: pd.DataFrame, where: Mapping[str, str]) -> list[int]:
    """Those of these rows that are about exactly this group."""
    if not set(where) <= set(figures.dimensions):
        return []
    match = np.ones(len(rows), dtype=bool)
    for name in figures.dimensions:
        match &= (rows[name] == where.get(name, ALL)).to_numpy()
    return [int(at) for at in rows.index[match]]


def day_of(target: Target) -> str:
    """The target's date as text; empty where it has none."""
    return target.date.isoformat() if target.date else ""


def in_words(where: Mapping[str, str]) -> str:
    return ", ".join(f"{name} = {category}" for name, category in where.items()) or "everybody"


def _row(figures: Figures, row: int, target: Target) -> pd.DataFrame:
    at = np.array([row], dtype=np.int64)
    given = {str(name): value for name, value in figures.table.iloc[row].items()}
    status, note = _status(figures, given, target)
    apart = np.nan if status == SAID_BY_PEOPLE else given["estimate"] - target.value
    low, high = (np.nan if status == SAID_BY_PEOPLE else given[end] - target.value for end in ("ci_low", "ci_high"))
    inputs = np.empty(1, dtype=object)
    inputs[0] = (figures.id(row),)
    return rows_for(
        figures, at, measure="against_milestone", value_a=given["estimate"], value_b=target.value, estimate=apart,
        se=np.nan if status == SAID_BY_PEOPLE else given["se"], ci_low=low, ci_high=high, df=given["df"],
        target=target.value, target_date=day_of(target), rule=target.rule, status=status, inputs=inputs, note=note,
    )  # fmt: skip


def _status(figures: Figures, row: Mapping[str, Any], target: Target) -> tuple[str, str]:
    """Reached when the interval (or, by the rule `point`, the estimate) is past the target on the side the alliance works towards."""
    indicator = figures.estimates.indicators[str(row["indicator"]), str(row["version"])]
    polarity = indicator.polarity
    if indicator.judged_by_people:
        return SAID_BY_PEOPLE, BY_PEOPLE
    if np.isnan(row["estimate"]):
        return "cannot_say", MISSING_FIGURE
    if target.rule == "interval" and row["basis"] != "probability":
        return "no_rule", NO_CHANCE
    if polarity == "neither":
        return "no_rule", NO_SIDE
    low, high = (row["ci_low"], row["ci_high"]) if target.rule == "interval" else _if_all_had_answered(row)
    if np.isnan(low) or np.isnan(high):
        return "cannot_say", NO_INTERVAL
    value = target.value
    if polarity == "lower_is_better":
        low, high, value = -high, -low, -value
    if low < value <= high and target.rule == "point":
        return "cannot_say", SILENT_DECIDE
    return ("reached", "") if low >= value else ("not_reached", "") if high < value else ("cannot_say", "")


def _if_all_had_answered(row: Mapping[str, Any]) -> tuple[float, float]:
    """What the figure could be: in a census of few, those who did not answer may decide whether a share is reached."""
    estimate, yes, missing = (float(row[name]) for name in ("estimate", "n_yes", "n_missing"))
    if row["basis"] != "census" or row["counts"] == "things" or not np.isfinite(yes) or not missing > 0:
        return estimate, estimate
    everybody = float(row["n"]) + missing
    return yes / everybody, (yes + missing) / everybody


SILENT_DECIDE = "Those who did not answer could decide it either way."
MISSING_FIGURE = "Nobody in this group was counted."
