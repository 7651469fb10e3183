"""Someone outside who holds a release's estimates, and knows the method, tries to work hidden counts out.

Written apart from `mel.disclosure` on purpose: it shares no code with it. It sees the published rows only, imagines every finest
combination of the categories that appear, and asks two linear programs per hidden row how small and how large its `n` may be.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

ALL = "all"


def bounds_of_hidden(published: pd.DataFrame, dims: list[str], threshold: int | None = None) -> dict[int, tuple[float, float]]:
    """For each hidden row (by its index) the smallest and largest `n` that fit everything that is published.

    With `threshold` the outsider also uses the words: primary means fewer answered than that, secondary means not fewer.
    """
    met = {d: sorted(set(published[d]) - {ALL}) for d in dims}
    finest = list(product(*(met[d] or [ALL] for d in dims)))
    size = len(finest)
    masks = [
        np.array([all(row[d] in (ALL, c) for d, c in zip(dims, cell, strict=True)) for cell in finest], float)
        for _, row in published.iterrows()
    ]
    zero = np.zeros(size)
    a_eq, b_eq, hidden = [], [], []
    for mask, (at, row) in zip(masks, published.iterrows(), strict=True):
        if row["disclosure"] == "open":  # unknowns: answered per finest cell, then not answered
            a_eq += [np.r_[mask, zero], np.r_[zero, mask]]
            b_eq += [row["n"], row["n_missing"]]
        else:
            hidden.append((at, np.r_[mask, zero], row["disclosure"]))
    for margin in {tuple(d for d in dims if row[d] != ALL) for _, row in published.iterrows()}:
        # a table lists every group in which there is someone: what it does not list is empty
        listed = {tuple(row[d] for d in margin) for _, row in published.iterrows() if tuple(d for d in dims if row[d] != ALL) == margin}
        absent = np.array([tuple(c for d, c in zip(dims, cell, strict=True) if d in margin) not in listed for cell in finest], float)
        if margin and absent.any():
            a_eq.append(np.r_[absent, absent])
            b_eq.append(0)
    a_ub, b_ub = [], []
    for _, mask, word in hidden if threshold else []:
        a_ub.append(mask if word == "primary" else -mask)
        b_ub.append(threshold - 1 if word == "primary" else -threshold)
    found = {}
    for at, mask, _ in hidden:
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * mask, A_eq=np.array(a_eq), b_eq=b_eq, A_ub=np.array(a_ub) if a_ub else None, b_ub=b_ub or None, method="highs"
            )
            assert solved.status in (0, 3), solved.message
            ends.append(sign * solved.fun if solved.status == 0 else np.inf)
        found[at] = (ends[0], ends[1])
    return found
