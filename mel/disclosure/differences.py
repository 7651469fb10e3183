"""Which comparisons may be shown? Those whose every input is shown: an open value and a difference would give a hidden one back.

A gap between the highest and the lowest group is withheld when one of the two is hidden. That such a row is withheld tells that a
hidden group is the highest or the lowest, never its figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mel.codes import ALL, Audience
from mel.disclosure.intake import COMPARISON_NUMBERS
from mel.disclosure.marks import beyond, sensitive_dimensions
from mel.disclosure.names import Unnamed
from mel.model.estimates import Estimates, figure_of
from mel.model.figure import FigureId
from mel.model.multiplicity import adjusted
from mel.model.policy import Policy
from mel.model.release import Context

WORDS = ("status", "note")
PICKS = ("group_a", "group_b")
INTERVAL = ("se", "ci_low", "ci_high", "cv")
"""What an interval can be worked out from."""
JUDGED = ("p", "p_adjusted", "chance")
"""In a comparison, what its interval can be worked out from as well."""


def open_figures(table: pd.DataFrame, status: npt.NDArray[np.str_], dimensions: tuple[str, ...]) -> frozenset[FigureId]:
    """The estimates that are shown, by identity."""
    shown = table[status == "open"]
    return frozenset(figure_of(row, dimensions) for row in shown.to_dict("records"))


def protected_comparisons(table: pd.DataFrame, shown: frozenset[FigureId], leaving: npt.NDArray[np.bool_]) -> tuple[pd.DataFrame, int]:
    """The comparisons with every row decided, and how many of them are not shown.

    `leaving`: rows whose key may not be seen. A row without inputs is withheld: nobody knows what it was made from. How surprising
    a difference is among the others is worked out anew from those that are shown: a hidden one would show through it.
    """
    known = [bool(inputs) and all(figure in shown for figure in inputs) for inputs in table["inputs"]]
    is_open = np.array(known, dtype=bool) & ~leaving
    kept = table[~leaving].copy()
    hidden = ~is_open[~leaving]
    kept["disclosure"] = pd.Series(np.where(hidden, "withheld", "open"), index=kept.index).astype("str")
    kept.loc[hidden, list(COMPARISON_NUMBERS)] = np.nan
    picked = hidden & kept["measure"].str.startswith("gap_").fillna(True).to_numpy(dtype=bool)
    kept.loc[hidden, list(WORDS)] = ""
    kept.loc[picked, list(PICKS)] = ""
    kept["inputs"] = pd.Series(
        [() if h else given for h, given in zip(hidden, kept["inputs"], strict=True)], index=kept.index, dtype=object
    )
    return adjusted(kept.reset_index(drop=True)), int((~is_open).sum())


def without_intervals(table: pd.DataFrame, bare: frozenset[FigureId]) -> pd.DataFrame:
    """The comparisons without the intervals of figures whose own intervals are not shown."""
    result = table.copy()
    told = np.array([any(figure in bare for figure in inputs) for inputs in result["inputs"]], dtype=bool)
    result.loc[told, [name for name in (*INTERVAL, *JUDGED) if name in result]] = np.nan
    return adjusted(result)


def leaving(
    table: pd.DataFrame, estimates: Estimates, context: Context, policy: Policy, audience: Audience, unnamed: Unnamed
) -> npt.NDArray[np.bool_]:
    """Rows whose own key (dataset, groups, domain) may not be seen by this audience."""
    flags = beyond(table, context, audience)
    levels = sensitive_dimensions(estimates, context, policy)
    names = list(table.columns[4 : list(table.columns).index("category")])
    for at, row in enumerate(table.to_dict("records")):
        broken = {name: [str(row[name])] for name in names if row[name] != ALL}
        if isinstance(row["dimension"], str) and row["dimension"] not in ("", ALL):
            broken.setdefault(row["dimension"], []).extend(row[p] for p in PICKS if isinstance(row[p], str) and row[p])
        flags[at] |= any(levels.get(name) == "never" or (name in levels and len(broken) > 1) for name in broken)
        flags[at] |= any(_named(name, codes, estimates, unnamed) for name, codes in broken.items())
        flags[at] |= bool(row["category"] != ALL and unnamed.is_category("", str(row["category"]), _label(estimates, row)))
    return flags


def _named(name: str, codes: Sequence[str], estimates: Estimates, unnamed: Unnamed) -> bool:
    dimension = estimates.dimension(name)
    labels = dimension.categories if dimension else {}
    return any(unnamed.is_category(name, code, labels.get(code, "")) for code in codes)


def _label(estimates: Estimates, row: Mapping[Any, Any]) -> str:
    return estimates.labels.get(str(row["indicator"]), {}).get(str(row["category"]), "")
