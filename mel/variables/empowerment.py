"""How many are behind, how far, in what, and are women as far on as the men they live with? The Alkire-Foster measures of an index.

One core for every index of this family (the women's empowerment indices, graduation, multidimensional poverty): weights, cut-off and
rules are a pack's. These tables are for looking; what goes into a report is measured from the variables `derive` makes of an index,
with design-based standard errors, domains and protection like every other figure. Nothing here has a standard error; the whole
index, which is of two groups of women, gets one from `Estimates.contrast` of what is achieved and of parity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from mel.errors import InputError, UsageError, closest
from mel.errors.variables import (
    CUT_OFFS_OUTSIDE,
    INDEX_COLUMNS_MISSING,
    INDEX_NOBODY_COMPLETE,
    INDEX_WEIGHTS_WRONG,
    PARITY_NOBODY,
    PARITY_NOT_ASKED,
)
from mel.formats.numbers import as_code, to_numbers
from mel.model.indices import Exact, Index, exact
from mel.variables.inadequacies import Inadequacies, count_inadequacies
from mel.variables.parity import compare_in_households

TWENTIETHS = tuple(Fraction(i, 20) for i in range(21))


def alkire_foster(frame: pd.DataFrame, index: Index, *, weight: str | None = None, by: str | None = None) -> pd.DataFrame:
    """Headcount, intensity and adjusted headcount of an index: one row for everyone, then one a group of `by`.

    `frame`: people with the canonical variables the index reads; `weight`: a column of survey weights.
    Source: Alkire and Foster (2011): H = share identified; A = mean count among them; M0 = H × A; achieved = 1 − M0 (5DE, 3DE).
    Shape: group (null for everyone), n, n_left_out, weighted_total, H, A, M0, achieved, contribution (the group's share of M0).
    Unit: all from 0 to 1. Sign: H, A and M0 higher is worse; achieved higher is better. A is null where nobody is identified.
    Missing: a person with an unanswered indicator is left out and counted in n_left_out; a group's null is a group of its own, left out.
    Raises: InputError where nobody is complete, a column is not there or a weight cannot be one.
    Checked: tests/reference/variables/test_empowerment.py (R and the published formulas by hand).

    Four invented women and three things, a third each, the cut-off a third: one lacks two things, one all, and two are at or below it.

    >>> things = [{"id": n, "label": n, "weight": "1/3", "inadequate": {"column": n, "is": ["no"]}} for n in ("land", "say", "rest")]
    >>> free = Index(id="free", label="Free", cut_off="1/3", indicators=things, source="invented", status="for_you_to_fill")
    >>> women = pd.DataFrame([["yes", "yes", "no"], ["no", "no", "yes"], ["no"] * 3, ["yes"] * 3], columns=["land", "say", "rest"])
    >>> alkire_foster(women, free)[["H", "A", "achieved"]].round(4).to_numpy().tolist()
    [[0.5, 0.8333, 0.5833]]
    """
    counted = _counted(frame, index)
    weights = _weights(frame, index, weight)
    rows = [{"group": None} | _measures(counted, weights, np.ones(len(frame), dtype=bool))]
    for name, mask in _groups(frame, index, by):
        rows.append({"group": name} | _measures(counted, weights, mask))
    whole = rows[0]["M0"] * rows[0]["weighted_total"]
    for row in rows:
        row["contribution"] = row["M0"] * row["weighted_total"] / whole if whole > 0 else np.nan
    return pd.DataFrame(rows)


def contributions(frame: pd.DataFrame, index: Index, *, weight: str | None = None, by: str | None = None) -> pd.DataFrame:
    """What each indicator adds to M0, for everyone and each group of `by`.

    Shape: group, indicator, label, part, weight, inadequate (share inadequate in it), censored (share inadequate in it and
    identified), contribution (weight × censored / M0; they add up to 1, and are null where nobody is identified).
    Checked: tests/reference/variables/test_empowerment.py (R).
    """
    counted = _counted(frame, index)
    weights = _weights(frame, index, weight)
    rows = []
    for name, mask in [(None, np.ones(len(frame), dtype=bool)), *_groups(frame, index, by)]:
        m0 = _measures(counted, weights, mask)["M0"]
        for one in index.indicators:
            inadequate = _mean(counted.inadequate[one.id], weights, mask & counted.complete.to_numpy())
            censored = _mean(counted.inadequate[one.id] * counted.identified, weights, mask)
            share = float(index.weights[one.id])
            rows.append(
                {
                    "group": name, "indicator": one.id, "label": one.label, "part": one.part, "weight": share,
                    "inadequate": inadequate, "censored": censored, "contribution": share * censored / m0 if m0 > 0 else np.nan,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def over_cut_offs(
    frame: pd.DataFrame, index: Index, cut_offs: Iterable[Exact | Fraction] = TWENTIETHS, *, weight: str | None = None
) -> pd.DataFrame:
    """H, A and M0 under other cut-offs, so that everyone sees what hangs on the one that was chosen (marked in `chosen`).

    Shape: cut_off, chosen, n, n_left_out, weighted_total, H, A, M0, achieved, in the order of the cut-offs; the index's own is among them.
    Sign: H never rises with the cut-off.
    """
    asked, wrong = set(), []
    for given in cut_offs:
        try:
            k = given if isinstance(given, Fraction) else exact(given)
        except ValueError:
            wrong.append(str(given))
            continue
        asked.add(k)
        wrong += [] if 0 <= k <= 1 else [str(given)]
    if wrong:
        raise UsageError(CUT_OFFS_OUTSIDE.at(given=wrong))
    weights, everyone = _weights(frame, index, weight), np.ones(len(frame), dtype=bool)
    rows = []
    for k in sorted(asked | ({index.k} if index.k is not None else set())):
        counted = _counted(frame, index, k)
        rows.append({"cut_off": float(k), "chosen": k == index.k} | _measures(counted, weights, everyone))
    return pd.DataFrame(rows)


def gender_parity(frame: pd.DataFrame, index: Index, *, weight: str | None = None) -> pd.Series:
    """Gender parity of an index, and the whole index of what women achieve and of parity.

    Source: Alkire et al. (2013): H_GPI = share of women in households with a woman and a man who are further behind than he is;
    I_GPI = mean gap among them; GPI = 1 − H_GPI × I_GPI; whole = (1 − w) × women's achievement + w × GPI, w the index's
    `parity.weight`. Counts are raised to the cut-off, not censored to 0.
    Shape: n (women compared), n_left_out (women who are not), n_several (of them in a household with two women or two men),
    n_women, weighted_total, H_GPI, I_GPI (null where nobody lacks parity), GPI, achieved (of women), whole.
    Missing: see `mel.variables.parity`. Raises: InputError where no household can be compared; UsageError where the index has no parity.
    Checked: tests/reference/variables/test_empowerment.py (R).
    """
    if index.parity is None:
        raise UsageError(PARITY_NOT_ASKED.at(index=index.id))
    _need(frame, index, (index.parity.sex, *index.parity.household))
    counted = _counted(frame, index)
    weights = _weights(frame, index, weight)
    found = compare_in_households(frame, counted)
    women, compared = (as_code(frame[index.parity.sex]) == index.parity.woman).to_numpy(), found.lacks.notna().to_numpy()
    if not weights[compared].sum() > 0:
        raise InputError(PARITY_NOBODY.at(index=index.id, sex=index.parity.sex, household=index.parity.household))
    lacking, gap = _mean(found.lacks, weights, compared), _mean(found.gap, weights, compared)
    achieved, share = _measures(counted, weights, women)["achieved"], float(exact(index.parity.weight))
    return pd.Series(
        {
            "n": int(compared.sum()), "n_left_out": int((women & ~compared).sum()), "n_several": int(found.several.sum()),
            "n_women": int(women.sum()), "weighted_total": float(weights[compared].sum()), "H_GPI": lacking,
            "I_GPI": gap / lacking if lacking > 0 else np.nan, "GPI": 1 - gap, "achieved": achieved,
            "whole": (1 - share) * achieved + share * (1 - gap),
        }
    )  # fmt: skip


def _counted(frame: pd.DataFrame, index: Index, cut_off: Fraction | None = None) -> Inadequacies:
    counted = count_inadequacies(frame, index, cut_off=cut_off)
    if not counted.complete.any():
        raise InputError(nobody_complete(counted))
    return counted


def nobody_complete(counted: Inadequacies) -> Any:
    """The problem of an index that nobody answered whole."""
    missing = counted.inadequate.isna().sum()
    worst = str(missing.idxmax()) if len(counted.inadequate) else counted.index.indicators[0].id
    return INDEX_NOBODY_COMPLETE.at(index=counted.index.id, worst=worst)


def _measures(counted: Inadequacies, weights: Any, mask: Any) -> dict[str, Any]:
    complete = counted.complete.to_numpy()
    inside = mask & complete
    headcount, m0 = _mean(counted.identified, weights, inside), _mean(counted.censored, weights, inside)
    return {
        "n": int(inside.sum()), "n_left_out": int((mask & ~complete).sum()), "weighted_total": float(weights[inside].sum()),
        "H": headcount, "A": m0 / headcount if headcount > 0 else np.nan, "M0": m0, "achieved": 1 - m0,
    }  # fmt: skip


def _mean(values: pd.Series, weights: Any, mask: Any) -> float:
    """The weighted mean inside; null where nobody is."""
    inside = mask & values.notna().to_numpy()
    total = weights[inside].sum()
    return float(weights[inside] @ values.to_numpy(dtype=np.float64)[inside] / total) if total > 0 else float("nan")


def _weights(frame: pd.DataFrame, index: Index, name: str | None) -> Any:
    if name is None:
        return np.ones(len(frame))
    _need(frame, index, (name,))
    found = to_numbers(frame[name])[0].to_numpy(dtype=np.float64)
    if not (np.isfinite(found) & (found >= 0)).all():
        raise InputError(INDEX_WEIGHTS_WRONG.at(name=name, fault="is missing, infinite, no number or below 0 in some rows"))
    if not found.sum() > 0:
        raise InputError(INDEX_WEIGHTS_WRONG.at(name=name, fault="adds up to 0"))
    return found


def _groups(frame: pd.DataFrame, index: Index, by: str | None) -> list[tuple[str, Any]]:
    if by is None:
        return []
    _need(frame, index, (by,))
    codes = as_code(frame[by])
    return [(str(code), (codes == code).to_numpy()) for code in dict.fromkeys(codes.dropna())]


def _need(frame: pd.DataFrame, index: Index, names: Sequence[str]) -> None:
    absent = [name for name in names if name not in frame]
    if absent:
        near = list(dict.fromkeys(match for name in absent for match in closest(name, [str(c) for c in frame.columns])))
        raise InputError(INDEX_COLUMNS_MISSING.at(index=index.id, names=absent, near=near or "none"))
